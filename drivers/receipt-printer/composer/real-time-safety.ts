import type { Bitmap } from './bitmap.ts';

const DLE = 0x10;
/** EOT (status), ENQ (recover), DC4 (pulse, power off, clear): what a printer obeys after DLE even inside of image data. */
const REAL_TIME = new Set([0x04, 0x05, 0x14]);

/** Where a printer on a serial or USB line would see the beginning of a real-time command; -1 when nowhere. */
function realTimeCommandAt(data: Uint8Array, from = 0): number {
  for (let index = data.indexOf(DLE, from); index !== -1; index = data.indexOf(DLE, index + 1)) {
    if (REAL_TIME.has(data[index + 1] ?? 0)) return index;
  }
  return -1;
}

/**
 * The same picture without `10 04`, `10 05`, `10 14` in its data, which a printer would execute as real-time commands. The
 * strip is moved right by up to 7 dots (0.9 mm) as a whole, so that bytes fall differently; when none of the 8 places is free
 * of them, one dot beside a black one is blackened for each pattern that is left (`10` → `18`).
 * Bytes next to each other in different rows count too, so any split into bands is safe.
 * @param widestBytes how wide the strip may become by moving
 */
export function withoutRealTimeCommands(bitmap: Bitmap, widestBytes: number): Bitmap {
  for (let dots = 0; dots < 8; dots++) {
    const moved = moveRight(bitmap, dots, widestBytes);
    if (moved !== undefined && realTimeCommandAt(moved.data) === -1) return moved;
  }
  const data = Uint8Array.from(bitmap.data);
  for (let at = realTimeCommandAt(data); at !== -1; at = realTimeCommandAt(data, at)) data[at] = 0x18;
  return { ...bitmap, data };
}

/** Undefined when a black dot would fall off the right edge. */
function moveRight(bitmap: Bitmap, dots: number, widestBytes: number): Bitmap | undefined {
  if (dots === 0) return bitmap;
  const { rows } = bitmap;
  const widthBytes = Math.max(bitmap.widthBytes, Math.min(bitmap.widthBytes + 1, widestBytes));
  const data = new Uint8Array(widthBytes * rows);
  for (let row = 0; row < rows; row++) {
    let carry = 0;
    for (let column = 0; column < widthBytes; column++) {
      const byte = column < bitmap.widthBytes ? (bitmap.data[row * bitmap.widthBytes + column] ?? 0) : 0;
      data[row * widthBytes + column] = carry | (byte >> dots);
      carry = (byte << (8 - dots)) & 0xff;
    }
    if (carry !== 0) return undefined;
  }
  return { widthBytes, rows, data };
}
