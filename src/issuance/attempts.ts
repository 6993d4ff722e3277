import type { Clock } from '../platform/clock.ts';
import { sleep, withTimeLimit } from '../platform/clock.ts';
import type { Unknown } from './ports.ts';

/** A request that is safe to repeat, and how often or how long. */
export interface Repetition {
  readonly requestMs: number;
  readonly pauseMs: number;
  /** Stop after this many attempts; */
  readonly most?: number;
  /** or when this much time has passed since the first. */
  readonly withinMs?: number;
}

/** Repeats an idempotent request while nobody knows what became of it; tells how many attempts it took. */
export async function repeatUntilKnown<T extends { readonly kind: string }>(
  clock: Clock,
  repetition: Repetition,
  request: () => Promise<T | Unknown>,
  goOn: () => boolean,
): Promise<{ readonly answer: T | Unknown; readonly attempts: number }> {
  const sinceMs = clock.monotonicMs();
  const leftMs = () => (repetition.withinMs ?? Infinity) - (clock.monotonicMs() - sinceMs);
  for (let attempts = 1; ; attempts += 1) {
    const limitMs = Math.min(repetition.requestMs, leftMs());
    const answer = await withTimeLimit(clock, limitMs, request());
    if (answer !== 'timed-out' && answer.kind !== 'unknown') return { answer, attempts };
    const spent = attempts >= (repetition.most ?? Infinity) || leftMs() <= repetition.pauseMs;
    if (spent || !goOn()) return { answer: { kind: 'unknown' }, attempts };
    await sleep(clock, repetition.pauseMs);
    // Given up during the pause: another attempt would only make more to undo.
    if (!goOn()) return { answer: { kind: 'unknown' }, attempts };
  }
}
