import type { Cancel, Clock } from '../platform/clock.ts';
import type { IssuanceLimits } from './settings.ts';

/** Tries again at what is owed to the paper, without waiting for the printer or the next person to bring it about. */
export interface PaperRetries {
  /** What an operation owes could not be paid: `again` is called to try once more, and after it has failed once more, a few times. */
  failed(opId: string, again: () => void): void;
  /** Nothing is owed any more. */
  paid(opId: string): void;
  /** The printer was out of order and is not any more: what failed before says nothing. */
  anew(): void;
  stop(): void;
}

/**
 * So often, each time after four times as long: after 30 s, 2 min, 8 min. Not for ever, because a printer that marks and cuts and
 * cannot prove it would use up its paper.
 */
const TRIES = 3;
const EACH_TIME_LONGER = 4;

/**
 * A mark whose proof was lost is still owed, and the printer may have looked well all the time: then nothing else would come of it
 * before the next person does, and the slip hangs there uncut.
 */
export function createPaperRetries(clock: Clock, limits: Pick<IssuanceLimits, 'printMs'>): PaperRetries {
  const failures = new Map<string, { count: number; cancel: Cancel }>();

  function forget(opId: string): void {
    failures.get(opId)?.cancel();
    failures.delete(opId);
  }

  function stop(): void {
    for (const opId of Array.from(failures.keys())) forget(opId);
  }

  return {
    failed(opId, again) {
      const count = failures.get(opId)?.count ?? 0;
      forget(opId);
      const pauseMs = limits.printMs * EACH_TIME_LONGER ** count;
      const cancel = count < TRIES ? clock.schedule(pauseMs, again) : () => undefined;
      failures.set(opId, { count: count + 1, cancel });
    },
    paid: forget,
    anew: stop,
    stop,
  };
}
