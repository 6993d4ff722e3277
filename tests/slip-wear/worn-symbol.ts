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

/**
 * A symbol and the paper around it after some months: faded, with lines where the head was dead and where it was folded, a patch
 * that something has eaten, a blot.
 *
 * @param symbol where it stands in the picture, dots, its quiet zone not counted
 */
export function wornSymbol(picture: SlipPicture, symbol: Part, level: WearLevel, random: () => number): Ink {
  const ink = freshInk(picture, symbol);
  const inside = AROUND_MM * POINTS_PER_MM;
  const place = (size: number) => inside + random() * (size - 2 * inside);
  for (let at = 0; at < ink.amount.length; at += 1) ink.amount[at] = (ink.amount[at] ?? 0) * (1 - level.fade);
  for (let count = 0; count < level.deadDots; count += 1) {
    const left = Math.floor(place(ink.width) / POINTS_PER_DOT) * POINTS_PER_DOT;
    eachPoint(ink, (x) => (x >= left && x < left + POINTS_PER_DOT ? 0 : undefined));
  }
  for (let count = 0; count < level.creases; count += 1) crease(ink, level.creaseMm, place, random);
  if (level.patchMm > 0) spot(ink, level.patchMm, place, (was) => was * LEFT_IN_PATCH);
  if (level.blotMm > 0) spot(ink, level.blotMm, place, (was) => Math.max(was, BLOT_INK));
  return ink;
}

function freshInk({ black }: SlipPicture, { left, top, right, bottom }: Part): Ink {
  const around = AROUND_MM * DOTS_PER_MM;
  const width = (right - left + 2 * around) * POINTS_PER_DOT;
  const height = (bottom - top + 2 * around) * POINTS_PER_DOT;
  const amount = new Float32Array(width * height);
  const ink = { width, height, pointsPerMm: POINTS_PER_MM, amount };
  eachPoint(ink, (x, y) =>
    Number(
      black(left - around + Math.floor(x / POINTS_PER_DOT), top - around + Math.floor(y / POINTS_PER_DOT)),
    ),
  );
  return ink;
}

/** Undefined leaves a point as it is. */
function eachPoint(
  { width, height, amount }: Ink,
  change: (x: number, y: number, was: number) => number | undefined,
): void {
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      const now = change(x, y, amount[at] ?? 0);
      if (now !== undefined) amount[at] = now;
    }
  }
}

/** A straight line right across, anywhere and in any direction. */
function crease(ink: Ink, widthMm: number, place: (size: number) => number, random: () => number): void {
  const angle = random() * Math.PI;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const offset = place(ink.width) * cos + place(ink.height) * sin;
  const half = (widthMm * POINTS_PER_MM) / 2;
  eachPoint(ink, (x, y, was) =>
    Math.abs(x * cos + y * sin - offset) <= half ? was * LEFT_IN_CREASE : undefined,
  );
}

function spot(
  ink: Ink,
  diameterMm: number,
  place: (size: number) => number,
  change: (was: number) => number,
): void {
  const [centreX, centreY] = [place(ink.width), place(ink.height)];
  const radius = (diameterMm * POINTS_PER_MM) / 2;
  eachPoint(ink, (x, y, was) => (Math.hypot(x - centreX, y - centreY) <= radius ? change(was) : undefined));
}
