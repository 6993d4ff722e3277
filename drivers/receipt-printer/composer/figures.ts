import type { QrSymbol } from '../../../src/slip/print-document.ts';
import { blankBitmap, fillRect } from './bitmap.ts';
import type { Bitmap } from './bitmap.ts';

/** ISO/IEC 18004 §6.3.8. */
const QUIET_ZONE_MODULES = 4;

/**
 * A QR symbol with its quiet zone, centred, at half of its size: the printer doubles it (`GS v 0` m=3), which needs a quarter of
 * the bytes. Undefined when it does not fit on the paper.
 */
export function halfSizeQr(symbol: QrSymbol, moduleDots: number, widthDots: number): Bitmap | undefined {
  const module = Math.floor(moduleDots / 2);
  const side = (symbol.size + 2 * QUIET_ZONE_MODULES) * module;
  const halfWidth = Math.floor(widthDots / 2);
  if (module < 1 || side > halfWidth) return undefined;
  const bitmap = blankBitmap(halfWidth, side);
  const left = Math.floor((halfWidth - side) / 2) + QUIET_ZONE_MODULES * module;
  for (let row = 0; row < symbol.size; row++) {
    for (let column = 0; column < symbol.size; column++) {
      if (symbol.modules[row * symbol.size + column] !== 1) continue;
      const top = (row + QUIET_ZONE_MODULES) * module;
      fillRect(bitmap, left + column * module, top, module, module);
    }
  }
  return bitmap;
}

/** A line across the paper, `thickness` dots; `gap` leaves its middle free for a label. */
export function ruleStrip(
  bitmap: Bitmap,
  top: number,
  style: 'solid' | 'dashed',
  gap: { readonly from: number; readonly to: number },
): void {
  const width = bitmap.widthBytes * 8;
  const dash = style === 'dashed' ? 12 : width;
  const pause = style === 'dashed' ? 8 : 0;
  for (let x = 0; x < width; x += dash + pause) {
    if (x + dash <= gap.from || x >= gap.to) fillRect(bitmap, x, top, dash, 2);
  }
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
