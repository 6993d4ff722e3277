import type { DeviceDriver, IdCardReaderConnection } from '../../src/devices/contract.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { systemRandom } from '../../src/platform/random.ts';
import type { RandomSource } from '../../src/platform/random.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { ByteTransport } from '../transport/byte-link.ts';
import { linkFaults } from '../transport/link-faults.ts';
import { createReadMemory } from './read-memory.ts';
import { createReaderConnection } from './reader-connection.ts';
import type { PollingTimings } from './reader-connection.ts';
import { askSamId, greet } from './reader-handshake.ts';
import { createSdtChannel } from './sdt-protocol.ts';
import type { SdtTimings } from './sdt-protocol.ts';

/** How often and how long, ms. */
interface IdCardReaderTimings extends SdtTimings, PollingTimings {
  /** The same card within this time, without "no card" in between, is the one that still lies there. */
  readonly repetitionMs: number;
}

const DEFAULT_TIMINGS: IdCardReaderTimings = {
  shortReplyMs: 500,
  readReplyMs: 3000,
  interByteMs: 100,
  findIntervalMs: 300,
  healthIntervalMs: 3000,
  missedIntervalMs: 500,
  repetitionMs: 2000,
};

export interface IdCardReaderOptions {
  readonly transport: ByteTransport;
  readonly clock: Clock;
  readonly timings?: Partial<IdCardReaderTimings>;
  /** Key of the hash by which the last card is recognised. Default: the operating system's generator. */
  readonly random?: RandomSource;
}

/** A reader with a SAM_V module that speaks SDT over a serial line or TCP. */
export function createIdCardReaderDriver(options: IdCardReaderOptions): DeviceDriver<IdCardReaderConnection> {
  const { transport, clock, random = systemRandom } = options;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  // Outlives the connection: a card that lies there while the cable comes back is still the same card.
  const memory = createReadMemory(clock, random, timings.repetitionMs);
  return {
    async connect(signal) {
      const opened = await transport.open(signal);
      if (!opened.ok) return opened;
      const link = opened.value;
      const giveUp = () => {
        void link.close();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
      const channel = createSdtChannel(link, clock, timings);
      const greeting = await greet(channel);
      const samId = greeting.ok ? await askSamId(channel) : undefined;
      signal.removeEventListener('abort', giveUp);
      if (!greeting.ok || signal.aborted) {
        await link.close();
        return err(greeting.ok ? linkFaults.closed : greeting.error);
      }
      return ok(
        createReaderConnection({ link, channel, condition: greeting.value, samId, memory, clock, timings }),
      );
    },
  };
}
