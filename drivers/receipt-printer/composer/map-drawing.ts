import type { MapElement } from '../../../src/slip/print-document.ts';
import { DOTS_PER_INCH } from '../printer-profile.ts';
import { blankBitmap, fillRect, mergeRows } from './bitmap.ts';
import type { Bitmap } from './bitmap.ts';
import { drawFrame } from './figures.ts';
import type { DrawingTools } from './raster-elements.ts';
import { pointsToDots } from './paper-strip.ts';

type Point = MapElement['plan']['here'];

const FRAME_DOTS = 3;
const RING_DOTS = 4;
const BAR_DOTS = 4;
/** Text on paper is not smaller. */
const LEGEND_PT = 14;
/** Between the map's frame and the legend below it, dots. */
const LEGEND_AIR_DOTS = 8;

/** The map in its frame, and below it the arrow to the north and the scale. */
export function drawMap(element: MapElement, tools: DrawingTools): Bitmap {
  const { plan, north, scale } = element;
  const { widthDots } = tools;
  const radius = Math.round(element.markRadius * widthDots);
  const mapRows = Math.round(widthDots * element.height);
  const legendRows = Math.ceil(pointsToDots(LEGEND_PT) * 1.25);
  const bitmap = blankBitmap(widthDots, mapRows + LEGEND_AIR_DOTS + legendRows);
  drawFrame(bitmap, { x: 0, y: 0, width: widthDots, height: mapRows }, FRAME_DOTS);
  for (const [index, at] of plan.terminals.entries())
    drawTerminal(bitmap, { at, radius, number: String(index + 1) }, tools);
  drawHere(bitmap, plan.here, radius, widthDots);

  const legendTop = mapRows + LEGEND_AIR_DOTS;
  drawArrowUp(bitmap, { x: 4, top: legendTop + 2, height: legendRows - 4 });
  writeAt(bitmap, north, { x: 40, top: legendTop, sizePt: LEGEND_PT }, tools);
  const barDots = Math.round(plan.scale.width * widthDots);
  const scaleWidth = textWidth(scale, LEGEND_PT, tools);
  const barLeft = Math.max(100, widthDots - scaleWidth - 16 - barDots);
  drawBar(bitmap, { x: barLeft, top: legendTop, width: barDots, height: legendRows });
  writeAt(bitmap, scale, { x: barLeft + barDots + 12, top: legendTop, sizePt: LEGEND_PT }, tools);
  return bitmap;
}

/** A black ring with its number in it; the plan keeps marks apart. */
function drawTerminal(
  bitmap: Bitmap,
  { at, radius, number }: { at: Point; radius: number; number: string },
  tools: DrawingTools,
): void {
  const { widthDots } = tools;
  const [x, y] = [Math.round(at.x * widthDots), Math.round(at.y * widthDots)];
  for (let row = -radius; row <= radius; row++) {
    const outer = halfChord(radius, row);
    const inner = halfChord(radius - RING_DOTS, row);
    if (inner === 0) fillRect(bitmap, x - outer, y + row, 2 * outer, 1);
    else {
      fillRect(bitmap, x - outer, y + row, outer - inner, 1);
      fillRect(bitmap, x + inner, y + row, outer - inner, 1);
    }
  }
  const sizePt = Math.max(LEGEND_PT, Math.round((radius * 1.3 * 72) / DOTS_PER_INCH));
  const width = textWidth(number, sizePt, tools);
  // The digit's own height is 0.73 em; its baseline is 1 em below the top of its strip.
  const top = Math.round(y - pointsToDots(sizePt) * (1 - 0.73 / 2));
  writeAt(bitmap, number, { x: Math.round(x - width / 2), top, sizePt }, tools);
}

function halfChord(radius: number, row: number): number {
  return Math.abs(row) >= radius ? 0 : Math.round(Math.sqrt(radius * radius - row * row));
}

function drawHere(bitmap: Bitmap, at: Point, radius: number, widthDots: number): void {
  const side = Math.round(radius * 1.4);
  const [x, y] = [at.x, at.y].map((share) => Math.round(share * widthDots - side / 2));
  fillRect(bitmap, x ?? 0, y ?? 0, side, side);
}

function drawArrowUp(bitmap: Bitmap, { x, top, height }: { x: number; top: number; height: number }): void {
  const head = Math.round(height * 0.5);
  const middle = x + 14;
  for (let row = 0; row < head; row++) {
    const half = Math.round((row / head) * 14);
    fillRect(bitmap, middle - half, top + row, 2 * half + 1, 1);
  }
  fillRect(bitmap, middle - 3, top + head, 7, height - head);
}

function drawBar(
  bitmap: Bitmap,
  { x, top, width, height }: { x: number; top: number; width: number; height: number },
): void {
  const middle = top + (height >> 1);
  const end = Math.round(height * 0.6);
  fillRect(bitmap, x, middle - (BAR_DOTS >> 1), width, BAR_DOTS);
  fillRect(bitmap, x, middle - (end >> 1), BAR_DOTS, end);
  fillRect(bitmap, x + width - BAR_DOTS, middle - (end >> 1), BAR_DOTS, end);
}

function textWidth(text: string, sizePt: number, { fonts, canvas }: DrawingTools): number {
  const line = { set: fonts.set(text, 'bold'), sizePx: pointsToDots(sizePt) };
  return canvas.measure(line, line.set.text);
}

function writeAt(
  bitmap: Bitmap,
  text: string,
  { x, top, sizePt }: { x: number; top: number; sizePt: number },
  { fonts, canvas }: DrawingTools,
): void {
  const line = { set: fonts.set(text, 'bold'), sizePx: pointsToDots(sizePt) };
  mergeRows(bitmap, canvas.draw(line, line.set.text, x), top);
}
