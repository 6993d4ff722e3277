import { DOTS_PER_MM } from '../../drivers/receipt-printer/printer-profile.ts';
import type { Part, SlipPicture } from '../fixtures/slip-picture.ts';
import type { WearLevel } from './wear-levels.ts';

/** Points for each dot, so that a crease may be thinner than a dot. */
const POINTS_PER_DOT = 2;
const POINTS_PER_MM = DOTS_PER_MM * POINTS_PER_DOT;
/** Of the paper around a symbol, mm: what a camera that looks at it sees as well. */
const AROUND_MM = 5;
/** Where ink nearly went, so much of it is left. */
const LEFT_IN_CREASE = 0.1;
const LEFT_IN_PATCH = 0.15;
const BLOT_INK = 0.9;

/** Ink on a piece of paper, 0 none – 1 full, row by row. */
export interface Ink {
  readonly width: number;
  readonly height: number;
  readonly pointsPerMm: number;
  readonly amount: Float32Array;
}

/** A symbol and the paper around it. */
export interface PrintedSymbol {
  readonly ink: Ink;
  /** Columns of the paper that it covers, dots; the quiet zone not counted. */
  readonly left: number;
  readonly right: number;
}

/** As it came out of the printer. @param symbol where it stands in the picture, dots, its quiet zone not counted */
export function printedSymbol({ black }: SlipPicture, { left, top, right, bottom }: Part): PrintedSymbol {
  const around = AROUND_MM * DOTS_PER_MM;
  const width = (right - left + 2 * around) * POINTS_PER_DOT;
  const height = (bottom - top + 2 * around) * POINTS_PER_DOT;
  const amount = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = top - around + Math.floor(y / POINTS_PER_DOT);
    for (let x = 0; x < width; x += 1) {
      amount[y * width + x] = Number(black(left - around + Math.floor(x / POINTS_PER_DOT), row));
    }
  }
  return { ink: { width, height, pointsPerMm: POINTS_PER_MM, amount }, left, right };
}

/**
 * The same after some months: faded, with lines where the head was dead and where it was folded, a patch that something has eaten,
 * a blot.
 *
 * @param deadColumns columns of the paper, dots: a head that is dead there is so for every copy on a slip
 */
export function wornSymbol(
  { ink: fresh, left }: PrintedSymbol,
  level: WearLevel,
  deadColumns: readonly number[],
  random: () => number,
): Ink {
  const ink = { ...fresh, amount: fresh.amount.map((amount) => amount * (1 - level.fade)) };
  const inside = AROUND_MM * POINTS_PER_MM;
  const place = (size: number) => inside + random() * (size - 2 * inside);
  for (const column of deadColumns) {
    const from = (column - left) * POINTS_PER_DOT + inside;
    for (let y = 0; y < ink.height; y += 1)
      ink.amount.fill(0, y * ink.width + from, y * ink.width + from + POINTS_PER_DOT);
  }
  for (let count = 0; count < level.creases; count += 1) crease(ink, level.creaseMm, place, random);
  if (level.patchMm > 0) spot(ink, level.patchMm, place, (was) => was * LEFT_IN_PATCH);
  if (level.blotMm > 0) spot(ink, level.blotMm, place, (was) => Math.max(was, BLOT_INK));
  return ink;
}

/** A straight line right across, anywhere and in any direction. */
function crease(ink: Ink, widthMm: number, place: (size: number) => number, random: () => number): void {
  const { width, height, amount } = ink;
  const angle = random() * Math.PI;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const offset = place(width) * cos + place(height) * sin;
  const half = (widthMm * POINTS_PER_MM) / 2;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (Math.abs(x * cos + y * sin - offset) > half) continue;
      const at = y * width + x;
      amount[at] = (amount[at] ?? 0) * LEFT_IN_CREASE;
    }
  }
}

/** Round; it lies wholly on the paper around the symbol. */
function spot(
  { width, amount, height }: Ink,
  diameterMm: number,
  place: (size: number) => number,
  change: (was: number) => number,
): void {
  const [centreX, centreY] = [place(width), place(height)];
  const radius = (diameterMm * POINTS_PER_MM) / 2;
  for (let y = Math.ceil(centreY - radius); y <= Math.min(centreY + radius, height - 1); y += 1) {
    for (let x = Math.ceil(centreX - radius); x <= Math.min(centreX + radius, width - 1); x += 1) {
      if (Math.hypot(x - centreX, y - centreY) > radius) continue;
      const at = y * width + x;
      amount[at] = change(amount[at] ?? 0);
    }
  }
}
