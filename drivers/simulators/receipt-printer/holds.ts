/** Where the mechanism can be made to stand still, so that a test finds it at a known moment. */
export type HoldPoint =
  /** After the first row of a slip. */
  | 'body'
  /** Before a completion question (GS ( H, GS r) is answered. */
  | 'fence'
  /** Before the first row that follows an answered completion question on the same slip. */
  | 'footer'
  /** Before the knife falls. */
  | 'cut'
  /** After so many rows of the slip. */
  | number;

/** What happens to a printer that `stop-after-dots` stopped. */
export type StopReason = 'stand-still' | 'paper-out' | 'cover-open' | 'jam' | 'unplug' | 'power-cycle';

/** Decides when the mechanism stands still. */
export class Holds {
  #at: HoldPoint | undefined;
  #held: HoldPoint | undefined;
  #stop: { left: number; reason: StopReason } | undefined;

  get held(): HoldPoint | undefined {
    return this.#held;
  }

  get waitingFor(): HoldPoint | undefined {
    return this.#at;
  }

  holdAt(point: HoldPoint): void {
    this.#at = point;
  }

  stopAfter(dots: number, reason: StopReason): void {
    this.#stop = { left: dots, reason };
  }

  release(): void {
    this.#held = undefined;
    this.#at = undefined;
    this.#stop = undefined;
  }

  /** True (and held from now on) if the mechanism is to stand still at this point. */
  reaches(point: HoldPoint): boolean {
    if (this.#held !== undefined) return true;
    if (this.#at !== point) return false;
    this.#at = undefined;
    this.#held = point;
    return true;
  }

  /** A row was printed, the nth of its slip: says why the printer stops now, if it does. */
  rowPrinted(rowOfSlip: number): StopReason | undefined {
    if (rowOfSlip === 1) this.reaches('body');
    this.reaches(rowOfSlip);
    if (!this.#stop) return undefined;
    this.#stop.left -= 1;
    if (this.#stop.left > 0) return undefined;
    const { reason } = this.#stop;
    this.#stop = undefined;
    if (reason === 'stand-still') this.#held = rowOfSlip;
    return reason;
  }
}
