import type { Cancel } from '../platform/clock.ts';
import type { IssuancePorts } from './ports.ts';
import type { IssuanceLimits } from './settings.ts';

/** What an attempt came to: the centre has the last word, or it must be asked again. */
type AttemptResult = 'settled' | 'pending';

export interface Outbox {
  /**
   * Repeats `attempt` (which has its own time limit) for ever until it settles; each operation for itself, so that no one blocks
   * another. `ageMs`: for so long it has been owed already, before this agent was started.
   */
  post(opId: string, attempt: () => Promise<AttemptResult>, ageMs?: number): void;
  /** The centre answers again: everything waiting is tried at once, with the pauses starting anew. */
  retryNow(): void;
  /** Ends all repeats (the process is about to end; the journal keeps what is owed). */
  stop(): void;
}

interface Item {
  readonly opId: string;
  readonly attempt: () => Promise<AttemptResult>;
  readonly sinceMs: number;
  pauses: number;
  alarms: number;
  /** Cancels the pause; null while an attempt is under way. */
  waiting: Cancel | null;
}

const ALARM_AGES_MS = [5 * 60_000, 24 * 3_600_000];

/** Void and confirm, repeated until the centre has acknowledged them: 1 s doubling to 5 min, with jitter. */
export function createOutbox(
  ports: Pick<IssuancePorts, 'clock' | 'random' | 'log' | 'fatal'>,
  limits: IssuanceLimits,
): Outbox {
  const items = new Map<string, Item>();
  const { clock } = ports;

  function pauseMs(item: Item): number {
    const full = Math.min(limits.outboxFirstMs * 2 ** item.pauses, limits.outboxLongestMs);
    return full * (0.5 + ports.random.fraction() / 2);
  }

  function alarm(item: Item): void {
    const ageMs = clock.monotonicMs() - item.sinceMs;
    const next = ALARM_AGES_MS[item.alarms];
    if (next === undefined || ageMs < next) return;
    item.alarms += 1;
    ports.log({ event: 'overdue', opId: item.opId, ageMs });
  }

  function begin(item: Item): void {
    item.waiting = null;
    item
      .attempt()
      .then((result) => {
        decide(item, result);
        return undefined;
      })
      .catch((error: unknown) => {
        ports.fatal(error);
      });
  }

  function decide(item: Item, result: AttemptResult): void {
    if (items.get(item.opId) !== item) return;
    if (result === 'settled') {
      items.delete(item.opId);
      retryNow();
      return;
    }
    alarm(item);
    item.waiting = clock.schedule(pauseMs(item), () => {
      begin(item);
    });
    item.pauses += 1;
  }

  function retryNow(): void {
    for (const item of items.values()) {
      if (item.waiting === null) continue;
      item.waiting();
      item.pauses = 0;
      begin(item);
    }
  }

  return {
    post(opId, attempt, ageMs = 0) {
      if (items.has(opId)) return;
      const item: Item = {
        opId,
        attempt,
        sinceMs: clock.monotonicMs() - ageMs,
        pauses: 0,
        alarms: 0,
        waiting: null,
      };
      items.set(opId, item);
      begin(item);
    },
    retryNow,
    stop() {
      for (const item of items.values()) item.waiting?.();
      items.clear();
    },
  };
}
