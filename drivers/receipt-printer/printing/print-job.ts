import type { EvidenceGrade, PrintJob, PrintOutcome } from '../../../src/devices/contract.ts';
import type { DeviceFault } from '../../../src/devices/status.ts';
import { abortOf } from '../../../src/platform/abort-of.ts';
import { sleep } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import { impossiblyFast } from './completion-proof.ts';
import type { CompletionProof } from './completion-proof.ts';
import { stripDots } from '../composer/compose-document.ts';
import type { Composer, PaperStrip } from '../composer/compose-document.ts';
import { waitAtFence } from '../protocol/fence.ts';
import type { FenceAnswer } from '../protocol/fence.ts';
import type { FenceKind, PrinterLanguage } from '../commands/printer-language.ts';
import { DOTS_PER_MM, paperMs, stallLimitMs } from '../printer-profile.ts';
import type { ReceiptPrinterProfile } from '../printer-profile.ts';
import type { PrinterProtocol } from '../protocol/printer-protocol.ts';
import type { SlipExitWatch } from './slip-exit.ts';
import { faultsOf, jobEndingFault } from '../status/status.ts';
import type { PrinterFlags } from '../status/status.ts';

/** What a job needs; one per connection. */
export interface PrintingTools {
  readonly protocol: PrinterProtocol;
  readonly language: PrinterLanguage;
  readonly composer: Composer;
  readonly clock: Clock;
  readonly profile: ReceiptPrinterProfile;
  readonly exit: SlipExitWatch;
  /** Ids that no job of this connection has. */
  readonly freshProcessId: (taken: string) => string;
}

/** An outcome, and what was learnt on the way. */
export interface JobReport {
  readonly outcome: PrintOutcome;
  readonly proof: CompletionProof;
}

/** Motors that start, a cutter that turns, ms. */
const MECHANICS_ALLOWANCE_MS = 2000;
/** `GS r` is answered when data has been processed, not printed: so long no error may come after it (grade E1), ms. */
const CLEAN_AFTER_ANSWER_MS = 300;
/** While bands go out, the printer is asked whether it is still online. */
const GLANCE_EVERY_MS = 500;

const noEcho: DeviceFault = { code: 'printer.no-proof', action: 'reset' };
const notTakingData: DeviceFault = { code: 'printer.not-taking-data', action: 'reset' };

/**
 * One document from the first band to the proof. The printer is known to be ready and empty when it begins. `notPrinted` only
 * as long as no dot was sent; after that, what is not proven is `unknown`.
 */
export class PrintRun {
  readonly #tools: PrintingTools;
  readonly #job: PrintJob;
  readonly #stop = new AbortController();
  readonly #stopped = abortOf(this.#stop.signal);
  #proof: CompletionProof;
  #fault: DeviceFault | undefined;
  #inkSent = false;
  #sentDots = 0;
  #beganAtMs = 0;
  #glancedAtMs: number;
  #glancing: Promise<unknown> | undefined;

  constructor(tools: PrintingTools, job: PrintJob, proof: CompletionProof) {
    this.#tools = tools;
    this.#job = job;
    this.#proof = proof;
    this.#glancedAtMs = tools.clock.monotonicMs();
  }

  /** To be called with each change of the printer's flags. */
  onFlags(flags: PrinterFlags): void {
    const fault = jobEndingFault(flags);
    if (fault === undefined || this.#fault !== undefined) return;
    this.#fault = fault;
    this.#stop.abort();
  }

  /** To be called when the line is gone. */
  onLost(fault: DeviceFault): void {
    this.#fault ??= fault;
    this.#stop.abort();
  }

  /** Never rejects. */
  async run(): Promise<JobReport> {
    const outcome = await this.#print();
    this.#tools.protocol.setDrawing(false);
    return { outcome, proof: this.#proof };
  }

  async #print(): Promise<PrintOutcome> {
    const { language, protocol, clock } = this.#tools;
    protocol.etbCountBegins(0);
    this.#beganAtMs = clock.monotonicMs();
    if (!(await this.#send(language.prepare)) || !(await this.#draw())) return this.#failed();
    const grade = await this.#provePrinted(this.#job.processId, this.#sentDots);
    if (grade === undefined) return this.#failed();
    return { kind: 'printed', grade, cut: this.#job.cut && (await this.#cut()) };
  }

  async #draw(): Promise<boolean> {
    const { language, protocol, profile, composer } = this.#tools;
    protocol.setDrawing(true);
    if (!(await this.#send(language.beginDrawing))) return false;
    for (const strip of composer.compose(this.#job.document)) {
      if (!(await this.#sendStrip(strip))) return false;
    }
    if (this.#job.cut && !profile.cut.feedsToCutter) {
      const dots = Math.ceil(profile.cutterDistanceMm * DOTS_PER_MM);
      if (!(await this.#sendStrip({ kind: 'feed', dots }))) return false;
    }
    const drawn = await this.#send(language.endDrawing);
    protocol.setDrawing(false);
    return drawn;
  }

  async #sendStrip(strip: PaperStrip): Promise<boolean> {
    const { language, profile } = this.#tools;
    this.#glance();
    const pieces = language.strip(strip);
    const pieceMs = paperMs(profile, stripDots(strip)) / pieces.length;
    for (const piece of pieces) {
      if (!(await this.#roomFor(piece)) || this.#fault !== undefined) return false;
      if (strip.kind !== 'feed') this.#inkSent = true;
      const sent = await this.#send(piece, pieceMs);
      // Somebody's name and code; a drawing is made for one job alone. What could not be sent comes out white, if at all.
      if (strip.kind === 'raster') piece.fill(0);
      if (!sent) return false;
    }
    this.#sentDots += stripDots(strip);
    return this.#fault === undefined;
  }

  /** A change of status ends even a write that is stuck because the printer takes nothing any more. */
  async #send(bytes: Uint8Array, pieceMs = 0): Promise<boolean> {
    if (this.#stop.signal.aborted) return false;
    if (bytes.length === 0) return true;
    const sent = await this.#tools.protocol.send(bytes, this.#stop.signal, pieceMs);
    if (!sent.ok && !this.#stop.signal.aborted) this.#fault ??= sent.error;
    return sent.ok;
  }

  /** Not waited for: what it finds comes by `onFlags`, and what silence means the fence decides. */
  #glance(): void {
    const { protocol, clock } = this.#tools;
    const now = clock.monotonicMs();
    if (protocol.tellsByItself() || now - this.#glancedAtMs < GLANCE_EVERY_MS) return;
    void this.#lookAtIt();
  }

  /** One look at a time. */
  #lookAtIt(): Promise<unknown> {
    const { protocol, clock } = this.#tools;
    this.#glancedAtMs = clock.monotonicMs();
    this.#glancing ??= protocol.glance().finally(() => {
      this.#glancing = undefined;
    });
    return this.#glancing;
  }

  /** True when the printer has shown that it takes what was sent so far; at once on lines that say so themselves. */
  async #roomFor(piece: Uint8Array): Promise<boolean> {
    const { protocol, clock, profile } = this.#tools;
    const untilMs = clock.monotonicMs() + stallLimitMs(profile);
    while (!protocol.hasRoomFor(piece.length)) {
      if (this.#stop.signal.aborted) return false;
      if (clock.monotonicMs() > untilMs) {
        this.#fault ??= notTakingData;
        return false;
      }
      await Promise.race([this.#lookAtIt(), this.#stopped]);
    }
    return true;
  }

  /** @param dots what has been sent since the last proof */
  async #provePrinted(id: string, dots: number): Promise<EvidenceGrade | undefined> {
    if (this.#proof === 'none') return this.#waitForPaper();
    if (this.#proof === 'etb') return this.#gradeOf(await this.#fence('etb', id));
    if (this.#proof !== 'paper-status') {
      const answer = await this.#fence('process-id', id);
      const elapsedMs = this.#tools.clock.monotonicMs() - this.#beganAtMs;
      const proven = answer === 'printed' && !impossiblyFast(dots / DOTS_PER_MM, elapsedMs);
      if (proven) return this.#gradeOf(answer);
      if (answer === 'notPrinted') this.#fault ??= { code: 'printer.paper-out', action: 'clear' };
      // A printer that has echoed ids before and now does not is no reason to believe weaker evidence.
      const mayAskMore = answer === 'printed' || (answer === 'silent' && this.#proof === 'unknown');
      if (!mayAskMore) return undefined;
    }
    return this.#gradeOf(await this.#fence('paper-status', id));
  }

  #fence(kind: FenceKind, id: string): Promise<FenceAnswer> {
    const { protocol, language } = this.#tools;
    const fence = { kind, id, limitMs: this.#fenceLimitMs(), signal: this.#stop.signal };
    return waitAtFence(protocol, language, fence);
  }

  async #gradeOf(answer: FenceAnswer): Promise<EvidenceGrade | undefined> {
    if (answer === 'processed') await sleep(this.#tools.clock, CLEAN_AFTER_ANSWER_MS, this.#stop.signal);
    if (this.#fault !== undefined || (answer !== 'printed' && answer !== 'processed')) return undefined;
    if (answer === 'processed' && faultsOf(this.#tools.protocol.flags()).length > 0) return undefined;
    if (this.#proof !== 'etb') this.#proof = answer === 'printed' ? 'process-id' : 'paper-status';
    return answer === 'printed' ? 'E2' : 'E1';
  }

  /** Nothing proves it: as long as the paper needs, and no complaint after that. */
  async #waitForPaper(): Promise<EvidenceGrade | undefined> {
    const { protocol, profile, clock } = this.#tools;
    const waitMs = paperMs(profile, this.#sentDots) + protocol.outstandingMs() + MECHANICS_ALLOWANCE_MS;
    await sleep(clock, waitMs, this.#stop.signal);
    const answered = this.#fault === undefined && (await protocol.refresh()) === 'answered';
    return answered && faultsOf(protocol.flags()).length === 0 ? 'E0' : undefined;
  }

  /** True when the cut is proven too: a second fence behind it, no complaint of the cutter, and the slip in the sensor's eye. */
  async #cut(): Promise<boolean> {
    const { protocol, language, exit, freshProcessId } = this.#tools;
    exit.slipExpected();
    if (!(await this.#send(language.cut))) return false;
    const grade = await this.#provePrinted(freshProcessId(this.#job.processId), 0);
    if (grade === undefined) return false;
    if (protocol.exitFitted() && !(await exit.slipSeen(this.#stop.signal))) return false;
    const answered = (await protocol.refresh()) === 'answered';
    return answered && !protocol.flags().cutterError && this.#fault === undefined;
  }

  /** Three times what line and paper need for what may still be on its way, and time for the mechanics. */
  #fenceLimitMs(): number {
    const { protocol, profile } = this.#tools;
    return 3 * (paperMs(profile, this.#sentDots) + protocol.outstandingMs()) + MECHANICS_ALLOWANCE_MS;
  }

  #failed(): PrintOutcome {
    const fault = this.#fault ?? faultsOf(this.#tools.protocol.flags())[0] ?? noEcho;
    return this.#inkSent ? { kind: 'unknown', fault } : { kind: 'notPrinted', fault };
  }
}
