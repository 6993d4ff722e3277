import type { Clock } from '../platform/clock.ts';

/** A rectangle in CSS px of the viewport. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How far outside a control a finger may leave the glass, CSS px (6 mm on 21.5"; older hands miss by 3.4 mm on average). */
const TOLERANCE_PX = 24;
/** The same toward a neighbour: half the gap between two controls, so that both tolerances meet and never overlap. */
const TOLERANCE_TOWARD_NEIGHBOUR_PX = 16;
/** A second press of the same control within this time is a tremor, not a wish (EN 301 549 5.8: at least 500 ms). */
const REPEAT_IGNORED_MS = 700;
/** Presses that begin this soon after a screen has come onto the glass were meant for the one before. */
const SETTLING_MS = 400;
/** A hand that trembles goes on tapping: each tap that comes too soon starts that time anew, but never beyond this. */
const SETTLING_MOST_MS = 2_000;

/** The control's box grown by the tolerance, less on a side where another control is near. */
export function toleranceBox(box: Box, neighbours: readonly Box[]): Box {
  const reach = 2 * TOLERANCE_PX;
  const near = (gap: (other: Box) => number, across: (other: Box) => boolean) =>
    neighbours.some((other) => across(other) && gap(other) >= 0 && gap(other) < reach)
      ? TOLERANCE_TOWARD_NEIGHBOUR_PX
      : TOLERANCE_PX;
  const sameRow = (other: Box) => other.top < box.bottom + reach && other.bottom > box.top - reach;
  const sameColumn = (other: Box) => other.left < box.right + reach && other.right > box.left - reach;
  return {
    left: box.left - near((other) => box.left - other.right, sameRow),
    right: box.right + near((other) => other.left - box.right, sameRow),
    top: box.top - near((other) => box.top - other.bottom, sameColumn),
    bottom: box.bottom + near((other) => other.top - box.bottom, sameColumn),
  };
}

interface ActivePress {
  readonly pointerId: number;
  readonly control: string;
  readonly tolerance: Box;
}

/**
 * Decides for the whole page which touches are presses (elderly-ux §6.4). Chromium drops the `click` of a finger that drifts
 * more than 15 px, so this listens to pointer events alone: down inside, up inside or within the tolerance, however long.
 * One finger at a time, the first; no control twice within 700 ms; nothing before a screen has been on the glass for 400 ms, nor
 * while a hand that pressed before goes on tapping.
 */
export class PressArbiter {
  readonly #clock: Clock;
  #active: ActivePress | undefined;
  #isSeen = true;
  #settledAtMs = Number.NEGATIVE_INFINITY;
  #settledAtMostMs = Number.NEGATIVE_INFINITY;
  #last: { readonly control: string; readonly atMs: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Another screen is made, and nobody sees it yet: a finger still down belongs to the one before. */
  screenMade(): void {
    this.#active = undefined;
    this.#isSeen = false;
  }

  /** It is on the glass, on a busy machine some time after it was made. */
  screenSeen(): void {
    this.#isSeen = true;
    const now = this.#clock.monotonicMs();
    this.#settledAtMs = now + SETTLING_MS;
    this.#settledAtMostMs = now + SETTLING_MOST_MS;
  }

  /**
   * A finger came down on a control. True: it is followed from now on, and the control should look pressed.
   * A `first` finger (no other is on the glass) ends a press whose end was never reported.
   */
  down(
    control: string,
    finger: { readonly pointerId: number; readonly first: boolean },
    box: Box,
    neighbours: readonly Box[],
  ): boolean {
    if (finger.first) this.#active = undefined;
    if (this.#active !== undefined || !this.#allows(control)) return false;
    this.#active = { pointerId: finger.pointerId, control, tolerance: toleranceBox(box, neighbours) };
    return true;
  }

  /** The finger left the glass. True: this is a press, act on it. */
  up(control: string, pointerId: number, x: number, y: number): boolean {
    const press = this.#active;
    if (press?.pointerId !== pointerId || press.control !== control) return false;
    this.#active = undefined;
    const { left, right, top, bottom } = press.tolerance;
    if (x < left || x > right || y < top || y > bottom) return false;
    this.#last = { control, atMs: this.#clock.monotonicMs() };
    return true;
  }

  /** The system took the finger away. */
  cancel(pointerId: number): void {
    if (this.#active?.pointerId === pointerId) this.#active = undefined;
  }

  /** A press by keyboard or assistive technology. */
  activate(control: string): boolean {
    if (!this.#allows(control)) return false;
    this.#last = { control, atMs: this.#clock.monotonicMs() };
    return true;
  }

  #allows(control: string): boolean {
    if (!this.#isSeen) return false;
    const now = this.#clock.monotonicMs();
    if (now < this.#settledAtMs) {
      this.#settledAtMs = Math.min(now + SETTLING_MS, this.#settledAtMostMs);
      return false;
    }
    return this.#last?.control !== control || now - this.#last.atMs >= REPEAT_IGNORED_MS;
  }
}
