import type { ConnectionEnd, IdCardReaderConnection } from '../../src/devices/contract.ts';
import type { DeviceFault, IdCardReaderStatus } from '../../src/devices/status.ts';
import type { Cancel, Clock } from '../../src/platform/clock.ts';
import type { ByteLink } from '../transport/byte-link.ts';
import { searchCard } from './card-search.ts';
import type { ReadMemory } from './read-memory.ts';
import { askCondition } from './reader-handshake.ts';
import type { ReaderCondition } from './reader-handshake.ts';
import type { SdtChannel } from './sdt-protocol.ts';

/** How often the reader is asked something, ms. */
export interface PollingTimings {
  /** Pause between two attempts to find a card; readers want at least 300. */
  readonly findIntervalMs: number;
  /** Pause between two health checks while nobody reads. */
  readonly healthIntervalMs: number;
  /** Pause before the next check after one that was not answered. */
  readonly missedIntervalMs: number;
}

/** So many missing or senseless answers in a row, and the reader counts as lost. */
const MISSES_ALLOWED = 3;

export interface GreetedReader {
  readonly link: ByteLink;
  readonly channel: SdtChannel;
  readonly condition: ReaderCondition;
  readonly samId: string | undefined;
  readonly memory: ReadMemory;
  readonly clock: Clock;
  readonly timings: PollingTimings;
}

/** The connection to a reader that has answered the handshake. */
export function createReaderConnection(reader: GreetedReader): IdCardReaderConnection {
  const { link, channel, clock, timings, memory } = reader;
  const listeners = new Set<(status: IdCardReaderStatus) => void>();
  const { promise: ended, resolve: finish } = Promise.withResolvers<ConnectionEnd>();
  let status = statusOf(reader.condition, reader.samId);
  let misses = 0;
  let over = false;
  let readings = 0;
  let lastReading: Promise<void> = Promise.resolve();
  let cancelHealthCheck: Cancel | undefined;

  const setCondition = (condition: ReaderCondition) => {
    const next = statusOf(condition, reader.samId);
    if (next.device === status.device && next.faults[0]?.code === status.faults[0]?.code) return;
    status = next;
    for (const listener of listeners) listener(status);
  };
  const lose = (fault: DeviceFault) => {
    finish({ kind: 'lost', fault });
    void link.close();
  };
  const health = {
    answered: () => {
      misses = 0;
      setCondition({ kind: 'ready' });
    },
    missed: (fault: DeviceFault) => {
      misses += 1;
      if (misses < MISSES_ALLOWED) return false;
      lose(fault);
      return true;
    },
    lose,
  };

  const checkHealth = async () => {
    // While somebody reads, every attempt is a health check.
    if (readings === 0) {
      const condition = await askCondition(channel);
      if (!condition.ok) {
        health.missed(condition.error);
      } else {
        misses = 0;
        setCondition(condition.value);
      }
    }
    planHealthCheck();
  };
  const planHealthCheck = () => {
    if (over) return;
    cancelHealthCheck = clock.schedule(
      misses > 0 ? timings.missedIntervalMs : timings.healthIntervalMs,
      () => {
        void checkHealth();
      },
    );
  };
  const noteEnd = async () => {
    const end = await link.ended;
    over = true;
    cancelHealthCheck?.();
    finish(end);
    listeners.clear();
  };
  planHealthCheck();
  void noteEnd();

  return {
    ended,
    status: () => status,
    onStatus(listener) {
      if (!over) listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close: () => link.close(),
    async readCard(signal, onEvent) {
      if (signal.aborted) return;
      readings += 1;
      // An aborted search may still wait for an answer; the next one begins behind it.
      const search = lastReading.then(() =>
        searchCard(
          { channel, clock, memory, health, findIntervalMs: timings.findIntervalMs },
          signal,
          onEvent,
        ),
      );
      lastReading = search.finally(() => {
        readings -= 1;
      });
      await Promise.race([search, aborted(signal)]);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

function statusOf(condition: ReaderCondition, samId: string | undefined): IdCardReaderStatus {
  const identity = samId === undefined ? {} : { samId };
  return condition.kind === 'ready'
    ? { device: 'online', faults: [], ...identity }
    : { device: 'hardwareError', faults: [condition.fault], ...identity };
}
