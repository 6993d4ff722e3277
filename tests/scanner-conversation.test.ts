import { describe, expect, test } from 'vitest';
import { createQrScannerDriver } from '../drivers/qr-scanner/qr-scanner.ts';
import type { QrScannerOptions } from '../drivers/qr-scanner/qr-scanner.ts';
import type { ByteLink } from '../drivers/transport/byte-link.ts';
import type { ScanEvent } from '../src/devices/contract.ts';
import { ok } from '../src/platform/result.ts';
import { createManualClock } from './fixtures/manual-clock.ts';
import { createScriptedLine } from './fixtures/scripted-line.ts';
import { hex } from './fixtures/simulator-program.ts';

/** GM6x, literal: settings as they are sent at connect, answers, trigger (device-protocols 2.5). */
const COMMAND_MODE = '7e0008010000d5ef41';
const START = '7e00080100020102da';
const STOP = '7e00080100020012fb';
const ACK = hex('02 00 00 01 00 33 31');
/** Status 01; the CRC is Python's (binascii.crc_hqx). */
const REFUSED = hex('02 00 01 01 00 04 01');

type Script = (bytes: string) => Uint8Array | undefined;
const always = () => ACK;
const never = () => undefined;

async function connected(options: Partial<QrScannerOptions> = {}, answer: Script = always) {
  const clock = createManualClock();
  const line = createScriptedLine();
  const sent: { readonly atMs: number; readonly bytes: string }[] = [];
  const warnings: string[] = [];
  const script: { answer: Script } = { answer };
  line.onWrite = (bytes) => {
    sent.push({ atMs: clock.monotonicMs(), bytes });
    const answer = script.answer(bytes);
    if (answer) line.say(answer);
  };
  const outcome = await createQrScannerDriver({
    transport: line.transport,
    clock,
    family: 'gm6x',
    framing: 'GM',
    gapMs: 40,
    onWarning: (warning) => warnings.push(warning),
    ...options,
  }).connect(new AbortController().signal);
  if (!outcome.ok) throw new Error(outcome.error.code);
  const connection = outcome.value;
  const events: ScanEvent[] = [];
  const arm = () => {
    const abort = new AbortController();
    const scanning = connection.scan(abort.signal, (event) => events.push(event));
    return async () => {
      abort.abort();
      await scanning;
    };
  };
  const count = (bytes: string) => sent.filter((one) => one.bytes === bytes).length;
  return { clock, line, connection, events, arm, sent, count, warnings, script };
}
const codes = (events: readonly ScanEvent[]) =>
  events.map((event) => (event.kind === 'code' ? event.text : event.kind === 'lost' ? 'lost' : event.reason));
const gmCode = (text: string) => Buffer.concat([Buffer.of(3, 0, text.length), Buffer.from(text)]);

test('a connection is there at once; the settings follow, one at a time with a pause between them', async () => {
  const { clock, connection, sent, warnings } = await connected();
  expect(connection.status().device).toBe('online');
  await clock.advance(1000);
  expect(sent.slice(0, 4).map(({ bytes }) => bytes.slice(0, 14))).toEqual([
    '7e0008010000d5',
    '7e000801000632',
    '7e000801001394',
    '7e000801000302',
  ]);
  for (const [index, { atMs }] of sent.entries())
    if (index > 0) expect(atMs - (sent[index - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(20);
  expect(warnings).toEqual([]);
});

test('a Newland gets 50 ms between two commands', async () => {
  const { clock, sent } = await connected({ family: 'newland', framing: 'CR' }, (bytes) => {
    const text = Buffer.from(bytes, 'hex').toString('latin1');
    return Buffer.from(`\x02\x010000${text.slice(6, -2)}\x06;\x03`, 'latin1');
  });
  await clock.advance(2000);
  expect(sent.length).toBeGreaterThanOrEqual(5);
  for (const [index, { atMs }] of sent.entries())
    if (index > 0) expect(atMs - (sent[index - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(50);
});

test('an SSI scanner is woken before the first command, and not before the next', async () => {
  const { clock, sent } = await connected({ family: 'ssi', framing: 'SSI' }, (bytes) =>
    bytes === '00' ? undefined : hex('04 D0 00 00 FF 2C'),
  );
  await clock.advance(500);
  expect(sent[0]).toEqual({ atMs: 0, bytes: '00' });
  expect(sent[1]?.atMs).toBe(50);
  expect(sent[1]?.bytes).toBe('07c60400ff8a08fd9e');
  expect(sent.slice(1).some(({ bytes }) => bytes === '00')).toBe(false);
});

describe('while somebody scans', () => {
  test('the scanner is triggered, and stopped afterwards', async () => {
    const { clock, arm, sent, count, line, events } = await connected();
    await clock.advance(1000);
    expect(count(START)).toBe(0);
    const disarm = arm();
    await clock.advance(100);
    expect(count(START)).toBe(1);
    line.say(gmCode('OC1SAMPLE'));
    expect(codes(events)).toEqual(['OC1SAMPLE']);
    await disarm();
    await clock.advance(100);
    expect(sent.at(-1)?.bytes).toBe(STOP);
    await clock.advance(20_000);
    expect(count(START)).toBe(1);
  });

  test('a read that ended by itself is begun again, and one that gave a code after a pause', async () => {
    const { clock, arm, count, line } = await connected();
    await clock.advance(1000);
    const disarm = arm();
    await clock.advance(100);
    await clock.advance(4900);
    expect(count(START)).toBe(1);
    await clock.advance(400);
    expect(count(START)).toBe(2);
    line.say(gmCode('WRONG'));
    await clock.advance(500);
    expect(count(START)).toBe(2);
    await clock.advance(300);
    expect(count(START)).toBe(3);
    await disarm();
  });

  test('the trigger goes before the settings that wait', async () => {
    const { clock, arm, sent } = await connected();
    arm();
    await clock.advance(200);
    expect(sent.slice(0, 2).map(({ bytes }) => bytes)).toEqual([COMMAND_MODE, START]);
  });
});

describe('an answer', () => {
  test('that is lost is asked for again', async () => {
    let lost = 0;
    const { clock, count, warnings } = await connected({}, (bytes) => {
      if (bytes !== COMMAND_MODE || lost === 2) return ACK;
      lost += 1;
      return undefined;
    });
    await clock.advance(5000);
    expect(count(COMMAND_MODE)).toBe(3);
    expect(warnings).toEqual([]);
  });

  test('that is damaged is asked for again at once', async () => {
    let spoiled = false;
    const { clock, count } = await connected({}, () => {
      if (spoiled) return ACK;
      spoiled = true;
      return hex('02 00 00 01 00 33 32');
    });
    await clock.advance(100);
    expect(count(COMMAND_MODE)).toBe(2);
  });

  test('that never comes is warned of once; the scanner is listened to all the same', async () => {
    const { clock, arm, count, warnings, line, events } = await connected({}, never);
    await clock.advance(3500);
    expect(count(COMMAND_MODE)).toBe(3);
    expect(warnings).toEqual(['scanner.no-answer']);
    arm();
    await clock.advance(100);
    line.say(gmCode('STILL'));
    expect(codes(events)).toEqual(['STILL']);
    await clock.advance(120_000);
    expect(warnings).toEqual(['scanner.no-answer']);
  });

  test('that comes only once the scanner has started is waited for: the settings are made then', async () => {
    let started = false;
    const { clock, sent } = await connected({}, () => (started ? ACK : undefined));
    await clock.advance(4000);
    started = true;
    await clock.advance(5000);
    expect(new Set(sent.map(({ bytes }) => bytes.slice(6, 12)))).toEqual(
      new Set(['010000', '010006', '010013', '010003', '0100e1', '0100e2']),
    );
  });

  test('that stops coming after days is warned of', async () => {
    const { clock, warnings, script } = await connected();
    await clock.advance(100_000);
    expect(warnings).toEqual([]);
    script.answer = never;
    await clock.advance(60_000);
    expect(warnings).toEqual(['scanner.no-answer']);
  });

  test('that refuses to read is warned of', async () => {
    const { clock, warnings, script, arm } = await connected();
    await clock.advance(1000);
    script.answer = (bytes) => (bytes === START ? REFUSED : ACK);
    arm();
    await clock.advance(100);
    expect(warnings).toEqual(['scanner.setting-refused']);
  });

  test('that refuses is warned of once, and the other settings are made', async () => {
    const { clock, sent, warnings } = await connected({}, (bytes) =>
      bytes.startsWith('7e0008') && bytes !== COMMAND_MODE ? REFUSED : ACK,
    );
    await clock.advance(2000);
    expect(sent.filter(({ bytes }) => bytes.startsWith('7e0008')).length).toBe(4);
    expect(warnings).toEqual(['scanner.setting-refused']);
  });

  test('that comes too late is not taken for a part of the next code', async () => {
    const { clock, arm, line, events, script } = await connected({ framing: 'CR' });
    await clock.advance(1000);
    script.answer = never;
    arm();
    await clock.advance(2500);
    line.say(ACK);
    line.say(Buffer.from('NEXT\r'));
    expect(codes(events)).toEqual(['NEXT']);
  });

  test('is only looked for while one is expected: a code may contain its bytes', async () => {
    const plain = await connected({ framing: 'CR' });
    await plain.clock.advance(1000);
    const disarm = plain.arm();
    await plain.clock.advance(100);
    plain.line.say(Buffer.concat([Buffer.from('A'), ACK, Buffer.from('B\r')]));
    expect(codes(plain.events)).toEqual(['charset']);
    await disarm();
  });

  test('in the middle of a framed code is a part of it, even while one is expected', async () => {
    const { clock, arm, line, script, connection } = await connected();
    await clock.advance(1000);
    const disarm = arm();
    await clock.advance(100);
    script.answer = never;
    await disarm();
    // The stop command waits for its answer; half a code is through.
    const seen: ScanEvent[] = [];
    const abort = new AbortController();
    const scanning = connection.scan(abort.signal, (event) => seen.push(event));
    line.say(Buffer.concat([Buffer.of(3, 0, ACK.length + 1), ACK, Buffer.from('Z')]));
    expect(codes(seen)).toEqual(['charset']);
    abort.abort();
    await scanning;
  });

  test('that begins like one and is none is given to the codes after a short silence', async () => {
    const { clock, arm, line, events, script } = await connected({ framing: 'none' });
    await clock.advance(1000);
    script.answer = never;
    arm();
    await clock.advance(100);
    line.say(Buffer.concat([Buffer.from('PLAIN'), hex('02 00 00')]));
    await clock.advance(300);
    expect(codes(events)).toEqual(['charset']);
  });
});

test('a code that ends like an answer begins is read whole, though only a pause tells its end', async () => {
  const { clock, arm, line, events } = await connected({ family: 'honeywell', framing: 'none' }, never);
  arm();
  await clock.advance(60);
  // TRGMOD0 waits for its answer, which would begin with T.
  line.say(Buffer.from('OC1SAMPLE-T'));
  await clock.advance(300);
  expect(codes(events)).toEqual(['OC1SAMPLE-T']);
});

test('a line that takes nothing holds up nobody for longer than the limits', async () => {
  const clock = createManualClock();
  const link: ByteLink = {
    write: () => new Promise(() => undefined),
    onData: () => () => undefined,
    ended: new Promise(() => undefined),
    close: () => Promise.resolve(),
  };
  const warnings: string[] = [];
  await createQrScannerDriver({
    transport: { description: 'stuck', open: () => Promise.resolve(ok(link)) },
    clock,
    family: 'honeywell',
    framing: 'CR',
    gapMs: 40,
    onWarning: (warning) => warnings.push(warning),
  }).connect(new AbortController().signal);
  await clock.advance(6000);
  expect(warnings).toEqual(['scanner.no-answer']);
});

test('a lost line ends every wait and every timer', async () => {
  const { clock, arm, line, connection } = await connected({}, never);
  arm();
  await clock.advance(300);
  line.lose();
  await clock.settle();
  expect(await connection.ended).toMatchObject({ kind: 'lost' });
  await clock.advance(120_000);
  expect(clock.pendingTasks()).toBe(0);
});

test('a closed connection ends every wait and every timer, also in the middle of the settings', async () => {
  const { clock, connection } = await connected({}, never);
  await clock.advance(100);
  await connection.close();
  await clock.advance(120_000);
  expect(clock.pendingTasks()).toBe(0);
});

test('provisioning stops when the scanner falls silent, and says what was left out', async () => {
  const { clock, connection, script, sent } = await connected();
  await clock.advance(2000);
  let left = 3;
  script.answer = () => (left-- > 0 ? ACK : undefined);
  const provisioning = connection.provision?.(new AbortController().signal);
  await clock.advance(20_000);
  expect(await provisioning).toEqual({
    complete: false,
    settings: [
      { setting: 'trigger-mode', outcome: 'stored' },
      { setting: 'read-time-out', outcome: 'stored' },
      { setting: 'same-code-delay', outcome: 'stored' },
      { setting: 'setup-codes', outcome: 'unanswered' },
      { setting: 'aim-prefix', outcome: 'skipped' },
      { setting: 'framing', outcome: 'skipped' },
      { setting: 'save', outcome: 'skipped' },
      { setting: 'beeper', outcome: 'notSupported' },
      { setting: 'interface', outcome: 'notSupported' },
    ],
    configuration: { framing: 'GM', aimPrefix: true },
  });
  expect(sent.some(({ bytes }) => bytes.startsWith('7e0009'))).toBe(false);
});
