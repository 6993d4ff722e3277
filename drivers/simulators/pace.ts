import type { Clock } from '../../src/platform/clock.ts';

/** 8N1: one start bit, eight data bits, one stop bit. */
const BITS_PER_BYTE = 10;
/** A timer may come late and the wire has gone on meanwhile; a sender that was made to wait longer has sent nothing. */
const LATEST_TIMER_MS = 50;
/** What comes so soon after the byte before came without a pause, and was noticed late. */
const NOTICED_LATE_MS = 5;

/** Says how many bytes a line of a given speed may have carried by now. */
export interface Pace {
  /** Bytes begin to come. If the line was idle it was so until now, or a moment ago, but not before `notBeforeMs`, monotonic ms. */
  begin(notBeforeMs?: number): void;
  /** Until when the bytes that have passed were on the wire, monotonic ms. */
  readonly carriedUntilMs: number;
  /** Bytes that may pass now, at most `wanted`; they count as passed. */
  take(wanted: number): number;
  /** Baud; 0 = as fast as it goes. */
  setBaud(baud: number): void;
}

/** A pace of `baud` bits per second at 10 bits a byte; 0 = no limit. Idle time is not saved up. */
export function paceOf(clock: Clock, baud: number): Pace {
  let bytesPerMs = baud / BITS_PER_BYTE / 1000;
  let countedUntilMs = clock.monotonicMs();
  return {
    begin(notBeforeMs = countedUntilMs) {
      const now = clock.monotonicMs();
      const from = Math.max(countedUntilMs, notBeforeMs);
      countedUntilMs = now - from > NOTICED_LATE_MS ? now : from;
    },
    get carriedUntilMs() {
      return countedUntilMs;
    },
    take(wanted) {
      if (bytesPerMs === 0 || wanted === 0) return wanted;
      const now = clock.monotonicMs();
      countedUntilMs = Math.max(countedUntilMs, now - LATEST_TIMER_MS);
      const passed = Math.min(wanted, Math.max(0, Math.floor((now - countedUntilMs) * bytesPerMs)));
      countedUntilMs += passed / bytesPerMs;
      return passed;
    },
    setBaud(next) {
      bytesPerMs = next / BITS_PER_BYTE / 1000;
      countedUntilMs = clock.monotonicMs();
    },
  };
}
