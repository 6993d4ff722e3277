import { movesFrom } from '../model/moves.ts';
import type { Move } from '../model/moves.ts';
import { isIdle } from '../model/invariants.ts';
import { PROTOCOL } from '../model/rules.ts';
import type { Rules } from '../model/rules.ts';
import { initialState, keyOf } from '../model/state.ts';
import type { State } from '../model/state.ts';
import { seeded } from '../simulation/seeded.ts';

/** The printer of a kiosk: with nothing at its exit, or with a sensor there and a motor that pulls slips back. */
export type Fitting = 'epson' | 'star';

/** One way through the model, and the kiosk that is to go it. */
export interface Walk {
  readonly seed: number;
  readonly fitting: Fitting;
  readonly hadCode: boolean;
  readonly start: State;
  readonly moves: readonly Move[];
}

const MOST_MOVES = 60;
/** At rest with attempts left a walk may as well end. */
const ENDS_AT_REST = 0.2;

/** How often a move is taken, against the others that could be: what goes on goes on most, so that walks come far. */
const WEIGHTS: Readonly<Record<Move['what']['kind'], number>> = {
  asks: 6,
  proceeds: 6,
  answered: 5,
  printed: 0.8,
  delivered: 1.5,
  retracted: 3,
  paid: 3,
  starts: 8,
  unanswered: 0.8,
  'given-up': 0.6,
  hears: 0.35,
  rival: 0.4,
  loss: 0.25,
  'lease-over': 0.4,
  scanned: 0.6,
  leftover: 1.5,
  killed: 0.3,
};

/** Everything that can happen. */
export const KINDS_OF_MOVE = Object.keys(WEIGHTS);

/** A walk of its own for each seed. `rules` other than the protocol's lead where the real code does not go. */
export function walkOf(seed: number, rules: Rules = PROTOCOL): Walk {
  const random = seeded(seed);
  const fitting = random() < 0.5 ? 'epson' : 'star';
  const hadCode = random() < 0.5;
  const start = initialState(
    { crashes: 2, attempts: 2, rival: random() < 0.6, loss: random() < 0.5, diskLoss: random() < 0.5 },
    hadCode,
  );
  const moves: Move[] = [];
  for (let state = start; moves.length < MOST_MOVES;) {
    if (moves.length > 0 && isIdle(state) && random() < ENDS_AT_REST) break;
    const possible = movesFrom(state, rules).filter((move) => canBeDone(state, move, fitting));
    const move = chosen(possible, random);
    if (move === undefined) break;
    moves.push(move);
    state = move.next;
  }
  return { seed, fitting, hadCode, start, moves };
}

/** Whether these rules allow every move of a walk, to the same state. */
export function isAllowed({ start, moves }: Walk, rules: Rules): boolean {
  return moves.every(({ name, next }, at) => {
    const from = moves[at - 1]?.next ?? start;
    return movesFrom(from, rules).some((move) => move.name === name && keyOf(move.next) === keyOf(next));
  });
}

function chosen(moves: readonly Move[], random: () => number): Move | undefined {
  const total = moves.reduce((sum, move) => sum + weightOf(move), 0);
  let left = random() * total;
  return moves.find((move) => (left -= weightOf(move)) < 0) ?? moves.at(-1);
}

function weightOf({ what }: Move): number {
  const usual = WEIGHTS[what.kind];
  if (what.kind === 'printed' && what.outcome.heard === 'proof') return usual * 12;
  if (what.kind === 'paid' && !what.heard) return usual / 4;
  return usual;
}

/**
 * Where the model is finer than any kiosk can be led.
 *
 * - What waits in a printer prints a part of it once: more of the same part is no other state.
 * - A Star printer proves by a counter alone; weaker evidence does not exist there. Without a motor no slip goes back.
 * - The rows `RESERVED`, `PRINTED` and `ACTIVE` hold for the instant between one commit and the next. What others do in that
 *   instant is carried out in it; what the kiosk itself would have to wait for (an answer, paper) comes before or after.
 */
function canBeDone(state: State, { what, next }: Move, fitting: Fitting): boolean {
  if (what.kind === 'leftover' && keyOf(next) === keyOf(state)) return false;
  if (what.kind === 'retracted' && fitting === 'epson') return false;
  if (what.kind === 'printed' && what.outcome.heard === 'weak' && fitting === 'star') return false;
  return !inAnInstant(state) || AT_ONCE.has(what.kind);
}

/** Moves that take no time. */
const AT_ONCE: ReadonlySet<Move['what']['kind']> = new Set([
  'proceeds',
  'given-up',
  'hears',
  'rival',
  'loss',
  'lease-over',
  'scanned',
  'killed',
]);

/** A row is committed, and the next follows in the same breath. */
export function inAnInstant(state: State): boolean {
  return state.up && state.ops.some(({ row }) => row === 'RESERVED' || row === 'PRINTED' || row === 'ACTIVE');
}
