import { useEffect, useState } from 'react';
import { useKiosk } from './kiosk-context.ts';

/** Whole seconds until `deadlineMs` (monotonic), counted down once a second; undefined without a deadline. */
export function useSecondsLeft(deadlineMs: number | undefined): number | undefined {
  const { clock } = useKiosk();
  const [, recount] = useState(0);
  const leftMs = deadlineMs === undefined ? undefined : Math.max(0, deadlineMs - clock.monotonicMs());
  useEffect(() => {
    if (leftMs === undefined || leftMs === 0) return undefined;
    const untilNextSecond = leftMs % 1_000 || 1_000;
    return clock.schedule(untilNextSecond, () => {
      recount((count) => count + 1);
    });
  });
  return leftMs === undefined ? undefined : Math.ceil(leftMs / 1_000);
}
