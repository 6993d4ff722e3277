import { describe, expect, it } from 'vitest';
import { stripBytes } from '../drivers/receipt-printer/commands/commands.ts';
import { createComposer } from '../drivers/receipt-printer/composer/compose-document.ts';
import type { ChineseRom } from '../drivers/receipt-printer/composer/rom-characters.ts';
import { loadPaperFonts } from '../drivers/receipt-printer/composer/paper-fonts.ts';
import type { PrintDocument, PrintElement } from '../src/slip/print-document.ts';
import { bodyDocument, footerDocument, testPageDocument, voidDocument } from '../src/slip/slip-document.ts';
import type { SlipBody } from '../src/slip/slip-document.ts';
import { blackRows, decodedByZbar, paperOf } from './fixtures/paper-of-raster.ts';
import type { Enlarging, Paper } from './fixtures/paper-of-raster.ts';

const TOKEN = 'OC1ABCDEFGHJKMNPQRSTVWXYZ234567ABCD';

function must<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const fonts = must(loadPaperFonts());

function body(changes: Partial<SlipBody> = {}): PrintDocument {
  return must(
    bodyDocument({
      maskedName: '*小明',
      token: TOKEN,
      shortCode: 'ABCD2345WXYZ',
      validUntil: '2027-05-20',
      issuedOn: '2026-11-22',
      kind: 'apply',
      ...changes,
    }),
  );
}

function bytesOf(
  document: PrintDocument,
  widthDots: number,
  set: ChineseRom | 'drawn' = 'gb18030',
): Uint8Array {
  const nativeText = set === 'drawn' ? undefined : set;
  const composer = createComposer(fonts, { widthDots, bandBytes: 1728, nativeText });
  return Buffer.concat(Array.from(composer.compose(document), stripBytes));
}

const native = (document: PrintDocument, widthDots: number, enlarging?: Enlarging) =>
  paperOf(bytesOf(document, widthDots), widthDots, enlarging);

/** What stands on the paper in the printer's own font, line by line. */
function linesOf({ cells }: Paper): readonly string[] {
  const lines = new Map<number, string>();
  for (const { character, y, height } of cells) {
    const foot = y + height;
    lines.set(foot, (lines.get(foot) ?? '') + character);
  }
  return Array.from(lines.values(), (line) => line.trim());
}

const widths = [576, 384];

describe("a slip in the printer's own font", () => {
  it.each(widths)(
    'carries the token twice, readable from the picture of the paper, %i dots wide',
    (widthDots) => {
      expect(decodedByZbar(native(body(), widthDots))).toEqual([TOKEN, TOKEN]);
    },
  );

  it('says in text all that the drawn one says, in the same order', () => {
    const whole = linesOf(native(body(), 384)).join('');
    const texts = body().elements.flatMap((element) => {
      if (element.type === 'text') return [element.text];
      return element.type === 'rule' && element.label !== undefined ? [element.label] : [];
    });
    expect(whole.replaceAll(/[- ]/g, '')).toBe(texts.join('').replaceAll(' ', ''));
  });

  it.each(widths)(
    'keeps text, symbols and marks apart, and each symbol in its quiet zone, %i dots wide',
    (widthDots) => {
      for (const document of [body(), body({ kind: 'reissue' }), footerDocument(), voidDocument()]) {
        const paper = native(document, widthDots);
        expect(paper.modesLeft).toEqual([]);
        for (const { y, height } of paper.cells) {
          expect(paper.rows.slice(y, y + height).some((row) => row.includes(1))).toBe(false);
        }
      }
      const paper = native(body(), widthDots);
      // 49 modules of 6 dots; 4 modules of white all around.
      const [first = 0] = blackRows(paper);
      const symbol = paper.rows.slice(first, first + 49 * 6);
      const left = Math.min(...symbol.map((row) => row.indexOf(1)).filter((x) => x >= 0));
      const right = Math.max(...symbol.map((row) => row.lastIndexOf(1)));
      expect(right + 1 - left).toBe(49 * 6);
      expect(Math.min(left, widthDots - 1 - right)).toBeGreaterThanOrEqual(24);
      const nearest = (feet: readonly number[]) => Math.min(...feet.filter((distance) => distance >= 0));
      expect(nearest(paper.cells.map(({ y, height }) => first - y - height))).toBeGreaterThanOrEqual(24);
      expect(nearest(paper.cells.map(({ y }) => y - first - 49 * 6))).toBeGreaterThanOrEqual(24);
    },
  );

  it('keeps a rare name among its neighbours: the other lines are text', () => {
    const common = linesOf(native(body(), 576));
    const rare = linesOf(native(body({ maskedName: '*𬱖' }), 576));
    expect(rare).toEqual(common.filter((line) => !line.startsWith('姓名')));
  });

  it.each<[string, Enlarging]>([
    ['obey the last of GS ! and FS !', { by: 'last', largest: 8 }],
    ['obey GS ! alone', { by: 'gs', largest: 8 }],
    ['enlarge Chinese by FS ! alone', { by: 'fs', largest: 8 }],
    ['know no more than double', { by: 'last', largest: 2 }],
    ['know no more than double, Chinese by FS ! alone', { by: 'fs', largest: 2 }],
  ])('is 17 pt or larger and fits on the paper of printers that %s', (_, enlarging) => {
    for (const widthDots of widths) {
      for (const document of [body(), body({ kind: 'reissue' }), voidDocument()]) {
        const { cells, modesLeft } = native(document, widthDots, enlarging);
        for (const { height, width, character } of cells) {
          expect(height).toBeGreaterThanOrEqual(48);
          expect(width).toBe(character < '\u0080' ? height / 2 : height);
        }
        expect(modesLeft).toEqual([]);
      }
    }
  });

  it('has a test page with the head pattern over the whole width, and a symbol that can be read', () => {
    const page = must(testPageDocument({ kioskId: 'SH-0001', printedOn: '2026-11-22' }));
    const paper = native(page, 576);
    expect(paper.rows.some((row) => row.every((dot) => dot === 1))).toBe(true);
    expect(decodedByZbar(paper)).toEqual(['TEST PAGE - NOT A CODE']);
  });

  it('is not made where the symbol is wider than the paper', () => {
    const composer = createComposer(fonts, { widthDots: 256, bandBytes: 1728, nativeText: 'gb18030' });
    expect(composer.fits(body())).toBe(false);
    expect(composer.fits(footerDocument())).toBe(true);
  });
});

describe('marks and rules at half of their size', () => {
  const markOf = (document: PrintDocument): PrintDocument => ({
    ...document,
    elements: document.elements.filter(({ type }) => type === 'mark'),
  });

  /** How many dots in a hundred are black along a line through the picture. */
  function blackAlong(paper: Paper, from: [x: number, y: number], to: [x: number, y: number]): number {
    const steps = 500;
    let black = 0;
    for (let step = 0; step <= steps; step++) {
      const x = Math.round(from[0] + ((to[0] - from[0]) * step) / steps);
      const y = Math.round(from[1] + ((to[1] - from[1]) * step) / steps);
      black += paper.rows[y]?.[x] ?? 0;
    }
    return (100 * black) / (steps + 1);
  }

  it.each(widths)('keep the frame, and the strike across 作废 alone, %i dots wide', (widthDots) => {
    for (const set of ['gb18030', 'drawn'] as const) {
      const [valid, voided] = [footerDocument(), voidDocument()].map((document) => {
        const paper = paperOf(bytesOf(markOf(document), widthDots, set), widthDots);
        const [first = [], last = []] = [paper.rows[0], paper.rows.at(-1)].map((row) =>
          Array.from(row ?? []),
        );
        const [left, right] = [first.indexOf(1), first.lastIndexOf(1)];
        expect(Math.abs(left + right - widthDots)).toBeLessThanOrEqual(16);
        const bottom = paper.rows.length - 1;
        const sides = [
          blackAlong(paper, [left, 0], [right, 0]),
          blackAlong(paper, [left, bottom], [right, bottom]),
          blackAlong(paper, [left, 0], [left, bottom]),
          blackAlong(paper, [right, 0], [right, bottom]),
        ];
        expect(sides).toEqual([100, 100, 100, 100]);
        expect(last).toEqual(first);
        return blackAlong(paper, [left, bottom], [right, 0]);
      });
      expect(voided).toBeGreaterThan(95);
      expect(valid).toBeLessThan(75);
    }
  });

  const rule = (style: 'solid' | 'dashed'): PrintDocument => {
    const element: PrintElement = { type: 'rule', style };
    return { part: 'body', elements: [element] };
  };

  it.each(['solid', 'dashed'] as const)(
    'draw a %s rule as the same dots as at full size, in fewer bytes',
    (style) => {
      const [half, full] = [bytesOf(rule(style), 576), bytesOf(rule(style), 576, 'drawn')];
      expect(paperOf(half, 576).rows).toEqual(paperOf(full, 576).rows);
      expect(half.length).toBeLessThan(full.length / 3);
    },
  );
});
