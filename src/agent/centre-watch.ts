import type { CentralClient } from '../central-api/client.ts';
import type { Cancel, Clock } from '../platform/clock.ts';

/** Between two probes, ms: while all is well, and while the centre is away and somebody may be waiting for it. */
const PAUSE_MS = { reachable: 10_000, unreachable: 1_000 };

/** Knows whether the centre answers this kiosk, by asking it again and again. */
export class CentreWatch {
  readonly #central: CentralClient;
  readonly #clock: Clock;
  readonly #listeners = new Set<(reachable: boolean) => void>();
  #reachable = false;
  #asked = false;
  #cancel: Cancel = () => {};
  #stopped = false;
  #probing = false;

  constructor(central: CentralClient, clock: Clock) {
    this.#central = central;
    this.#clock = clock;
  }

  /** The first probe; goes on by itself. */
  async start(): Promise<void> {
    await this.#probe();
  }

  /** Whether the last probe was answered; undefined before the first one ended. */
  get reachable(): boolean | undefined {
    return this.#asked ? this.#reachable : undefined;
  }

  onChange(listener: (reachable: boolean) => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** Some other call was answered, or was not: when that is news it is looked into at once. */
  heard(answered: boolean): void {
    if (!this.#asked || this.#probing || this.#stopped || answered === this.#reachable) return;
    this.#cancel();
    void this.#probe();
  }

  async #probe(): Promise<void> {
    this.#probing = true;
    const reachable = await this.#central.reachable();
    this.#probing = false;
    if (this.#stopped) return;
    const changed = !this.#asked || reachable !== this.#reachable;
    this.#asked = true;
    this.#reachable = reachable;
    if (changed) for (const listener of this.#listeners) listener(reachable);
    this.#cancel = this.#clock.schedule(reachable ? PAUSE_MS.reachable : PAUSE_MS.unreachable, () => {
      void this.#probe();
    });
  }
}
