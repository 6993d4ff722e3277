import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { footerDocument, voidDocument } from '../../src/slip/slip-document.ts';
import type { PrintDocument } from '../../src/slip/print-document.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { RandomSource } from '../../src/platform/random.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Move } from '../model/moves.ts';
import type { Rules } from '../model/rules.ts';
import { seeded } from '../simulation/seeded.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { carryOut, carryOutAtOnce, endsAtOnce } from './carry-out.ts';
import { CentreAtHand } from './centre.ts';
import { Eye } from './likeness.ts';
import type { Difference } from './likeness.ts';
import { printOf, rowsOf } from './paper.ts';
import type { Print } from './paper.ts';
import { SteeredPrinter } from './printer.ts';
import { inAnInstant, walkOf } from './walk.ts';
import type { Fitting, Walk } from './walk.ts';
import { World } from './world.ts';

/** How far a walk came, and where it parted from the world. */
export interface WalkReport {
  readonly walk: Walk;
  /** Moves after which the world was as the model says. */
  readonly steps: number;
  readonly mismatch?: Mismatch;
}

/** The moves up to the one after which model and world differed, or that could not be carried out (`error`). */
export interface Mismatch {
  readonly seed: number;
  readonly moves: readonly string[];
  readonly differences: readonly Difference[];
  readonly error?: string;
}

/** Walks through the model, each carried out by the real code. */
export class Conformance {
  readonly #centre = new CentreAtHand();
  readonly #template: string;
  readonly #directory: string;
  readonly #marks: Readonly<Record<Fitting, readonly Print[]>>;

  private constructor(directory: string, marks: Readonly<Record<Fitting, readonly Print[]>>) {
    this.#directory = directory;
    this.#template = path.join(directory, 'kiosk.db');
    this.#marks = marks;
  }

  static async start(): Promise<Conformance> {
    const directory = mkdtempSync(path.join(tmpdir(), 'conformance-template-'));
    const random = randomOf(0);
    const store = await openStore({ directory, clock: systemClock, random });
    if (!store.ok) throw new Error(store.error.kind);
    store.value.close();
    return new Conformance(directory, { epson: await marksOf('epson'), star: await marksOf('star') });
  }

  close(): void {
    this.#centre.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async walk(seed: number, rules?: Rules): Promise<WalkReport> {
    const walk = walkOf(seed, rules);
    const random = randomOf(seed);
    const world = new World({
      fitting: walk.fitting,
      person: this.#centre.newPerson(walk.hadCode, random),
      random,
      template: this.#template,
    });
    try {
      await world.boot();
      return await new Run(walk, world, new Eye(world, this.#marks[walk.fitting])).report();
    } finally {
      world.end();
    }
  }
}

/** One walk that is being carried out. */
class Run {
  readonly #walk: Walk;
  readonly #world: World;
  readonly #eye: Eye;
  #taken = 0;
  #steps = 0;
  #mismatch: Mismatch | undefined;

  constructor(walk: Walk, world: World, eye: Eye) {
    this.#walk = walk;
    this.#world = world;
    this.#eye = eye;
  }

  async report(): Promise<WalkReport> {
    this.#world.onRow = () => {
      this.#inTheInstant();
    };
    this.#compare();
    while (this.#mismatch === undefined && this.#taken < this.#walk.moves.length) {
      const state = this.#state();
      const move = this.#next();
      try {
        await carryOut(this.#world, state, move);
        this.#compare();
      } catch (error) {
        this.#blame([], String(error));
      }
    }
    const mismatch = this.#mismatch;
    return { walk: this.#walk, steps: this.#steps, ...(mismatch && { mismatch }) };
  }

  /** A row is durable and its effect not taken yet: what the walk has next, as long as it is the business of this instant. */
  #inTheInstant(): void {
    if (this.#mismatch !== undefined || !inAnInstant(this.#state())) return;
    try {
      this.#compare();
      for (;;) {
        const move = this.#walk.moves[this.#taken];
        // Where the walk ends here the agent does as well.
        if (move === undefined) return endsAtOnce(this.#world, 'kept');
        this.#next();
        if (move.what.kind === 'proceeds') return;
        if (move.what.kind === 'killed') return endsAtOnce(this.#world, move.what.disk);
        if (!carryOutAtOnce(this.#world, move.what)) throw new Error(`${move.what.kind} takes time`);
        // Given up: what follows is no longer of this instant.
        if (!inAnInstant(this.#state())) return;
        this.#compare();
      }
    } catch (error) {
      this.#blame([], String(error));
    }
  }

  #state() {
    return this.#walk.moves[this.#taken - 1]?.next ?? this.#walk.start;
  }

  #next(): Move {
    const move = this.#walk.moves[this.#taken];
    if (move === undefined) throw new Error('the walk is over');
    this.#taken += 1;
    return move;
  }

  #compare(): void {
    const differences = this.#eye.differences(this.#state());
    if (differences.length > 0) this.#blame(differences);
    else this.#steps = this.#taken;
  }

  #blame(differences: readonly Difference[], error?: string): void {
    this.#mismatch ??= {
      seed: this.#walk.seed,
      moves: this.#walk.moves.slice(0, this.#taken).map(({ name }) => name),
      differences,
      ...(error !== undefined && { error }),
    };
  }
}

/** Chance of one walk. */
function randomOf(seed: number): RandomSource {
  const fraction = seeded(seed ^ 0x5eed);
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => Math.floor(fraction() * 256));
  return {
    fraction,
    bytes,
    uuid: () => {
      const hex = Buffer.from(bytes(16)).toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}

/** What footer and void mark look like, printed alone. */
async function marksOf(fitting: Fitting): Promise<readonly Print[]> {
  const time = new VirtualClock();
  const printer = new SteeredPrinter(fitting, time.view());
  const connecting = printer.connect(time.view(), randomOf(0));
  await time.advance(30_000);
  const connection = await connecting;
  const parts: readonly (readonly [Print['part'], PrintDocument])[] = [
    ['footer', footerDocument()],
    ['void', voidDocument()],
  ];
  const prints: Print[] = [];
  for (const [part, document] of parts) {
    const job = connection?.print({ document, cut: true, processId: 'AAAA' });
    await time.advance(30_000);
    if ((await job)?.kind !== 'printed') throw new Error(`no ${part} to compare with`);
    prints.push(
      printOf(part, rowsOf(printer.simulator.tray.picture(`${prints.length + 1}`) ?? new Uint8Array(0))),
    );
  }
  printer.simulator.end();
  printer.unplug();
  return prints;
}
