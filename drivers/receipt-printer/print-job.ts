import type { EvidenceGrade, PrintJob, PrintOutcome } from '../../src/devices/contract.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import { sleep } from '../../src/platform/clock.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { initialise, partialCut, stripBytes } from './commands.ts';
import { stripDots } from './composer/compose-document.ts';
import type { Composer, PaperStrip } from './composer/compose-document.ts';
import type { PrinterProtocol } from './printer-protocol.ts';
import { DOTS_PER_MM } from './printer-profile.ts';
import type { ReceiptPrinterProfile } from './printer-profile.ts';
import { faultsOf, jobEndingFault } from './status.ts';
import type { PrinterFlags } from './status.ts';

/** What a job needs; one per connection. */
export interface PrintingTools {
  readonly protocol: PrinterProtocol;
  readonly composer: Composer;
  readonly clock: Clock;
  readonly profile: ReceiptPrinterProfile;
  /** Ids that no job of this connection has. */
  readonly freshProcessId: (taken: string) => string;
}

/** What is known of how this printer proves that it printed. Remembered for a connection. */
export type CompletionProof = 'unknown' | 'process-id' | 'paper-status';

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

/**
 * One document from the first band to the proof. The printer is known to be ready and empty when it begins. `notPrinted` only
 * as long as no dot was sent; after that, what is not proven is `unknown`.
 */
export class PrintRun {
  readonly #tools: PrintingTools;
  readonly #job: PrintJob;
  readonly #stop = new AbortController();
  #proof: CompletionProof;
  #fault: DeviceFault | undefined;
  #inkSent = false;
  #sentDots = 0;
  #glancedAtMs: number;

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
    return { outcome, proof: this.#proof };
  }

  async #print(): Promise<PrintOutcome> {
    if (!(await this.#send(initialise))) return this.#failed();
    for (const strip of this.#tools.composer.compose(this.#job.document)) {
      if (!(await this.#sendStrip(strip))) return this.#failed();
    }
    const { cutterDistanceMm } = this.#tools.profile;
    if (this.#job.cut) {
      const dots = Math.ceil(cutterDistanceMm * DOTS_PER_MM);
      if (!(await this.#sendStrip({ kind: 'feed', dots }))) return this.#failed();
    }
    const grade = await this.#provePrinted(this.#job.processId);
    if (grade === undefined) return this.#failed();
    return { kind: 'printed', grade, cut: this.#job.cut && (await this.#cut()) };
  }

  async #sendStrip(strip: PaperStrip): Promise<boolean> {
    this.#glance();
    if (this.#fault !== undefined) return false;
    if (strip.kind !== 'feed') this.#inkSent = true;
    this.#sentDots += stripDots(strip);
    return this.#send(stripBytes(strip));
  }

  /** A change of status ends even a write that is stuck because the printer takes nothing any more. */
  async #send(bytes: Uint8Array): Promise<boolean> {
    if (this.#stop.signal.aborted) return false;
    const stopped = Promise.withResolvers<'stopped'>();
    const onStop = () => {
      stopped.resolve('stopped');
    };
    this.#stop.signal.addEventListener('abort', onStop, { once: true });
    const sent = await Promise.race([this.#tools.protocol.send(bytes), stopped.promise]);
    this.#stop.signal.removeEventListener('abort', onStop);
    if (sent === 'stopped') return false;
    if (!sent.ok) this.#fault ??= sent.error;
    return sent.ok;
  }

  /** Not waited for: what it finds comes by `onFlags`, and what silence means the fence decides. */
  #glance(): void {
    const now = this.#tools.clock.monotonicMs();
    if (now - this.#glancedAtMs < GLANCE_EVERY_MS) return;
    this.#glancedAtMs = now;
    void this.#tools.protocol.glance();
  }

  async #provePrinted(id: string): Promise<EvidenceGrade | undefined> {
    const { protocol, clock } = this.#tools;
    const limitMs = this.#fenceLimitMs();
    if (this.#proof !== 'paper-status') {
      const answer = await protocol.fenceByProcessId(id, limitMs, this.#stop.signal);
      if (answer === 'printed') return this.#graded('E2');
      if (answer === 'notPrinted') this.#fault ??= { code: 'printer.paper-out', action: 'clear' };
      // A printer that has echoed ids before and now does not is no reason to believe weaker evidence.
      if (answer !== 'silent' || this.#proof === 'process-id') return undefined;
    }
    const answer = await protocol.fenceByPaperStatus(id, limitMs, this.#stop.signal);
    if (answer === 'printed') return this.#graded('E2');
    if (answer !== 'processed') return undefined;
    await sleep(clock, CLEAN_AFTER_ANSWER_MS, this.#stop.signal);
    return this.#graded('E1');
  }

  #graded(grade: 'E1' | 'E2'): EvidenceGrade | undefined {
    if (this.#fault !== undefined) return undefined;
    if (grade === 'E1' && faultsOf(this.#tools.protocol.flags()).length > 0) return undefined;
    this.#proof = grade === 'E2' ? 'process-id' : 'paper-status';
    return grade;
  }

  /** True when the cut is proven too: a second fence behind it, and no complaint of the cutter. */
  async #cut(): Promise<boolean> {
    const { protocol, freshProcessId } = this.#tools;
    if (!(await this.#send(partialCut))) return false;
    const grade = await this.#provePrinted(freshProcessId(this.#job.processId));
    if (grade === undefined) return false;
    return (await protocol.refresh()) && !protocol.flags().cutterError && this.#fault === undefined;
  }

  /** Three times what line and paper need for what may still be on its way, and time for the mechanics. */
  #fenceLimitMs(): number {
    const { protocol, profile } = this.#tools;
    const paperMs = (this.#sentDots / DOTS_PER_MM / profile.speedMmPerSecond) * 1000;
    return 3 * (paperMs + protocol.outstandingMs()) + MECHANICS_ALLOWANCE_MS;
  }

  #failed(): PrintOutcome {
    const fault = this.#fault ?? faultsOf(this.#tools.protocol.flags())[0] ?? noEcho;
    return this.#inkSent ? { kind: 'unknown', fault } : { kind: 'notPrinted', fault };
  }
}
