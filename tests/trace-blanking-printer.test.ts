import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPrinterTraceBlanker } from '../drivers/receipt-printer/trace-blanking.ts';
import { formatMasked } from '../drivers/trace/masked-bytes.ts';
import { hex } from './fixtures/sdt-vectors.ts';

type Printer = Parameters<typeof createPrinterTraceBlanker>[0];

function traced(writes: readonly Uint8Array[], printer: Partial<Printer> = {}): string[] {
  const blanker = createPrinterTraceBlanker({ language: 'esc-pos', begins: 'at-a-command', ...printer });
  return writes.map((bytes) => formatMasked(blanker.out(bytes, 0)));
}

describe('what is sent to a printer, in a trace', () => {
  test.each([
    ['prepares a job', '1B 40 1D 61 0E 1B 61 00', '1b401d610e1b6100'],
    ['asks for a process id', '1D 28 48 06 00 30 30 50 30 30 31', '1d28480600303050303031'],
    ['asks in order', '1D 72 01 1D 49 43', '1d72011d4943'],
    ['feeds and cuts', '1B 4A 18 0A 1D 56 01 1D 56 42 00 1B 69', '1b4a180a1d56011d5642001b69'],
    ['retracts', '1D 65 02 1D 65 03 0C 1D 52 30 1D 52 31 00', '1d65021d65030c1d52301d523100'],
    ['draws', '1D 76 30 00 02 00 03 00 11 22 33 44 55 66 1B 4A 08', '1d76300002000300 xx*6 1b4a08'],
    [
      'sets text',
      '1B 21 00 1C 26 1C 21 0C 1D 21 11 1B 33 3A B2 E2 CA D4 31 0A',
      '1b21001c261c210c1d21111b333a xx*5 0a',
    ],
    ['finishes half a drawing', '00*64', '00*64'],
    ['does something unknown', '1D 28 6B 04 00 31 41 32 00 1B 7F 31', '1d286b0400 xx*4 1b xx*2'],
  ])('%s: parameters are told, dots and text are not', (_, sent, told) => {
    expect(traced([hex(sent)])).toEqual([told]);
  });

  test('is a drawing, however it is cut, with questions between its pieces', () => {
    const strip = hex('1D 76 30 00 02 00 03 00 11 22 33 44 55 66 1B 4A 08');
    expect(traced([strip.slice(0, 3), strip.slice(3, 10), hex('10 04 01'), strip.slice(10)])).toEqual([
      '1d7630',
      '0002000300 xx*2',
      '100401',
      'xx*4 1b4a08',
    ]);
  });

  test('is nothing but questions until a job begins, where a trace begins anywhere', () => {
    const midway = { begins: 'anywhere' } as const;
    expect(
      traced([hex('1B 4A 33 34'), hex('10 04 04'), hex('1B 40 1D 61 0E 1B 61 00'), hex('1B 4A 18')], midway),
    ).toEqual(['xx*4', '100404', '1b401d610e1b6100', '1b4a18']);
  });

  test('is a command again when a job begins behind a drawing that was cut off', () => {
    const cut = hex('1D 76 30 00 48 00 FF 00 11 22');
    expect(
      traced([cut, hex('10 14 08 01 03 14 01 06 02 08'), hex('1B 40 1D 61 0E'), hex('1B 4A 18')]),
    ).toEqual(['1d7630004800ff00 xx*2', '10140801031401060208', '1b401d610e', '1b4a18']);
  });

  test('in Star Line are rows, and commands with numbers in digits', () => {
    const star = { language: 'star-line' } as const;
    expect(
      traced(
        [
          hex('1B 40 1B 1E 61 01 1B 1E 45 00 17'),
          hex('1B 2A 72 41 1B 2A 72 50 30 00'),
          hex('62 02 00 11 22 62 01 00 33 1B 2A 72 59 32 34 00'),
          hex('1B 2A 72 42 1B 64 03'),
          hex('62 62 33 0A'),
          hex('1B 06 01'),
          hex('18'),
        ],
        star,
      ),
    ).toEqual([
      '1b401b1e61011b1e450017',
      '1b2a72411b2a72503000',
      '620200 xx*2 620100 xx*1 1b2a7259323400',
      '1b2a72421b6403',
      'xx*3 0a',
      '1b0601',
      '18',
    ]);
  });

  test('and what comes back is told as it is', () => {
    const blanker = createPrinterTraceBlanker({ language: 'esc-pos', begins: 'anywhere' });
    expect(blanker.in(hex('37 22 50 30 30 31 00 1C 00 0F 0F'), 0)).toEqual(
      hex('37 22 50 30 30 31 00 1C 00 0F 0F'),
    );
    expect(blanker.flush('end')).toEqual(new Uint8Array());
  });
});

const name = fc.array(fc.tuple(fc.integer({ min: 0xb0, max: 0xf7 }), fc.integer({ min: 0xa1, max: 0xfe })), {
  minLength: 3,
  maxLength: 3,
});
/** A slip: a drawing of 3 rows with these dots, and a line of text with this name and number. */
function slip(dots: Uint8Array, hanzi: readonly (readonly number[])[], digits: string): Uint8Array {
  return Uint8Array.from([
    ...hex('1B 40 1D 61 0E 1B 61 00 1D 76 30 03 04 00 03 00'),
    ...dots,
    ...hex('1B 4A 18 1B 21 00 1C 26 1C 21 0C 1D 21 11'),
    ...hanzi.flat(),
    ...Buffer.from(digits, 'latin1'),
    ...hex('0A 1D 28 48 06 00 30 30 50 30 30 31 0A 1D 56 01'),
  ]);
}
const dots = fc.uint8Array({ minLength: 12, maxLength: 12 });
const digits = fc.stringMatching(/^\d{18}$/);

test('whoever’s slip it is, and however it is cut, the trace is the same', () => {
  fc.assert(
    fc.property(dots, name, digits, fc.array(fc.nat(120), { maxLength: 6 }), (mine, hanzi, number, cuts) => {
      const bytes = slip(mine, hanzi, number);
      const places = [...cuts.map((at) => at % bytes.length).sort((a, b) => a - b), bytes.length];
      const writes = places.map((to, index) => bytes.slice(places[index - 1] ?? 0, to));
      const blanker = createPrinterTraceBlanker({ language: 'esc-pos', begins: 'at-a-command' });
      const parts = writes.map((part) => blanker.out(part, 0));
      const told = formatMasked({
        bytes: Uint8Array.from(parts.flatMap((part) => [...part.bytes])),
        hidden: Uint8Array.from(parts.flatMap((part) => [...part.hidden])),
      });
      expect(told).toBe(
        '1b401d610e1b61001d76300304000300 xx*12 1b4a181b21001c261c210c1d2111 xx*24 0a1d284806003030503030310a1d5601',
      );
    }),
  );
});

test('no text is told of, whatever language it is sent in', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('esc-pos' as const, 'star-line' as const),
      fc.constantFrom('at-a-command' as const, 'anywhere' as const),
      fc.stringMatching(/^[A-Za-z0-9 ]{4,30}$/),
      (language, begins, text) => {
        const blanker = createPrinterTraceBlanker({ language, begins });
        const { bytes } = blanker.out(Uint8Array.from(Buffer.from(text, 'latin1')), 0);
        expect(bytes).toEqual(new Uint8Array(text.length));
      },
    ),
  );
});

test('any bytes are blanked, and none is lost or added', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('esc-pos' as const, 'star-line' as const),
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }),
      (language, writes) => {
        const blanker = createPrinterTraceBlanker({ language, begins: 'at-a-command' });
        for (const bytes of writes) {
          const told = blanker.out(bytes, 0);
          expect([told.bytes.length, told.hidden.length]).toEqual([bytes.length, bytes.length]);
        }
      },
    ),
  );
});
