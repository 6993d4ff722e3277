import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatusStream } from '../drivers/receipt-printer/status/status-stream.ts';
import type { StatusItem } from '../drivers/receipt-printer/status/status-stream.ts';
import {
  statusDialects,
  withAnswer,
  withAutomaticStatus,
} from '../drivers/receipt-printer/status/status-dialects.ts';
import { faultsOf, noFlags } from '../drivers/receipt-printer/status/status.ts';

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

function read(...parts: readonly Uint8Array[]): readonly StatusItem[] {
  const stream = new StatusStream();
  return parts.flatMap((part) => stream.push(part));
}

const { epson } = statusDialects;
const flagsOfAutomaticStatus = (hex: string) => withAutomaticStatus(noFlags, epson, [...bytesOf(hex)]);
const codesOfAutomaticStatus = (hex: string) =>
  faultsOf(flagsOfAutomaticStatus(hex)).map((fault) => fault.code);

function flagsOfReply(n: number, byte: number) {
  const question = epson.questions[n - 1];
  if (question === undefined) throw new Error('no such question');
  return withAnswer(noFlags, question, [byte]);
}

/** A stream that holds each kind of item once: ASB, DLE EOT, process id, cleared, ASB, not printed. */
const WHOLE = bytesOf('14 00 00 0F 12 37 22 50 30 30 31 00 37 25 00 3C 00 00 0F 1E 37 33 41 42 43 44 00');
const WHOLE_ITEMS: readonly StatusItem[] = [
  { kind: 'automatic', bytes: [0x14, 0, 0, 0x0f] },
  { kind: 'realTime', byte: 0x12 },
  { kind: 'printed', id: 'P001' },
  { kind: 'cleared' },
  { kind: 'automatic', bytes: [0x3c, 0, 0, 0x0f] },
  { kind: 'realTime', byte: 0x1e },
  { kind: 'notPrinted', id: 'ABCD' },
];

describe('what a receipt printer says', () => {
  it('is told apart in a stream that holds everything', () => {
    expect(read(WHOLE)).toEqual(WHOLE_ITEMS);
  });

  it.each([
    ['10 00 00 00', []],
    ['14 00 00 0F', []],
    ['14 00 03 0F', []],
    ['1C 00 0F 0F', ['printer.paper-out']],
    ['3C 00 00 0F', ['printer.cover-open']],
    ['1C 08 00 0F', ['printer.cutter-fault']],
    ['1C 40 00 0F', ['printer.head-hot']],
    ['1C 20 00 0F', ['printer.unrecoverable']],
  ])('automatic status %s means %j', (hex, codes) => {
    expect(codesOfAutomaticStatus(hex)).toEqual(codes);
  });

  it.each([
    [1, 0x12, []],
    [1, 0x16, []],
    [1, 0x1a, ['printer.offline']],
    [2, 0x16, ['printer.cover-open']],
    [2, 0x32, ['printer.paper-out']],
    [3, 0x1a, ['printer.cutter-fault']],
    [3, 0x32, ['printer.unrecoverable']],
    [3, 0x52, ['printer.head-hot']],
    [4, 0x1e, []],
    [4, 0x72, ['printer.paper-out']],
    [4, 0x7e, ['printer.paper-out']],
  ] as const)('reply to DLE EOT %i of %i means %j', (question, byte, codes) => {
    expect(faultsOf(flagsOfReply(question, byte)).map((fault) => fault.code)).toEqual(codes);
  });

  it('near-end of the roll is no fault but is known', () => {
    expect(flagsOfAutomaticStatus('14 00 03 0F').paperNearEnd).toBe(true);
    expect(flagsOfReply(4, 0x1e).paperNearEnd).toBe(true);
  });

  it('takes a lone zero for an answer only while one is expected', () => {
    const stream = new StatusStream();
    expect(stream.push(bytesOf('00'))).toEqual([{ kind: 'stray', byte: 0 }]);
    stream.expectAnswer();
    expect(stream.push(bytesOf('00'))).toEqual([{ kind: 'answer', byte: 0 }]);
    expect(stream.push(bytesOf('0C'))).toEqual([{ kind: 'stray', byte: 0x0c }]);
  });

  it('completes a status that has begun before it looks for an answer', () => {
    const stream = new StatusStream();
    stream.expectAnswer();
    expect(stream.push(bytesOf('14 00 00'))).toEqual([]);
    expect(stream.push(bytesOf('00 03'))).toEqual([
      { kind: 'automatic', bytes: [0x14, 0, 0, 0] },
      { kind: 'answer', byte: 3 },
    ]);
  });

  it('finds the process id behind a status that lost a byte on the line', () => {
    expect(read(bytesOf('14 00 37 22 50 30 30 31 00')).at(-1)).toEqual({ kind: 'printed', id: 'P001' });
  });

  it('never takes an id that lost or gained a byte for an id', () => {
    expect(read(bytesOf('37 22 50 30 31 00')).map((item) => item.kind)).toEqual(['block']);
    expect(read(bytesOf('37 22 50 30 30 31 31 00')).map((item) => item.kind)).toEqual(['block']);
  });

  it('says the same however the bytes are split, with XON and XOFF anywhere', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(WHOLE.length), { maxLength: 10 }),
        fc.array(fc.tuple(fc.nat(WHOLE.length), fc.constantFrom(0x11, 0x13)), { maxLength: 10 }),
        (cuts, flow) => {
          const bytes = Array.from(WHOLE);
          for (const [at, byte] of flow) bytes.splice(at, 0, byte);
          const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
          const parts = places.slice(1).map((end, index) => Uint8Array.from(bytes.slice(places[index], end)));
          expect(read(...parts)).toEqual(WHOLE_ITEMS);
        },
      ),
    );
  });

  it('every prefix gives a prefix of the items', () => {
    for (let length = 0; length <= WHOLE.length; length++) {
      const items = read(WHOLE.subarray(0, length));
      expect(items).toEqual(WHOLE_ITEMS.slice(0, items.length));
    }
  });

  it('a flipped bit never throws, never invents an id, and is got over within the next whole items', () => {
    fc.assert(
      fc.property(fc.nat(WHOLE.length - 1), fc.nat(7), (at, bit) => {
        const bytes = Uint8Array.from(WHOLE);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const stream = new StatusStream();
        const ids = stream
          .push(bytes)
          .filter((item) => item.kind === 'printed')
          .map((item) => item.id);
        // An id with a flipped bit may come out as another id, but never as one that is awaited elsewhere.
        for (const id of ids) expect(id).toHaveLength(4);
        stream.push(bytesOf('00 00 00 00'));
        expect(stream.push(WHOLE).slice(1)).toEqual(WHOLE_ITEMS.slice(1));
      }),
    );
  });

  it('any bytes at all give items and end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const items = read(bytes);
        expect(items.length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
