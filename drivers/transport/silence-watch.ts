import type { Cancel, Clock } from '../../src/platform/clock.ts';

/** Notices when a line has been silent for a while. */
export interface SilenceWatch {
  /** Bytes came in: the wait begins anew. */
  heard(): void;
  /** Stops waiting until the next `heard`. */
  stop(): void;
}

/**
 * Calls `onSilence` once, `limitMs` after the last `heard`. A timer that fires late says that this process was stalled, not
 * that the line was silent: bytes may wait in the kernel, so the wait is then repeated and the line is read first.
 */
export function createSilenceWatch(clock: Clock, limitMs: number, onSilence: () => void): SilenceWatch {
  const latenessAllowedMs = limitMs / 2;
  let cancel: Cancel | undefined;
  const wait = () => {
    const dueMs = clock.monotonicMs() + limitMs;
    cancel = clock.schedule(limitMs, () => {
      cancel = undefined;
      if (clock.monotonicMs() - dueMs > latenessAllowedMs) wait();
      else onSilence();
    });
  };
  const stop = () => {
    cancel?.();
    cancel = undefined;
  };
  return {
    heard() {
      stop();
      wait();
    },
    stop,
  };
}
