import type { Clock } from '../../src/platform/clock.ts';
import type { ExitFitting, JobFate, Part, Pull } from '../simulation/printer-model.ts';
import type { PrintResult, SlipExit, SlipFate } from '../../src/issuance/ports.ts';

export interface Printed {
  readonly opId: string;
  readonly part: Part;
  /** What is on the paper, whatever was reported. */
  dots: 'none' | 'some' | 'all';
}

const JOB_MS = 2_000;
const PULL_MS = 3_000;

/** A printer as physics: strips of paper with parts on them, a buffer that survives the kiosk, and a word it gives. */
export class PrinterModel {
  /** Cut off and out of the machine. */
  readonly slips: Printed[][] = [];
  /** Cut off, and back inside: nobody ever gets them. */
  readonly retracted: Printed[][] = [];
  /** Cut slips that lie at the exit, where a hand can take them; nothing sees them unless a sensor is fitted. */
  atExit: Printed[][] = [];
  exitFitting: ExitFitting = 'none';
  pull: () => Pull = () => 'pulls';
  /** Slips that came out onto somebody else's. */
  covered = 0;
  /** Still hanging in the machine. */
  hanging: Printed[] = [];
  readonly bodyStarts = new Map<string, number>();
  answers = true;
  purges = 0;
  readonly #clock: Clock;
  readonly #fate: (part: Part) => JobFate;
  readonly #onStart: (opId: string, part: Part) => void;
  #running: Printed | null = null;
  #exitListeners: ((fate: SlipFate) => void)[] = [];

  constructor(clock: Clock, fate: (part: Part) => JobFate, onStart: (opId: string, part: Part) => void) {
    this.#clock = clock;
    this.#fate = fate;
    this.#onStart = onStart;
  }

  /** Everything that carries dots, hanging or cut off. */
  everything(): readonly Printed[] {
    return [...this.slips.flat(), ...this.retracted.flat(), ...this.hanging].filter(
      ({ dots }) => dots !== 'none',
    );
  }

  purge(): Promise<boolean> {
    if (!this.answers) return Promise.resolve(false);
    this.purges += 1;
    if (this.#running !== null) {
      this.#running.dots = 'some';
      this.#running = null;
    }
    return Promise.resolve(true);
  }

  print(opId: string, part: Part, cut: boolean): Promise<PrintResult> {
    if (!this.answers) return Promise.resolve({ kind: 'notPrinted', cause: 'fault' });
    const fate = this.#fate(part);
    if (fate === 'not-printed') return Promise.resolve({ kind: 'notPrinted', cause: 'no-paper' });
    this.#onStart(opId, part);
    if (part === 'body') this.bodyStarts.set(opId, (this.bodyStarts.get(opId) ?? 0) + 1);
    const printed: Printed = { opId, part, dots: 'none' };
    this.hanging.push(printed);
    this.#running = printed;
    return new Promise((resolve) => {
      this.#clock.schedule(JOB_MS, () => {
        if (this.#running !== printed) return;
        this.#running = null;
        this.#finish(printed, fate, cut);
        const result = said(fate, cut);
        if (result !== null) resolve(result);
      });
    });
  }

  #finish(printed: Printed, fate: JobFate, cut: boolean): void {
    printed.dots = fate === 'nothing-silent' ? 'none' : fate === 'half-unknown' ? 'some' : 'all';
    const cuts =
      fate === 'good' || fate === 'whole-unknown' || fate === 'whole-silent' || fate === 'weak-proof';
    if (!cut || !cuts) return;
    if (this.atExit.length > 0 && this.hanging.some((printed) => this.#isAnothers(printed)))
      this.covered += 1;
    this.slips.push(this.hanging);
    this.atExit.push(this.hanging);
    this.hanging = [];
  }

  #isAnothers({ opId, part }: Printed): boolean {
    return part === 'body' && this.atExit.flat().every((lying) => lying.opId !== opId);
  }

  /** A hand takes whatever lies at the exit. */
  takePaper(): void {
    if (this.atExit.length === 0) return;
    this.atExit = [];
    this.#tell('taken');
  }

  /** The sensor sees paper. */
  get sensesPaper(): boolean {
    return this.exitFitting !== 'none' && this.atExit.length > 0;
  }

  slipExit(): SlipExit | undefined {
    if (this.exitFitting === 'none' || !this.answers) return undefined;
    return {
      whenGone: (signal) => this.#whenGone(signal),
      ...(this.exitFitting === 'presenter' ? { retract: () => this.#retract() } : {}),
    };
  }

  #whenGone(signal: AbortSignal): Promise<SlipFate> {
    if (this.atExit.length === 0) return Promise.resolve('taken');
    return new Promise((resolve) => {
      this.#exitListeners.push(resolve);
      signal.addEventListener('abort', () => resolve('unknown'));
    });
  }

  #retract(): Promise<SlipFate> {
    return new Promise((resolve) => {
      this.#clock.schedule(PULL_MS, () => {
        const comes = this.pull();
        if (this.atExit.length === 0) resolve('taken');
        else if (!this.answers || comes === 'stuck') resolve('unknown');
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
    this.#tell('retracted', resolve);
  }

  #tell(fate: SlipFate, ...others: ((fate: SlipFate) => void)[]): void {
    for (const listener of [...this.#exitListeners.splice(0), ...others]) listener(fate);
  }
}

function said(fate: JobFate, cut: boolean): PrintResult | null {
  if (fate === 'good') return { kind: 'printed', grade: 'E2', cut };
  if (fate === 'weak-proof') return { kind: 'printed', grade: 'E1', cut };
  if (fate === 'cutter-fault') return { kind: 'printed', grade: 'E2', cut: false };
  return fate === 'half-unknown' || fate === 'whole-unknown' ? { kind: 'unknown', cause: 'jam' } : null;
}
