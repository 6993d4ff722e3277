import type { EvidenceGrade, PrinterCause, SlipFate } from '../../src/issuance/ports.ts';
import type { VirtualClock } from './virtual-clock.ts';

export type Part = 'body' | 'footer' | 'void' | 'blank';

export interface Printed {
  /** Which code a body shows; null for what shows none. */
  readonly shortCode: string | null;
  readonly part: Part;
  /** What is on the paper, whatever was reported. */
  dots: 'none' | 'some' | 'all';
}

/** One strip of paper, cut off. */
export type Slip = readonly Printed[];

/** What happens to one job, and what is said of it. `silent` outcomes are never reported: the job just hangs. */
export type JobFate =
  | 'good'
  | 'not-printed'
  | 'half-unknown'
  | 'whole-unknown'
  | 'whole-silent'
  | 'nothing-silent'
  | 'weak-proof'
  | 'cutter-fault';

/** What is fitted at the exit: nothing, a sensor, or a sensor and rollers that pull a slip back. */
export type ExitFitting = 'none' | 'sensor' | 'presenter';

/** What a pull comes to. `stuck`: the slip stays where it is, and the sensor says so or says nothing. */
export type Pull = 'pulls' | 'jams' | 'stuck';

/** The printer's word on a job. */
export type Said =
  | { readonly kind: 'printed'; readonly grade: EvidenceGrade; readonly cut: boolean }
  | { readonly kind: 'notPrinted' | 'unknown'; readonly cause: PrinterCause };

export interface Job {
  readonly part: Part;
  readonly shortCode: string | null;
  readonly cut: boolean;
}

export interface PrinterEvents {
  /** A job begins or ends to leave dots, or a strip was cut off, pulled back or taken: something is to be looked at. */
  readonly paper: (what: 'begins' | 'ends' | 'cut' | 'retracted' | 'taken', about: Printed | null) => void;
  /** What a status query would say has changed. */
  readonly state: () => void;
  readonly fate: (part: Part) => JobFate;
  readonly pull: () => Pull;
}

const JOB_MS: Readonly<Record<Part, number>> = { body: 2_000, footer: 900, void: 900, blank: 400 };
const PULL_MS = 3_000;

/** A printer as physics: strips of paper with parts on them, a buffer that survives the kiosk, and a word it gives. */
export class PrinterModel {
  readonly exitFitting: ExitFitting;
  paper: 'full' | 'out' = 'full';
  cover: 'closed' | 'open' = 'closed';
  cutter: 'ok' | 'fault' = 'ok';
  jammed = false;
  /** Cut off and out of the machine. */
  readonly slips: Slip[] = [];
  /** Cut off, and back inside: nobody ever gets them. */
  readonly retracted: Slip[] = [];
  /** Cut slips that lie at the exit, where a hand can take them; nothing sees them unless a sensor is fitted. */
  atExit: Slip[] = [];
  /** Still hanging in the machine. */
  hanging: Printed[] = [];
  readonly #clock: VirtualClock;
  readonly #events: PrinterEvents;
  #running: {
    readonly printed: Printed;
    readonly end: (said: Said) => void;
    readonly finish: () => void;
  } | null = null;
  #exitListeners = new Set<(fate: SlipFate) => void>();

  constructor(clock: VirtualClock, exitFitting: ExitFitting, events: PrinterEvents) {
    this.#clock = clock;
    this.exitFitting = exitFitting;
    this.#events = events;
  }

  /** What keeps it from printing now. */
  get obstacle(): PrinterCause | null {
    if (this.cover === 'open') return 'cover-open';
    if (this.paper === 'out') return 'no-paper';
    return this.jammed || this.cutter === 'fault' ? 'jam' : null;
  }

  /** Empties the buffer: what is being printed ends where it is. */
  purge(): void {
    this.#breakOff(null);
  }

  /** Resolves with its word; never, when it keeps silent. */
  print(job: Job): Promise<Said> {
    const { obstacle } = this;
    if (obstacle !== null) return Promise.resolve({ kind: 'notPrinted', cause: obstacle });
    const fate = this.#events.fate(job.part);
    if (fate === 'not-printed') return Promise.resolve({ kind: 'notPrinted', cause: 'fault' });
    this.#running?.finish();
    const printed: Printed = { shortCode: job.shortCode, part: job.part, dots: 'none' };
    this.hanging.push(printed);
    this.#events.paper('begins', printed);
    return new Promise((resolve) => {
      const finish = () => {
        this.#running = null;
        this.#finish(printed, fate, job.cut);
        const said = wordOn(fate, job.cut);
        if (said !== null) resolve(said);
      };
      const running = { printed, end: resolve, finish };
      this.#running = running;
      this.#clock.schedule(JOB_MS[job.part], () => {
        if (this.#running === running) finish();
      });
    });
  }

  #finish(printed: Printed, fate: JobFate, cut: boolean): void {
    if (fate !== 'nothing-silent') {
      printed.dots = fate === 'half-unknown' ? 'some' : 'all';
      this.#events.paper('ends', printed);
    }
    if (fate === 'half-unknown') this.#set(() => (this.jammed = true));
    if (!cut) return;
    if (fate === 'cutter-fault') this.#set(() => (this.cutter = 'fault'));
    else if (fate !== 'half-unknown' && fate !== 'nothing-silent') this.#cutOff();
  }

  #cutOff(): void {
    const slip = this.hanging;
    this.hanging = [];
    this.slips.push(slip);
    this.atExit.push(slip);
    this.#events.paper('cut', null);
    this.#events.state();
  }

  /** Something stops it in the middle. `cause` null: nobody is told (its line or its power is gone). */
  #breakOff(cause: PrinterCause | null): void {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    running.printed.dots = 'some';
    this.#events.paper('ends', running.printed);
    if (cause !== null) running.end({ kind: 'unknown', cause });
  }

  #set(change: () => void): void {
    change();
    this.#events.state();
  }

  runOut(): void {
    this.#breakOff('no-paper');
    this.#set(() => (this.paper = 'out'));
  }

  openCover(): void {
    this.#breakOff('cover-open');
    this.#set(() => (this.cover = 'open'));
  }

  /** Power off and on: the buffer is empty, and the knife stands as it should. */
  powerCycle(): void {
    this.#breakOff(null);
  }

  /** Staff put everything right that a hand can put right; what hangs there stays. */
  mend(): void {
    this.#set(() => {
      this.paper = 'full';
      this.cover = 'closed';
      this.cutter = 'ok';
      this.jammed = false;
    });
  }

  /** A hand takes whatever lies at the exit. */
  takePaper(): readonly Slip[] {
    const taken = this.atExit;
    if (taken.length === 0) return taken;
    this.atExit = [];
    this.#events.paper('taken', null);
    this.#tell('taken');
    this.#events.state();
    return taken;
  }

  /** The sensor sees paper. */
  get sensesPaper(): boolean {
    return this.exitFitting !== 'none' && this.atExit.length > 0;
  }

  whenGone(signal: AbortSignal): Promise<SlipFate> {
    if (this.atExit.length === 0) return Promise.resolve('taken');
    return new Promise((resolve) => {
      const listener = (fate: SlipFate) => {
        this.#exitListeners.delete(listener);
        resolve(fate);
      };
      this.#exitListeners.add(listener);
      signal.addEventListener('abort', () => listener('unknown'), { once: true });
    });
  }

  retract(): Promise<SlipFate> {
    return new Promise((resolve) => {
      this.#clock.schedule(PULL_MS, () => {
        const comes = this.#events.pull();
        if (this.atExit.length === 0) resolve('taken');
        else if (comes === 'stuck') resolve('unknown');
        else if (comes === 'jams') this.#tell('jammed', resolve);
        else this.#pullBack(resolve);
      });
    });
  }

  #pullBack(resolve: (fate: SlipFate) => void): void {
    for (const slip of this.atExit) {
      this.slips.splice(this.slips.indexOf(slip), 1);
      this.retracted.push(slip);
    }
    this.atExit = [];
    this.#events.paper('retracted', null);
    this.#tell('retracted', resolve);
    this.#events.state();
  }

  #tell(fate: SlipFate, ...others: ((fate: SlipFate) => void)[]): void {
    for (const listener of [...this.#exitListeners, ...others]) listener(fate);
  }
}

function wordOn(fate: JobFate, cut: boolean): Said | null {
  if (fate === 'good') return { kind: 'printed', grade: 'E2', cut };
  if (fate === 'weak-proof') return { kind: 'printed', grade: 'E1', cut };
  if (fate === 'cutter-fault') return { kind: 'printed', grade: 'E2', cut: false };
  return fate === 'half-unknown' || fate === 'whole-unknown' ? { kind: 'unknown', cause: 'jam' } : null;
}
