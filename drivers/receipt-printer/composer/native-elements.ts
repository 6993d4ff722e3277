import type { MarkElement, PrintElement, QrElement, TextElement } from '../../../src/slip/print-document.ts';
import { blankBitmap, blankRowsFrom, cropRows } from './bitmap.ts';
import type { Bitmap } from './bitmap.ts';
import { drawRule, tightHalfSizeQr } from './figures.ts';
import { breakLines } from './line-breaking.ts';
import type { Measure } from './line-breaking.ts';
import { drawMark } from './mark-drawing.ts';
import {
  alignStrip,
  nativeDots,
  nativeLine,
  nativePitchDots,
  nativeScales,
  nativeWidth,
} from './native-text.ts';
import type { NativeStyle } from './native-text.ts';
import type { PaperStrip } from './paper-strip.ts';
import { rasterElement } from './raster-elements.ts';
import type { DrawingTools, RuleElement } from './raster-elements.ts';
import type { RomCharacters } from './rom-characters.ts';

/** What setting in the printer's own font needs besides. */
export interface NativeTools extends DrawingTools {
  readonly rom: RomCharacters;
}

/**
 * An element in as few bytes as a printer with a Chinese memory allows: text in its own font, figures at half of their size,
 * cut tight, doubled and centred by the printer. Each begins and ends with all modes as `ESC @` leaves them.
 */
export function* nativeElement(
  element: PrintElement,
  tools: NativeTools,
): Generator<PaperStrip, void, undefined> {
  switch (element.type) {
    case 'text':
      yield* nativeText(element, tools);
      return;
    case 'rule':
      yield* nativeRule(element, tools);
      return;
    case 'qr':
      yield* centredQr(element);
      return;
    case 'mark':
      yield* centredMark(element, tools);
      return;
    case 'space':
    case 'map':
    case 'headPattern':
      yield* rasterElement(element, tools);
  }
}

function* nativeText(element: TextElement, tools: NativeTools): Generator<PaperStrip, void, undefined> {
  const { style, lines } = bestSize(element, tools);
  for (const line of lines) {
    const encoded = tools.rom.encode(line);
    if (encoded === undefined) yield* drawnLine(line, style, tools);
    else yield nativeLine(line, encoded, style);
  }
}

interface SetParagraph {
  readonly style: NativeStyle;
  readonly lines: readonly string[];
}

/** In the size that serves best, unless the spare one saves lines: a name is not torn apart to be a little larger. */
function bestSize(element: TextElement, tools: NativeTools): SetParagraph {
  const { best, spare } = nativeScales(element.sizePt);
  const wide = setIn(best, element, tools);
  if (spare === undefined) return wide;
  const narrow = setIn(spare, element, tools);
  return narrow.lines.length < wide.lines.length ? narrow : wide;
}

function setIn(scale: number, element: TextElement, tools: NativeTools): SetParagraph {
  const style = { scale, bold: element.weight === 'bold', align: element.align };
  return { style, lines: breakLines(element.text, tools.widthDots, measureFor(tools, style)) };
}

/** As wide as it will come out: the canvas's letters are not as narrow as the printer's. */
function measureFor({ rom, fonts, canvas }: NativeTools, style: NativeStyle): Measure {
  const { sizePx, scale, weight } = drawnAs(style);
  return (part) => {
    if (rom.encode(part) !== undefined) return nativeWidth(part, style.scale);
    const set = fonts.set(part, weight);
    return canvas.measure({ set, sizePx }, set.text) * scale;
  };
}

/**
 * A line with a character that the printer lacks, drawn in the size and at the height of its neighbours, and for itself alone:
 * the rest of the paragraph stays in the printer's font.
 */
function* drawnLine(
  text: string,
  style: NativeStyle,
  { fonts, canvas, widthDots }: NativeTools,
): Generator<PaperStrip, void, undefined> {
  const { sizePx, scale, weight } = drawnAs(style);
  const set = fonts.set(text, weight);
  const strip = canvas.draw({ set, sizePx }, set.text, 0, widthDots / scale);
  const bitmap = withoutAir(strip, Math.round(sizePx * EM_BOX_TOP));
  yield* aligned(style.align, [
    { kind: 'raster', scale, bitmap },
    { kind: 'feed', dots: Math.max(0, nativePitchDots(style.scale) - bitmap.rows * scale) },
  ]);
}

interface DrawnAs {
  readonly sizePx: number;
  readonly scale: 1 | 2;
  readonly weight: TextElement['weight'];
}

/**
 * 17 pt needs every dot. Larger type is drawn at half of its size: its steps are still finer than those of the printer's own, and
 * it is never bold: doubled strokes are as thick as the printer's bold ones, and doubled bold ones close up a dense character.
 */
function drawnAs({ scale, bold }: NativeStyle): DrawnAs {
  const dots = nativeDots(scale);
  if (scale > 2) return { sizePx: dots / 2, scale: 2, weight: 'regular' };
  return { sizePx: dots, scale: 1, weight: bold ? 'bold' : 'regular' };
}

/** The canvas leaves so much above the em box (its baseline is 1 em down, the em box of Noto Sans CJK reaches 0.88 em up). */
const EM_BOX_TOP = 0.12;

/** Without at most `top` white rows above, and without those below. */
function withoutAir(bitmap: Bitmap, top: number): Bitmap {
  const first = Math.min(top, blankRowsFrom(bitmap, 0));
  let end = bitmap.rows;
  while (end > first + 1 && blankRowsFrom(bitmap, end - 1) > 0) end--;
  return cropRows(bitmap, first, end);
}

/** Strips that the printer places: it knows where the middle is, white bytes on the left need not be sent. */
function* aligned(
  align: TextElement['align'],
  strips: readonly PaperStrip[],
): Generator<PaperStrip, void, undefined> {
  if (align !== 'left') yield alignStrip(align);
  yield* strips;
  if (align !== 'left') yield alignStrip('left');
}

/** The label between dashes of the same font; a bare rule is one row of dots, doubled. */
function* nativeRule(element: RuleElement, tools: NativeTools): Generator<PaperStrip, void, undefined> {
  const { widthDots, rom } = tools;
  if (element.label === undefined) {
    const bitmap = blankBitmap(widthDots / 2, 1);
    drawRule(bitmap, 0, element.style, { scale: 2 });
    yield { kind: 'raster', scale: 2, bitmap };
    return;
  }
  const text = dashesAround(element.label, widthDots);
  const encoded = text === undefined ? undefined : rom.encode(text);
  if (text === undefined || encoded === undefined) yield* rasterElement(element, tools);
  else yield nativeLine(text, encoded, { scale: LABEL_SCALE, bold: false, align: 'center' });
}

const LABEL_SCALE = 2;

/** `---- label ----`, as wide as the paper; undefined when the label alone is wider. */
function dashesAround(label: string, widthDots: number): string | undefined {
  const room = widthDots - nativeWidth(` ${label} `, LABEL_SCALE);
  if (room < 0) return undefined;
  const dashes = '-'.repeat(Math.floor(room / 2 / nativeWidth('-', LABEL_SCALE)));
  return `${dashes} ${label} ${dashes}`;
}

function* centredQr({ symbol, moduleDots }: QrElement): Generator<PaperStrip, void, undefined> {
  const tight = tightHalfSizeQr(symbol, moduleDots);
  yield* aligned('center', [
    { kind: 'raster', scale: 2, bitmap: tight.quietZone },
    { kind: 'raster', scale: 2, bitmap: tight.symbol },
    { kind: 'raster', scale: 2, bitmap: tight.quietZone },
  ]);
}

function* centredMark(
  element: MarkElement,
  { fonts, canvas, widthDots }: NativeTools,
): Generator<PaperStrip, void, undefined> {
  const bitmap = drawMark(element, fonts, canvas, { widthDots, scale: 2, tight: true });
  yield* aligned('center', [{ kind: 'raster', scale: 2, bitmap }]);
}
