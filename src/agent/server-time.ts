import type { Logger } from '../logging/logger.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/open-store.ts';

/** The floor is written when it rises by so much; each writing is a commit, ms. */
const STEP_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

/**
 * Keeps the centre's time as a floor for the next start, and says at this one when this machine's clock is behind it: then
 * its battery is dead, and no certificate of the centre looks valid yet. `floorMs` is what certificates are judged by then.
 */
export function keepServerTime(
  floor: Store['serverTimeFloor'],
  clock: Clock,
  logger: Logger,
): { heard: (serverMs: number) => void; known: () => boolean; floorMs: () => number } {
  let keptMs = floor.get() ?? Number.NEGATIVE_INFINITY;
  let known = false;
  const behindMs = keptMs - clock.wallClockMs();
  if (behindMs > DAY_MS) logger.emit('clock.behind', { days: Math.round(behindMs / DAY_MS) });
  return {
    heard: (serverMs) => {
      known = true;
      if (serverMs < keptMs + STEP_MS) return;
      keptMs = serverMs;
      floor.raise(serverMs);
    },
    known: () => known,
    floorMs: () => keptMs,
  };
}
