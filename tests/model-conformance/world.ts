import type { Agent as AgentOfKiosk } from './kiosk.ts';
import { Agent, KioskDisk, LIMITS } from './kiosk.ts';
import type { JobUnderWay } from './kiosk.ts';
import type { Message, PersonAtCentre } from './centre.ts';
import type { Request } from '../model/centre.ts';
import type { JournalRow } from '../../src/issuance/ports.ts';
import type { JournalState } from '../../src/issuance/transitions.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { RandomSource } from '../../src/platform/random.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { SteeredPrinter } from './printer.ts';
import type { Fitting } from './walk.ts';

/** Longer than anything may take by the world's clock. */
const PATIENCE_MS = 120_000;

/** One person, one kiosk and its printer, the centre: the real code, on a clock that stands still between moves. */
export class World {
  readonly time = new VirtualClock();
  readonly printer: SteeredPrinter;
  readonly person: PersonAtCentre;
  readonly disk: KioskDisk;
  readonly random: RandomSource;
  /** The ids of the kiosk's operations, as they were begun. */
  readonly opIds: string[] = [];
  /** Of the operations that this agent began. */
  readonly handles = new Map<string, ReturnType<AgentOfKiosk['begin']>>();
  /** So often the body of an operation was given to the printer. */
  readonly bodyStarts = new Map<string, number>();
  /** Told of each row that has become durable, before anything is done about it. */
  onRow: (to: JournalState | 'CLOSED') => void = () => undefined;
  readonly #rowsWritten = new Map<string, number>();
  #agent: Agent | undefined;
  /** Of this agent: its timers end with it. */
  #life = { over: false };

  constructor(parts: {
    readonly fitting: Fitting;
    readonly person: PersonAtCentre;
    readonly random: RandomSource;
    readonly template: string | undefined;
  }) {
    this.person = parts.person;
    this.random = parts.random;
    this.printer = new SteeredPrinter(parts.fitting, this.#clock());
    this.disk = new KioskDisk(parts.template);
  }

  get up(): boolean {
    return this.#agent !== undefined;
  }

  /** The agent that runs. */
  get agent(): Agent {
    if (this.#agent === undefined) throw new Error('no agent runs');
    return this.#agent;
  }

  async boot(): Promise<void> {
    const life = { over: false };
    const clock = this.#clock(() => !life.over);
    const agent = await Agent.start({
      disk: this.disk,
      person: this.person,
      printer: this.printer,
      clock,
      random: this.random,
      onRow: (opId, to) => {
        this.#rowsWritten.set(opId, (this.#rowsWritten.get(opId) ?? 0) + 1);
        this.onRow(to);
      },
    });
    this.#agent = agent;
    this.#life = life;
    await this.until(agent.recover(), 'recovery');
    await this.settle();
  }

  kill(): void {
    this.#life.over = true;
    this.agent.kill();
    this.#agent = undefined;
    this.handles.clear();
  }

  end(): void {
    if (this.up) this.kill();
    this.printer.simulator.end();
    this.disk.remove();
  }

  /** What can happen without time passing has happened. */
  settle(): Promise<void> {
    return this.time.advance(0);
  }

  /** Lets time pass until something is so. */
  async waitFor(holds: () => boolean, what: string): Promise<void> {
    await this.time.advance(PATIENCE_MS, holds);
    if (!holds()) throw new Error(`${what} does not come`);
  }

  /** Lets time pass until something has settled. */
  async until<T>(work: Promise<T>, what: string): Promise<T> {
    let settled: { readonly value: T } | undefined;
    void work.then((value) => (settled = { value }));
    await this.waitFor(() => settled !== undefined, what);
    if (settled === undefined) throw new Error(what);
    return settled.value;
  }

  /** Paper moves by fractions of a millisecond; a calendar has whole ones. */
  #clock(alive?: () => boolean): Clock {
    return this.time.view(alive, () => Math.ceil(this.time.nowMs) - this.time.nowMs);
  }

  /** A job that was let through. */
  finished(job: JobUnderWay): Promise<void> {
    return this.waitFor(() => job.done, 'the end of a print job');
  }

  rows(): readonly JournalRow[] {
    return this.#agent?.rows() ?? this.disk.journal(this.#clock());
  }

  /** Does something, and lets time pass until the operation's row has moved; `meanwhile` is called on the way. */
  async moves(opId: string, act: () => unknown, meanwhile: () => void = () => undefined): Promise<void> {
    const before = this.#rowsWritten.get(opId) ?? 0;
    act();
    const moved = () => {
      meanwhile();
      return (this.#rowsWritten.get(opId) ?? 0) > before;
    };
    await this.waitFor(moved, 'the next row');
  }

  /** The newest of these requests; undefined: it was never sent. */
  lastSent(opId: string, request: Request): Message | undefined {
    return this.person.sent.findLast((message) => message.opId === opId && message.request === request);
  }

  /** A request of which the agent still waits for the answer. */
  awaited(opId: string, request: Request): Message | undefined {
    const message = this.lastSent(opId, request);
    const young = message !== undefined && this.time.nowMs - message.sentAtMs < LIMITS.requestMs;
    return message?.open === true && young ? message : undefined;
  }
}
