/** One line of dots across the head: 1 = black, most significant bit left. */
export type DotRow = Uint8Array;

/** A row with nothing on it. */
export function blankRow(dots: number): DotRow {
  return new Uint8Array(Math.ceil(dots / 8));
}

/** Blackens a dot; beyond the edge nothing happens (this printer drops what does not fit). */
export function blacken(row: DotRow, dot: number): void {
  const at = dot >> 3;
  if (dot < 0 || at >= row.length) return;
  row[at] = (row[at] ?? 0) | (0x80 >> (dot & 7));
}

/** Whether a dot is black. */
export function isBlack(row: Uint8Array, dot: number): boolean {
  return ((row[dot >> 3] ?? 0) & (0x80 >> (dot & 7))) !== 0;
}

/** Lays `source` (`dots` wide, each drawn `scale` times) into a row of the head at dot `left`, up to dot `right`. */
export function placedRow(
  headDots: number,
  source: Uint8Array,
  dots: number,
  scale: number,
  left: number,
  right: number,
): DotRow {
  const row = blankRow(headDots);
  if (scale === 1 && left % 8 === 0 && left + dots <= right) {
    row.set(source.subarray(0, Math.min(source.length, row.length - left / 8)), left / 8);
    return row;
  }
  const end = Math.min(right, left + dots * scale);
  for (let dot = left; dot < end; dot += 1) {
    if (isBlack(source, Math.floor((dot - left) / scale))) blacken(row, dot);
  }
  return row;
}
