import { isDeepStrictEqual } from 'node:util';
import type {
  ConnectionEnd,
  PrintJob,
  PrintOutcome,
  ReceiptPrinterConnection,
} from '../../src/devices/contract.ts';
import type { DeviceFault, ReceiptPrinterStatus } from '../../src/devices/status.ts';
import { sleep } from '../../src/platform/clock.ts';
import type { Cancel, Clock } from '../../src/platform/clock.ts';
import type { RandomSource } from '../../src/platform/random.ts';
import type { ByteLink } from '../transport/byte-link.ts';
import type { Composer } from './composer/compose-document.ts';
import { PrintRun } from './print-job.ts';
import type { CompletionProof } from './print-job.ts';
import { PrinterProtocol, canPrint } from './printer-protocol.ts';
import type { ReceiptPrinterProfile } from './printer-profile.ts';
import { faultsOf, statusOf, statusOfSilence } from './status.ts';
import type { PrinterFlags } from './status.ts';

/** How often an idle printer is asked, ms. */
const POLL_MS = 2000;
/** A printer that has just come back has to stay well for so long before it is believed, ms. */
const SETTLE_MS = 600;
/** So many rounds of questions without an answer end the connection. */
const SILENT_ROUNDS = 2;

const noAnswer: DeviceFault = { code: 'printer.no-answer', action: 'maintenance' };
const paperTooNarrow: DeviceFault = { code: 'printer.paper-too-narrow', action: 'configuration' };
const notProcessing: DeviceFault = { code: 'printer.not-processing', action: 'reset' };

interface ConnectionParts {
  readonly link: ByteLink;
  readonly clock: Clock;
  readonly profile: ReceiptPrinterProfile;
  readonly random: RandomSource;
  readonly composer: Composer;
}

/** One live link to one printer. Made by `createReceiptPrinterDriver`; `handshake` comes before anything else. */
export class PrinterConnection implements ReceiptPrinterConnection {
  readonly ended: Promise<ConnectionEnd>;
  readonly #parts: ConnectionParts;
  readonly #protocol: PrinterProtocol;
  readonly #listeners = new Set<(status: ReceiptPrinterStatus) => void>();
  readonly #end = Promise.withResolvers<ConnectionEnd>();
  readonly #over = new AbortController();
  #status: ReceiptPrinterStatus = statusOfSilence('starting', []);
  #turn: Promise<unknown> = Promise.resolve();
  #run: PrintRun | undefined;
  #proof: CompletionProof = 'unknown';
  /** Something went wrong: what the printer still holds must not come out later. */
  #mustPurge = true;
  #wakePoll = new AbortController();
  #lastFence: number;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.ended = this.#end.promise;
    // Ids of an earlier connection are not this one's: where the count begins is chance.
    const [high = 0, low = 0] = parts.random.bytes(2);
    this.#lastFence = high * 256 + low;
    this.#protocol = new PrinterProtocol(parts.link, parts.clock, parts.profile, (flags) => {
      this.#learn(flags);
    });
    void this.#followLink();
  }

  async #followLink(): Promise<void> {
    this.#finish(await this.#parts.link.ended);
  }

  /** Undefined when the printer answers (whatever its state); starts the watch over it. */
  async handshake(): Promise<DeviceFault | undefined> {
    const answers = (await this.#protocol.refresh()) || (await this.#protocol.refresh());
    if (!answers || this.#over.signal.aborted) return noAnswer;
    // Out of order, but there: what it holds is dropped when it has come back.
    if (canPrint(this.#protocol.flags()) && !(await this.purge()) && canPrint(this.#protocol.flags())) {
      return notProcessing;
    }
    this.#publish(false);
    void this.#watchOver();
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

  async refreshStatus(): Promise<ReceiptPrinterStatus> {
    await this.#protocol.refresh();
    return this.#status;
  }

  print(job: PrintJob): Promise<PrintOutcome> {
    return this.#inTurn(() => this.#print(job));
  }

  purge(): Promise<boolean> {
    return this.#inTurn(() => this.#purge());
  }

  async close(): Promise<void> {
    this.#finish({ kind: 'closed' });
    await this.#parts.link.close();
  }

  async #print(job: PrintJob): Promise<PrintOutcome> {
    if (!this.#parts.composer.fits(job.document)) return { kind: 'notPrinted', fault: paperTooNarrow };
    const refusal = await this.#refusal();
    if (refusal !== undefined) return { kind: 'notPrinted', fault: refusal };
    const { clock, profile, composer } = this.#parts;
    const freshProcessId = (taken: string) => this.#freshProcessId(taken);
    const run = new PrintRun(
      { protocol: this.#protocol, composer, clock, profile, freshProcessId },
      job,
      this.#proof,
    );
    this.#run = run;
    this.#publish(true);
    const { outcome, proof } = await run.run();
    this.#run = undefined;
    this.#proof = proof;
    if (outcome.kind !== 'printed') {
      this.#mustPurge = true;
      // At once, before somebody closes the cover and the printer goes on where it stopped.
      if (!this.#over.signal.aborted) await this.#protocol.dropBufferedData();
      this.#wakePoll.abort();
    }
    this.#publish(false);
    return outcome;
  }

  /** Why nothing can be printed now. A glance of one question when all was well, the whole round when it was not. */
  async #refusal(): Promise<DeviceFault | undefined> {
    if (this.#over.signal.aborted) return noAnswer;
    const answered = this.#mustPurge ? await this.#protocol.refresh() : await this.#protocol.glance();
    if (!answered) return noAnswer;
    const [fault] = faultsOf(this.#protocol.flags());
    if (fault !== undefined) return fault;
    if (this.#mustPurge && !(await this.#purge())) return notProcessing;
    return faultsOf(this.#protocol.flags())[0];
  }

  async #purge(): Promise<boolean> {
    if (this.#over.signal.aborted) return false;
    const empty = await this.#protocol.purge();
    this.#mustPurge = !empty;
    if (empty) this.#publish(false);
    else if (canPrint(this.#protocol.flags())) {
      this.#show({
        ...statusOf(this.#protocol.flags(), false),
        device: 'hardwareError',
        faults: [notProcessing],
      });
    }
    return empty;
  }

  /** Asks from time to time, and empties a printer that has come back before it may be used again. */
  async #watchOver(): Promise<void> {
    const { clock } = this.#parts;
    let silentRounds = 0;
    while (!this.#over.signal.aborted) {
      this.#wakePoll = new AbortController();
      const waitMs = this.#mustPurge || silentRounds > 0 ? SETTLE_MS : POLL_MS;
      await sleep(clock, waitMs, AbortSignal.any([this.#over.signal, this.#wakePoll.signal]));
      if (this.#over.signal.aborted) return;
      // A woken poll lets things settle first: a cover that flaps is not five faults.
      if (this.#wakePoll.signal.aborted) await sleep(clock, SETTLE_MS, this.#over.signal);
      silentRounds = (await this.#inTurn(() => this.#lookAfter())) ? 0 : silentRounds + 1;
      if (silentRounds >= SILENT_ROUNDS) this.#lose();
    }
  }

  /** False when the printer did not answer. */
  async #lookAfter(): Promise<boolean> {
    if (!(await this.#protocol.refresh())) return false;
    if (this.#mustPurge && canPrint(this.#protocol.flags())) await this.#purge();
    return true;
  }

  #learn(flags: PrinterFlags): void {
    this.#run?.onFlags(flags);
    if (!canPrint(flags)) this.#mustPurge = true;
    if (!canPrint(flags) || this.#mustPurge) this.#wakePoll.abort();
    this.#publish(this.#run !== undefined);
  }

  /** A printer that has come back keeps its old face until it has been emptied. */
  #publish(working: boolean): void {
    const flags = this.#protocol.flags();
    if (this.#mustPurge && !working && canPrint(flags)) return;
    this.#show(statusOf(flags, working));
  }

  #show(status: ReceiptPrinterStatus): void {
    if (this.#over.signal.aborted || isDeepStrictEqual(status, this.#status)) return;
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }

  #lose(): void {
    this.#finish({ kind: 'lost', fault: noAnswer });
    void this.#parts.link.close();
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

  #freshProcessId(taken: string): string {
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    this.#lastFence = (this.#lastFence + 1) % 36 ** 3;
    const count = [36 ** 2, 36, 1].map((place) => digits[Math.floor(this.#lastFence / place) % 36]).join('');
    const id = `~${count}`;
    return id === taken ? this.#freshProcessId(taken) : id;
  }

  /** One thing at a time: jobs, purges and rounds of questions. The next begins whatever came of this one. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
