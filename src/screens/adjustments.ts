/** How loud the voice is: 小, 中, 大. */
export type Volume = 1 | 2 | 3;

/** What a person has set for themselves. It lasts as long as the page, which is loaded anew for the next person. */
export interface Adjustments {
  /** 标准 or 特大字. */
  readonly size: 'standard' | 'large';
  readonly volume: Volume;
  /** How fast the voice speaks. */
  readonly pace: 'normal' | 'slow';
}

const AT_FIRST: Adjustments = { size: 'standard', volume: 2, pace: 'normal' };

/** Holds the adjustments of one page. */
export class AdjustmentStore {
  readonly #listeners = new Set<() => void>();
  #current: Adjustments;

  constructor(first: Partial<Adjustments> = {}) {
    this.#current = { ...AT_FIRST, ...first };
  }

  readonly current = (): Adjustments => this.#current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  change(what: Partial<Adjustments>): void {
    this.#current = { ...this.#current, ...what };
    for (const listener of this.#listeners) listener();
  }
}

/** One step louder or softer; the last one stays. */
export function nextVolume(volume: Volume, step: 1 | -1): Volume {
  const next = volume + step;
  return next === 1 || next === 2 || next === 3 ? next : volume;
}
