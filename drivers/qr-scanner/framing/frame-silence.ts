import type { Clock } from '../../../src/platform/clock.ts';
import { createSilenceWatch } from '../../transport/silence-watch.ts';
import type { SilenceWatch } from '../../transport/silence-watch.ts';

/** Something that holds a beginning and gives it up after a silence. */
export interface Waiting {
  /** Silence that ends what has begun, ms; undefined: nothing has. */
  readonly waitsMs: number | undefined;
}

/** Watches the silence behind whatever has begun. */
export interface FrameSilence {
  /** Something came in: the wait begins anew, as long as is now needed. */
  heard(): void;
  stop(): void;
}

/** Calls `onSilence` when nothing was heard for as long as `waiting` waits. */
export function createFrameSilence(clock: Clock, waiting: Waiting, onSilence: () => void): FrameSilence {
  const watches = new Map<number, SilenceWatch>();
  const stop = () => {
    for (const watch of watches.values()) watch.stop();
  };
  const watchOf = (limitMs: number): SilenceWatch => {
    const known = watches.get(limitMs);
    if (known) return known;
    const made = createSilenceWatch(clock, limitMs, onSilence);
    watches.set(limitMs, made);
    return made;
  };
  return {
    heard() {
      stop();
      const { waitsMs } = waiting;
      if (waitsMs !== undefined) watchOf(waitsMs).heard();
    },
    stop,
  };
}
