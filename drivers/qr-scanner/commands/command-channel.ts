import type { ConnectionEnd } from '../../../src/devices/contract.ts';
import { sleep, withTimeLimit } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { ScannerCommand, ScannerReply } from './scanner-command.ts';
import type { CommandLine } from '../scanner-way.ts';

/** What became of a command. `data` is the receiver's. `sent`: it is one that is not answered. */
export type CommandOutcome =
  | { readonly kind: 'accepted'; readonly data: Uint8Array }
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly reason: 'value' | 'unknown' }
  | { readonly kind: 'no-answer' }
  /** The link is gone. */
  | { readonly kind: 'ended' };

/** How one command is to be given. */
export interface CommandManner {
  /** Before those that wait: somebody stands in front of the scanner. */
  readonly urgent?: boolean;
  /** How often it is sent when no answer comes. Default 3: an answer may be lost. */
  readonly tries?: number;
}

/** Commands and answers, one at a time. */
export interface CommandChannel {
  /** Gives a command when its turn comes. Never rejects; ends within the limits of what waits before it, or with the link. */
  give(command: ScannerCommand, manner?: CommandManner): Promise<CommandOutcome>;
}

/** What a family needs of the channel. */
export interface ChannelTimings {
  readonly pauseMs: number;
  readonly answerMs: number;
  readonly wake?: { readonly bytes: Uint8Array; readonly pauseMs: number; readonly afterIdleMs: number };
}

/** An answer that comes after its time is still kept out of the codes, for so long, ms. */
const LATE_ANSWER_MS = 5000;

interface Waiting {
  readonly command: ScannerCommand;
  readonly manner: CommandManner;
  readonly finish: (outcome: CommandOutcome) => void;
}

/** Speaks to a scanner. Answers count only while one is expected: what was scanned may contain the bytes of an answer. */
export function createCommandChannel(
  line: CommandLine,
  clock: Clock,
  timings: ChannelTimings,
  ended: Promise<ConnectionEnd>,
): CommandChannel {
  const waiting: Waiting[] = [];
  const ending = new AbortController();
  let working = false;
  let lastAtMs = Number.NEGATIVE_INFINITY;
  let cancelLate: () => void = () => undefined;

  void ended.then(() => {
    ending.abort();
    cancelLate();
    for (const { finish } of waiting.splice(0)) finish({ kind: 'ended' });
    return undefined;
  });

  /** Whether it left in time: a line that takes nothing must not hold up who waits for it. */
  const send = async (bytes: Uint8Array): Promise<boolean> => {
    const sent = await withTimeLimit(clock, timings.answerMs, line.send(bytes));
    return sent !== 'timed-out' && sent.ok;
  };
  /** Forgets to expect anything once no late answer can come any more. */
  const expectNothing = (answered: boolean) => {
    cancelLate();
    if (answered) {
      line.expect(undefined);
      return;
    }
    // The next command that expects something takes this back.
    cancelLate = clock.schedule(LATE_ANSWER_MS, () => {
      line.expect(undefined);
    });
  };
  const pause = async () => {
    const sinceMs = clock.monotonicMs() - lastAtMs;
    if (sinceMs < timings.pauseMs) await sleep(clock, timings.pauseMs - sinceMs, ending.signal);
    const { wake } = timings;
    if (!wake || sinceMs < wake.afterIdleMs) return;
    await send(wake.bytes);
    await sleep(clock, wake.pauseMs, ending.signal);
  };
  const sendOnce = async (command: ScannerCommand): Promise<ScannerReply | 'silent' | 'sent' | 'ended'> => {
    await pause();
    if (ending.signal.aborted) return 'ended';
    const { match } = command;
    if (!match) return (await send(command.bytes)) ? 'sent' : 'silent';
    const answer = Promise.withResolvers<ScannerReply | 'silent'>();
    cancelLate();
    line.expect({
      match,
      take: (reply) => {
        answer.resolve(reply.kind === 'accepted' ? { ...reply, data: Uint8Array.from(reply.data) } : reply);
      },
    });
    const limit = new AbortController();
    void send(command.bytes).then((sent) => {
      if (!sent) answer.resolve('silent');
      return undefined;
    });
    void sleep(clock, timings.answerMs, AbortSignal.any([limit.signal, ending.signal])).then(() =>
      answer.resolve('silent'),
    );
    const reply = await answer.promise;
    limit.abort();
    expectNothing(reply !== 'silent');
    if (reply !== 'silent' && command.acknowledge) await send(command.acknowledge);
    return reply;
  };
  const give = async ({ command, manner }: Waiting): Promise<CommandOutcome> => {
    for (let left = manner.tries ?? 3; left > 0; left -= 1) {
      const reply = await sendOnce(command);
      lastAtMs = clock.monotonicMs();
      if (ending.signal.aborted || reply === 'ended') return { kind: 'ended' };
      if (reply === 'sent') return { kind: 'sent' };
      if (reply !== 'silent' && reply.kind !== 'damaged') return reply;
    }
    return { kind: 'no-answer' };
  };
  const work = async () => {
    if (working) return;
    working = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) next.finish(await give(next));
    working = false;
  };

  return {
    give(command, manner = {}) {
      if (ending.signal.aborted) return Promise.resolve({ kind: 'ended' });
      const { promise, resolve } = Promise.withResolvers<CommandOutcome>();
      const job: Waiting = { command, manner, finish: resolve };
      const behind = waiting.findIndex((other) => other.manner.urgent !== true);
      if (manner.urgent === true && behind >= 0) waiting.splice(behind, 0, job);
      else waiting.push(job);
      void work();
      return promise;
    },
  };
}
