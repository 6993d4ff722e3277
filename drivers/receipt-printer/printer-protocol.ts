import type { DeviceFault } from '../../src/devices/status.ts';
import { sleep } from '../../src/platform/clock.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { Result } from '../../src/platform/result.ts';
import type { ByteLink } from '../transport/byte-link.ts';
import {
  askPaperInOrder,
  askProcessId,
  askStatus,
  clearBuffers,
  finishHalfParsedCommand,
  initialise,
  recoverAndClear,
} from './commands.ts';
import type { StatusQuestion } from './commands.ts';
import { PacedWriter } from './paced-writer.ts';
import { burstBytes } from './printer-profile.ts';
import type { ReceiptPrinterProfile } from './printer-profile.ts';
import { StatusStream } from './status-stream.ts';
import type { StatusItem } from './status-stream.ts';
import { faultsOf, flagsOfAutomaticStatus, noFlags, withRealTimeReply } from './status.ts';
import type { PrinterFlags } from './status.ts';

/** How long a printer may take to answer a real-time question, ms (field practice: 500–1000). */
const REAL_TIME_LIMIT_MS = 700;
/** After an unanswered question its answer may still come: so long it is waited out before the next is asked, ms. */
const LATE_REPLY_MS = 1500;
/** Time for `37 25 00`; many models never send it, ms. */
const CLEARED_LIMIT_MS = 250;
/** Time for the status that `GS a` brings, ms (receiptio waits 2 s). */
const INITIALISED_LIMIT_MS = 2000;
const QUESTIONS: readonly StatusQuestion[] = [1, 2, 3, 4];

/** What came of waiting for a process id. `stopped`: the signal aborted, or the line ended. */
export type FenceAnswer = 'printed' | 'notPrinted' | 'silent' | 'stopped';

/**
 * The one arbiter of a printer's line: who writes, and whom an answer belongs to. Status questions and print data interleave
 * between commands, never inside of one; one `DLE EOT` at a time, because its answer does not say which question it answers.
 */
export class PrinterProtocol {
  readonly #clock: Clock;
  readonly #profile: ReceiptPrinterProfile;
  readonly #writer: PacedWriter;
  readonly #stream = new StatusStream();
  readonly #watchers = new Set<(item: StatusItem) => boolean>();
  readonly #over = new AbortController();
  readonly #onFlags: (flags: PrinterFlags) => void;
  #questionTurn: Promise<unknown> = Promise.resolve();
  #flags: PrinterFlags = noFlags;

  /** @param onFlags called after each automatic status, and after each complete round of questions */
  constructor(
    link: ByteLink,
    clock: Clock,
    profile: ReceiptPrinterProfile,
    onFlags: (flags: PrinterFlags) => void,
  ) {
    this.#clock = clock;
    this.#profile = profile;
    this.#onFlags = onFlags;
    this.#writer = new PacedWriter(link, clock, profile);
    link.onData((bytes) => {
      for (const item of this.#stream.push(bytes)) this.#receive(item);
    });
    void this.#followLink(link);
  }

  /** What is known of the printer. */
  flags(): PrinterFlags {
    return this.#flags;
  }

  /** What is still under way to the printer by calculation, ms. */
  outstandingMs(): number {
    return this.#writer.outstandingMs();
  }

  /** Sends whole commands. */
  send(bytes: Uint8Array): Promise<Result<void, DeviceFault>> {
    return this.#writer.write(bytes);
  }

  /** Asks all four `DLE EOT`. False when one stayed unanswered: then what is known stays as it was. */
  async refresh(): Promise<boolean> {
    let flags = this.#flags;
    for (const question of QUESTIONS) {
      const byte = await this.#ask(question);
      if (byte === undefined) return false;
      flags = withRealTimeReply(flags, question, byte);
    }
    this.#learn(flags);
    return true;
  }

  /** Asks whether the printer is online and, if it is not, why. Much shorter than `refresh` when all is well. */
  async glance(): Promise<boolean> {
    const byte = await this.#ask(1);
    if (byte === undefined) return false;
    if (!withRealTimeReply(noFlags, 1, byte).offline && !this.#flags.offline) return true;
    return this.refresh();
  }

  /** Sends the process id and waits until the printer has printed everything before it. */
  async fenceByProcessId(id: string, limitMs: number, signal: AbortSignal): Promise<FenceAnswer> {
    const answer = this.#next(
      (item) =>
        (item.kind === 'printed' || item.kind === 'notPrinted') && item.id === id ? item.kind : undefined,
      limitMs,
      signal,
    );
    await this.send(askProcessId(id));
    return (await answer) ?? (this.#isOver(signal) ? 'stopped' : 'silent');
  }

  /**
   * Sends `GS r 1` and waits until the printer has processed everything before it; a late echo of `id` is better still. The
   * byte has no id, so only one may be under way: jobs run one after the other.
   */
  async fenceByPaperStatus(
    id: string,
    limitMs: number,
    signal: AbortSignal,
  ): Promise<'processed' | FenceAnswer> {
    const answer = this.#next(
      (item) => {
        if ((item.kind === 'printed' || item.kind === 'notPrinted') && item.id === id) return item.kind;
        return item.kind === 'answer' ? ('processed' as const) : undefined;
      },
      limitMs,
      signal,
    );
    this.#stream.expectAnswer();
    await this.send(askPaperInOrder);
    const result = await answer;
    this.#stream.forgetAnswers();
    return result ?? (this.#isOver(signal) ? 'stopped' : 'silent');
  }

  /** Real-time: drops what the printer has not printed yet, even while it is offline. Says nothing of success. */
  async dropBufferedData(): Promise<boolean> {
    const limitMs = this.outstandingMs() + CLEARED_LIMIT_MS;
    const cleared = this.#next((item) => (item.kind === 'cleared' ? true : undefined), limitMs);
    await this.send(clearBuffers);
    await this.send(recoverAndClear);
    return (await cleared) === true;
  }

  /**
   * Empties the printer and proves it: after the real-time clear, `ESC @` and `GS a` must be *processed* (they stand in the
   * queue, so nothing of an earlier job is before them any more). A printer in the middle of an unfinished raster would
   * swallow them as dots: then as many NULs as a band holds finish it first.
   */
  async purge(): Promise<boolean> {
    await this.dropBufferedData();
    if (await this.#initialise()) return true;
    await this.send(finishHalfParsedCommand(burstBytes(this.#profile)));
    if (await this.#initialise()) return true;
    // No automatic status in this model? The old paper question is as good a proof.
    const answer = await this.fenceByPaperStatus('', INITIALISED_LIMIT_MS, this.#over.signal);
    return answer === 'processed';
  }

  async #initialise(): Promise<boolean> {
    const limitMs = this.outstandingMs() + INITIALISED_LIMIT_MS;
    const status = this.#next((item) => (item.kind === 'automatic' ? true : undefined), limitMs);
    await this.send(initialise);
    return (await status) === true;
  }

  async #followLink(link: ByteLink): Promise<void> {
    await link.ended;
    this.#over.abort();
  }

  /** One question at a time; undefined when the answer did not come. */
  #ask(question: StatusQuestion): Promise<number | undefined> {
    const turn = this.#questionTurn.then(() => this.#askInTurn(question));
    this.#questionTurn = this.#waitOutLateReply(turn);
    return turn;
  }

  async #waitOutLateReply(reply: Promise<number | undefined>): Promise<void> {
    if ((await reply) === undefined) await sleep(this.#clock, LATE_REPLY_MS, this.#over.signal);
  }

  async #askInTurn(question: StatusQuestion): Promise<number | undefined> {
    if (this.#over.signal.aborted) return undefined;
    const limitMs = this.outstandingMs() + REAL_TIME_LIMIT_MS;
    const reply = this.#next((item) => (item.kind === 'realTime' ? item.byte : undefined), limitMs);
    await this.#writer.writeAtOnce(askStatus(question));
    return reply;
  }

  #receive(item: StatusItem): void {
    if (item.kind === 'automatic') this.#learn(flagsOfAutomaticStatus(item.bytes));
    for (const watcher of this.#watchers) if (watcher(item)) return;
  }

  #learn(flags: PrinterFlags): void {
    this.#flags = flags;
    this.#onFlags(flags);
  }

  /** The first item that `pick` makes something of; undefined after `limitMs`, or when the signal or the line ends it. */
  #next<T>(
    pick: (item: StatusItem) => T | undefined,
    limitMs: number,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    const { promise, resolve } = Promise.withResolvers<T | undefined>();
    const finish = (value: T | undefined) => {
      this.#watchers.delete(watcher);
      cancel();
      signal?.removeEventListener('abort', giveUp);
      this.#over.signal.removeEventListener('abort', giveUp);
      resolve(value);
    };
    const giveUp = () => {
      finish(undefined);
    };
    const watcher = (item: StatusItem) => {
      const value = pick(item);
      if (value === undefined) return false;
      finish(value);
      return true;
    };
    const cancel = this.#clock.schedule(limitMs, giveUp);
    this.#watchers.add(watcher);
    signal?.addEventListener('abort', giveUp, { once: true });
    this.#over.signal.addEventListener('abort', giveUp, { once: true });
    if (this.#isOver(signal)) giveUp();
    return promise;
  }

  #isOver(signal: AbortSignal | undefined): boolean {
    return signal?.aborted === true || this.#over.signal.aborted;
  }
}

/** True when nothing stands against printing. */
export function canPrint(flags: PrinterFlags): boolean {
  return faultsOf(flags).length === 0;
}
