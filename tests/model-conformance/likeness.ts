import type { Code, CodeState, Delivery, Ink, Operation, State } from '../model/state.ts';
import type { OperationRow } from '../../sandbox/central-service/operation-rows.ts';
import type { JournalRow } from '../../src/issuance/ports.ts';
import { bodyOf, readPaper, rowsOf } from './paper.ts';
import type { Found, Print } from './paper.ts';
import type { World } from './world.ts';

/** A component in which model and world differ. */
export interface Difference {
  readonly where: string;
  readonly model: unknown;
  readonly world: unknown;
}

/** Looks at disk, centre and paper, and at nothing that the agent says of itself. */
export class Eye {
  readonly #world: World;
  readonly #marks: readonly Print[];
  readonly #bodies = new Map<string, Print>();
  readonly #slips = new Map<string, readonly Found[]>();
  #hanging: { readonly dots: number; readonly slips: number; readonly found: readonly Found[] } | undefined;

  /** `marks`: what footer and void mark look like. */
  constructor(world: World, marks: readonly Print[]) {
    this.#world = world;
    this.#marks = marks;
  }

  /** Where the world is not as the model says. Empty: it is. */
  differences(model: State): readonly Difference[] {
    const seen = this.#look(model);
    return Object.entries(seen).flatMap(([where, world]) => {
      const wanted = componentOf(model, where);
      return JSON.stringify(wanted) === JSON.stringify(world) ? [] : [{ where, model: wanted, world }];
    });
  }

  #look(model: State): Record<string, unknown> {
    const { person, printer, disk } = this.#world;
    const rows = this.#world.rows();
    const ours = new Set(this.#world.opIds);
    const owed = rows.some(
      ({ opId, state, centreSettled }) => !ours.has(opId) && state === 'VOIDING' && centreSettled,
    );
    const seen: Record<string, unknown> = {
      up: this.#world.up,
      paperUnknown: disk.lost() || owed,
      'other rows': rows.filter(({ opId }) => !ours.has(opId)).length - (owed ? 1 : 0),
      epoch: person.epoch() - person.epochAtStart,
      earlier: this.#code(person.earlier),
      rival: this.#code(person.rival),
      leftover: printer.simulator.holds.held !== undefined,
    };
    const paper = this.#paper();
    for (const which of [0, 1] as const) {
      const opId = this.#world.opIds[which];
      const row = rows.find((one) => one.opId === opId);
      const of = this.#operation(opId, row, paper, model.ops[which]);
      for (const [name, value] of Object.entries(of)) seen[`ops.${which}.${name}`] = value;
    }
    return seen;
  }

  #operation(
    opId: string | undefined,
    row: JournalRow | undefined,
    paper: readonly Piece[],
    model: Operation,
  ): Partial<Record<keyof Operation, unknown>> {
    const { person, bodyStarts } = this.#world;
    const code = opId === undefined ? undefined : person.operation(opId);
    const sent = (request: string) =>
      person.sent.findLast((message) => message.opId === opId && message.request === request);
    return {
      row: row?.state ?? null,
      debt: row?.paperDebt ?? 'none',
      settled: row?.centreSettled ?? false,
      told: told(row?.delivery ?? null),
      ...this.#code(opId),
      baseEpoch: (code?.base_epoch ?? person.epochAtStart) - person.epochAtStart,
      delivery: told(code?.delivery ?? null),
      everActive: (code?.activated_at ?? null) !== null,
      voidAcknowledged: opId !== undefined && person.voidAcknowledged.has(opId),
      sentReserve: sent('reserve') !== undefined,
      sentActivate: sent('activate') !== undefined,
      sentVoid: sent('void') !== undefined,
      sentConfirm: told((sent('confirm')?.delivery as OperationRow['delivery'] | undefined) ?? null),
      ...onPaper(opId, paper),
      // A body whose turn has come and of which nobody has said what becomes of it has not been given to the printer.
      bodyStarts: Math.max(bodyStarts.get(opId ?? '') ?? 0, Math.min(1, model.bodyStarts)),
    };
  }

  #code(opId: string | undefined): Code {
    const row = opId === undefined ? undefined : this.#world.person.operation(opId);
    const by = this.#world.opIds.indexOf(row?.suspended_by ?? '');
    return { state: (row?.state ?? 'none') as CodeState, suspendedBy: by === 0 || by === 1 ? by : null };
  }

  #paper(): readonly Piece[] {
    const { simulator } = this.#world.printer;
    const { tray, paper } = simulator;
    const cut = tray.slips.map(({ file, fate }): Piece => {
      const name = file.replace('.png', '');
      const found = this.#slips.get(name) ?? this.#read(tray.picture(name) ?? new Uint8Array(0));
      this.#slips.set(name, found);
      return { place: fate === 'retracted' ? 'inside' : 'out', found };
    });
    const at = { dots: paper.dotsSinceCut, slips: cut.length };
    if (this.#hanging?.dots !== at.dots || this.#hanging.slips !== at.slips)
      this.#hanging = { ...at, found: this.#read(paper.picture()) };
    return [...cut, { place: 'hanging', found: this.#hanging.found }];
  }

  #read(png: Uint8Array): readonly Found[] {
    return readPaper(rowsOf(png), [...this.#marks, ...this.#symbols()]);
  }

  #symbols(): readonly Print[] {
    return this.#world.opIds.flatMap((opId) => {
      const token = this.#world.person.operation(opId)?.token;
      if (token === null || token === undefined) return [];
      const body = this.#bodies.get(opId) ?? bodyOf(opId, token);
      this.#bodies.set(opId, body);
      return [body];
    });
  }
}

/** A piece of paper: what is on it, and where it is. */
interface Piece {
  readonly place: 'hanging' | 'out' | 'inside';
  readonly found: readonly Found[];
}

/**
 * What of an operation is on paper. A footer and a mark are those of the body above them.
 *
 * @throws Error when parts of one slip are on two pieces, or two bodies on one.
 */
function onPaper(
  opId: string | undefined,
  paper: readonly Piece[],
): Pick<Operation, 'body' | 'footer' | 'marked' | 'place'> {
  const mine = paper.filter(({ found }) =>
    found.some(({ print }) => opId !== undefined && print.opId === opId),
  );
  const [piece] = mine;
  if (piece === undefined) return { body: 'none', footer: 'none', marked: false, place: 'none' };
  if (mine.length > 1) throw new Error('the body of one operation is on two pieces of paper');
  const bodies = piece.found.filter(({ print }) => print.part === 'body');
  if (bodies.length > 1) throw new Error('two bodies are on one piece of paper');
  const inkOf = (part: Print['part']): Ink =>
    piece.found.find(({ print }) => print.part === part)?.ink ?? 'none';
  return {
    body: inkOf('body'),
    footer: inkOf('footer'),
    marked: inkOf('void') === 'full',
    place: piece.place,
  };
}

/** `cut`, `taken` and `scanned` are alike in the model: the slip is with the person for good. */
function told(delivery: OperationRow['delivery']): Delivery {
  if (delivery === null) return 'none';
  return delivery === 'unconfirmed' ? 'unconfirmed' : 'cut';
}

function componentOf(model: State, where: string): unknown {
  if (where === 'leftover') return model.leftover !== null;
  if (where === 'other rows') return 0;
  const [first, which, name] = where.split('.');
  if (first !== 'ops') return model[where as keyof State];
  return model.ops[which === '0' ? 0 : 1][name as keyof Operation];
}
