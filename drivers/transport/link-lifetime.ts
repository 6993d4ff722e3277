import type { ConnectionEnd } from '../../src/devices/contract.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import type { Cancel } from '../../src/platform/clock.ts';
import { err } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import { linkFaults } from './link-faults.ts';

/** The end of a line, decided once, and who wants to hear of it and of its bytes. */
export interface LinkLifetime {
  readonly ended: Promise<ConnectionEnd>;
  /** The first call decides; later ones change nothing. */
  end(end: ConnectionEnd): void;
  readonly over: boolean;
  /** Settles with `work`, or with a fault as soon as the line ends: nothing that waits for a dead line hangs. */
  unlessEnded(work: Promise<Result<void, DeviceFault>>): Promise<Result<void, DeviceFault>>;
  onData(listener: (bytes: Uint8Array) => void): Cancel;
  /** Hands bytes to all listeners; after the end they are dropped. */
  deliver(bytes: Uint8Array): void;
}

/** Makes the lifetime of one line. */
export function createLinkLifetime(): LinkLifetime {
  const { promise, resolve } = Promise.withResolvers<ConnectionEnd>();
  const listeners = new Set<(bytes: Uint8Array) => void>();
  let over = false;
  const faultOf = (end: ConnectionEnd): DeviceFault => (end.kind === 'lost' ? end.fault : linkFaults.closed);

  return {
    ended: promise,
    end(end) {
      if (over) return;
      over = true;
      listeners.clear();
      resolve(end);
    },
    get over() {
      return over;
    },
    unlessEnded: (work) => Promise.race([work, promise.then((end) => err(faultOf(end)))]),
    onData(listener) {
      if (!over) listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    deliver(bytes) {
      for (const listener of listeners) listener(bytes);
    },
  };
}
