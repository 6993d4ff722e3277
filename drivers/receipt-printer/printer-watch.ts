import { sleep } from '../../src/platform/clock.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { Asked } from './protocol/printer-protocol.ts';

/** How often an idle printer is asked, ms. */
const POLL_MS = 2000;
/** A printer that has just come back has to stay well for so long before it is believed, ms. */
const SETTLE_MS = 600;
/** So many rounds of questions without an answer are silence. */
const SILENT_ROUNDS = 2;

/** What the watch does with a printer. */
export interface Watched {
  readonly clock: Clock;
  /** Aborts when the connection is over. */
  readonly over: AbortSignal;
  /** It is well again and waits to be emptied: it is looked at sooner. */
  readonly recovering: () => boolean;
  /** One look; waits for its turn. */
  readonly lookAfter: () => Promise<Asked>;
  /** It has been silent, or has taken nothing for longer than a healthy printer can. */
  readonly onSilence: () => Promise<void>;
  /** So long a question may wait behind data, ms. */
  readonly heldLimitMs: number;
}

/** Asks an idle printer from time to time, and soon when something has happened. */
export class PrinterWatch {
  readonly #watched: Watched;
  #wake = new AbortController();

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** Something has happened: look soon. */
  wake(): void {
    this.#wake.abort();
  }

  /** Ends when the connection is over. Never rejects. */
  async run(): Promise<void> {
    const { over, lookAfter, onSilence, clock, heldLimitMs } = this.#watched;
    let silentRounds = 0;
    let heldSinceMs: number | undefined;
    while (!over.aborted) {
      await this.#pause(silentRounds > 0);
      if (over.aborted) return;
      const asked = await lookAfter();
      silentRounds = asked === 'silent' ? silentRounds + 1 : 0;
      heldSinceMs = asked === 'busy' ? (heldSinceMs ?? clock.monotonicMs()) : undefined;
      const held = heldSinceMs !== undefined && clock.monotonicMs() - heldSinceMs > heldLimitMs;
      if (silentRounds >= SILENT_ROUNDS || held) await onSilence();
    }
  }

  async #pause(soon: boolean): Promise<void> {
    const { clock, over, recovering } = this.#watched;
    this.#wake = new AbortController();
    const waitMs = soon || recovering() ? SETTLE_MS : POLL_MS;
    await sleep(clock, waitMs, AbortSignal.any([over, this.#wake.signal]));
    // A woken watch lets things settle first: a cover that flaps is not five faults.
    if (this.#wake.signal.aborted) await sleep(clock, SETTLE_MS, over);
  }
}
