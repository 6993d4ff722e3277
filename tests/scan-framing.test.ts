import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createScanFramer } from '../drivers/qr-scanner/framing/scan-framer.ts';
import type { ScanFrame, ScanFramer } from '../drivers/qr-scanner/framing/scan-framing.ts';
import { createSsiFramer } from '../drivers/qr-scanner/framing/ssi-framing.ts';
import { hex } from './fixtures/simulator-program.ts';

const told = (frame: ScanFrame) =>
  frame.kind === 'complete' ? Buffer.from(frame.bytes).toString('latin1') : frame.kind;
const text = fc.stringMatching(/^[!-~]{1,40}$/);

/** Hands a stream over in pieces. */
function pushed(framer: ScanFramer, stream: Uint8Array, cuts: readonly number[]): ScanFrame[] {
  const frames: ScanFrame[] = [];
  let from = 0;
  for (const cut of [...cuts, stream.length]) {
    frames.push(...framer.push(stream.subarray(from, from + cut), from));
    from = Math.min(stream.length, from + cut);
  }
  return frames;
}
const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 20 });

/** `03 LEN_H LEN_L data`, written down here and not by the driver's own code. */
const gmFrame = (code: string) =>
  Buffer.concat([Buffer.of(0x03, code.length >> 8, code.length & 0xff), Buffer.from(code, 'latin1')]);

/** A packet of the scanner: length, opcode, 00, status, data, and what makes the 16-bit sum of it all zero. */
function ssiPacket(opcode: number, status: number, data: readonly number[]): Buffer {
  const checked = [data.length + 4, opcode, 0, status, ...data];
  const sum = 0x10000 - checked.reduce((total, byte) => total + byte, 0);
  return Buffer.of(...checked, sum >> 8, sum & 0xff);
}
const QR = 0x1c;
const EAN_13 = 0x0b;
const ssiCode = (code: string, { status = 0, type = QR } = {}) =>
  ssiPacket(0xf3, status, [type, ...Buffer.from(code, 'latin1')]);

function ssiFramer(maxLength = 64) {
  const answers: string[] = [];
  const packets: string[] = [];
  const framer = createSsiFramer({
    maxLength,
    answer: (packet) => answers.push(Buffer.from(packet).toString('hex')),
    onPacket: (packet) => packets.push(Buffer.from(packet).toString('hex')),
  });
  return { framer, answers, packets };
}
/** From the reference: host ACK; the NAK is made after its rules. */
const ACK = '04d00400ff28';
const SEND_AGAIN = '05d1040001ff25';

const suffixes = { CR: '\r', CRLF: '\r\n', TAB: '\t', none: '' } as const;
type SuffixName = keyof typeof suffixes;

test('codes with a suffix come out the same however the stream is split', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<SuffixName>('CR', 'CRLF', 'TAB'),
      fc.array(text, { maxLength: 5 }),
      cuts,
      (suffix, texts, cuts) => {
        const stream = Buffer.from(texts.map((one) => one + suffixes[suffix]).join(''), 'latin1');
        const framer = createScanFramer(suffix, 64, 40);
        expect(pushed(framer, stream, cuts).map(told)).toEqual(texts);
        expect(framer.waitsMs).toBeUndefined();
      },
    ),
  );
});

test('any garbage in any split gives frames no longer than allowed, never a throw, and the next code is read', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<SuffixName>('CR', 'CRLF', 'TAB', 'none'),
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }),
      (suffix, chunks) => {
        const framer = createScanFramer(suffix, 64, 40);
        const frames = chunks.flatMap((chunk, index) => framer.push(chunk, index));
        for (const frame of frames)
          if (frame.kind === 'complete') expect(frame.bytes.length).toBeLessThanOrEqual(64);
        framer.silence();
        const next = [...framer.push(Buffer.from('NEXT' + suffixes[suffix]), 9), ...framer.silence()];
        expect(next.map(told)).toEqual(['NEXT']);
      },
    ),
  );
});

test('a framed GM code may contain anything, an answer to a command as well', () => {
  const framer = createScanFramer('GM', 64, 40);
  const stream = hex('03 0009 4f 43 31 02 00 00 01 0d 03');
  expect(framer.push(stream, 5)).toEqual([
    {
      kind: 'complete',
      bytes: Uint8Array.from(hex('4f 43 31 02 00 00 01 0d 03')),
      symbology: 'unknown',
      startedAtMs: 5,
    },
  ]);
});

test('GM frames come out the same however the stream is split, with noise between them', () => {
  const noise = fc
    .uint8Array({ maxLength: 8 })
    .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 3)));
  fc.assert(
    fc.property(fc.array(fc.tuple(noise, text), { maxLength: 5 }), cuts, (codes, cuts) => {
      const stream = Buffer.concat(codes.flatMap(([noise, code]) => [noise, gmFrame(code)]));
      const framer = createScanFramer('GM', 64, 40);
      expect(pushed(framer, stream, cuts).map(told)).toEqual(codes.map(([, code]) => code));
    }),
  );
});

test('a GM code that is too long is counted to its end, one that breaks off ends with silence, an empty one is none', () => {
  const framer = createScanFramer('GM', 10, 40);
  expect(framer.push(gmFrame('0123456789A'), 0).map(told)).toEqual(['too-long']);
  expect(framer.push(gmFrame('X'.repeat(3000)), 0).map(told)).toEqual(['too-long']);
  expect(framer.push(gmFrame('LONG').subarray(0, 5), 0)).toEqual([]);
  expect(framer.waitsMs).toBe(500);
  expect(framer.silence().map(told)).toEqual(['incomplete']);
  expect(framer.push(hex('03 00 00'), 0)).toEqual([]);
  expect(framer.push(gmFrame('NEXT'), 0).map(told)).toEqual(['NEXT']);
});

test('after any garbage and a silence a GM code is read, and nothing throws', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (chunks) => {
      const framer = createScanFramer('GM', 64, 40);
      for (const frame of chunks.flatMap((chunk) => framer.push(chunk, 0)))
        if (frame.kind === 'complete') expect(frame.bytes.length).toBeLessThanOrEqual(64);
      framer.silence();
      expect(framer.push(gmFrame('NEXT'), 1).map(told)).toEqual(['NEXT']);
    }),
  );
});

test('a code in an SSI packet is acknowledged with the bytes of the manual, and its type says whether it is a QR code', () => {
  const { framer, answers } = ssiFramer();
  // LEN 0A, F3, scanner, status 0, type 1C, "HELLO", sum FD73: worked out by hand.
  expect(framer.push(hex('0a f3 00 00 1c 48 45 4c 4c 4f fd 73'), 7)).toEqual([
    { kind: 'complete', bytes: Uint8Array.from(Buffer.from('HELLO')), symbology: 'qr', startedAtMs: 7 },
  ]);
  expect(framer.push(ssiCode('5901234123457', { type: EAN_13 }), 8)).toMatchObject([{ symbology: 'other' }]);
  expect(framer.push(ssiCode('NEW KIND', { type: 0x7e }), 8)).toMatchObject([{ symbology: 'unknown' }]);
  expect(answers).toEqual([ACK, ACK, ACK]);
});

test('a packet that is sent again because our ACK was lost counts once', () => {
  const { framer, answers } = ssiFramer();
  expect(framer.push(ssiCode('ONCE'), 0).map(told)).toEqual(['ONCE']);
  expect(framer.push(ssiCode('ONCE', { status: 1 }), 0)).toEqual([]);
  expect(framer.push(ssiCode('ONCE', { status: 1 }), 0)).toEqual([]);
  expect(answers).toEqual([ACK, ACK, ACK]);
  // The same code shown again is not marked as sent again.
  expect(framer.push(ssiCode('ONCE'), 0).map(told)).toEqual(['ONCE']);
});

test('a damaged packet is asked for again, and the one that is sent again counts', () => {
  const { framer, answers } = ssiFramer();
  const damaged = ssiCode('DAMAGED');
  damaged[7] = 0x21;
  expect(framer.push(damaged, 0)).toEqual([]);
  expect(answers).toEqual([SEND_AGAIN]);
  expect([...framer.silence(), ...framer.push(ssiCode('DAMAGED', { status: 1 }), 0)].map(told)).toEqual([
    'DAMAGED',
  ]);
  expect(answers.at(-1)).toBe(ACK);
});

test('a packet that is sent again and comes damaged counts once, whatever is damaged of it', () => {
  const again = ssiCode('ONCE', { status: 1 });
  // Not the length, behind which nothing is a packet, nor the mark itself.
  const places = [...again.keys()].filter((at) => at > 3);
  const cut = [...again.keys()].filter((at) => at > 1);
  const spoiled = [
    ...places.map((at) => again.map((byte, index) => (index === at ? byte ^ 0x80 : byte))),
    ...cut.map((at) => again.subarray(0, at)),
  ];
  for (const bytes of spoiled) {
    const { framer, answers } = ssiFramer();
    expect(framer.push(ssiCode('ONCE'), 0).map(told)).toEqual(['ONCE']);
    expect([...framer.push(bytes, 0), ...framer.silence()]).toEqual([]);
    expect(framer.push(again, 0)).toEqual([]);
    expect(answers).toEqual([ACK, SEND_AGAIN, ACK]);
  }
});

test('the same code shown again counts although it came damaged first', () => {
  const { framer } = ssiFramer();
  expect(framer.push(ssiCode('TWICE'), 0).map(told)).toEqual(['TWICE']);
  const damaged = ssiCode('TWICE');
  damaged[7] = 0x21;
  expect([...framer.push(damaged, 0), ...framer.silence()]).toEqual([]);
  expect(framer.push(ssiCode('TWICE', { status: 1 }), 0).map(told)).toEqual(['TWICE']);
});

test('a packet that breaks off is asked for again after 200 ms of silence', () => {
  const { framer, answers } = ssiFramer();
  framer.push(ssiCode('BROKEN').subarray(0, 8), 0);
  expect(framer.waitsMs).toBe(200);
  framer.silence();
  expect(answers).toEqual([SEND_AGAIN]);
  expect(framer.push(ssiCode('BROKEN', { status: 1 }), 0).map(told)).toEqual(['BROKEN']);
});

test('a code of several packets is one code; without its last packet it is incomplete', () => {
  const { framer } = ssiFramer(600);
  const [first, second] = ['A'.repeat(249), 'B'.repeat(200)];
  expect(framer.push(ssiCode(first, { status: 2 }), 3)).toEqual([]);
  expect(framer.waitsMs).toBeGreaterThan(2000);
  expect(framer.push(ssiCode(second), 9)).toMatchObject([{ kind: 'complete', startedAtMs: 3 }]);
  framer.push(ssiCode(first, { status: 2 }), 20);
  expect(framer.silence()).toEqual([{ kind: 'incomplete', startedAtMs: 20 }]);
  expect(framer.push(ssiCode(second), 30).map(told)).toEqual([second]);
});

test('a code of packets is refused when it is longer than allowed, whatever its length', () => {
  const { framer } = ssiFramer(300);
  for (let packet = 0; packet < 12; packet += 1)
    expect(framer.push(ssiCode(String(packet).padEnd(249, '.'), { status: 2 }), 0)).toEqual([]);
  expect(framer.push(ssiCode('END'), 0).map(told)).toEqual(['too-long']);
  expect(framer.push(ssiCode('NEXT'), 0).map(told)).toEqual(['NEXT']);
});

test('answers to commands pass by the codes, whole', () => {
  const { framer, packets, answers } = ssiFramer();
  const frames = framer.push(hex('04 d0 00 00 ff 2c 05 d1 00 00 06 ff 24'), 0);
  expect(frames).toEqual([]);
  expect(packets).toEqual(['04d00000ff2c', '05d1000006ff24']);
  expect(answers).toEqual([]);
});

test('SSI codes come out the same however the stream is split, with noise between them', () => {
  // Noise that cannot be taken for the length of a packet.
  const noise = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.array(fc.tuple(noise, text), { maxLength: 5 }), cuts, (codes, cuts) => {
      const stream = Buffer.concat(codes.flatMap(([noise, code]) => [noise, ssiCode(code)]));
      expect(pushed(ssiFramer().framer, stream, cuts).map(told)).toEqual(codes.map(([, code]) => code));
    }),
  );
});

test('after any garbage and a silence an SSI code is read, and nothing throws', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), (chunks) => {
      const { framer } = ssiFramer();
      for (const frame of chunks.flatMap((chunk) => framer.push(chunk, 0)))
        if (frame.kind === 'complete') expect(frame.bytes.length).toBeLessThanOrEqual(64);
      framer.silence();
      framer.silence();
      expect(framer.push(ssiCode('NEXT'), 1).map(told)).toEqual(['NEXT']);
    }),
  );
});
