import type { MarkElement } from '../../../src/slip/print-document.ts';
import { blankBitmap, pasteRows } from './bitmap.ts';
import type { Bitmap } from './bitmap.ts';
import { drawFrame, drawStrike } from './figures.ts';
import type { PaperFonts } from './paper-fonts.ts';
import { pointsToDots } from './paper-strip.ts';
import type { TextCanvas } from './text-canvas.ts';

const MARK_PT = 34;
const FRAME_DOTS = 6;
const STRIKE_DOTS = 10;

/** How a mark is to be drawn. */
export interface MarkDrawing {
  /** Width of the paper, in dots. */
  readonly widthDots: number;
  /** 2: at half of its size, for the printer to double. */
  readonly scale: 1 | 2;
  /** Tight: no wider than its frame, for the printer to centre; else as wide as the paper. */
  readonly tight: boolean;
}

/** 已启用 in a frame, or 作废 in a frame and struck across: what tells a slip that counts from one that does not. */
export function drawMark(
  element: MarkElement,
  fonts: PaperFonts,
  canvas: TextCanvas,
  { widthDots, scale, tight }: MarkDrawing,
): Bitmap {
  const sizePx = Math.round(pointsToDots(MARK_PT) / scale);
  const room = Math.floor(widthDots / scale);
  const line = { set: fonts.set(element.text, 'bold'), sizePx };
  const width = Math.min(room, Math.ceil(canvas.measure(line, line.set.text)));
  const margin = Math.round(sizePx * 0.2);
  const boxWidth = Math.min(room, width + 4 * margin);
  const outer = tight ? boxWidth : room;
  const text = canvas.draw(line, line.set.text, (outer - width) >> 1);
  const padding = margin >> 1;
  const bitmap = blankBitmap(outer, text.rows + 2 * padding);
  pasteRows(bitmap, text, padding);
  const box = { x: (outer - boxWidth) >> 1, y: 0, width: boxWidth, height: bitmap.rows };
  drawFrame(bitmap, box, FRAME_DOTS / scale);
  if (element.mark === 'void') drawStrike(bitmap, box, STRIKE_DOTS / scale);
  return bitmap;
}
