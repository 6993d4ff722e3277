import type { DeviceDriver, IdCardReaderConnection } from '../../src/devices/contract.ts';
import type { DeviceFindings } from '../../src/devices/device-findings.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { systemRandom } from '../../src/platform/random.ts';
import type { RandomSource } from '../../src/platform/random.ts';
import { ok } from '../../src/platform/result.ts';
import type { ByteTransport } from '../transport/byte-link.ts';
import type { PhotoDecoder } from './card-reading/photo-decoder.ts';
import { reachReader } from './reach-reader.ts';
import { createReadMemory } from './card-reading/read-memory.ts';
import { createReaderConnection } from './reader-connection.ts';
import type { PollingTimings } from './reader-connection.ts';
import type { ReaderFindings } from './reader-findings.ts';
import { createReaderWarnings } from './reader-warnings.ts';
import type { ReaderWarning } from './reader-warnings.ts';
import type { SdtTimings } from './sdt/sdt-protocol.ts';

/** How often and how long, ms. */
interface IdCardReaderTimings extends SdtTimings, PollingTimings {
  /** The same card within this time, without "no card" in between, is the one that still lies there. */
  readonly repetitionMs: number;
}

const DEFAULT_TIMINGS: IdCardReaderTimings = {
  shortReplyMs: 500,
  readReplyMs: 3000,
  longReadReplyMs: 5000,
  interByteMs: 100,
  findIntervalMs: 300,
  liftIntervalMs: 500,
  idleIntervalMs: 3000,
  missedIntervalMs: 500,
  repetitionMs: 2000,
};

export interface IdCardReaderOptions {
  /**
   * Where the reader can be: for a serial line of unknown speed the same port once for each of `READER_BAUD_RATES`, in that
   * order; otherwise one. At least one.
   */
  readonly lines: readonly ByteTransport[];
  readonly clock: Clock;
  readonly timings?: Partial<IdCardReaderTimings>;
  /** Key of the hash by which the last card is recognised. Default: the operating system's generator. */
  readonly random?: RandomSource;
  /** What of a card is taken beyond what identifies its holder. Default: nothing. */
  readonly include?: { readonly address?: boolean; readonly newestAddress?: boolean };
  /** Without it the portrait is overwritten unread. */
  readonly photoDecoder?: PhotoDecoder;
  /** What probes have found out about readers, by SAM number. */
  readonly findings?: DeviceFindings<ReaderFindings>;
  /** Told of what is odd and no fault; never personal data. */
  readonly onWarning?: (warning: ReaderWarning) => void;
}

/** A reader with a SAM_V module that speaks SDT over a serial line, USB or TCP. */
export function createIdCardReaderDriver(options: IdCardReaderOptions): DeviceDriver<IdCardReaderConnection> {
  const { lines, clock, random = systemRandom, include = {}, onWarning = () => undefined } = options;
  if (lines.length === 0) throw new RangeError('an ID-card reader needs a line');
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const extras = {
    address: include.address ?? false,
    newestAddress: include.newestAddress ?? false,
    photoDecoder: options.photoDecoder,
  };
  // Both outlive the connection: a card that lies there while the cable comes back is still the same card, and a reader is
  // looked for first where it answered last.
  const memory = createReadMemory(clock, random, timings.repetitionMs);
  let answered: ByteTransport | undefined;

  return {
    async connect(signal) {
      const warnings = createReaderWarnings(onWarning);
      const inOrder = lines.toSorted((a, b) => Number(b === answered) - Number(a === answered));
      const onOddStatus = (statusHex: string) => {
        warnings.oddStatus(statusHex);
      };
      const reached = await reachReader(inOrder, { clock, timings, onOddStatus }, signal);
      if (!reached.ok) return reached;
      answered = reached.value.line;
      return ok(
        createReaderConnection({
          ...reached.value,
          clock,
          timings,
          memory,
          extras,
          warnings,
          findings: options.findings,
        }),
      );
    },
  };
}
