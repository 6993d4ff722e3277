import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripBytes } from '../drivers/receipt-printer/commands/commands.ts';
import { createComposer, stripDots } from '../drivers/receipt-printer/composer/compose-document.ts';
import type { PaperStrip } from '../drivers/receipt-printer/composer/compose-document.ts';
import { loadPaperFonts } from '../drivers/receipt-printer/composer/paper-fonts.ts';
import { romCharacters } from '../drivers/receipt-printer/composer/rom-characters.ts';
import type { ChineseRom } from '../drivers/receipt-printer/composer/rom-characters.ts';
import type { PrintDocument, PrintElement, TextElement } from '../src/slip/print-document.ts';
import { blackRows, paperOf } from './fixtures/paper-of-raster.ts';

const loaded = loadPaperFonts();
if (!loaded.ok) throw new Error(loaded.error.code);
const fonts = loaded.value;

const composers = new Map<string, ReturnType<typeof createComposer>>();

function stripsOf(
  elements: readonly PrintElement[],
  widthDots = 576,
  nativeText: ChineseRom = 'gb18030',
): readonly PaperStrip[] {
  const key = `${widthDots} ${nativeText}`;
  const composer = composers.get(key) ?? createComposer(fonts, { widthDots, bandBytes: 1728, nativeText });
  composers.set(key, composer);
  const document: PrintDocument = { part: 'body', elements };
  return Array.from(composer.compose(document));
}

const bytesOf = (strips: readonly PaperStrip[]) => Buffer.concat(strips.map(stripBytes));
const hexOf = (strips: readonly PaperStrip[]) => bytesOf(strips).toString('hex');

function text(content: string, sizePt = 14, changes: Partial<TextElement> = {}): TextElement {
  return { type: 'text', text: content, sizePt, weight: 'regular', align: 'left', ...changes };
}

const bytes = (hex: string) => hex.replaceAll(/\s/g, '');

describe("a line in the printer's own font", () => {
  it('is exactly these bytes: font A, two-byte text, double size for both kinds, pitch, GBK, and all of it back', () => {
    expect(hexOf(stripsOf([text('随申码 A')]))).toBe(
      bytes(`1b 21 00  1c 26  1c 21 0c  1d 21 11  1b 33 3e
             cb e6 c9 ea c2 eb 20 41  0a
             1b 21 00  1c 21 00  1d 21 00  1b 32`),
    );
  });

  it('asks for double before triple, and places and emboldens the line', () => {
    const line = text('能用到', 24, { weight: 'bold', align: 'center' });
    expect(hexOf(stripsOf([line]))).toBe(
      bytes(`1b 61 01  1b 21 00  1b 45 01  1c 26  1c 21 0c  1d 21 11  1d 21 22  1b 33 5e
             c4 dc d3 c3 b5 bd  0a
             1b 21 00  1b 45 00  1c 21 00  1d 21 00  1b 32  1b 61 00`),
    );
  });

  it('asks for the ASCII set only where a national set would print another sign', () => {
    expect(hexOf(stripsOf([text('A#')]))).toContain(bytes('1b 52 00 1b 33 3e 41 23'));
    expect(hexOf(stripsOf([text('SH-0001 *12345 ?')]))).not.toContain('1b52');
  });

  it('prints the yuan sign as the one of the memory, never as the four bytes of U+00A5', () => {
    const hex = hexOf(stripsOf([text('\u00a5 12')]));
    expect(hex).toContain(bytes('a3 a4 20 31 32 0a'));
    expect(hex).not.toContain(bytes('81 30 84 36'));
    expect(hexOf(stripsOf([text('\uffe5 12')]))).toBe(hex);
  });

  it('stands where the document wants it, in 17 pt at least, the next line 1.3 em below', () => {
    const paper = paperOf(
      bytesOf(
        stripsOf([text('左', 14), text('中间', 16, { align: 'center' }), text('右', 24, { align: 'right' })]),
      ),
      576,
    );
    expect(paper.cells).toEqual([
      { character: '左', x: 0, y: 0, width: 48, height: 48, bold: false },
      { character: '中', x: 240, y: 62, width: 48, height: 48, bold: false },
      { character: '间', x: 288, y: 62, width: 48, height: 48, bold: false },
      { character: '右', x: 504, y: 124, width: 72, height: 72, bold: false },
    ]);
    expect(paper.rows.length).toBe(62 + 62 + 94);
  });

  it('of 20 pt is 25.5 pt large where that costs no line, and 17 pt where it would', () => {
    const heights = (content: string, widthDots: number) =>
      paperOf(bytesOf(stripsOf([text(content, 20)], widthDots)), widthDots).cells.map(({ height }) => height);
    expect(new Set(heights('随申码离线码', 576))).toEqual(new Set([72]));
    expect(new Set(heights('随申码离线码', 384))).toEqual(new Set([48]));
    expect(new Set(heights('姓名 *小明', 384))).toEqual(new Set([72]));
  });

  it('is never smaller than its document says, but for 20 pt in 17', () => {
    const characters = fc.string({
      unit: fc.constantFrom('随', '申', '码', 'a', '1', ' ', '，'),
      minLength: 1,
    });
    fc.assert(
      fc.property(characters, fc.integer({ min: 8, max: 60 }), (content, sizePt) => {
        const { cells } = paperOf(bytesOf(stripsOf([text(content, sizePt)], 384)), 384);
        const least = sizePt <= 20 ? 48 : Math.floor((sizePt * 203) / 72);
        for (const cell of cells) expect(cell.height).toBeGreaterThanOrEqual(least);
      }),
    );
  });
});

describe("the printer's memory", () => {
  /** All beyond ASCII but the one that shares a code with another. */
  const charactersOf = (rom: ChineseRom) => {
    const characters = romCharacters(rom);
    const all = Array.from({ length: 0xff80 }, (_, index) => String.fromCodePoint(index + 0x80));
    return all.flatMap((character) => {
      const encoded = character === '\u00a5' ? undefined : characters.encode(character);
      return encoded === undefined ? [] : [{ character, encoded }];
    });
  };
  const isHanzi = ({ character }: { character: string }) => /[\u4e00-\u9fff\uf900-\ufaff]/u.test(character);

  it('of GB 2312 holds 6763 hanzi and 682 signs, that of GBK all 20,902 hanzi of the first Unicode and 21 more', () => {
    const all = charactersOf('gb2312');
    const hanzi = all.filter(isHanzi);
    expect([hanzi.length, all.length - hanzi.length]).toEqual([6763, 682]);
    expect(charactersOf('gb18030').filter(isHanzi)).toHaveLength(20_902 + 21);
  });

  it('has every character at two bytes that are no control and that read back as the same character', () => {
    const decoder = new TextDecoder('gbk', { fatal: true });
    const wrong = (['gb2312', 'gb18030'] as const).flatMap(charactersOf).filter(({ character, encoded }) => {
      const [lead = 0, trail = 0] = encoded;
      const sound = encoded.length === 2 && lead >= 0x81 && trail >= 0x40 && trail !== 0x7f;
      return !sound || decoder.decode(encoded) !== character;
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    // GBK and GB 2312 as Python's codecs have them.
    ['随', 'cbe6', 'cbe6'],
    ['废', 'b7cf', 'b7cf'],
    ['·', 'a1a4', 'a1a4'],
    ['“', 'a1b0', 'a1b0'],
    ['：', 'a3ba', 'a3ba'],
    // Of GBK, not of GB 2312.
    ['镕', 'e946', undefined],
    ['喆', '86b4', undefined],
    ['〇', 'a996', undefined],
    // Four bytes, private use, or later than GBK: no memory has them.
    ['䶮', undefined, undefined],
    ['㛃', undefined, undefined],
    ['𬱖', undefined, undefined],
    ['\ue5e5', undefined, undefined],
    ['€', undefined, undefined],
    ['é\u0301', undefined, undefined],
    ['\u001b', undefined, undefined],
    ['\u007f', undefined, undefined],
    ['\u0085', undefined, undefined],
  ])('has %j as %s, that of GB 2312 as %s', (character, gbk, gb2312) => {
    const hex = (rom: ChineseRom) => {
      const encoded = romCharacters(rom).encode(character);
      return encoded && Buffer.from(encoded).toString('hex');
    };
    expect([hex('gb18030'), hex('gb2312')]).toEqual([gbk, gb2312]);
  });
});

describe("text that is not all in the printer's memory", () => {
  const kinds = (strips: readonly PaperStrip[]) => strips.map(({ kind }) => kind);

  it('is drawn, for the one line that needs it', () => {
    expect(kinds(stripsOf([text('王小明')]))).toEqual(['text']);
    expect(kinds(stripsOf([text('镕')]))).toEqual(['text']);
    expect(kinds(stripsOf([text('镕')], 576, 'gb2312'))).toEqual(['raster', 'feed']);
    const paper = paperOf(bytesOf(stripsOf([text('王小明\n王𬱖\n王小明')])), 576);
    expect(paper.cells.map(({ character, y }) => `${character}${y}`)).toEqual([
      '王0',
      '小0',
      '明0',
      '王124',
      '小124',
      '明124',
    ]);
    expect(blackRows(paper)).toSatisfy((rows: readonly number[]) => rows.every((y) => y >= 60 && y < 112));
  });

  it.each([
    [14, 48],
    [24, 72],
  ])(
    'looks at home: of %i pt it is as tall and as wide as its neighbours, and as far from them',
    (sizePt, side) => {
      const pitch = Math.round(side * 1.3);
      const paper = paperOf(
        bytesOf(stripsOf([text('国', sizePt), text('𠮷𬱖', sizePt), text('国', sizePt)])),
        576,
      );
      expect(paper.cells.map(({ y, height }) => [y, height])).toEqual([
        [0, side],
        [2 * pitch, side],
      ]);
      const black = blackRows(paper).map((y) => y - pitch);
      expect(black[0]).toBeGreaterThanOrEqual(-1);
      expect(black[0]).toBeLessThan(side / 6);
      expect(black.at(-1)).toBeLessThanOrEqual(side + 1);
      expect(black.at(-1)).toBeGreaterThan(side * 0.8);
      const columns = paper.rows.flatMap((row) => [row.lastIndexOf(1)]);
      expect(Math.max(...columns)).toBeGreaterThan(side * 1.7);
      expect(Math.max(...columns)).toBeLessThanOrEqual(side * 2);
    },
  );

  it('is broken where it would be cut: drawn letters are wider than the printer has them', () => {
    const { rows } = paperOf(bytesOf(stripsOf([text(`𬱖${'W'.repeat(14)}`, 14)], 384)), 384);
    expect(Math.max(...rows.map((row) => row.lastIndexOf(1)))).toBeLessThan(380);
    expect(rows.length).toBe(2 * 62);
  });

  it('is broken where its ink would be cut: a glyph may reach beyond its place', () => {
    // Found by the property below.
    const { rows } = paperOf(
      bytesOf(stripsOf([text('\u1d00\u{1035a}\u2190\u03c8O\u0303\u0301', 24)], 384)),
      384,
    );
    expect(Math.max(...rows.map((row) => row.lastIndexOf(1)))).toBeLessThan(384);
  });

  it('is placed by the printer when it is not to stand on the left', () => {
    const ink = (align: TextElement['align']) => {
      const { rows } = paperOf(bytesOf(stripsOf([text('𬱖', 14, { align })])), 576);
      const inked = rows.filter((row) => row.includes(1));
      return [
        Math.min(...inked.map((row) => row.indexOf(1))),
        Math.max(...inked.map((row) => row.lastIndexOf(1))),
      ];
    };
    const [left, right] = [ink('left'), ink('right')];
    expect(left[0]).toBeLessThan(8);
    expect(right[1]).toBeGreaterThan(576 - 16);
    const [first = 0, last = 0] = ink('center');
    expect(Math.abs((first + last) / 2 - 288)).toBeLessThanOrEqual(8);
  });
});

describe('whatever the text', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom(
        '王',
        '\u00a5',
        '𬱖',
        '\u001b',
        '\u0010',
        '\u0004',
        '#',
        ' ',
        '\n',
        '丂',
        'Ｗ',
        'W',
        '€',
        '﷽',
      ),
      maxLength: 30,
    }),
  );
  const element = fc.record({
    type: fc.constant('text' as const),
    text: anyText,
    sizePt: fc.constantFrom(14, 16, 17, 20, 24),
    weight: fc.constantFrom('regular' as const, 'bold' as const),
    align: fc.constantFrom('left' as const, 'center' as const, 'right' as const),
  });

  it('no control byte, no half character and no real-time command reaches the printer, nothing is cut, and all modes are back', () => {
    fc.assert(
      fc.property(
        element,
        fc.constantFrom(384, 576),
        fc.constantFrom('gb18030' as const, 'gb2312' as const),
        (content, widthDots, rom) => {
          const strips = stripsOf([content], widthDots, rom);
          // paperOf throws for everything that the composer did not write as a command.
          const paper = paperOf(bytesOf(strips), widthDots);
          expect(paper.modesLeft).toEqual([]);
          expect(paper.rows).toHaveLength(strips.reduce((sum, strip) => sum + stripDots(strip), 0));
          expect(hexOf(strips).replace(/../g, '$& ')).not.toMatch(/10 (04|05|14)/);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('no character that the printer has is lost, and none is printed twice', () => {
    const unit = fc.constantFrom('王', '码', 'a', '1', '，', '“', '”', ' ');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), fc.constantFrom(384, 576), (content, widthDots) => {
        const { cells } = paperOf(bytesOf(stripsOf([text(content)], widthDots)), widthDots);
        const printed = cells.map(({ character }) => character).join('');
        expect(printed.replaceAll(' ', '')).toBe(content.replaceAll(' ', ''));
      }),
    );
  });
});
