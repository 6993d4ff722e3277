import type { Clock } from '../../src/platform/clock.ts';
import { sleep } from '../../src/platform/clock.ts';
import { askCondition, askSamId, resetAndAsk } from './reader-handshake.ts';
import type { ReaderState } from './reader-state.ts';
import type { SdtChannel } from './sdt/sdt-protocol.ts';
import type { Turns } from './turns.ts';

/** How often an idle reader is asked how it is, ms. */
export interface IdleTimings {
  /** Pause between two questions while nobody reads. */
  readonly idleIntervalMs: number;
  /** Pause before the next question after one that was not answered. */
  readonly missedIntervalMs: number;
}

interface WatchedReader {
  readonly channel: SdtChannel;
  readonly clock: Clock;
  readonly state: ReaderState;
  readonly turns: Turns;
  readonly timings: IdleTimings;
  /** A reader that did not tell its number at first has told it. */
  readonly onSamId: (samId: string) => void;
}

/** Asks the reader from time to time how it is, until the connection is over. While somebody reads, reading tells. */
export async function watchIdleReader(reader: WatchedReader): Promise<void> {
  const { clock, state, turns, timings } = reader;
  for (;;) {
    const pauseMs = state.misses() > 0 ? timings.missedIntervalMs : timings.idleIntervalMs;
    if (!(await sleep(clock, pauseMs, state.over))) return;
    if (!turns.busy()) await turns.take(() => lookAfter(reader));
  }
}

async function lookAfter({ channel, state, onSamId }: WatchedReader): Promise<void> {
  const wasReady = state.condition().kind === 'ready';
  const asked = await askCondition(channel);
  const fellIll = wasReady && asked.ok && asked.value.kind === 'unfit';
  // One reset for each time the module falls ill; more would only make the field blink.
  const answer = fellIll ? await resetAndAsk(channel) : asked;
  if (!answer.ok) {
    state.missed(answer.error);
    return;
  }
  if (answer.value.kind === 'unfit') {
    state.unfit(answer.value.fault);
    return;
  }
  state.answered();
  if (state.samId() !== undefined) return;
  const samId = await askSamId(channel);
  if (samId.ok) onSamId(samId.value);
}
