import type { ConnectionEnd, DeviceConnection, DeviceDriver } from '../../src/devices/contract.ts';
import type { HealthReport } from '../../src/devices/health-check.ts';
import type { DeviceFault, DeviceStatus } from '../../src/devices/status.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { VirtualClock } from './virtual-clock.ts';

const LINK_LOST: DeviceFault = { code: 'link.lost', action: 'suspend' };
const NOBODY_THERE: DeviceFault = { code: 'link.port-missing', action: 'suspend' };
const HANDSHAKE_MS = 150;

/** What a socket tells those that hang on it. */
interface Hanging {
  lose(): void;
  stateChanged(): void;
}

/** The socket of one device: links hang on it and end when the cable is pulled. */
export class Plug {
  #plugged = true;
  readonly #links = new Set<Hanging>();

  get plugged(): boolean {
    return this.#plugged;
  }

  pull(): void {
    this.#plugged = false;
    this.drop();
  }

  putBack(): void {
    this.#plugged = true;
  }

  /** Every link ends; the device is still there. */
  drop(): void {
    for (const link of this.#links) link.lose();
    this.#links.clear();
  }

  /** Tells every link that the device's state has changed. */
  stateChanged(): void {
    for (const link of this.#links) link.stateChanged();
  }

  join(link: Hanging): void {
    this.#links.add(link);
  }

  leave(link: Hanging): void {
    this.#links.delete(link);
  }
}

/** One live link from one agent to one device; `status` is asked of the device each time. */
export abstract class Link<S extends DeviceStatus> implements DeviceConnection<S> {
  readonly ended: Promise<ConnectionEnd>;
  /** Aborts when the link is gone. */
  protected readonly over = new AbortController();
  readonly #end: (end: ConnectionEnd) => void;
  readonly #plug: Plug;
  readonly #listeners = new Set<(status: S) => void>();
  #told = '';

  constructor(plug: Plug) {
    const { promise, resolve } = Promise.withResolvers<ConnectionEnd>();
    this.ended = promise;
    this.#end = resolve;
    this.#plug = plug;
    plug.join(this);
  }

  abstract status(): S;

  get lost(): boolean {
    return this.over.signal.aborted;
  }

  onStatus(listener: (status: S) => void) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stateChanged(): void {
    const status = this.status();
    const told = JSON.stringify(status);
    if (told === this.#told) return;
    this.#told = told;
    for (const listener of this.#listeners) listener(status);
  }

  lose(): void {
    this.over.abort();
    this.#end({ kind: 'lost', fault: LINK_LOST });
  }

  close(): Promise<void> {
    this.#plug.leave(this);
    this.over.abort();
    this.#end({ kind: 'closed' });
    return Promise.resolve();
  }

  identity() {
    return {};
  }

  checkHealth(level: HealthReport['level']): Promise<HealthReport> {
    return Promise.resolve({ level, passed: true, steps: [] });
  }
}

/** Reaches the device while its cable is in. */
export function driverOf<C extends DeviceConnection>(
  clock: VirtualClock,
  plug: Plug,
  connect: () => C,
): DeviceDriver<C> {
  return {
    connect: (signal) =>
      new Promise((resolve) => {
        clock.schedule(HANDSHAKE_MS, () => {
          resolve(plug.plugged && !signal.aborted ? ok(connect()) : err(NOBODY_THERE));
        });
      }),
  };
}
