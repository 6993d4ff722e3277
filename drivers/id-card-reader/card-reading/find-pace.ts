import { sleep } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';

/** Keeps attempts to find a card apart, whoever makes them: readers want at least 300 ms between two. */
export interface FindPace {
  /** Waits until the next attempt may begin, or until `signal` aborts. */
  mayFind(signal: AbortSignal): Promise<void>;
  /** An attempt is over. */
  found(): void;
}

/** Makes a pace of one attempt in `intervalMs`, counted from the end of the last. */
export function createFindPace(clock: Clock, intervalMs: number): FindPace {
  let nextMs = Number.NEGATIVE_INFINITY;
  return {
    async mayFind(signal) {
      const missingMs = nextMs - clock.monotonicMs();
      if (missingMs > 0) await sleep(clock, missingMs, signal);
    },
    found() {
      nextMs = clock.monotonicMs() + intervalMs;
    },
  };
}
