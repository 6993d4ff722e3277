import { sleep } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';

/** More than any answer; a printer that babbles is cut short. */
const MOST_COLLECTED = 256;

/** What came back for a question, and when it began to (monotonic ms). */
export interface Collected {
  readonly heard: readonly number[];
  readonly firstAtMs: number;
}

/** Takes down every byte that a printer says, for a probe. */
export class ByteCollector {
  readonly #clock: Clock;
  readonly #over: AbortSignal;
  readonly #heard: number[] = [];
  #firstAtMs = 0;
  #wake = new AbortController();

  /** @param over aborts when the line is gone: that ends the wait */
  constructor(clock: Clock, over: AbortSignal) {
    this.#clock = clock;
    this.#over = over;
  }

  /** To be called with all that comes in. */
  take(chunk: Uint8Array): void {
    if (this.#heard.length === 0) this.#firstAtMs = this.#clock.monotonicMs();
    this.#heard.push(...chunk);
    this.#wake.abort();
  }

  /** All from the first byte (within `limitMs`) until the printer has been silent for `quietMs`. */
  async collected(limitMs: number, quietMs: number): Promise<Collected> {
    await this.#silentFor(limitMs);
    while (this.#heard.length > 0 && this.#heard.length < MOST_COLLECTED && !this.#over.aborted) {
      this.#wake = new AbortController();
      if (await this.#silentFor(quietMs)) break;
    }
    return { heard: this.#heard, firstAtMs: this.#firstAtMs };
  }

  #silentFor(ms: number): Promise<boolean> {
    return sleep(this.#clock, ms, AbortSignal.any([this.#wake.signal, this.#over]));
  }
}
