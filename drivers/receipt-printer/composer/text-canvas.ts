import { createCanvas } from '@napi-rs/canvas';
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blankBitmap } from './bitmap.ts';
import type { Bitmap } from './bitmap.ts';
import type { SetText } from './paper-fonts.ts';

/** Darker than this (0–255) becomes a black dot. Above the middle: thermal paper loses thin strokes rather than gains them. */
const BLACK_BELOW = 180;
/** Height of the box a glyph may fill, and where its baseline lies, in em: some hanzi and diacritics reach beyond the em box. */
const BOX_EM = 1.25;
const BASELINE_EM = 1;

/** How a line of text is to be drawn. */
export interface TextLine {
  readonly set: SetText;
  readonly sizePx: number;
}

/** A scratch canvas as wide as the paper, that lines of text are drawn on one after the other. */
export interface TextCanvas {
  /** Width in dots, as far as the ink reaches: a glyph may be wider than its place. */
  measure(line: TextLine, text: string): number;
  /** One line, drawn from `x` dots on, as a strip of the paper's width or of `stripDots`, a multiple of 8. */
  draw(line: TextLine, text: string, x: number, stripDots?: number): Bitmap;
}

/** @param widthDots a multiple of 8 */
export function createTextCanvas(widthDots: number): TextCanvas {
  let heightDots = 128;
  let context = newContext(widthDots, heightDots);
  const style = ({ set, sizePx }: TextLine) => {
    context.font = set.cssFont(sizePx);
    // Noto's collection opens with its Japanese face; the language picks the glyphs of the mainland (`locl`).
    context.lang = 'zh-CN';
    context.fillStyle = '#000';
  };
  return {
    measure(line, text) {
      style(line);
      const { width, actualBoundingBoxRight } = context.measureText(text);
      return Math.max(width, actualBoundingBoxRight);
    },
    draw(line, text, x, stripDots = widthDots) {
      const rows = Math.ceil(line.sizePx * BOX_EM);
      if (rows > heightDots) {
        heightDots = rows;
        context = newContext(widthDots, heightDots);
      }
      context.fillStyle = '#fff';
      context.fillRect(0, 0, widthDots, rows);
      style(line);
      context.fillText(text, x, Math.round(line.sizePx * BASELINE_EM));
      return toBitmap(context, stripDots, rows);
    },
  };
}

function newContext(widthDots: number, heightDots: number): SKRSContext2D {
  return createCanvas(widthDots, heightDots).getContext('2d');
}

function toBitmap(context: SKRSContext2D, widthDots: number, rows: number): Bitmap {
  const pixels = context.getImageData(0, 0, widthDots, rows).data;
  const bitmap = blankBitmap(widthDots, rows);
  for (let dot = 0; dot < widthDots * rows; dot++) {
    // Black on white: all three channels are equal.
    if ((pixels[dot * 4] ?? 255) < BLACK_BELOW) {
      const index = dot >> 3;
      bitmap.data[index] = (bitmap.data[index] ?? 0) | (0x80 >> (dot & 7));
    }
  }
  return bitmap;
}
