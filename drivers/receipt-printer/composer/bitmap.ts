/** Dots of a strip of paper: row by row, 1 bit per dot, most significant bit left, 1 = black (as `GS v 0` wants them). */
export interface Bitmap {
  readonly widthBytes: number;
  readonly rows: number;
  readonly data: Uint8Array;
}

/** A white strip. */
export function blankBitmap(widthDots: number, rows: number): Bitmap {
  const widthBytes = Math.ceil(widthDots / 8);
  return { widthBytes, rows, data: new Uint8Array(widthBytes * rows) };
}

/** Blackens the rectangle; what lies outside of the strip is left out. */
export function fillRect(bitmap: Bitmap, x: number, y: number, width: number, height: number): void {
  const right = Math.min(x + width, bitmap.widthBytes * 8);
  const bottom = Math.min(y + height, bitmap.rows);
  for (let row = Math.max(0, y); row < bottom; row++) {
    for (let column = Math.max(0, x); column < right; column++) {
      const index = row * bitmap.widthBytes + (column >> 3);
      bitmap.data[index] = (bitmap.data[index] ?? 0) | (0x80 >> (column & 7));
    }
  }
}

/** The rows `[from, to)` as a strip of their own. */
export function cropRows(bitmap: Bitmap, from: number, to: number): Bitmap {
  const { widthBytes } = bitmap;
  return { widthBytes, rows: to - from, data: bitmap.data.subarray(from * widthBytes, to * widthBytes) };
}

/** Lays a strip over another from row `top` on, flush left; what is wider or longer is left out. */
export function pasteRows(bitmap: Bitmap, source: Bitmap, top: number): void {
  const bytes = Math.min(bitmap.widthBytes, source.widthBytes);
  const rows = Math.min(source.rows, bitmap.rows - top);
  for (let row = 0; row < rows; row++) {
    const start = row * source.widthBytes;
    bitmap.data.set(source.data.subarray(start, start + bytes), (top + row) * bitmap.widthBytes);
  }
}

/** Adds the black dots of a strip of the same width to another from row `top` on; what lies outside is left out. */
export function mergeRows(bitmap: Bitmap, source: Bitmap, top: number): void {
  const bytes = Math.min(bitmap.widthBytes, source.widthBytes);
  for (let row = Math.max(0, -top); row < source.rows && top + row < bitmap.rows; row++) {
    for (let column = 0; column < bytes; column++) {
      const index = (top + row) * bitmap.widthBytes + column;
      bitmap.data[index] = (bitmap.data[index] ?? 0) | (source.data[row * source.widthBytes + column] ?? 0);
    }
  }
}

/** Without the white bytes at the right that all rows share; at least one byte wide. Saves time on a serial line. */
export function trimRight(bitmap: Bitmap): Bitmap {
  const { widthBytes, rows, data } = bitmap;
  let used = 1;
  for (let row = 0; row < rows; row++) {
    for (let column = widthBytes - 1; column >= used; column--) {
      if (data[row * widthBytes + column] !== 0) used = column + 1;
    }
  }
  if (used === widthBytes) return bitmap;
  const trimmed = new Uint8Array(used * rows);
  for (let row = 0; row < rows; row++) {
    trimmed.set(data.subarray(row * widthBytes, row * widthBytes + used), row * used);
  }
  return { widthBytes: used, rows, data: trimmed };
}

/** How many rows without a black dot come one after the other, from this one on. */
export function blankRowsFrom(bitmap: Bitmap, from: number): number {
  let row = from;
  while (row < bitmap.rows && isBlankRow(bitmap, row)) row++;
  return row - from;
}

/** True for a row without a black dot. */
function isBlankRow(bitmap: Bitmap, row: number): boolean {
  const start = row * bitmap.widthBytes;
  for (let index = start; index < start + bitmap.widthBytes; index++) {
    if (bitmap.data[index] !== 0) return false;
  }
  return true;
}
