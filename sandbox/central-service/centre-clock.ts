import type { Clock } from '../../src/platform/clock.ts';

/** The centre's own clock: the machine's, moved by an offset that tests may set while it runs. */
export class CentreClock {
  /** Milliseconds that the centre is ahead of the machine. */
  offsetMs = 0;
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Milliseconds since 1970, as the centre sees it. */
  nowMs(): number {
    return this.clock.wallClockMs() + this.offsetMs;
  }
}
