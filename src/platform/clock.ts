/** Takes back something that was scheduled or subscribed; a second call does nothing. */
export type Cancel = () => void;

/**
 * The only source of time. Everything that waits takes a Clock, so that tests and simulation own time.
 * Works in Node and in the browser.
 */
export interface Clock {
  /** Milliseconds from an arbitrary start, never going back. For time-outs and durations. */
  monotonicMs(): number;
  /** Milliseconds since 1970-01-01T00:00:00Z, as this machine believes. Never for a decision: the centre's time is. */
  wallClockMs(): number;
  /** Calls `task` once, `delayMs` from now. Longer than 2^31−1 ms (24.8 days) throws: such spans are dates, not timers. */
  schedule(delayMs: number, task: () => void): Cancel;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallClockMs: () => Date.now(),
  schedule(delayMs, task) {
    if (delayMs > LONGEST_TIMER_MS) throw new RangeError(`a timer cannot wait ${delayMs} ms`);
    const timer = setTimeout(task, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Resolves after `delayMs`, or at once when `signal` aborts; never rejects. True: the time passed. False: aborted. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve(false);
      return;
    }
    const onAbort = () => {
      cancel();
      resolve(false);
    };
    const cancel = clock.schedule(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve(true);
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Waits for `work` at most `limitMs`; resolves to `'timed-out'` when the time is over first. */
export function withTimeLimit<T>(clock: Clock, limitMs: number, work: Promise<T>): Promise<T | 'timed-out'> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(limitMs, () => {
      resolve('timed-out');
    });
    void work.then(resolve, reject).finally(cancel);
  });
}
