import { useEffect, useSyncExternalStore } from 'react';
import type { Clock } from '../platform/clock.ts';
import type { AdjustmentStore } from './adjustments.ts';

/** Out of service nobody is served, and yet somebody may read: so long after the last change they are thought to have gone. */
const GONE_AFTER_MS = 60_000;

/**
 * Takes back what somebody has set who went away before a session began (after one the page is loaded anew): as soon as the kiosk
 * waits for anybody, and some time after each change made meanwhile.
 */
export function useResetBetweenPeople(adjustments: AdjustmentStore, clock: Clock, waiting: boolean): void {
  const current = useSyncExternalStore(adjustments.subscribe, adjustments.current);
  useEffect(() => {
    if (waiting) adjustments.reset();
  }, [adjustments, waiting]);
  useEffect(() => {
    if (!waiting || adjustments.isFirst(current)) return undefined;
    return clock.schedule(GONE_AFTER_MS, () => {
      adjustments.reset();
    });
  }, [adjustments, clock, current, waiting]);
}
