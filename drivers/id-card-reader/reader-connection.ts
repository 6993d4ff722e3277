import type { IdCardReaderConnection } from '../../src/devices/contract.ts';
import type { DeviceFindings, DeviceIdentity } from '../../src/devices/device-findings.ts';
import { createHealthRecorder } from '../../src/devices/health-check.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { abortOf } from '../../src/platform/abort-of.ts';
import type { CardExtras } from './card-reading/card-extras.ts';
import { waitUntilLifted } from './card-reading/card-lifting.ts';
import { searchCard } from './card-reading/card-search.ts';
import type { CardSearch } from './card-reading/card-search.ts';
import { createFindPace } from './card-reading/find-pace.ts';
import { HealthSteps } from './health-check/health-steps.ts';
import { watchIdleReader } from './idle-watch.ts';
import type { IdleTimings } from './idle-watch.ts';
import type { ReachedReader } from './reach-reader.ts';
import type { ReadMemory } from './card-reading/read-memory.ts';
import type { ReaderFindings } from './reader-findings.ts';
import { checkReader, FIRST_HEALTH_STEP } from './health-check/reader-health-check.ts';
import { createReaderState } from './reader-state.ts';
import type { ReaderState } from './reader-state.ts';
import type { ReaderWarnings } from './reader-warnings.ts';
import { createTurns } from './turns.ts';

/** How often the reader is asked something, ms. */
export interface PollingTimings extends IdleTimings {
  /** Pause between two attempts to find a card; readers want at least 300. */
  readonly findIntervalMs: number;
  /** Pause between two looks whether a card was lifted. */
  readonly liftIntervalMs: number;
}

export interface GreetedReader extends ReachedReader {
  readonly clock: Clock;
  readonly timings: PollingTimings;
  readonly memory: ReadMemory;
  readonly extras: CardExtras;
  readonly warnings: ReaderWarnings;
  readonly findings: DeviceFindings<ReaderFindings> | undefined;
}

/** The connection while it is made: whether it has `whenCardLifted` is known with the reader's number, or after a probe. */
type Growing = { -readonly [Key in keyof IdCardReaderConnection]: IdCardReaderConnection[Key] };

/** The connection to a reader that has answered the handshake. */
export function createReaderConnection(reader: GreetedReader): IdCardReaderConnection {
  const { link, channel, clock, timings, memory, warnings, findings } = reader;
  const state = createReaderState(link, reader);
  const turns = createTurns();
  const search: CardSearch = {
    reading: { channel, clock, extras: reader.extras, readsWithFingerprints: false },
    clock,
    memory,
    presence: state.presence,
    health: state,
    pace: createFindPace(clock, timings.findIntervalMs),
    warnings,
    over: state.over,
  };

  const connection: Growing = {
    ended: state.ended,
    status: () => state.status(),
    onStatus: (listener) => state.onStatus(listener),
    close: () => link.close(),
    identity: () => identityOf(reader, state),
    async readCard(signal, onEvent) {
      if (signal.aborted) return;
      // An aborted search may still wait for an answer; the next one begins behind it.
      const reading = turns.take(() => searchCard(search, signal, onEvent));
      await Promise.race([reading, abortOf(signal)]);
    },
    async checkHealth(level, dialogue, signal) {
      const steps = new HealthSteps(
        createHealthRecorder(level, dialogue),
        dialogue,
        clock,
        FIRST_HEALTH_STEP,
      );
      const checked = { search, line: reader.line.description, keep };
      const checking = turns.take(() => checkReader(checked, level, steps, signal));
      await Promise.race([checking, abortOf(signal)]);
      return steps.finish();
    },
  };

  const whenCardLifted = (signal: AbortSignal) =>
    waitUntilLifted(
      { search, turns, clock, liftIntervalMs: timings.liftIntervalMs },
      AbortSignal.any([signal, state.over]),
    );
  const applyFindings = () => {
    const samId = state.samId();
    const sees = samId !== undefined && findings?.get(samId)?.seesCardThatWasRead === true;
    if (sees) connection.whenCardLifted = whenCardLifted;
    else delete connection.whenCardLifted;
    state.showMedia(sees);
  };
  const keep = (seesCardThatWasRead: boolean): boolean => {
    const samId = state.samId();
    if (samId === undefined || !findings) return false;
    findings.put(samId, { seesCardThatWasRead, probedAtMs: clock.wallClockMs() });
    applyFindings();
    return true;
  };
  applyFindings();
  void watchIdleReader({
    channel,
    clock,
    state,
    turns,
    timings,
    onSamId(samId) {
      state.setSamId(samId);
      applyFindings();
    },
  });
  return connection;
}

/** The number is the module's; everything else is what the cable's descriptors say, where there are any. */
function identityOf({ link }: GreetedReader, state: ReaderState): DeviceIdentity {
  const samId = state.samId();
  return { model: 'SAM_V', ...link.identity, ...(samId === undefined ? {} : { serialNumber: samId }) };
}
