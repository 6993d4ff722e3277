/** How much more time than the limit anybody is given. */
const MOST = 2;
/** Twice what somebody needed before is enough for them the next time. */
const ROOM = 2;

/**
 * A limit that grows with the person's own pace (WCAG 2.2.1: time is extended for whoever needs it): twice the longest time that
 * they took for a touch in this session, at least the limit, at most twice the limit. Whoever had to be asked 您还在吗 is given all
 * of it. All in milliseconds.
 */
export function limitAtPace(limitMs: number, longestThoughtMs: number): number {
  return Math.min(Math.max(limitMs, ROOM * longestThoughtMs), MOST * limitMs);
}
