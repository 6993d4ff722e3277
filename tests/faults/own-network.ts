import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { sleep, systemClock } from '../../src/platform/clock.ts';

/** Which end of the cable goes down: the kiosk's own interface, or what it is plugged into. */
export type End = 'kiosk' | 'switch';

const LISTENS_WITHIN_MS = 5_000;

/** A network namespace with one cable to this machine. Everything in it is of this run, and goes with it. */
export class OwnNetwork {
  /** This machine, seen from inside. */
  readonly host: string;
  readonly #inside: string;
  readonly #name: string;
  readonly #cable: Readonly<Record<End, string>>;
  readonly #relays: ChildProcess[] = [];

  /** Throws with what the system said where namespaces are not permitted. */
  constructor() {
    const number = process.pid % 16_000;
    this.#name = `kiosk-${process.pid}`;
    this.#cable = { kiosk: `kk${process.pid}`, switch: `ks${process.pid}` };
    // Link-local, a pair of addresses of its own.
    const [third, fourth] = [1 + (number >> 6), (number & 63) * 4];
    this.host = `169.254.${third}.${fourth + 1}`;
    this.#inside = `169.254.${third}.${fourth + 2}`;
    ip('netns', 'add', this.#name);
    try {
      ip('link', 'add', this.#cable.switch, 'type', 'veth', 'peer', 'name', this.#cable.kiosk);
      ip('link', 'set', this.#cable.kiosk, 'netns', this.#name);
      ip('addr', 'add', `${this.host}/30`, 'dev', this.#cable.switch);
      ip('link', 'set', this.#cable.switch, 'up');
      ip('-n', this.#name, 'addr', 'add', `${this.#inside}/30`, 'dev', this.#cable.kiosk);
      ip('-n', this.#name, 'link', 'set', 'lo', 'up');
      this.set('kiosk', 'up');
    } catch (error) {
      this.#remove();
      throw error;
    }
  }

  /** What runs a program in it. */
  get prefix(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#name];
  }

  set(end: End, state: 'up' | 'down'): void {
    const where = end === 'kiosk' ? ['-n', this.#name] : [];
    ip(...where, 'link', 'set', this.#cable[end], state);
  }

  /** What listens inside at loopback's `port` is reached outside at the same port, over a socket file: no cable carries it. */
  async relay(port: number, socketFile: string): Promise<void> {
    const inside = [...this.prefix, 'socat', `UNIX-LISTEN:${socketFile},fork`, `TCP:127.0.0.1:${port}`];
    const outside = [
      'socat',
      `TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork`,
      `UNIX-CONNECT:${socketFile}`,
    ];
    for (const [command = '', ...args] of [inside, outside]) {
      this.#relays.push(spawn(command, args, { stdio: 'ignore' }));
    }
    const deadline = systemClock.monotonicMs() + LISTENS_WITHIN_MS;
    while (!existsSync(socketFile)) {
      if (systemClock.monotonicMs() > deadline) throw new Error('the relay does not listen');
      await sleep(systemClock, 20);
    }
  }

  async endRelays(): Promise<void> {
    for (const relay of this.#relays.splice(0)) {
      if (relay.exitCode !== null || relay.signalCode !== null) continue;
      relay.kill();
      await once(relay, 'exit');
    }
  }

  async close(): Promise<void> {
    await this.endRelays();
    this.#remove();
  }

  #remove(): void {
    ip('netns', 'del', this.#name);
    // Its other end is gone with the namespace, at once or a moment later.
    try {
      ip('link', 'del', this.#cable.switch);
    } catch {
      // Gone.
    }
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
}
