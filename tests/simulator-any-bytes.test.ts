import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { SdtRequestScanner } from '../drivers/simulators/id-card-reader/sdt-frames.ts';
import { parseCommand } from '../drivers/simulators/receipt-printer/command-parser.ts';
import { FAMILIES, type FamilyName } from '../drivers/simulators/receipt-printer/families.ts';
import { starLineLanguage } from '../drivers/simulators/receipt-printer/star-line.ts';
import { Printer, type PrinterMake } from '../drivers/simulators/receipt-printer/printer.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

const MAKE: PrinterMake = {
  family: 'epson',
  geometry: { headDots: 384, marginDots: 40, cutterDistanceMm: 15 },
  speedMmPerSecond: 500,
  bufferBytes: 65_536,
  identity: { firmware: '1', maker: 'M', model: 'N', serial: 'S', romLanguage: 'CHINA GB18030' },
  answersProcessId: true,
  exitSensor: false,
  presenter: false,
  autoRetractMs: 0,
  flow: 'wait',
  flowBytesInReplies: false,
};

/** Bytes in which commands are common, and a way to cut them into pieces. */
const stream = fc
  .uint8Array({ maxLength: 200 })
  .chain((noise) =>
    fc
      .array(
        fc.oneof(
          fc.constantFrom(
            [0x1b, 0x40],
            [0x1d, 0x76, 0x30, 3, 2, 0, 2, 0, 0xaa, 0x55, 0xff, 0x00],
            [0x1d, 0x28, 0x48, 6, 0, 0x30, 0x30, 0x50, 0x30, 0x30, 0x31],
            [0x1d, 0x56, 0x42, 0],
            [0x10, 0x04, 1],
            [0xcb, 0xe6, 0x41, 0x0a],
          ),
          fc.constant([...noise]),
        ),
        { maxLength: 8 },
      )
      .map((parts) => Uint8Array.from(parts.flat())),
  );
const cuts = fc.array(fc.nat(200), { maxLength: 12 });

function pieces(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const ends = [...at.filter((end) => end < bytes.length), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

async function printed(parts: readonly Uint8Array[], family: FamilyName = 'epson') {
  const clock = createManualClock();
  const sent: string[] = [];
  const line = { send: (bytes: Uint8Array) => void sent.push(Buffer.from(bytes).toString('hex')) };
  const printer = new Printer(
    { ...MAKE, family, presenter: true },
    clock,
    { ...line, roomGrew: () => undefined, pullOut: () => undefined },
    undefined,
  );
  for (const part of parts) printer.receive(part);
  await clock.advance(60_000);
  return { paper: Buffer.from(printer.paper.picture()), slips: printer.tray.slips.length, sent };
}

describe('whatever bytes arrive', () => {
  test.prop([fc.uint8Array({ maxLength: 64 }), fc.boolean()])(
    'the command parser takes at least one byte or asks for more',
    (bytes, twoByte) => {
      const parsed = parseCommand(bytes, twoByte);
      if (parsed === 'more') return;
      expect(parsed.length).toBeGreaterThan(0);
      expect(parsed.length).toBeLessThanOrEqual(bytes.length);
    },
  );

  test.prop([fc.uint8Array({ maxLength: 64 }), fc.boolean()])(
    'Star’s parser takes at least one byte or asks for more',
    (bytes, raster) => {
      const language = starLineLanguage(384);
      if (raster) language.run({ name: 'raster-on', length: 4, args: new Uint8Array(0) });
      const parsed = language.parse(bytes);
      if (parsed === 'more') return;
      expect(parsed.length).toBeGreaterThan(0);
      expect(parsed.length).toBeLessThanOrEqual(bytes.length);
    },
  );

  test.prop(
    [fc.constantFrom(...(Object.keys(FAMILIES) as FamilyName[])), fc.uint8Array({ maxLength: 300 }), cuts],
    {
      numRuns: 60,
    },
  )(
    'a printer of any family goes on, and prints the same paper however they were split',
    async (family, bytes, at) => {
      const whole = await printed([bytes], family);
      const split = await printed(pieces(bytes, at), family);
      expect(split.slips).toBe(whole.slips);
      expect(split.paper.equals(whole.paper)).toBe(true);
    },
  );

  test.prop([stream, cuts], { numRuns: 40 })(
    'the printer prints the same paper however they were split',
    async (bytes, at) => {
      const whole = await printed([bytes]);
      const split = await printed(pieces(bytes, at));
      expect(split.slips).toBe(whole.slips);
      expect(split.paper.equals(whole.paper)).toBe(true);
    },
  );

  test.prop([fc.uint8Array({ maxLength: 200 }), cuts])(
    'the card reader finds the same requests however they were split',
    (noise, at) => {
      const status = [0xaa, 0xaa, 0xaa, 0x96, 0x69, 0x00, 0x03, 0x11, 0xff, 0xed];
      const bytes = Uint8Array.from([...status, ...noise, ...status]);
      const whole = new SdtRequestScanner().push(bytes);
      const scanner = new SdtRequestScanner();
      const split = pieces(bytes, at).flatMap((part) => scanner.push(part));
      expect(split).toEqual(whole);
      expect(whole[0]).toMatchObject({ kind: 'command', code: 0x11ff });
    },
  );
});
