import { sleep } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import { abortOf } from '../../../src/platform/abort-of.ts';
import { lookForCard } from './card-search.ts';
import type { CardSearch } from './card-search.ts';
import type { Turns } from '../turns.ts';

/** What waiting for a lifted card takes. */
interface Lifting {
  readonly search: CardSearch;
  readonly turns: Turns;
  readonly clock: Clock;
  /** Pause between two looks, ms. */
  readonly liftIntervalMs: number;
}

/**
 * Looks until the card that was read has gone (true), or `signal` aborts (false). Only for readers that find a card again that
 * was read. Each look waits its turn, so nobody's reading waits for a card that stays.
 */
export async function waitUntilLifted(
  { search, turns, clock, liftIntervalMs }: Lifting,
  signal: AbortSignal,
): Promise<boolean> {
  const aborted = abortOf(signal);
  for (;;) {
    if (signal.aborted) return false;
    if (search.presence.media() === 'notPresent') return true;
    await Promise.race([turns.take(() => lookForCard(search, signal)), aborted]);
    if (search.presence.media() === 'notPresent') return !signal.aborted;
    if (!(await sleep(clock, liftIntervalMs, signal))) return false;
  }
}
