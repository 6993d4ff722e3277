import type { PrintDocument, PrintElement } from '../../../src/slip/print-document.ts';
import { blankRowsFrom, cropRows, trimRight } from './bitmap.ts';
import type { Bitmap } from './bitmap.ts';
import { qrFits } from './figures.ts';
import { nativeElement } from './native-elements.ts';
import type { PaperFonts } from './paper-fonts.ts';
import type { PaperStrip } from './paper-strip.ts';
import { rasterElement } from './raster-elements.ts';
import { withoutRealTimeCommands } from './real-time-safety.ts';
import { romCharacters } from './rom-characters.ts';
import type { ChineseRom } from './rom-characters.ts';
import { createTextCanvas } from './text-canvas.ts';

export { stripDots } from './paper-strip.ts';
export type { PaperStrip } from './paper-strip.ts';

/** What the composer has to know of the paper. */
export interface ComposerOptions {
  /** A multiple of 16. */
  readonly widthDots: number;
  /** A band is sent in one go and holds at most this many bytes (one row at least; a line of native text is never cut) … */
  readonly bandBytes: number;
  /**
   * What the printer has in its own memory, if text is to be set from there: 6–9 % of the bytes of a picture, for serial lines. What it lacks
   * is drawn. Without it everything is drawn: one look on every printer.
   */
  readonly nativeText?: ChineseRom | undefined;
}

/** … and at most 255 rows: clones mishandle the high byte of the height, and a lost byte then costs one band only. */
const BAND_ROWS = 255;
/** White rows worth a feed command of their own. */
const SHORTEST_FEED_DOTS = 8;

/** Makes strips of documents, lazily: the first are under way to the printer while the rest is still to be drawn. */
export interface Composer {
  /** False when a QR symbol is wider than the paper: such a document must not be printed, it would lack what it is for. */
  fits(document: PrintDocument): boolean;
  compose(document: PrintDocument): Generator<PaperStrip, void, undefined>;
}

/** One composer per printer; it keeps a scratch canvas. */
export function createComposer(fonts: PaperFonts, options: ComposerOptions): Composer {
  const { widthDots, nativeText } = options;
  const tools = { fonts, canvas: createTextCanvas(widthDots), widthDots };
  const native = nativeText === undefined ? undefined : { ...tools, rom: romCharacters(nativeText) };
  const stripsOf = (element: PrintElement) =>
    native === undefined ? rasterElement(element, tools) : nativeElement(element, native);
  const fits = (element: PrintElement) =>
    element.type !== 'qr' || qrFits(element.symbol, element.moduleDots, widthDots);
  return {
    fits: (document) => document.elements.every(fits),
    *compose(document) {
      for (const element of document.elements.filter(fits)) {
        for (const strip of stripsOf(element)) {
          yield* strip.kind === 'raster' ? bands(strip.bitmap, strip.scale, options) : [strip];
        }
      }
    },
  };
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
