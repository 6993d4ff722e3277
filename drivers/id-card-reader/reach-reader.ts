import type { DeviceFault } from '../../src/devices/status.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import type { ByteLink, ByteTransport } from '../transport/byte-link.ts';
import { linkFaults } from '../transport/link-faults.ts';
import { readerFaults } from './card-reading/card-reading.ts';
import { askCondition, askSamId, resetAndAsk } from './reader-handshake.ts';
import type { ReaderCondition } from './reader-handshake.ts';
import { createSdtChannel } from './sdt/sdt-protocol.ts';
import type { OddStatusListener, SdtChannel, SdtTimings } from './sdt/sdt-protocol.ts';

/**
 * The speeds a reader can be set to, bits per second, in the order in which they are worth trying: the default, the slowest
 * (what older readers keep), the rest.
 */
export const READER_BAUD_RATES = [115_200, 9_600, 57_600, 38_400, 19_200] as const;

/** A reader that has answered. */
export interface ReachedReader {
  readonly line: ByteTransport;
  readonly link: ByteLink;
  readonly channel: SdtChannel;
  readonly condition: ReaderCondition;
  /** Undefined: it did not tell. */
  readonly samId: string | undefined;
}

export interface Reaching {
  readonly clock: Clock;
  readonly timings: SdtTimings;
  readonly onOddStatus: OddStatusListener;
}

/** What is said to an open line: `ask` status, `reset` reset and then status. */
type Greeting = 'ask' | 'reset';

/**
 * Opens the lines in their order until a reader answers on one. Each is asked twice, because a reader that was interrupted in
 * the middle of a command may swallow the first greeting; where nobody answered, the first line gets one reset, in case the
 * module hangs. A line that cannot be opened ends the search at once, whatever its speed, but for one that cannot go so fast. The
 * fault is the most telling one: damaged answers before none.
 */
export async function reachReader(
  lines: readonly ByteTransport[],
  reaching: Reaching,
  signal: AbortSignal,
): Promise<Result<ReachedReader, DeviceFault>> {
  const faults: DeviceFault[] = [];
  for (const { line, greetings } of visits(lines)) {
    const reached = await tryLine(line, greetings, reaching, signal);
    if (reached.ok) return reached;
    if (!goesOn(reached.error)) return reached;
    faults.push(reached.error);
  }
  return err(mostTelling(faults));
}

function visits(
  lines: readonly ByteTransport[],
): { readonly line: ByteTransport; readonly greetings: readonly Greeting[] }[] {
  const [first, ...others] = lines;
  if (!first) return [];
  if (others.length === 0) return [{ line: first, greetings: ['ask', 'ask', 'reset'] }];
  const asked = lines.map((line) => ({ line, greetings: ['ask', 'ask'] as const }));
  return [...asked, { line: first, greetings: ['reset'] }];
}

function goesOn({ code }: DeviceFault): boolean {
  const others: readonly DeviceFault[] = [
    readerFaults.noAnswer,
    readerFaults.answerDamaged,
    linkFaults.portUnusable,
  ];
  return others.some((fault) => fault.code === code);
}

function mostTelling(faults: readonly DeviceFault[]): DeviceFault {
  const said = (wanted: DeviceFault) => faults.some(({ code }) => code === wanted.code);
  if (said(readerFaults.answerDamaged)) return readerFaults.answerDamaged;
  return said(readerFaults.noAnswer) ? readerFaults.noAnswer : linkFaults.portUnusable;
}

async function tryLine(
  line: ByteTransport,
  greetings: readonly Greeting[],
  { clock, timings, onOddStatus }: Reaching,
  signal: AbortSignal,
): Promise<Result<ReachedReader, DeviceFault>> {
  const opened = await line.open(signal);
  if (!opened.ok) return opened;
  const link = opened.value;
  const giveUp = () => {
    void link.close();
  };
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  const channel = createSdtChannel(link, clock, timings, onOddStatus);
  const greeted = await greet(channel, greetings);
  const samId = greeted.ok ? await askSamId(channel) : greeted;
  signal.removeEventListener('abort', giveUp);
  if (greeted.ok && !signal.aborted) {
    return ok({
      line,
      link,
      channel,
      condition: greeted.value,
      samId: samId.ok ? samId.value : undefined,
    });
  }
  await link.close();
  return err(greeted.ok ? linkFaults.closed : greeted.error);
}

/** The first answer, whatever it says; a module that answers and is not well is reset once. */
async function greet(
  channel: SdtChannel,
  greetings: readonly Greeting[],
): Promise<Result<ReaderCondition, DeviceFault>> {
  const faults: DeviceFault[] = [];
  for (const greeting of greetings) {
    const answer = await (greeting === 'reset' ? resetAndAsk(channel) : askCondition(channel));
    if (answer.ok && (answer.value.kind === 'ready' || greeting === 'reset')) return answer;
    if (answer.ok) return resetAndAsk(channel);
    if (!goesOn(answer.error)) return answer;
    faults.push(answer.error);
  }
  return err(mostTelling(faults));
}
