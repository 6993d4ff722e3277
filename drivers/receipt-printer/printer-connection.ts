import { isDeepStrictEqual } from 'node:util';
import type {
  ConnectionEnd,
  PrintJob,
  PrintOutcome,
  ReceiptPrinterConnection,
  SlipExit,
} from '../../src/devices/contract.ts';
import type { DeviceFindings, DeviceIdentity } from '../../src/devices/device-findings.ts';
import type { HealthCheckLevel, HealthDialogue, HealthReport } from '../../src/devices/health-check.ts';
import type { DeviceFault, ReceiptPrinterStatus } from '../../src/devices/status.ts';
import type { Cancel, Clock } from '../../src/platform/clock.ts';
import type { RandomSource } from '../../src/platform/random.ts';
import type { ByteLink } from '../transport/byte-link.ts';
import { evidenceOf } from './printing/completion-proof.ts';
import type { CompletionProof } from './printing/completion-proof.ts';
import type { Composer } from './composer/compose-document.ts';
import { PrintRun } from './printing/print-job.ts';
import type { PrinterFindings } from './printer-findings.ts';
import { askWhoItIs } from './printer-identity.ts';
import { languageOf } from './commands/printer-language.ts';
import { bandBytes } from './protocol/printer-line.ts';
import type { PrinterLine } from './protocol/printer-line.ts';
import { checkHealth, probeAndLearn } from './maintenance/printer-maintenance.ts';
import type { MaintainedPrinter, ProbeOptions } from './maintenance/printer-maintenance.ts';
import { stallLimitMs } from './printer-profile.ts';
import type { ReceiptPrinterProfile } from './printer-profile.ts';
import { PrinterProtocol } from './protocol/printer-protocol.ts';
import type { Asked } from './protocol/printer-protocol.ts';
import { PrinterUnit } from './printer-unit.ts';
import { PrinterWatch } from './printer-watch.ts';
import { ProcessIds } from './printing/process-ids.ts';
import { dropBufferedData, purge } from './printing/purge.ts';
import { SlipExitWatch } from './printing/slip-exit.ts';
import { canPrint, faultsOf, statusOf, statusOfSilence } from './status/status.ts';
import type { PrinterFlags } from './status/status.ts';

/**
 * A printer that is out of order is emptied again every so many looks: our own questions stay in the buffer of some models, and a
 * full buffer hears nothing.
 */
const LOOKS_UNTIL_EMPTIED = 15;

/** So many answers to `GS r` may be late before the line is opened anew: no answer could be believed for long. */
const MOST_ANSWERS_OWED = 7;

const noAnswer: DeviceFault = { code: 'printer.no-answer', action: 'maintenance' };
const notReady: DeviceFault = { code: 'printer.not-ready', action: 'maintenance' };
const paperTooNarrow: DeviceFault = { code: 'printer.paper-too-narrow', action: 'configuration' };
const notProcessing: DeviceFault = { code: 'printer.not-processing', action: 'reset' };

/** What a connection is made of. */
export interface ConnectionParts {
  readonly link: ByteLink;
  readonly clock: Clock;
  readonly profile: ReceiptPrinterProfile;
  readonly line: PrinterLine;
  readonly random: RandomSource;
  readonly findings: DeviceFindings<PrinterFindings> | undefined;
  /** The line, for people, and the key of findings about a unit that tells nothing of itself. */
  readonly place: string;
  /** @param rom the Chinese characters in the printer's memory, if there are any */
  readonly composerFor: (rom: 'gb18030' | 'gb2312' | undefined) => Composer;
}

/** A printer that can also be probed. */
export interface ProbedPrinterConnection extends ReceiptPrinterConnection {
  /** Finds out what the unit really answers. Waits for its turn; up to half a minute with a printer that answers little. */
  probe(options?: ProbeOptions): Promise<PrinterFindings>;
}

/** One live link to one printer. Made by `createReceiptPrinterDriver`; `handshake` comes before anything else. */
export class PrinterConnection implements ProbedPrinterConnection {
  readonly ended: Promise<ConnectionEnd>;
  exit?: SlipExit;
  readonly #parts: ConnectionParts;
  readonly #protocol: PrinterProtocol;
  readonly #unit: PrinterUnit;
  readonly #maintained: MaintainedPrinter;
  readonly #exit: SlipExitWatch;
  readonly #watch: PrinterWatch;
  readonly #ids: ProcessIds;
  readonly #listeners = new Set<(status: ReceiptPrinterStatus) => void>();
  readonly #end = Promise.withResolvers<ConnectionEnd>();
  readonly #over = new AbortController();
  #status: ReceiptPrinterStatus = statusOfSilence('starting', []);
  #turn: Promise<unknown> = Promise.resolve();
  #run: PrintRun | undefined;
  #proof: CompletionProof;
  #echoMissed = false;
  #recognised = false;
  /** Something went wrong: what the printer still holds must not come out later. */
  #mustPurge = true;
  #looks = 0;

  constructor(parts: ConnectionParts) {
    const { link, clock, profile, line, random } = parts;
    this.#parts = parts;
    this.ended = this.#end.promise;
    this.#ids = new ProcessIds(random);
    this.#unit = new PrinterUnit(profile, parts.findings, link.identity, parts.place);
    this.#proof = this.#unit.startingProof();
    const language = languageOf(profile, bandBytes(line));
    const onFlags = (flags: PrinterFlags) => {
      this.#learn(flags);
    };
    this.#protocol = new PrinterProtocol({ link, clock, profile, line, onFlags });
    this.#exit = new SlipExitWatch({ protocol: this.#protocol, language, clock });
    this.#maintained = {
      tools: { protocol: this.#protocol, language, line, clock, profile, printerClass: link.printerClass },
      unit: this.#unit,
      exit: this.#exit,
      random,
      proof: () => this.#proof,
      examine: () => this.#examine(),
      print: (document, cut) => this.#print({ document, cut, processId: this.#ids.fresh('') }),
      adopt: () => {
        this.#adopt();
        this.#publish(false);
      },
    };
    this.#watch = new PrinterWatch({
      clock,
      over: this.#over.signal,
      recovering: () => this.#mustPurge && canPrint(this.#protocol.flags()),
      lookAfter: () => this.#inTurn(() => this.#lookAfter()),
      onSilence: () => this.#onSilence(),
      heldLimitMs: stallLimitMs(profile),
    });
    this.#adopt();
    void this.#followLink();
  }

  async #followLink(): Promise<void> {
    this.#finish(await this.#parts.link.ended);
  }

  /** Undefined when the printer answers (whatever its state); starts the watch over it. */
  async handshake(): Promise<DeviceFault | undefined> {
    if (!(await this.#answers()) || this.#over.signal.aborted) return this.#silence();
    // Out of order, but there: what it holds is dropped when it has come back.
    if (canPrint(this.#protocol.flags()) && !(await this.#purge()) && canPrint(this.#protocol.flags())) {
      return notProcessing;
    }
    this.#publish(false);
    void this.#watch.run();
    return undefined;
  }

  status(): ReceiptPrinterStatus {
    return this.#status;
  }

  onStatus(listener: (status: ReceiptPrinterStatus) => void): Cancel {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  identity(): DeviceIdentity {
    return this.#unit.identity();
  }

  async refreshStatus(): Promise<ReceiptPrinterStatus> {
    this.#showHeld(await this.#protocol.refresh());
    return this.#status;
  }

  print(job: PrintJob): Promise<PrintOutcome> {
    return this.#inTurn(() => this.#print(job));
  }

  purge(): Promise<boolean> {
    return this.#inTurn(() => this.#purge());
  }

  probe(options: ProbeOptions = {}): Promise<PrinterFindings> {
    return this.#inTurn(() => probeAndLearn(this.#maintained, options));
  }

  checkHealth(level: HealthCheckLevel, dialogue: HealthDialogue, signal: AbortSignal): Promise<HealthReport> {
    return this.#inTurn(() => checkHealth(this.#maintained, level, dialogue, signal));
  }

  async close(): Promise<void> {
    this.#finish({ kind: 'closed' });
    await this.#parts.link.close();
  }

  /** A second try: the answer to the first may have been what was left of an earlier life. */
  async #answers(): Promise<boolean> {
    const first = await this.#protocol.refresh();
    if (first === 'answered') return true;
    // An earlier job fills the printer to the brim: drop it, so that it can hear us.
    if (first === 'busy') await dropBufferedData(this.#maintained.tools);
    return (await this.#protocol.refresh()) === 'answered';
  }

  async #silence(): Promise<DeviceFault> {
    return (await this.#protocol.dataSetReady()) === false ? notReady : noAnswer;
  }

  async #print(job: PrintJob): Promise<PrintOutcome> {
    const { clock, profile, composerFor } = this.#parts;
    const composer = composerFor(this.#unit.chineseRom());
    if (!composer.fits(job.document)) return { kind: 'notPrinted', fault: paperTooNarrow };
    const refusal = await this.#refusal();
    if (refusal !== undefined) return { kind: 'notPrinted', fault: refusal };
    const { protocol, language } = this.#maintained.tools;
    const freshProcessId = (taken: string) => this.#ids.fresh(taken);
    const tools = { protocol, language, composer, clock, profile, exit: this.#exit, freshProcessId };
    const run = new PrintRun(tools, job, this.#proof);
    this.#run = run;
    this.#publish(true);
    const { outcome, proof } = await run.run();
    this.#run = undefined;
    this.#learnProof(proof);
    if (outcome.kind !== 'printed') {
      this.#mustPurge = true;
      // At once, before somebody closes the cover and the printer goes on where it stopped.
      const dropped = !this.#over.signal.aborted && (await dropBufferedData(this.#maintained.tools));
      const outOfSight = !dropped && this.#maintained.tools.line.backPressure === 'window';
      if (outOfSight || this.#owesTooMuch()) this.#lose(outcome.fault);
      this.#watch.wake();
    }
    this.#publish(false);
    return outcome;
  }

  /** One echo that did not come may have been lost on its way: only the second in a row says that this printer has none. */
  #learnProof(proof: CompletionProof): void {
    const missed = this.#proof === 'unknown' && proof === 'paper-status';
    if (missed && !this.#echoMissed) this.#echoMissed = true;
    else this.#proof = proof;
  }

  /** Why nothing can be printed now. A glance of one question when all was well, the whole round when it was not. */
  async #refusal(): Promise<DeviceFault | undefined> {
    if (this.#over.signal.aborted) return noAnswer;
    const asked = this.#mustPurge ? await this.#protocol.refresh() : await this.#protocol.glance();
    if (asked !== 'answered') return noAnswer;
    const [fault] = faultsOf(this.#protocol.flags());
    if (fault !== undefined) return fault;
    if (this.#mustPurge && !(await this.#purge())) return notProcessing;
    return faultsOf(this.#protocol.flags())[0];
  }

  async #purge(): Promise<boolean> {
    if (this.#over.signal.aborted) return false;
    const empty = await purge(this.#maintained.tools);
    this.#mustPurge = !empty;
    if (!empty && this.#owesTooMuch()) this.#lose(notProcessing);
    if (empty) {
      await this.#recognise();
      this.#publish(false);
    } else if (canPrint(this.#protocol.flags())) {
      this.#show({ ...this.#statusNow(false), device: 'hardwareError', faults: [notProcessing] });
    }
    return empty;
  }

  /** Once, when the printer obeys: who it is, and what is known of such a one. */
  async #recognise(): Promise<void> {
    const { protocol, language, profile } = this.#maintained.tools;
    if (this.#recognised) return;
    this.#recognised = true;
    if (profile.language !== 'esc-pos') return;
    this.#unit.recognise(await askWhoItIs(protocol));
    // Whoever does not know the questions has their letters in its line buffer.
    await protocol.send(language.prepare);
    this.#adopt();
  }

  #adopt(): void {
    this.#proof = this.#unit.startingProof();
    this.#protocol.setAnswersLate(this.#unit.answersLate());
    this.#protocol.setExitFitted(this.#unit.exitSensorFitted());
    if (this.#unit.findings()?.automaticStatus === false) this.#protocol.setAutomaticSilent(true);
    if (this.#unit.exitSensorFitted()) this.exit = this.#exit;
    else delete this.exit;
  }

  async #examine(): Promise<DeviceFault | undefined> {
    if ((await this.#protocol.refresh()) !== 'answered') return noAnswer;
    return faultsOf(this.#protocol.flags())[0];
  }

  async #lookAfter(): Promise<Asked> {
    const asked = await this.#protocol.refresh();
    this.#showHeld(asked);
    if (asked !== 'answered') return asked;
    if (!this.#mustPurge) this.#publish(false);
    else if (canPrint(this.#protocol.flags())) await this.#purge();
    else if (++this.#looks % LOOKS_UNTIL_EMPTIED === 0) await dropBufferedData(this.#maintained.tools);
    return asked;
  }

  /** Switched off, as far as DSR tells: that is a state, and the printer comes back by itself. Otherwise the link is made anew. */
  async #onSilence(): Promise<void> {
    const fault = await this.#silence();
    if (fault === noAnswer) {
      this.#lose(fault);
      return;
    }
    this.#mustPurge = true;
    this.#show(statusOfSilence('offline', [fault]));
  }

  #owesTooMuch(): boolean {
    return this.#protocol.answersOwed() > MOST_ANSWERS_OWED;
  }

  /** Given up: what has not reached the printer stays here, as far as the line can hold it back. */
  #lose(fault: DeviceFault): void {
    this.#finish({ kind: 'lost', fault });
    void this.#parts.link.close();
  }

  #learn(flags: PrinterFlags): void {
    this.#run?.onFlags(flags);
    this.#exit.onFlags(flags);
    if (!canPrint(flags)) this.#mustPurge = true;
    if (!canPrint(flags) || this.#mustPurge) this.#watch.wake();
    this.#publish(this.#run !== undefined);
  }

  /** A printer that has come back keeps its old face until it has been emptied. */
  #publish(working: boolean): void {
    if (this.#mustPurge && !working && canPrint(this.#protocol.flags())) return;
    this.#show(this.#statusNow(working));
  }

  /** It works on what it was sent before, and takes no question meanwhile. */
  #showHeld(asked: Asked): void {
    if (asked === 'busy' && this.#status.device === 'online') this.#show({ ...this.#status, device: 'busy' });
  }

  #statusNow(working: boolean): ReceiptPrinterStatus {
    const status = statusOf(this.#protocol.flags(), working, this.#exit.media());
    return { ...status, ...evidenceOf(this.#proof) };
  }

  #show(status: ReceiptPrinterStatus): void {
    if (this.#over.signal.aborted || isDeepStrictEqual(status, this.#status)) return;
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }

  #finish(end: ConnectionEnd): void {
    if (this.#over.signal.aborted) return;
    const faults = end.kind === 'lost' ? [end.fault] : [];
    this.#status = statusOfSilence('offline', faults);
    for (const listener of this.#listeners) listener(this.#status);
    this.#over.abort();
    this.#run?.onLost(end.kind === 'lost' ? end.fault : noAnswer);
    this.#end.resolve(end);
  }

  /** One thing at a time: jobs, purges and rounds of questions. The next begins whatever came of this one. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
