import type { CentreTrouble } from '../bridge/ports.ts';
import type { CentralClient, CentralError } from '../central-api/client.ts';
import type { Cancel, Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';

/** From the beginning of one probe to that of the next, ms: an outage that ends is noticed well within 10 s. */
const EVERY_MS = 5_000;
/** By so much more or less each time: thousands of kiosks that lost the centre at once must not all ask at once. */
const JITTER = 0.2;

/** Knows whether the centre answers this kiosk, by asking it again and again. */
export class CentreWatch {
  readonly #central: Pick<CentralClient, 'probe'>;
  readonly #clock: Clock;
  readonly #random: RandomSource;
  readonly #listeners = new Set<(reachable: boolean) => void>();
  #trouble: CentreTrouble | undefined;
  #asked = false;
  #cancel: Cancel = () => {};
  #stopped = false;
  #probing = false;

  constructor(central: Pick<CentralClient, 'probe'>, clock: Clock, random: RandomSource) {
    this.#central = central;
    this.#clock = clock;
    this.#random = random;
  }

  /** The first probe; goes on by itself. */
  async start(): Promise<void> {
    await this.#probe();
  }

  /** Whether the last probe was answered; undefined before the first one ended. */
  get reachable(): boolean | undefined {
    return this.#asked ? this.#trouble === undefined : undefined;
  }

  /** Why the last probe was not answered as the contract has it; undefined: it was, or none has ended. */
  get trouble(): CentreTrouble | undefined {
    return this.#trouble;
  }

  /** Told whenever {@link CentreWatch.reachable} or {@link CentreWatch.trouble} is another. */
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
    if (this.#probing || this.#stopped || answered === (this.reachable ?? answered)) return;
    this.#cancel();
    void this.#probe();
  }

  async #probe(): Promise<void> {
    this.#probing = true;
    const sinceMs = this.#clock.monotonicMs();
    const answer = await this.#central.probe();
    this.#probing = false;
    if (this.#stopped) return;
    const trouble = answer.ok ? undefined : troubleOf(answer.error);
    const changed = !this.#asked || trouble !== this.#trouble;
    this.#asked = true;
    this.#trouble = trouble;
    if (changed) for (const listener of this.#listeners) listener(trouble === undefined);
    const everyMs = EVERY_MS * (1 - JITTER + 2 * JITTER * this.#random.fraction());
    const spentMs = this.#clock.monotonicMs() - sinceMs;
    this.#cancel = this.#clock.schedule(Math.max(0, everyMs - spentMs), () => {
      void this.#probe();
    });
  }
}

function troubleOf(error: CentralError): CentreTrouble {
  switch (error.kind) {
    case 'unreachable':
    case 'timeout':
      return 'no-answer';
    case 'untrusted':
    case 'clock-skew':
      return error.kind;
    case 'problem':
      return error.status < 500 ? 'refused' : 'out-of-order';
    case 'invalid-answer':
    case 'invalid-request':
      return 'out-of-order';
  }
}
