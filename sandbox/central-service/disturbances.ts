import type { RouteName } from '../../src/central-api/routes.ts';
import { sleep } from '../../src/platform/clock.ts';
import type { Clock } from '../../src/platform/clock.ts';

/** Something that goes wrong with the next calls of one kind. */
export interface Hold {
  readonly operation: RouteName;
  /** Before the centre has done anything, or when it has done everything but answer. */
  readonly when: 'before' | 'after';
  /** How long, milliseconds; absent: until released. */
  readonly ms?: number;
  /** When the wait is over the connection is cut instead of the call going on. */
  readonly drop?: boolean;
  /** How many calls it applies to; 1 unless told. */
  readonly count?: number;
}

/** What has happened to a held call. */
export type HoldOutcome = 'go-on' | 'drop';

/** The sandbox's weather: held calls, lost answers, no network. Never part of a real centre. */
export class Disturbances {
  offline = false;
  /** Calls that are waiting now. */
  readonly waiting: { readonly operation: RouteName; readonly when: Hold['when'] }[] = [];
  private holds: { readonly hold: Hold; left: number }[] = [];
  private release = new AbortController();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Holds that have not met their call yet. */
  get pending(): readonly Hold[] {
    return this.holds.map(({ hold }) => hold);
  }

  add(hold: Hold): void {
    this.holds.push({ hold, left: hold.count ?? 1 });
  }

  /** Lets every waiting call go on, and forgets the holds that have not met theirs. */
  releaseAll(): void {
    this.holds = [];
    this.release.abort();
    this.release = new AbortController();
  }

  /** Forgets the holds that have not met their call; whoever waits waits on. */
  forget(): void {
    this.holds = [];
  }

  /** Waits here if this call is to be held. */
  async meet(operation: RouteName, when: Hold['when']): Promise<HoldOutcome> {
    const entry = this.holds.find(({ hold }) => hold.operation === operation && hold.when === when);
    if (!entry) return 'go-on';
    entry.left -= 1;
    if (entry.left === 0) this.holds = this.holds.filter((other) => other !== entry);
    const ticket = { operation, when };
    this.waiting.push(ticket);
    await this.wait(entry.hold.ms, this.release.signal);
    this.waiting.splice(this.waiting.indexOf(ticket), 1);
    return entry.hold.drop === true ? 'drop' : 'go-on';
  }

  private async wait(ms: number | undefined, signal: AbortSignal): Promise<void> {
    if (ms !== undefined) {
      await sleep(this.clock, ms, signal);
      return;
    }
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
