import { CITIZEN_LANGUAGES, type CitizenLanguage } from '../copy/citizen-languages.ts';

/** How loud the voice is: 小, 中, 大. */
export type Volume = 1 | 2 | 3;

/** How Chinese is spoken: Mandarin, or by people who have recorded it in a dialect (ISO 639-3; `assets/voice/README.md`). */
export type Dialect = 'mandarin' | 'wuu';

/** What a person has set for themselves. It lasts as long as the page, which is loaded anew for the next person. */
export interface Adjustments {
  /** 标准 or 特大字. */
  readonly size: 'standard' | 'large';
  readonly volume: Volume;
  /** How fast the voice speaks. */
  readonly pace: 'normal' | 'slow';
  readonly language: CitizenLanguage;
  readonly dialect: Dialect;
}

const AT_FIRST: Adjustments = {
  size: 'standard',
  volume: 2,
  pace: 'normal',
  language: CITIZEN_LANGUAGES[0],
  dialect: 'mandarin',
};

/** Holds the adjustments of one page. */
export class AdjustmentStore {
  readonly #listeners = new Set<() => void>();
  readonly #first: Adjustments;
  #current: Adjustments;

  constructor(first: Partial<Adjustments> = {}) {
    this.#first = { ...AT_FIRST, ...first };
    this.#current = this.#first;
  }

  readonly current = (): Adjustments => this.#current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  change(what: Partial<Adjustments>): void {
    this.#become({ ...this.#current, ...what });
  }

  /** Somebody else comes: everything as it was at first. */
  reset(): void {
    if (this.#current !== this.#first) this.#become(this.#first);
  }

  #become(adjustments: Adjustments): void {
    this.#current = adjustments;
    for (const listener of this.#listeners) listener();
  }
}

/** One step louder or softer; the last one stays. */
export function nextVolume(volume: Volume, step: 1 | -1): Volume {
  const next = volume + step;
  return next === 1 || next === 2 || next === 3 ? next : volume;
}
