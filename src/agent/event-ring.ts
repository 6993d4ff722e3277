import { events } from '../logging/events.ts';
import type { CleanFields, Logger } from '../logging/logger.ts';
import type { Cancel, Clock } from '../platform/clock.ts';
import type { Store } from '../store/open-store.ts';

/** Events are written to disk together, so that an issuance does not wait for them. A crash loses at most so much, ms. */
const PAUSE_MS = 2_000;

/** What the logger writes, copied into the store's ring for technicians; kept in memory until there is a store. */
export class EventRing {
  readonly #clock: Clock;
  readonly #stopListening: Cancel;
  #ring: Store['events'] | undefined;
  #waiting: { atMs: number; type: string; data: CleanFields }[] = [];
  #cancel: Cancel | undefined;

  constructor(logger: Logger, clock: Clock) {
    this.#clock = clock;
    this.#stopListening = logger.onEvent((type, data) => {
      if (events[type].level === 'debug') return;
      this.#waiting.push({ atMs: clock.wallClockMs(), type, data });
      this.#schedule();
    });
  }

  /** There is a store now. */
  into(ring: Store['events']): void {
    this.#ring = ring;
    this.#schedule();
  }

  /** Writes what waits and listens no more; before the store is closed. */
  stop(): void {
    this.#stopListening();
    this.#cancel?.();
    this.#flush();
  }

  #schedule(): void {
    if (this.#ring === undefined) return;
    this.#cancel ??= this.#clock.schedule(PAUSE_MS, () => {
      this.#flush();
    });
  }

  #flush(): void {
    this.#cancel = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length > 0) this.#ring?.appendAll(batch);
  }
}
