import type { QrSymbol } from '../../../src/slip/print-document.ts';
import { blankBitmap, fillRect } from './bitmap.ts';
import type { Bitmap } from './bitmap.ts';

/** ISO/IEC 18004 §6.3.8. */
const QUIET_ZONE_MODULES = 4;

/** Dots of a module when the symbol is drawn at half of its size: the printer doubles it (`GS v 0` m=3). */
function halfModule(moduleDots: number): number {
  return Math.floor(moduleDots / 2);
}

/** False when the symbol and its quiet zone are wider than the paper. */
export function qrFits(symbol: QrSymbol, moduleDots: number, widthDots: number): boolean {
  const module = halfModule(moduleDots);
  const side = (symbol.size + 2 * QUIET_ZONE_MODULES) * module;
  return module >= 1 && side <= Math.floor(widthDots / 2);
}

/** A QR symbol with its quiet zone, centred on the paper, at half of its size: that needs a quarter of the bytes. */
export function halfSizeQr(symbol: QrSymbol, moduleDots: number, widthDots: number): Bitmap {
  const module = halfModule(moduleDots);
  const side = (symbol.size + 2 * QUIET_ZONE_MODULES) * module;
  const halfWidth = Math.floor(widthDots / 2);
  const bitmap = blankBitmap(halfWidth, side);
  const left = Math.floor((halfWidth - side) / 2) + QUIET_ZONE_MODULES * module;
  drawModules(bitmap, symbol, module, { left, top: QUIET_ZONE_MODULES * module });
  return bitmap;
}

/**
 * The same symbol without its quiet zone, for the printer to centre, and the white rows that belong above and below it, one byte
 * wide. White rows and no feed: a feed counts in a printer's own motion unit, a quiet zone must not.
 */
export function tightHalfSizeQr(
  symbol: QrSymbol,
  moduleDots: number,
): { readonly symbol: Bitmap; readonly quietZone: Bitmap } {
  const module = halfModule(moduleDots);
  const bitmap = blankBitmap(symbol.size * module, symbol.size * module);
  drawModules(bitmap, symbol, module, { left: 0, top: 0 });
  return { symbol: bitmap, quietZone: blankBitmap(8, QUIET_ZONE_MODULES * module) };
}

function drawModules(
  bitmap: Bitmap,
  symbol: QrSymbol,
  module: number,
  at: { readonly left: number; readonly top: number },
): void {
  for (let row = 0; row < symbol.size; row++) {
    for (let column = 0; column < symbol.size; column++) {
      if (symbol.modules[row * symbol.size + column] !== 1) continue;
      fillRect(bitmap, at.left + column * module, at.top + row * module, module, module);
    }
  }
}

/** Dots of a dash, of the pause behind it, and how thick a rule is. */
const DASH_DOTS = 12;
const PAUSE_DOTS = 8;
const RULE_DOTS = 2;

/** A line across the whole strip. `gap` leaves its middle free for a label; `scale` 2: at half of its size. */
export function drawRule(
  bitmap: Bitmap,
  top: number,
  style: 'solid' | 'dashed',
  { gap = { from: 0, to: 0 }, scale = 1 }: RuleOptions = {},
): void {
  const width = bitmap.widthBytes * 8;
  const dash = style === 'dashed' ? DASH_DOTS / scale : width;
  const pause = style === 'dashed' ? PAUSE_DOTS / scale : 0;
  for (let x = 0; x < width; x += dash + pause) {
    if (x + dash <= gap.from || x >= gap.to) fillRect(bitmap, x, top, dash, RULE_DOTS / scale);
  }
}

interface RuleOptions {
  readonly gap?: { readonly from: number; readonly to: number };
  readonly scale?: 1 | 2;
}

/** A frame of `thickness` dots just inside of the rectangle. */
export function drawFrame(
  bitmap: Bitmap,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  thickness: number,
): void {
  fillRect(bitmap, box.x, box.y, box.width, thickness);
  fillRect(bitmap, box.x, box.y + box.height - thickness, box.width, thickness);
  fillRect(bitmap, box.x, box.y, thickness, box.height);
  fillRect(bitmap, box.x + box.width - thickness, box.y, thickness, box.height);
}

/** Strikes across from the lower left to the upper right of the rectangle. */
export function drawStrike(
  bitmap: Bitmap,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  thickness: number,
): void {
  for (let step = 0; step < box.width; step++) {
    const y = box.y + box.height - 1 - Math.round((step * (box.height - 1)) / box.width);
    fillRect(bitmap, box.x + step, y - (thickness >> 1), 1, thickness);
  }
}

/** The upper half a comb in which each dot fires alone, the lower half black: a dead dot is a white line down through it. */
export function headPattern(widthDots: number, rows: number): Bitmap {
  const bitmap = blankBitmap(widthDots, rows);
  const half = rows >> 1;
  for (let row = 0; row < half; row++) {
    for (let x = (row >> 1) % 16; x < widthDots; x += 16) fillRect(bitmap, x, row, 1, 1);
  }
  fillRect(bitmap, 0, half, widthDots, rows - half);
  return bitmap;
}
