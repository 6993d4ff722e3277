import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createScanFramer } from '../drivers/qr-scanner/framing/scan-framer.ts';
import type { ScanFraming } from '../drivers/qr-scanner/framing/scan-framing.ts';
import { createSsiFramer } from '../drivers/qr-scanner/framing/ssi-framing.ts';
import type { ScannerFamilyName } from '../drivers/qr-scanner/families/scanner-family.ts';
import { createScannerTraceBlanker } from '../drivers/qr-scanner/trace/trace-blanking.ts';
import { createReportTraceBlanker } from '../drivers/qr-scanner/trace/trace-report-blanking.ts';
import { createReportAssembler } from '../drivers/qr-scanner/framing/report-assembly.ts';
import type { HidPosLayout } from '../drivers/qr-scanner/framing/hid-pos-report.ts';
import { hex } from './fixtures/sdt-vectors.ts';

const ascii = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** Blanks what comes in these pieces, at these times, behind a command. */
function blanked(
  scanner: { family?: ScannerFamilyName | 'passive'; framing: ScanFraming },
  pieces: readonly (readonly [atMs: number, bytes: Uint8Array])[],
  commands: readonly Uint8Array[] = [],
): Uint8Array {
  const blanker = createScannerTraceBlanker({ family: 'passive', ...scanner });
  for (const command of commands) expect(blanker.out(command, 0).bytes).toEqual(command);
  const told = pieces.flatMap(([atMs, bytes]) => [...blanker.in(Uint8Array.from(bytes), atMs)]);
  return Uint8Array.from([...told, ...blanker.flush('end')]);
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): (readonly [number, Uint8Array])[] {
  const places = [...cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.map((to, index) => [0, bytes.slice(places[index - 1] ?? 0, to)] as const);
}

describe('a code in a trace', () => {
  test.each<[ScanFraming, string, string]>([
    ['CR', 'ZHANG SAN 13800138000\r', 'XXXXXXXXXXXXXXXXXXXXX\r'],
    ['CRLF', ']Q1OC1ABCDEF\r\n]Q3xyz\r\n', ']Q1XXXXXXXXX\r\n]Q3XXX\r\n'],
    ['TAB', '  {"n":"a"}\t', '  XXXXXXXXX\t'],
    ['none', '3101', 'XXXX'],
    ['CR', ']]name\r]-1\r', ']XXXXX\r]XX\r'],
    ['CR', '\xd5\xc5\xc8\xfd\x02\x7f\r', '\x80\x80\x80\x80\x01\x01\r'],
    ['GM', '\x03\x00\x05OC1\rA\x03\x00\x02hi', '\x03\x00\x05XXX\rX\x03\x00\x02XX'],
    ['GM', 'noise\x03\x00\x01A', 'XXXXX\x03\x00\x01X'],
  ])('framed by %s comes as X, its frame as it is: %j', (framing, from, to) => {
    expect(text(blanked({ framing }, [[0, ascii(from)]]))).toBe(to);
  });

  test('begins after a silence, with an identifier of its own', () => {
    const told = blanked({ framing: 'none' }, [
      [0, ascii(']Q1abc')],
      [500, ascii(']Q1abc')],
      [510, ascii(']Q1')],
    ]);
    expect(text(told)).toBe(']Q1XXX]Q1XXXXXX');
  });

  test('in a packet leaves length and type; a right sum is right again, a wrong one wrong', () => {
    // 06 F3 00 00 | type 1C, "3" | sum.
    const packet = hex('06 F3 00 00 1C 33 FE B8');
    expect(blanked({ framing: 'SSI', family: 'ssi' }, [[0, packet]])).toEqual(hex('06 F3 00 00 1C 58 FE 93'));
    const damaged = hex('06 F3 00 00 1C 33 FE B9');
    expect(blanked({ framing: 'SSI', family: 'ssi' }, [[0, damaged]])).toEqual(
      hex('06 F3 00 01 01 58 FE AE'),
    );
  });

  test('of which half a packet came is blanked as well, and the whole one behind it', () => {
    const packet = hex('06 F3 00 00 1C 33 FE B8');
    const told = blanked({ framing: 'SSI', family: 'ssi' }, [
      [0, packet.slice(0, 6)],
      [900, packet],
    ]);
    expect(told.subarray(6)).toEqual(hex('06 F3 00 00 1C 58 FE 93'));
    expect([...told.subarray(0, 6)]).not.toContain(0x33);
  });
});

describe('answers to commands in a trace', () => {
  test.each<[ScannerFamilyName, string, string]>([
    [
      'newland',
      '7E 01 30 30 30 30 23 53 43 4E 4D 4F 44 30 3B 03',
      '02 01 30 30 30 30 23 53 43 4E 4D 4F 44 30 06 3B 03',
    ],
    ['gm6x', '7E 00 08 01 00 02 01 02 DA', '02 00 00 01 00 33 31'],
    ['gm6x', '7E 00 07 01 00 2A 02 D8 0F', '02 00 00 02 39 01 C1 4C'],
    ['ssi', '04 E4 04 00 FF 14', '04 D0 00 00 FF 2C'],
    ['ssi', '04 E4 04 00 FF 14', '05 D1 00 00 06 FF 24'],
    ['honeywell', '16 4D 0D 54 52 47 4D 4F 44 30 21', '54 52 47 4D 4F 44 30 06 21'],
  ])('of %s are told: %s → %s', (family, command, reply) => {
    const pieces = [...hex(reply)].map((byte) => [0, Uint8Array.of(byte)] as const);
    expect(blanked({ family, framing: 'CR' }, pieces, [hex(command)])).toEqual(hex(reply));
    // The same bytes are a code when nothing was asked, or when that was long ago.
    expect(blanked({ family, framing: 'CR' }, pieces)).not.toEqual(hex(reply));
    const late = pieces.map(([, bytes]) => [60_000, bytes] as const);
    expect(blanked({ family, framing: 'CR' }, late, [hex(command)])).not.toEqual(hex(reply));
  });

  test('are one for each command: what comes behind is a code', () => {
    const told = blanked(
      { family: 'gm6x', framing: 'CR' },
      [[0, Uint8Array.from([...hex('02 00 00 01 00 33 31'), ...ascii('abc\r')])]],
      [hex('7E 00 08 01 00 02 01 02 DA')],
    );
    expect(told).toEqual(Uint8Array.from([...hex('02 00 00 01 00 33 31'), ...ascii('XXX\r')]));
  });

  test('are not told where they are damaged', () => {
    const command = hex('7E 00 07 01 00 2A 02 D8 0F');
    const told = blanked({ family: 'gm6x', framing: 'CR' }, [[0, hex('02 00 00 02 41 42 00 00')]], [command]);
    expect(told).toEqual(hex('02 00 00 02 58 58 01 01'));
  });

  test('of Honeywell tell who it is, and not the code that came in between', () => {
    const command = Uint8Array.from([...hex('16 4D 0D'), ...ascii('REVINF.')]);
    const reply = 'Product Name: HF500\r\nZHANG SAN: 13800138000\r\nSerial Number: 123\r\nREVINF\x06.';
    expect(text(blanked({ family: 'honeywell', framing: 'CR' }, [[0, ascii(reply)]], [command]))).toBe(
      'Product Name: HF500\r\nXXXXXXXXXXXXXXXXXXXXXX\r\nSerial Number: 123\r\nREVINF\x06.',
    );
  });
});

const frames = (framing: ScanFraming, bytes: Uint8Array) => {
  const ssi = { maxLength: 64, answer: () => undefined, onPacket: () => undefined };
  const framer = framing === 'SSI' ? createSsiFramer(ssi) : createScanFramer(framing, 64, 50);
  return [...framer.push(Uint8Array.from(bytes), 0), ...framer.silence()].map((frame) =>
    frame.kind === 'complete' ? [frame.kind, frame.bytes.length, frame.symbology] : [frame.kind],
  );
};
/** A code packet of the Simple Serial Interface. */
function packetOf(code: Uint8Array, wrongBy: number): Uint8Array {
  const checked = [5 + code.length, 0xf3, 0, 0, 0x1c, ...code];
  const sum = (-checked.reduce((left, right) => left + right, 0) + wrongBy) & 0xffff;
  return Uint8Array.from([...checked, sum >> 8, sum & 0xff]);
}
function framed(framing: ScanFraming, code: Uint8Array, wrongBy: number): Uint8Array {
  switch (framing) {
    case 'SSI':
      return packetOf(code, wrongBy);
    case 'GM':
      return Uint8Array.from([3, 0, code.length, ...code]);
    default:
      return Uint8Array.from([...code, ...{ CR: [13], CRLF: [13, 10], TAB: [9], none: [] }[framing]]);
  }
}

const framings = ['CR', 'CRLF', 'TAB', 'none', 'GM', 'SSI'] as const;
const printable = fc.string({
  unit: fc.constantFrom(...'ABCDEFGHIJ0123456789:/-{}"'.split('')),
  minLength: 8,
  maxLength: 40,
});

test.each(framings)('whoever’s code it is, and however it came in, a trace of %s is the same', (framing) => {
  fc.assert(
    fc.property(
      printable,
      printable,
      fc.array(fc.nat(80), { maxLength: 6 }),
      fc.nat(1),
      (one, other, cuts, wrongBy) => {
        const length = Math.min(one.length, other.length);
        const [mine, theirs] = [one, other].map((code) =>
          framed(framing, ascii(code.slice(0, length)), wrongBy),
        );
        if (!mine || !theirs) throw new Error('two codes');
        const told = blanked({ framing, family: 'ssi' }, cutAt(mine, cuts));
        expect(told).toEqual(blanked({ framing, family: 'ssi' }, [[0, theirs]]));
        expect(frames(framing, told)).toEqual(frames(framing, mine));
      },
    ),
  );
});

test.each(framings)('text in any encoding leaves nothing of itself in a trace of %s', (framing) => {
  const name = fc.string({
    unit: fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCharCode(code)),
    minLength: 3,
    maxLength: 8,
  });
  const encoded = fc.tuple(name, fc.constantFrom('utf8' as const, 'utf16le' as const));
  fc.assert(
    fc.property(encoded, fc.array(fc.nat(60), { maxLength: 5 }), ([one, encoding], cuts) => {
      const bytes = Uint8Array.from(Buffer.from(one, encoding));
      const told = Buffer.from(blanked({ framing }, cutAt(framed(framing, bytes, 0), cuts)));
      // Two characters: one alone may by chance be made of what stands for nothing.
      expect(told.includes(Buffer.from(one.slice(0, 2), encoding))).toBe(false);
    }),
  );
});

test('any bytes are blanked, and none is lost or added', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...framings),
      fc.constantFrom(
        'passive' as const,
        'newland' as const,
        'gm6x' as const,
        'ssi' as const,
        'honeywell' as const,
      ),
      fc.uint8Array({ maxLength: 120 }),
      fc.uint8Array({ maxLength: 20 }),
      fc.array(fc.nat(120), { maxLength: 6 }),
      (framing, family, bytes, command, cuts) => {
        const whole = blanked({ framing, family }, [[0, bytes]], [command]);
        expect(whole.length).toBe(bytes.length);
        expect(blanked({ framing, family }, cutAt(bytes, cuts), [command])).toEqual(whole);
      },
    ),
  );
});

describe('reports of a HID POS scanner in a trace', () => {
  const report = (layout: HidPosLayout, code: string, stale = 0): Uint8Array => {
    const bytes = new Uint8Array(64).fill(stale);
    bytes.set([layout === 'microscan' ? 1 : 2, code.length]);
    if (layout === 'standard') bytes.set(ascii(']Q1'), 2);
    bytes.set(ascii(code), layout === 'standard' ? 5 : 2);
    if (layout !== 'microscan') bytes.set([0x73, 0, 0], 61);
    return bytes;
  };

  test.each(['standard', 'newland', 'microscan'] as const)(
    'of the layout %s are the same for every code of that length, and read as long as it',
    (layout) => {
      const blanker = createReportTraceBlanker({ family: 'passive', layout });
      const [one, other] = ['OC1-7F3K', '31011949'].map((code) => report(layout, code, 0x41));
      if (!one || !other) throw new Error('two codes');
      const told = blanker.in(one, 0);
      expect(blanker.in(other, 0)).toEqual(told);
      expect(text(told)).not.toMatch(/OC1|A/);
      const assembler = createReportAssembler(layout, 64);
      expect([...assembler.push(told, 0), ...assembler.silence()]).toMatchObject([
        { kind: 'complete', bytes: ascii('XXXXXXXX') },
      ]);
    },
  );

  test('tell answers, over several reports, and of Honeywell what it says of itself', () => {
    const blanker = createReportTraceBlanker({ family: 'newland', layout: 'newland' });
    const command = new Uint8Array(64);
    command.set([4, 16, ...hex('7E 01 30 30 30 30 23'), ...ascii('QRYSYS'), 0x3b, 0x03]);
    expect(blanker.out(command, 0).bytes).toEqual(command);
    const answer = `\x02\x010000#QRYSYS${'Firmware Version: 1.2.3\r\n'.repeat(3)}\x06;\x03`;
    const reports = [answer.slice(0, 56), answer.slice(56)].map((part) => report('newland', part));
    expect(reports.map((one) => text(blanker.in(Uint8Array.from(one), 0)))).toEqual(reports.map(text));
    expect(text(blanker.in(report('newland', '13800138000'), 0)).slice(2, 13)).toBe('XXXXXXXXXXX');

    const honeywell = createReportTraceBlanker({ family: 'honeywell', layout: 'standard' });
    const itself = report('standard', 'Product Name: HF500');
    itself.set(ascii(']X0'), 2);
    expect(honeywell.in(Uint8Array.from(itself), 0)).toEqual(itself);
  });

  test('of another kind or out of bounds are zeros behind their beginning', () => {
    const blanker = createReportTraceBlanker({ family: 'passive', layout: 'standard' });
    const other = new Uint8Array(64).fill(0x41);
    expect([...blanker.in(other, 0)]).toEqual([0x41, ...new Uint8Array(63)]);
    other[0] = 2;
    expect([...blanker.in(other, 0)]).toEqual([2, 0x41, ...new Uint8Array(62)]);
    expect([...blanker.in(Uint8Array.of(2, 3, 65, 65, 65), 0)]).toEqual([2, 3, 0, 0, 0]);
    expect([...blanker.in(new Uint8Array(0), 0)]).toEqual([]);
  });

  test('any report is blanked to one as long', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('standard' as const, 'newland' as const, 'microscan' as const),
        fc.constantFrom('passive' as const, 'newland' as const, 'gm6x' as const, 'honeywell' as const),
        fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 4 }),
        (layout, family, reports) => {
          const blanker = createReportTraceBlanker({ family, layout });
          for (const one of reports) expect(blanker.in(one, 0).length).toBe(one.length);
        },
      ),
    );
  });
});
