import type { DeviceFault } from '../../../src/devices/status.ts';
import { sleep } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { Result } from '../../../src/platform/result.ts';
import type { ByteLink } from '../../transport/byte-link.ts';
import { ByteCollector } from './byte-collector.ts';
import type { Collected } from './byte-collector.ts';
import { FlowGate } from './flow-gate.ts';
import { PacedWriter } from './paced-writer.ts';
import { noFlags, readBits, withFittedSensors } from '../status/printer-flags.ts';
import type { PrinterFlags } from '../status/printer-flags.ts';
import type { PrinterLine } from './printer-line.ts';
import { stallLimitMs } from '../printer-profile.ts';
import type { ReceiptPrinterProfile } from '../printer-profile.ts';
import { ReplyWatch } from './reply-watch.ts';
import type { AwaitedReply } from './reply-watch.ts';
import { readStarStatus } from '../status/star-status.ts';
import {
  answerIn,
  statusDialects,
  withAnswer,
  withAutomaticStatus,
  withFullStatus,
  withoutAnswer,
} from '../status/status-dialects.ts';
import type { StatusDialect, StatusQuestion } from '../status/status-dialects.ts';
import { StatusStream } from '../status/status-stream.ts';
import type { StatusItem } from '../status/status-stream.ts';

/** How long a printer may take to answer a real-time question, ms (field practice: 500–1000). */
export const REAL_TIME_LIMIT_MS = 700;
/** After an unanswered question its answer may still come: so long it is waited out before the next is asked, ms. */
export const LATE_REPLY_MS = 1500;
/** A lone byte that could begin a status is an answer when nothing has followed for so long, ms. */
const LONE_BYTE_MS = 60;
/** How often it is looked whether a question is stuck behind data, ms. */
const LOOK_EVERY_MS = 100;

/**
 * What came of asking. `busy`: the question waits behind data that the printer does not take yet (USB, flow control); that is no
 * silence.
 */
export type Asked = 'answered' | 'busy' | 'silent';

/** What the protocol works with; one per connection. */
export interface ProtocolParts {
  readonly link: ByteLink;
  readonly clock: Clock;
  readonly profile: ReceiptPrinterProfile;
  readonly line: PrinterLine;
  /** Called after each automatic status, and after each complete round of questions. */
  readonly onFlags: (flags: PrinterFlags) => void;
}

/**
 * The one arbiter of a printer's line: who writes, and whom an answer belongs to. Status questions and print data interleave
 * between commands, never inside of one; one question at a time, because its answer does not say which question it answers.
 */
export class PrinterProtocol {
  readonly #parts: ProtocolParts;
  readonly #dialect: StatusDialect;
  readonly #gate: FlowGate;
  readonly #writer: PacedWriter;
  readonly #stream: StatusStream;
  readonly #replies: ReplyWatch;
  readonly #over = new AbortController();
  readonly #notAnswered = new Set<StatusQuestion>();
  #questionTurn: Promise<unknown> = Promise.resolve();
  #told: PrinterFlags = noFlags;
  #exitFitted: boolean;
  #answersLate = false;
  #drawing = false;
  /** An automatic status has come in on this line. */
  #hasTold = false;
  #automaticSilent = false;
  #lastAutomatic = '';
  #repeated = false;
  #paperAnswers = 0;
  #etbsSent = 0;
  #tap: ((bytes: Uint8Array) => void) | undefined;

  constructor(parts: ProtocolParts) {
    const { link, clock, profile, line } = parts;
    this.#parts = parts;
    this.#dialect = statusDialects[profile.statusDialect];
    this.#exitFitted = profile.sensors.exit === true;
    this.#gate = new FlowGate(link, clock, line);
    this.#writer = new PacedWriter(link, clock, line, this.#gate, stallLimitMs(profile));
    this.#replies = new ReplyWatch(clock, this.#over.signal);
    this.#stream = new StatusStream(this.#dialect.form, (mayFlow) => {
      this.#gate.onFlowByte(mayFlow);
    });
    link.onData((bytes) => {
      if (this.#tap === undefined) this.#hear(bytes);
      else this.#tap(bytes);
    });
    void this.#followLink();
  }

  /** What is known of the printer; sensors that are not fitted say nothing. */
  flags(): PrinterFlags {
    return withFittedSensors(this.#told, { ...this.#parts.profile.sensors, exit: this.#exitFitted });
  }

  /** True when the printer is relied on to tell of changes while it prints. */
  tellsByItself(): boolean {
    return this.#dialect.tellsByItself;
  }

  /** A probe knows better than the profile whether a sensor is at the exit. */
  setExitFitted(fitted: boolean): void {
    this.#exitFitted = fitted;
  }

  exitFitted(): boolean {
    return this.#exitFitted;
  }

  /** A unit that answers each question with the answer to the one before it is asked everything twice. */
  setAnswersLate(late: boolean): void {
    this.#answersLate = late;
  }

  /** Nothing may be asked in its turn between `true` and `false`: what is under way is one drawing. */
  setDrawing(drawing: boolean): void {
    this.#drawing = drawing;
  }

  /** What is still under way to the printer by calculation, ms. */
  outstandingMs(): number {
    return this.#writer.outstandingMs();
  }

  /** True when the printer does not take what it was offered. */
  isHeld(): boolean {
    return this.#writer.isHeld();
  }

  /** Whether XON or XOFF was ever seen. */
  seenFlowBytes(): boolean {
    return this.#gate.seenFlowBytes();
  }

  /** DSR, where the line is configured so: false means switched off, or taking nothing. */
  dataSetReady(): Promise<boolean | undefined> {
    return this.#gate.dataSetReady();
  }

  /** Aborts when the line is gone. */
  over(): AbortSignal {
    return this.#over.signal;
  }

  /** Sends whole commands. @param paperMs how long the paper moves for them, ms */
  send(bytes: Uint8Array, signal?: AbortSignal, paperMs?: number): Promise<Result<void, DeviceFault>> {
    return this.#writer.write(bytes, signal, paperMs);
  }

  /** False where more would wait out of sight: the printer has to show by an answer that it takes what was sent. */
  hasRoomFor(byteCount: number): boolean {
    return this.#dialect.tellsByItself || this.#writer.hasRoomFor(byteCount);
  }

  /** Sends a real-time command ahead of everything that waits. */
  sendAtOnce(bytes: Uint8Array): Promise<Result<void, DeviceFault>> {
    return this.#writer.writeAtOnce(bytes);
  }

  /** Begins to wait for something; to be called before the question is sent. */
  expect<T>(pick: (item: StatusItem) => T | undefined): AwaitedReply<T> {
    return this.#replies.expect(pick);
  }

  /** As `expect`, for so many one-byte answers to `GS r`. They have no id: one fence at a time. `done` ends the wait for them. */
  expectBytes<T>(
    count: number,
    pick: (item: StatusItem) => T | undefined,
  ): AwaitedReply<T> & { done(): void } {
    this.#paperAnswers += 1;
    for (let asked = 0; asked < count; asked += 1) this.#stream.expectAnswer();
    const reply = this.#replies.expect(pick);
    return {
      within: (limitMs, signal) => reply.within(limitMs, signal),
      done: () => {
        this.#paperAnswers -= 1;
      },
    };
  }

  /** `GS r` that were asked and not answered: an answer to one of them may still come. */
  answersOwed(): number {
    return this.#stream.answersOwed();
  }

  /**
   * As `expect`, for an automatic status that says the same as the one before it. What comes by itself tells a change: only an answer
   * to `GS a` repeats what is known.
   */
  expectRepeatedStatus(): AwaitedReply<true> {
    return this.#replies.expect((item) =>
      item.kind === 'automatic' && this.#repeated ? (true as const) : undefined,
    );
  }

  /** `GS a` brought no status: what else proves that the printer has come to a place is asked at once. Holds until one comes. */
  setAutomaticSilent(silent: boolean): void {
    this.#automaticSilent = silent;
  }

  automaticSilent(): boolean {
    return this.#automaticSilent;
  }

  /** The printer's counter of `ETB` has been set to 0, and so many were sent behind that (Star). */
  etbCountBegins(sent: number): void {
    this.#etbsSent = sent;
  }

  /** The number that the printer will have counted to when it comes to the next `ETB`, 0 to 31. */
  nextEtb(): number {
    this.#etbsSent = (this.#etbsSent + 1) % 32;
    return this.#etbsSent;
  }

  /** Waits until no question without a pattern is open: its answer could be taken for that of `GS r`. */
  async questionsDone(): Promise<void> {
    await this.#questionTurn;
  }

  /** Asks everything the dialect has; while it prints, no more than is needed. Unless `answered`, what is known stays as it was. */
  async refresh(): Promise<Asked> {
    if (!this.#drawing) return this.#askEverything();
    if (this.#dialect.tellsByItself) return 'answered';
    // What it tells by itself has been heard on this line: all that is left to ask is whether it is still there and online.
    return this.#hasTold ? this.glance() : this.#askEverything();
  }

  async #askEverything(): Promise<Asked> {
    let flags = noFlags;
    for (const question of this.#dialect.questions) {
      const bytes = this.#mayAsk(question) ? await this.#ask(question) : undefined;
      if (bytes === 'busy') return 'busy';
      if (bytes !== undefined) flags = withAnswer(flags, question, bytes);
      else if (question.optional) flags = withoutAnswer(flags, question, this.#told);
      else return 'silent';
    }
    this.#learn(flags);
    return 'answered';
  }

  /** Asks whether the printer is online and, if it is not, why. Much shorter than `refresh` when all is well. */
  async glance(): Promise<Asked> {
    const question = this.#dialect.glance;
    if (question === undefined) return this.#askEverything();
    const bytes = await this.#ask(question);
    if (bytes === 'busy') return 'busy';
    if (bytes === undefined) return 'silent';
    if (!withAnswer(noFlags, question, bytes).offline && !this.#told.offline) return 'answered';
    return this.#askEverything();
  }

  /** Asks only what tells of the exit; a printer that tells by itself is listened to. */
  async askExit(): Promise<Asked> {
    if (this.#dialect.tellsByItself) return 'answered';
    const question = this.#dialect.questions.find(({ tables }) =>
      tables.some((table) => table.paperAtExit !== undefined),
    );
    if (question === undefined) return this.refresh();
    const bytes = await this.#ask(question);
    if (bytes === 'busy') return 'busy';
    if (bytes === undefined) return 'silent';
    this.#learn({ ...this.#told, ...readBits(question.tables, bytes) });
    return 'answered';
  }

  /** A slip that was cut does not come out: asks what the family has for that; without such a question nothing is learnt. */
  async askWhyNothingCame(): Promise<void> {
    const question = this.#dialect.questions.find(({ onlyInTrouble }) => onlyInTrouble === true);
    const bytes = question === undefined ? undefined : await this.#ask(question);
    if (question === undefined || bytes === undefined || bytes === 'busy') return;
    this.#learn({ ...this.#told, ...readBits(question.tables, bytes) });
  }

  /**
   * For a probe: sends a question and gives back every byte that comes, from the first one (within `limitMs`) until the printer has
   * been silent for `quietMs`. Nothing else is understood meanwhile.
   */
  async collect(bytes: Uint8Array, limitMs: number, quietMs: number): Promise<Collected> {
    const collector = new ByteCollector(this.#parts.clock, this.#over.signal);
    this.#tap = (chunk) => {
      collector.take(chunk);
    };
    await this.send(bytes);
    const collected = await collector.collected(limitMs + this.outstandingMs(), quietMs);
    this.#tap = undefined;
    return collected;
  }

  async #followLink(): Promise<void> {
    await this.#parts.link.ended;
    this.#over.abort();
  }

  /** One question at a time; undefined when the answer did not come. */
  async #ask(question: StatusQuestion): Promise<readonly number[] | 'busy' | undefined> {
    const turn = this.#questionTurn.then(() => this.#askInTurn(question));
    this.#questionTurn = this.#waitOutLateReply(turn);
    const settled = new AbortController();
    const answer = await Promise.race([this.#untilSettled(turn, settled), this.#whenHeld(settled.signal)]);
    const behindData = this.#drawing && !question.optional && this.#parts.line.backPressure === 'window';
    // A full printer reads nothing from a socket, and the question waits out of sight: what silence means the job decides.
    return answer === undefined && behindData ? 'busy' : answer;
  }

  async #untilSettled<T>(work: Promise<T>, settled: AbortController): Promise<T> {
    const value = await work;
    settled.abort();
    return value;
  }

  /** Resolves only when the printer has not taken anything for longer than an answer may need. */
  async #whenHeld(settled: AbortSignal): Promise<'busy'> {
    while (await sleep(this.#parts.clock, LOOK_EVERY_MS, settled)) {
      if (this.#writer.heldMs() > REAL_TIME_LIMIT_MS) return 'busy';
    }
    return new Promise(() => undefined);
  }

  async #waitOutLateReply(reply: Promise<unknown>): Promise<void> {
    if ((await reply) === undefined) await sleep(this.#parts.clock, LATE_REPLY_MS, this.#over.signal);
  }

  async #askInTurn(question: StatusQuestion): Promise<readonly number[] | undefined> {
    if (this.#answersLate && question.shape === 'real-time') await this.#askOnce(question, question.bytes);
    const inOrder = this.#drawing || this.flags().offline ? undefined : question.inOrder;
    if (inOrder !== undefined && this.#notAnswered.has(question)) return this.#askInOrder(question, inOrder);
    const answer = await this.#askOnce(question, question.bytes);
    if (answer !== undefined) return answer;
    const mayStaySilent = question.optional || question.inOrder !== undefined;
    if (mayStaySilent && question.onlyInTrouble !== true) this.#notAnswered.add(question);
    return inOrder === undefined ? undefined : this.#askInOrder(question, inOrder);
  }

  #askInOrder(question: StatusQuestion, bytes: Uint8Array): Promise<readonly number[] | undefined> {
    this.nextEtb();
    return this.#askOnce(question, bytes);
  }

  async #askOnce(question: StatusQuestion, bytes: Uint8Array): Promise<readonly number[] | undefined> {
    if (this.#over.signal.aborted) return undefined;
    const reply = this.#replies.expect((item) => answerIn(item, question));
    if (question.shape === 'any-byte') this.#stream.expectAnyByte(true);
    const written = await this.#writer.writeAtOnce(bytes);
    const answer = await reply.within(written.ok ? this.outstandingMs() + REAL_TIME_LIMIT_MS : 0);
    if (answer !== undefined) this.#writer.noteProven();
    this.#stream.expectAnyByte(false);
    return answer;
  }

  #mayAsk(question: StatusQuestion): boolean {
    if (question.optional && this.#notAnswered.has(question)) return false;
    if (question.onlyInTrouble === true && !this.#told.jamAtExit && !this.#told.presenterError) return false;
    // Its answer and that of `GS r` could not be told apart.
    return question.shape !== 'any-byte' || this.#paperAnswers === 0;
  }

  #hear(bytes: Uint8Array): void {
    for (const item of this.#stream.push(bytes)) this.#receive(item);
    if (!this.#stream.holdsLoneByte()) return;
    this.#parts.clock.schedule(LONE_BYTE_MS, () => {
      for (const item of this.#stream.pause()) this.#receive(item);
    });
  }

  #receive(item: StatusItem): void {
    if (item.kind !== 'stray') this.#writer.noteAnswer();
    if (item.kind === 'automatic') this.#receiveAutomatic(item.bytes);
    if (item.kind === 'fullStatus')
      this.#learn(withFullStatus(this.#told, this.#dialect, item.mask, item.bytes));
    if (item.kind === 'starStatus') this.#learn(readStarStatus(item.bytes).flags);
    this.#replies.offer(item);
  }

  #receiveAutomatic(bytes: readonly number[]): void {
    const told = bytes.join();
    this.#repeated = told === this.#lastAutomatic;
    this.#lastAutomatic = told;
    this.#hasTold = true;
    this.#automaticSilent = false;
    this.#learn(withAutomaticStatus(this.#told, this.#dialect, bytes));
  }

  #learn(flags: PrinterFlags): void {
    this.#told = flags;
    this.#parts.onFlags(this.flags());
  }
}
