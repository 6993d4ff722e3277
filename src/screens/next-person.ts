import { useEffect } from 'react';
import type { Clock } from '../platform/clock.ts';
import type { Adjustments, AdjustmentStore } from './adjustments.ts';

/** Out of service nobody is served, and yet somebody may read: so long after the last change they are thought to have gone. */
const GONE_AFTER_MS = 60_000;

/**
 * Takes back what somebody has set who went away before a session began (after one the page is loaded anew): as soon as the kiosk
 * waits for anybody, and some time after each change (`current`) made meanwhile.
 */
export function useResetBetweenPeople(
  adjustments: AdjustmentStore,
  current: Adjustments,
  clock: Clock,
  waiting: boolean,
): void {
  useEffect(() => {
    if (waiting) adjustments.reset();
  }, [adjustments, waiting]);
  useEffect(
    () =>
      waiting
        ? clock.schedule(GONE_AFTER_MS, () => {
            adjustments.reset();
          })
        : undefined,
    // Each change begins the time anew.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [adjustments, clock, current, waiting],
  );
}
