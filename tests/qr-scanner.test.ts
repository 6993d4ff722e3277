import { expect, test } from 'vitest';
import { createQrScannerDriver } from '../drivers/qr-scanner/qr-scanner.ts';
import type { QrScannerOptions } from '../drivers/qr-scanner/qr-scanner.ts';
import type { ScanEvent } from '../src/devices/contract.ts';
import { createManualClock } from './fixtures/manual-clock.ts';
import { createScriptedLine } from './fixtures/scripted-line.ts';

const never = new AbortController().signal;
const CR = '\r';

async function connected(options: Partial<QrScannerOptions> = {}) {
  const clock = createManualClock();
  const line = createScriptedLine();
  const outcome = await createQrScannerDriver({
    transport: line.transport,
    clock,
    framing: 'CR',
    gapMs: 40,
    ...options,
  }).connect(never);
  if (!outcome.ok) throw new Error(outcome.error.code);
  const connection = outcome.value;
  const events: ScanEvent[] = [];
  const arm = () => {
    const abort = new AbortController();
    const scanning = connection.scan(abort.signal, (event) => events.push(event));
    return {
      scanning,
      async disarm() {
        abort.abort();
        await scanning;
      },
    };
  };
  const say = (text: string) => {
    line.say(Buffer.from(text, 'latin1'));
  };
  return { clock, line, connection, events, arm, say };
}
const codes = (events: readonly ScanEvent[]) =>
  events.map((event) => (event.kind === 'code' ? event.text : event.kind === 'lost' ? 'lost' : event.reason));

test('a scanner is online as soon as its port is open, and on only while somebody scans', async () => {
  const { connection, arm } = await connected();
  expect(connection.status()).toEqual({ device: 'online', faults: [], scanner: 'off' });
  const seen: string[] = [];
  connection.onStatus((status) => seen.push(status.scanner));
  const armed = arm();
  expect(connection.status().scanner).toBe('on');
  await armed.disarm();
  expect(seen).toEqual(['on', 'off']);
});

test('a code with its suffix is announced once, and its bytes are wiped', async () => {
  const { say, arm, events, line } = await connected();
  arm();
  say('https://example.invalid/c?x=1' + CR);
  expect(codes(events)).toEqual(['https://example.invalid/c?x=1']);
  expect(line.said.every((chunk) => chunk.every((byte) => byte === 0))).toBe(true);
});

test('what was scanned before anybody asked is dropped, even a code that was half through', async () => {
  const { say, arm, events, clock } = await connected();
  say('BEFORE' + CR + 'HALF');
  await clock.advance(10);
  arm();
  say('REST' + CR);
  expect(events).toEqual([]);
  say('AFTER' + CR);
  expect(codes(events)).toEqual(['AFTER']);
});

test('a code that stays in view counts once, until it was away for 2 s', async () => {
  const { say, arm, events, clock } = await connected();
  arm();
  for (let repeat = 0; repeat < 20; repeat += 1) {
    say('SAME' + CR);
    await clock.advance(300);
  }
  expect(codes(events)).toEqual(['SAME']);
  await clock.advance(1700);
  say('SAME' + CR);
  expect(codes(events)).toEqual(['SAME', 'SAME']);
});

test('asking anew forgets what was seen, so a second try with the same code works', async () => {
  const { say, arm, events } = await connected();
  const first = arm();
  say('SAME' + CR);
  await first.disarm();
  arm();
  say('SAME' + CR);
  expect(codes(events)).toEqual(['SAME', 'SAME']);
});

test('two different codes in one burst are both announced, and none after the asker has had enough', async () => {
  const { say, arm, events, connection } = await connected();
  const armed = arm();
  say('ONE' + CR + 'TWO' + CR);
  expect(codes(events)).toEqual(['ONE', 'TWO']);
  await armed.disarm();
  events.length = 0;
  const abort = new AbortController();
  const scanning = connection.scan(abort.signal, (event) => {
    events.push(event);
    abort.abort();
  });
  say('THREE' + CR + 'FOUR' + CR);
  await scanning;
  expect(codes(events)).toEqual(['THREE']);
});

test('without a suffix a pause ends the code, and only a pause', async () => {
  const { say, arm, events, clock } = await connected({ framing: 'none' });
  arm();
  say('AB');
  await clock.advance(39);
  say('CD');
  await clock.advance(39);
  expect(events).toEqual([]);
  await clock.advance(1);
  expect(codes(events)).toEqual(['ABCD']);
});

test.each([
  ['CR', 'A\r\nB\r'],
  ['CRLF', 'A\r\nB\r\n'],
  ['TAB', 'A\tB\t'],
] as const)('with the suffix %s every code is one code', async (suffix, text) => {
  const { say, arm, events } = await connected({ framing: suffix });
  arm();
  say(text);
  expect(codes(events)).toEqual(['A', 'B']);
});

test('a stray suffix is no code and no complaint', async () => {
  const { say, arm, events } = await connected();
  arm();
  say(CR + CR + 'A' + CR);
  expect(codes(events)).toEqual(['A']);
});

test('a code that breaks off is named as incomplete and does not spoil the next one', async () => {
  const { say, arm, events, clock } = await connected();
  arm();
  say('HALF');
  await clock.advance(500);
  say('WHOLE' + CR);
  expect(codes(events)).toEqual(['incomplete', 'WHOLE']);
});

test('a code that is too long is refused once, and its length does not matter', async () => {
  const { say, arm, events } = await connected({ maxLength: 10 });
  arm();
  say('0123456789' + CR);
  say('0123456789A' + CR);
  say('X'.repeat(3000) + CR);
  say('OK' + CR);
  expect(codes(events)).toEqual(['0123456789', 'too-long', 'OK']);
});

test('text for people, control characters and emptiness are refused', async () => {
  const { say, line, arm, events } = await connected();
  arm();
  line.say(Buffer.from([0xb2, 0xe2, 0xca, 0xd4, 0x0d])); // GBK 测试
  say('A\u001bB' + CR); // the same complaint about something that stays in view is made once
  say('   ' + CR);
  expect(codes(events)).toEqual(['charset', 'empty']);
});

test('an AIM identifier is taken off when the scanner is set to send it, and other symbologies are refused', async () => {
  const { say, arm, events } = await connected({ aimPrefix: true });
  arm();
  say(']Q1A' + CR + ']Q2B' + CR + 'C' + CR + ']E0D' + CR + ']Q1' + CR);
  expect(codes(events)).toEqual(['A', 'B', 'C', 'symbology', 'empty']);
  const plain = await connected();
  plain.arm();
  plain.say(']Q1A' + CR);
  expect(codes(plain.events)).toEqual([']Q1A']);
});

test('a lost line ends a scan, and half a code is not announced', async () => {
  const { say, arm, events, line, connection } = await connected({ framing: 'none' });
  const armed = arm();
  say('HALF');
  line.lose();
  await armed.scanning;
  expect(events).toEqual([{ kind: 'lost', fault: { code: 'link.lost', action: 'suspend' } }]);
  expect(await connection.ended).toMatchObject({ kind: 'lost' });
});
