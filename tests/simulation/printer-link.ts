import type {
  PrintJob,
  PrintOutcome,
  ReceiptPrinterConnection,
  SlipExit,
} from '../../src/devices/contract.ts';
import type { ReceiptPrinterStatus } from '../../src/devices/status.ts';
import type { PrinterCause } from '../../src/issuance/ports.ts';
import type { PrintDocument } from '../../src/slip/print-document.ts';
import { Link } from './plug.ts';
import type { Plug } from './plug.ts';
import type { Part, PrinterModel, Said } from './printer-model.ts';
import type { VirtualClock } from './virtual-clock.ts';

const ANSWER_MS = 20;

const FAULT_CODES: Readonly<Record<PrinterCause, string>> = {
  'no-paper': 'printer.paper-out',
  'cover-open': 'printer.cover-open',
  jam: 'printer.cutter',
  'slip-at-exit': 'printer.media-present',
  fault: 'link.lost',
};

/** What the agent says when a job begins, before a dot is on paper. */
type OnJob = (part: Part, job: PrintJob) => void;

/** The printer as one agent sees it, until the cable is pulled or the agent is dead. */
export class PrinterLink extends Link<ReceiptPrinterStatus> implements ReceiptPrinterConnection {
  readonly exit?: SlipExit;
  readonly #clock: VirtualClock;
  readonly #printer: PrinterModel;
  readonly #onJob: OnJob;
  readonly #alive: () => boolean;

  constructor(parts: {
    clock: VirtualClock;
    plug: Plug;
    printer: PrinterModel;
    alive: () => boolean;
    onJob: OnJob;
  }) {
    super(parts.plug);
    this.#clock = parts.clock;
    this.#printer = parts.printer;
    this.#alive = parts.alive;
    this.#onJob = parts.onJob;
    const { printer } = parts;
    if (printer.exitFitting === 'none') return;
    this.exit = {
      whenGone: (signal) =>
        this.#unlessLost(printer.whenGone(AbortSignal.any([signal, this.over.signal])), 'unknown'),
      ...(printer.exitFitting === 'presenter' && {
        retract: () => this.#unlessLost(this.#alive() && !this.lost ? printer.retract() : never(), 'unknown'),
      }),
    };
  }

  status(): ReceiptPrinterStatus {
    const { obstacle, paper, cover, cutter, jammed, exitFitting, sensesPaper } = this.#printer;
    return {
      device: obstacle === null ? 'online' : obstacle === 'jam' ? 'hardwareError' : 'userError',
      faults: obstacle === null ? [] : [{ code: FAULT_CODES[obstacle], action: 'clear' }],
      paper: jammed ? 'jammed' : paper,
      cover,
      cutter,
      media: exitFitting === 'none' ? 'unknown' : sensesPaper ? 'present' : 'notPresent',
      evidence: 'E2',
    };
  }

  refreshStatus(): Promise<ReceiptPrinterStatus> {
    const { promise, resolve } = Promise.withResolvers<ReceiptPrinterStatus>();
    this.#clock.schedule(ANSWER_MS, () => resolve(this.lost ? LOST_STATUS : this.status()));
    return promise;
  }

  print(job: PrintJob): Promise<PrintOutcome> {
    if (!this.#alive()) return never();
    if (this.lost) return Promise.resolve(outcomeOf({ kind: 'notPrinted', cause: 'fault' }));
    const part = partOf(job.document);
    this.#onJob(part, job);
    const shortCode = part === 'body' ? shortCodeOn(job.document) : null;
    const said = this.#printer.print({ part, shortCode, cut: job.cut });
    return this.#unlessLost<Said>(said, { kind: 'unknown', cause: 'fault' }).then(outcomeOf);
  }

  purge(): Promise<boolean> {
    if (!this.#alive()) return never();
    if (!this.lost) this.#printer.purge();
    return Promise.resolve(!this.lost);
  }

  /** What comes of the work, or `otherwise` when the link ends first. */
  #unlessLost<T>(work: Promise<T>, otherwise: T): Promise<T> {
    const { signal } = this.over;
    if (signal.aborted) return Promise.resolve(otherwise);
    return new Promise((resolve) => {
      const onLost = () => resolve(otherwise);
      signal.addEventListener('abort', onLost, { once: true });
      void work.then((value) => {
        signal.removeEventListener('abort', onLost);
        resolve(value);
        return undefined;
      });
    });
  }
}

const LOST_STATUS: ReceiptPrinterStatus = {
  device: 'offline',
  faults: [{ code: 'link.lost', action: 'suspend' }],
  paper: 'unknown',
  cover: 'unknown',
  cutter: 'unknown',
  media: 'unknown',
};

function outcomeOf(said: Said): PrintOutcome {
  if (said.kind === 'printed') return said;
  return { kind: said.kind, fault: { code: FAULT_CODES[said.cause], action: 'clear' } };
}

function partOf({ part, elements }: PrintDocument): Part {
  if (part === 'test-page' || part === 'addresses') throw new Error('nothing but codes is printed here');
  return part === 'void' && elements.length === 0 ? 'blank' : part;
}

/** Every third line of a body is known: its short code stands alone, in groups of four. */
function shortCodeOn({ elements }: PrintDocument): string {
  for (const element of elements) {
    if (
      element.type === 'text' &&
      element.align === 'center' &&
      /^[0-9A-Z]{4}( [0-9A-Z]{4}){2}$/.test(element.text)
    )
      return element.text.replaceAll(' ', '');
  }
  throw new Error('a body without a short code');
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
