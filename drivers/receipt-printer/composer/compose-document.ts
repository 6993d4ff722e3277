import type {
  MarkElement,
  PrintDocument,
  PrintElement,
  TextElement,
} from '../../../src/slip/print-document.ts';
import { DOTS_PER_INCH, DOTS_PER_MM } from '../printer-profile.ts';
import { blankBitmap, cropRows, isBlankRow, trimRight } from './bitmap.ts';
import type { Bitmap } from './bitmap.ts';
import { drawFrame, drawStrike, halfSizeQr, headPattern, ruleStrip } from './figures.ts';
import { breakLines } from './line-breaking.ts';
import type { PaperFonts } from './paper-fonts.ts';
import { withoutRealTimeCommands } from './real-time-safety.ts';
import { createTextCanvas } from './text-canvas.ts';
import type { TextCanvas } from './text-canvas.ts';

/**
 * A piece of paper to be made, from top to bottom, beginning and ending at the beginning of a line. `scale` 2: the printer
 * doubles each dot in both directions. `text` is set in the printer's own font: whole commands, and how far they feed.
 */
export type PaperStrip =
  | { readonly kind: 'raster'; readonly scale: 1 | 2; readonly bitmap: Bitmap }
  | { readonly kind: 'feed'; readonly dots: number }
  | { readonly kind: 'text'; readonly bytes: Uint8Array; readonly dots: number };

/** How much paper a strip takes, in dots. */
export function stripDots(strip: PaperStrip): number {
  return strip.kind === 'raster' ? strip.bitmap.rows * strip.scale : strip.dots;
}

/** What the composer has to know of the paper. */
export interface ComposerOptions {
  /** A multiple of 16. */
  readonly widthDots: number;
  /** A band is sent in one go and holds at most this many bytes (one row at least) … */
  readonly bandBytes: number;
}

/** … and at most 255 rows: clones mishandle the high byte of the height, and a lost byte then costs one band only. */
const BAND_ROWS = 255;
const LINE_PITCH_EM = 1.3;
const MARK_PT = 34;
const LABEL_PT = 14;
/** White rows worth a feed command of their own. */
const SHORTEST_FEED_DOTS = 8;

/** Draws documents as strips, lazily: the first are under way to the printer while the rest is still to be drawn. */
export interface Composer {
  /** False when a QR symbol is wider than the paper: such a document must not be printed, it would lack what it is for. */
  fits(document: PrintDocument): boolean;
  compose(document: PrintDocument): Generator<PaperStrip, void, undefined>;
}

/** One composer per printer; it keeps a scratch canvas. */
export function createComposer(fonts: PaperFonts, options: ComposerOptions): Composer {
  const canvas = createTextCanvas(options.widthDots);
  return {
    fits: (document) =>
      document.elements.every(
        (element) =>
          element.type !== 'qr' ||
          halfSizeQr(element.symbol, element.moduleDots, options.widthDots) !== undefined,
      ),
    *compose(document) {
      for (const element of document.elements) {
        for (const strip of drawElement(element, fonts, canvas, options.widthDots)) {
          yield* strip.kind === 'feed' ? [strip] : bands(strip.bitmap, strip.scale, options);
        }
      }
    },
  };
}

function* drawElement(
  element: PrintElement,
  fonts: PaperFonts,
  canvas: TextCanvas,
  widthDots: number,
): Generator<PaperStrip, void, undefined> {
  switch (element.type) {
    case 'text':
      yield* drawText(element, fonts, canvas, widthDots);
      return;
    case 'qr': {
      const bitmap = halfSizeQr(element.symbol, element.moduleDots, widthDots);
      if (bitmap !== undefined) yield { kind: 'raster', scale: 2, bitmap };
      return;
    }
    case 'space':
      yield { kind: 'feed', dots: Math.round(element.heightMm * DOTS_PER_MM) };
      return;
    case 'rule':
      yield { kind: 'raster', scale: 1, bitmap: drawRule(element, fonts, canvas, widthDots) };
      return;
    case 'mark':
      yield { kind: 'raster', scale: 1, bitmap: drawMark(element, fonts, canvas, widthDots) };
      return;
    case 'headPattern': {
      const rows = Math.round(element.heightMm * DOTS_PER_MM);
      yield { kind: 'raster', scale: 1, bitmap: headPattern(widthDots, rows) };
    }
  }
}

function* drawText(
  element: TextElement,
  fonts: PaperFonts,
  canvas: TextCanvas,
  widthDots: number,
): Generator<PaperStrip, void, undefined> {
  const sizePx = pointsToDots(element.sizePt);
  const line = { set: fonts.set(element.text, element.weight), sizePx };
  const measure = (text: string) => canvas.measure(line, text);
  for (const text of breakLines(line.set.text, widthDots, measure)) {
    const room = widthDots - measure(text);
    const share = { left: 0, center: 0.5, right: 1 }[element.align];
    const bitmap = canvas.draw(line, text, Math.max(0, Math.floor(room * share)));
    yield { kind: 'raster', scale: 1, bitmap };
    const rest = Math.round(sizePx * LINE_PITCH_EM) - bitmap.rows;
    if (rest > 0) yield { kind: 'feed', dots: rest };
  }
}

function drawRule(
  element: Extract<PrintElement, { type: 'rule' }>,
  fonts: PaperFonts,
  canvas: TextCanvas,
  widthDots: number,
): Bitmap {
  if (element.label === undefined) {
    const bitmap = blankBitmap(widthDots, 2);
    ruleStrip(bitmap, 0, element.style, { from: 0, to: 0 });
    return bitmap;
  }
  const line = { set: fonts.set(element.label, 'regular'), sizePx: pointsToDots(LABEL_PT) };
  const width = canvas.measure(line, line.set.text);
  const left = Math.max(0, Math.floor((widthDots - width) / 2));
  const bitmap = canvas.draw(line, line.set.text, left);
  ruleStrip(bitmap, bitmap.rows >> 1, element.style, { from: left - 12, to: left + width + 12 });
  return bitmap;
}

function drawMark(element: MarkElement, fonts: PaperFonts, canvas: TextCanvas, widthDots: number): Bitmap {
  const sizePx = pointsToDots(MARK_PT);
  const line = { set: fonts.set(element.text, 'bold'), sizePx };
  const width = Math.min(widthDots, Math.ceil(canvas.measure(line, line.set.text)));
  const margin = Math.round(sizePx * 0.2);
  const boxWidth = Math.min(widthDots, width + 4 * margin);
  const x = (widthDots - boxWidth) >> 1;
  const text = canvas.draw(line, line.set.text, (widthDots - width) >> 1);
  const padding = margin >> 1;
  const bitmap = blankBitmap(widthDots, text.rows + 2 * padding);
  bitmap.data.set(text.data, padding * text.widthBytes);
  const box = { x, y: 0, width: boxWidth, height: bitmap.rows };
  drawFrame(bitmap, box, 6);
  if (element.mark === 'void') drawStrike(bitmap, box, 10);
  return bitmap;
}

/**
 * Cuts a drawing into bands without real-time commands inside. Longer white stretches become feeds, but not in a symbol: its
 * quiet zone must not depend on a printer's motion unit.
 */
function* bands(
  drawing: Bitmap,
  scale: 1 | 2,
  { widthDots, bandBytes }: ComposerOptions,
): Generator<PaperStrip, void, undefined> {
  const bitmap = withoutRealTimeCommands(trimRight(drawing), widthDots / 8 / scale);
  const rowsPerBand = Math.min(BAND_ROWS, Math.max(1, Math.floor(bandBytes / bitmap.widthBytes)));
  const shortestFeed = scale === 1 ? SHORTEST_FEED_DOTS : Infinity;
  let row = 0;
  while (row < bitmap.rows) {
    const blank = blankRowsFrom(bitmap, row);
    if (blank >= shortestFeed) {
      yield { kind: 'feed', dots: blank };
      row += blank;
      continue;
    }
    let end = row + 1;
    while (end < bitmap.rows && end - row < rowsPerBand && blankRowsFrom(bitmap, end) < shortestFeed) end++;
    yield { kind: 'raster', scale, bitmap: cropRows(bitmap, row, end) };
    row = end;
  }
}

function blankRowsFrom(bitmap: Bitmap, from: number): number {
  let row = from;
  while (row < bitmap.rows && isBlankRow(bitmap, row)) row++;
  return row - from;
}

function pointsToDots(points: number): number {
  return Math.round((points * DOTS_PER_INCH) / 72);
}
