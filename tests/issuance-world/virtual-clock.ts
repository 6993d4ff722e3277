import type { Clock } from '../../src/platform/clock.ts';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly task: () => void;
}

/** Time that stands still until it is told to go on; several processes can hang on it and die without a trace. */
export class VirtualClock {
  #nowMs = 0;
  #order = 0;
  #timers: Timer[] = [];

  /** A clock whose timers fire only while `alive` says so. */
  view(alive: () => boolean = () => true): Clock {
    return {
      monotonicMs: () => this.#nowMs,
      wallClockMs: () => 1_790_000_000_000 + this.#nowMs,
      schedule: (delayMs, task) => {
        const timer: Timer = {
          atMs: this.#nowMs + Math.max(0, delayMs),
          order: (this.#order += 1),
          task: () => {
            if (alive()) task();
          },
        };
        this.#timers.push(timer);
        return () => {
          this.#timers = this.#timers.filter((other) => other !== timer);
        };
      },
    };
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Lets `forMs` pass, timer by timer, with all promises settled in between. */
  async advance(forMs: number, until: () => boolean = () => false): Promise<void> {
    const endMs = this.#nowMs + forMs;
    for (;;) {
      await settle();
      if (until()) return;
      const next = this.#timers.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
      if (next === undefined || next.atMs > endMs) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = next.atMs;
      next.task();
    }
    this.#nowMs = endMs;
  }
}

/** Every promise that can settle has settled: macrotasks come after all microtasks. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A small seeded generator (mulberry32), so that a failing run can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
