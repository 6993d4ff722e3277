import { createIssuance } from '../../src/issuance/issuance.ts';
import type { Issuance } from '../../src/issuance/issuance.ts';
import type {
  IssuanceLogEntry,
  IssuancePorts,
  JournalRow,
  PrintResult,
  SlipExit,
} from '../../src/issuance/ports.ts';
import type { IssuanceLimits } from '../../src/issuance/settings.ts';
import { DEFAULT_LIMITS } from '../../src/issuance/settings.ts';
import { TRANSITIONS } from '../../src/issuance/transitions.ts';
import { CentreModel } from './centre-model.ts';
import type { JobFate, Part } from '../simulation/printer-model.ts';
import { PrinterModel } from './printer-model.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';

/** What the network does to one request. `slow-reply`: served at once, answered 5 s later. `late`: it arrives, long after we have given up. */
export type NetFate = 'good' | 'slow-reply' | 'request-lost' | 'reply-lost' | 'late' | 'twice' | 'hangs';

export interface WorldOptions {
  readonly random: () => number;
  readonly net?: (call: string) => NetFate;
  readonly print?: (part: Part) => JobFate;
  readonly minimumEvidence?: 'E1' | 'E2';
  readonly limits?: Partial<IssuanceLimits>;
}

/** A kiosk that can die and come back, in a world that goes on: centre, paper and the journal's disk. */
export class World {
  readonly time = new VirtualClock();
  readonly centre = new CentreModel(() => this.time.nowMs);
  readonly printer: PrinterModel;
  readonly disk = new Map<string, JournalRow>();
  readonly log: IssuanceLogEntry[] = [];
  /** Every state an operation has had in the journal. */
  readonly history = new Map<string, string[]>();
  readonly broken: string[] = [];
  net: (call: string) => NetFate;
  print: (part: Part) => JobFate;
  /** The process dies at this journal write (counted from 1), before or after it reaches the disk. */
  crashAt: { readonly write: number; readonly when: 'before' | 'after' } | null = null;
  writes = 0;
  fatal: unknown = null;
  issuance!: Issuance;
  readonly #options: WorldOptions;
  #incarnation = 0;
  #activationsBefore = 0;
  #ids = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.net = options.net ?? (() => 'good');
    this.print = options.print ?? (() => 'good');
    this.printer = new PrinterModel(
      this.time.view(),
      (part) => this.print(part),
      (opId, part) => {
        if (part === 'footer') this.expect(this.centre.codes.get(opId)?.activatedEver === true, 'P4');
      },
    );
  }

  expect(holds: boolean, name: string): void {
    if (!holds) this.broken.push(`${name} at ${this.time.nowMs} ms`);
  }

  newId(): string {
    this.#ids += 1;
    return `00000000-0000-4000-8000-${String(this.#ids).padStart(12, '0')}`;
  }

  /** The person has an active code from before. */
  giveCode(): void {
    this.centre.rival(this.newId());
    this.#activationsBefore = this.centre.activations;
  }

  /** The running process ends without a word. */
  kill(): void {
    this.#incarnation += 1;
  }

  /** Starts the agent's issuance anew on what the disk holds. */
  async boot(): Promise<void> {
    this.#incarnation += 1;
    const mine = this.#incarnation;
    const alive = () => mine === this.#incarnation;
    this.fatal = null;
    const limits = { ...DEFAULT_LIMITS, ...this.#options.limits };
    this.issuance = createIssuance(this.#ports(alive), {
      minimumEvidence: this.#options.minimumEvidence ?? 'E2',
      limits,
    });
    let done = false;
    void this.issuance.recover().then(() => {
      done = true;
      return undefined;
    });
    await this.time.advance(120_000, () => done || !alive());
  }

  #ports(alive: () => boolean): IssuancePorts {
    return {
      clock: this.time.view(alive),
      random: { uuid: () => this.newId(), fraction: this.#options.random },
      log: (entry) => this.log.push(entry),
      fatal: (error) => {
        this.fatal = error;
      },
      journal: this.#journal(alive),
      centre: {
        reserve: ({ opId, kind }) => this.#call(alive, 'reserve', () => this.centre.reserve(opId, kind)),
        activate: ({ opId, baseEpoch }) =>
          this.#call(alive, 'activate', () => this.centre.activate(opId, baseEpoch)),
        void: ({ opId }) => this.#call(alive, 'void', () => this.centre.void(opId)),
        confirm: ({ opId, delivery }) =>
          this.#call(alive, 'confirm', () => this.centre.confirm(opId, delivery)),
        openOperations: () =>
          this.#call(alive, 'open', () => ({ kind: 'ok', operations: this.centre.open() }) as const),
      },
      printer: {
        preflight: () =>
          this.#while(
            alive,
            Promise.resolve(
              this.printer.sensesPaper
                ? ({ kind: 'notReady', cause: 'slip-at-exit' } as const)
                : ({ kind: 'ready' } as const),
            ),
          ),
        printBody: ({ opId }) => this.#job(alive, opId, 'body', false),
        printFooterAndCut: ({ opId }) => this.#job(alive, opId, 'footer', true),
        printVoidAndCut: ({ opId }) => this.#job(alive, opId, 'void', true),
        cutOff: ({ opId }) => this.#job(alive, opId, 'blank', true),
        purge: () => (alive() ? this.#while(alive, this.printer.purge()) : never()),
        slipExit: () => this.#exit(alive),
      },
    };
  }

  #job(alive: () => boolean, opId: string, part: Part, cut: boolean): Promise<PrintResult> {
    if (!alive()) return never();
    return this.#while(alive, this.printer.print(opId, part, cut));
  }

  #exit(alive: () => boolean): SlipExit | undefined {
    const exit = this.printer.slipExit();
    const { retract } = exit ?? {};
    return (
      exit && {
        whenGone: (signal) => this.#while(alive, exit.whenGone(signal)),
        ...(retract && { retract: () => (alive() ? this.#while(alive, retract()) : never()) }),
      }
    );
  }

  #while<T>(alive: () => boolean, work: Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      void work.then((value) => {
        if (alive()) resolve(value);
        return undefined;
      });
    });
  }

  #call<T>(alive: () => boolean, name: string, serve: () => T): Promise<T | { readonly kind: 'unknown' }> {
    if (!alive()) return never();
    const clock = this.time.view();
    const fate = this.net(name);
    const arrive = () => {
      const answer = serve();
      this.check();
      return answer;
    };
    return this.#while(
      alive,
      new Promise((resolve) => {
        const after = (delayMs: number, task: () => void) => void clock.schedule(delayMs, task);
        const lost = { kind: 'unknown' } as const;
        if (fate === 'good' || fate === 'twice') after(50, () => after(50, resolve.bind(null, arrive())));
        if (fate === 'slow-reply') after(5_000, resolve.bind(null, arrive()));
        if (fate === 'twice') after(1_000 + this.#options.random() * 20_000, arrive);
        if (fate === 'late') after(this.#options.random() * 90_000, arrive);
        if (fate === 'reply-lost') after(50, () => (arrive(), after(50, () => resolve(lost))));
        if (fate === 'request-lost') after(50, () => resolve(lost));
      }),
    );
  }

  #journal(alive: () => boolean): IssuancePorts['journal'] {
    const write = (pair: readonly [string, string], opId: string, apply: () => void) => {
      if (!alive()) throw new Error('dead');
      this.writes += 1;
      const dies = this.crashAt?.write === this.writes ? this.crashAt.when : null;
      if (dies === 'before') this.#die();
      this.expect(
        TRANSITIONS.some(({ from, to }) => from === pair[0] && to === pair[1]),
        `P8 ${pair.join('→')}`,
      );
      this.history.set(opId, [...(this.history.get(opId) ?? []), pair[1]]);
      apply();
      if (dies === 'after') this.#die();
    };
    return {
      insert: (row) => {
        write(['NONE', row.state], row.opId, () => this.disk.set(row.opId, row));
      },
      move: (opId, from, to, patch) => {
        const row = this.disk.get(opId);
        if (alive()) this.expect(row?.state === from, `P8 ${String(row?.state)} is not ${from}`);
        write([from, to], opId, () => {
          if (row !== undefined) this.disk.set(opId, { ...row, ...patch, state: to });
        });
      },
      close: (opId) => {
        const row = this.disk.get(opId);
        write([row?.state ?? 'NONE', 'CLOSED'], opId, () => this.disk.delete(opId));
      },
      unfinished: () => [...this.disk.values()],
      ageMs: () => 0,
    };
  }

  #die(): never {
    this.kill();
    throw new Error('killed');
  }

  /** What holds at every instant (P1, P3, P5, P10). */
  check(): void {
    const active = this.centre.active();
    this.expect(active.length <= 1, 'P1');
    for (const code of active) {
      if (code.device === 'rival') continue;
      const onPaper = this.printer
        .everything()
        .some(({ opId, part, dots }) => opId === code.opId && part === 'body' && dots === 'all');
      this.expect(onPaper, `P3 ${code.opId}`);
    }
    const untouched = this.centre.activations === this.#activationsBefore;
    if (this.#activationsBefore > 0 && untouched) this.expect(active.length === 1, 'P10');
    for (const [opId, starts] of this.printer.bodyStarts) this.expect(starts <= 1, `P5 ${opId}`);
    const seen = this.printer.exitFitting !== 'none';
    this.expect(!seen || this.printer.covered === 0, "somebody's slip came out onto another's");
  }

  /** What holds when everything has come to rest (P16, P20, P21, P22; P23 as: a person who had a code has one). */
  checkAtRest(hadCode: boolean): void {
    this.check();
    this.expect(this.disk.size === 0, `P16 journal holds ${this.disk.size}`);
    for (const code of this.centre.codes.values()) {
      if (code.device === 'rival') continue;
      this.expect(code.state !== 'pending' || this.time.nowMs > code.leaseUntilMs, `P16 ${code.opId}`);
      const reachedFooter = this.history.get(code.opId)?.includes('FOOTER') === true;
      this.expect(reachedFooter || code.state !== 'active', `P20 ${code.opId}`);
      this.expect(code.state !== 'active' || code.delivery !== null, `P21 ${code.opId}`);
    }
    for (const slip of [...this.printer.slips, this.printer.hanging]) this.#checkSlip(slip);
    for (const slip of this.printer.retracted) this.#checkRetracted(slip);
    if (hadCode) this.expect(this.centre.active().length === 1, 'P23');
  }

  /** A code whose only paper is inside the machine: void, or (killed before that was written down) told as unconfirmed. */
  #checkRetracted(slip: PrinterModel['hanging']): void {
    const code = this.centre.codes.get(slip.find(({ part }) => part === 'body')?.opId ?? '');
    if (code === undefined || code.device === 'rival') return;
    const told = code.state !== 'active' || code.delivery === 'unconfirmed';
    this.expect(told, `P20 ${code.opId} was pulled back and is ${code.state} as ${String(code.delivery)}`);
  }

  #checkSlip(slip: PrinterModel['hanging']): void {
    const all = slip.filter(({ dots }) => dots === 'all');
    const body = all.find(({ part }) => part === 'body');
    const footer = all.find(({ part }) => part === 'footer');
    if (body === undefined || footer === undefined || all.some(({ part }) => part === 'void')) return;
    this.expect(body.opId === footer.opId, 'P22 footer under a strange body');
    const bodies = slip.filter(({ part, dots }) => part === 'body' && dots !== 'none');
    this.expect(bodies.length === 1, 'P22 two bodies on one slip');
    const code = this.centre.codes.get(body.opId);
    const later = [...this.centre.codes.values()].some((other) => other.activation > (code?.activation ?? 0));
    this.expect(code?.state === 'active' || later, `P22 ${body.opId}`);
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
