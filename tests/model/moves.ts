import { codeScanned, heard, leaseOver, lossReported, rivalIssues } from './centre.ts';
import type { Request } from './centre.ts';
import { kioskMoves, paysUnknownPaper, startedAgain } from './kiosk.ts';
import { leftoverPrints } from './paper.ts';
import type { PrintOutcome } from './paper.ts';
import type { Rules } from './rules.ts';
import { copyOf, NO_ROW } from './state.ts';
import type { State } from './state.ts';

/** What happens in a move, for whoever carries it out elsewhere (the conformance of the real code). */
export type What =
  | { readonly kind: 'asks' | 'proceeds' | 'given-up'; readonly op: 0 | 1 }
  /** The centre hears a request and its answer comes; `second`: the attempt before it was lost. */
  | {
      readonly kind: 'answered';
      readonly op: 0 | 1;
      readonly request: Request;
      readonly attempt?: 'first' | 'second';
    }
  /** No answer comes, or the person gives up while it is waited for. */
  | { readonly kind: 'unanswered'; readonly op: 0 | 1 }
  | {
      readonly kind: 'printed';
      readonly op: 0 | 1;
      readonly part: 'body' | 'footer';
      readonly outcome: PrintOutcome;
    }
  /** What is said of the slip. */
  | {
      readonly kind: 'delivered';
      readonly op: 0 | 1;
      readonly how: 'read-back' | 'in-hand' | 'illegible' | 'unseen';
    }
  | { readonly kind: 'retracted'; readonly op: 0 | 1 }
  /** A mark or a cut is printed; not `heard`: the kiosk does not learn of it. `op` null: for paper of which nothing is known. */
  | { readonly kind: 'paid'; readonly op: 0 | 1 | null; readonly heard: boolean }
  | { readonly kind: 'hears'; readonly op: 0 | 1; readonly request: Request }
  | { readonly kind: 'rival' | 'loss' | 'starts' }
  | { readonly kind: 'lease-over' | 'scanned'; readonly op: 0 | 1 }
  | { readonly kind: 'leftover'; readonly ink: 'part' | 'full' }
  | { readonly kind: 'killed'; readonly disk: 'kept' | 'weak' | 'lost' };

/** One thing that can happen next. */
export interface Move {
  readonly name: string;
  readonly what: What;
  readonly next: State;
}

const WHICH = [0, 1] as const;

/** Everything that can happen in this state: the kiosk goes on, the world interferes. */
export function movesFrom(state: State, rules: Rules): readonly Move[] {
  return [
    ...(state.up
      ? [...WHICH.flatMap((which) => kioskMoves(state, which, rules)), ...paysUnknownPaper(state)]
      : startedAgain(state, rules)),
    ...lateMessages(state, rules),
    ...othersAct(state),
    ...leftoverPrints(state),
    ...crashes(state, rules),
  ];
}

/** A request that was sent is heard, for the first time or again, and its answer comes to nobody. */
function lateMessages(state: State, rules: Rules): readonly Move[] {
  return WHICH.flatMap((which) => {
    const op = state.ops[which];
    const sent: Request[] = [];
    if (op.sentReserve) sent.push('reserve');
    if (op.sentActivate) sent.push('activate');
    if (op.sentVoid) sent.push('void');
    if (op.sentConfirm !== 'none') sent.push('confirm');
    return sent.map((request) => ({
      name: `the centre hears ${request} of ${which + 1}, its answer is lost`,
      what: { kind: 'hears', op: which, request },
      next: heard(state, which, request, rules).next,
    }));
  });
}

function othersAct(state: State): readonly Move[] {
  const moves: Move[] = [];
  if (state.rivalLeft)
    moves.push({
      name: 'another kiosk issues a code',
      what: { kind: 'rival' },
      next: rivalIssues(state),
    });
  if (state.lossLeft) moves.push({ name: '挂失', what: { kind: 'loss' }, next: lossReported(state) });
  for (const which of WHICH) {
    if (state.ops[which].state !== 'pending') continue;
    moves.push({
      name: `the lease of ${which + 1} is over`,
      what: { kind: 'lease-over', op: which },
      next: leaseOver(state, which),
    });
  }
  return [...moves, ...verified(state)];
}

/** Whoever holds a slip that looks whole shows it; nobody shows one that is marked, and scanning what is not valid records nothing. */
function verified(state: State): readonly Move[] {
  const moves: Move[] = [];
  for (const which of WHICH) {
    const { state: code, body, footer, marked, place, delivery } = state.ops[which];
    const whole = body === 'full' && footer === 'full' && place === 'out' && !marked;
    if (!whole || code !== 'active' || delivery === 'cut') continue;
    moves.push({
      name: `the slip of ${which + 1} is shown to a verifier`,
      what: { kind: 'scanned', op: which },
      next: codeScanned(state, which),
    });
  }
  return moves;
}

/** The agent dies. What it was printing stays in the printer, or is lost with the cable; a weak disk loses its last commit. */
function crashes(state: State, rules: Rules): readonly Move[] {
  if (!state.up || state.crashesLeft === 0) return [];
  const dead = copyOf(state);
  dead.up = false;
  dead.crashesLeft -= 1;
  for (const op of dead.ops) op.asking = false;
  return [dead, ...WHICH.flatMap((which) => underThePrinter(dead, which))].flatMap((bare) => {
    const killed: Move = { name: 'the agent is killed', what: { kind: 'killed', disk: 'kept' }, next: bare };
    const cut = WHICH.flatMap((which): Move[] => {
      const { before } = bare.ops[which];
      if (before === null) return [];
      const next = copyOf(bare);
      Object.assign(next.ops[which], before, { before: null });
      const name = `a power cut takes the last commit of ${which + 1}`;
      return [{ name, what: { kind: 'killed', disk: 'weak' }, next }];
    });
    return [killed, ...cut, ...(state.diskLossLeft ? [diskLost(bare, rules)] : [])];
  });
}

/** The database is gone with the agent; what the centre holds open is all that recovery can find. */
function diskLost(killed: State, rules: Rules): Move {
  const next = copyOf(killed);
  next.diskLossLeft = false;
  next.paperUnknown = rules.marksUnknownPaper;
  for (const op of next.ops) {
    const late = op.row === 'FOOTER' || op.row === 'DONE' || op.row === 'DONE_U';
    if (late && op.place === 'out' && op.delivery === 'none') op.forgotten = 'out';
    if (late && op.place === 'hanging') op.forgotten = 'hanging';
    Object.assign(op, NO_ROW);
  }
  return { name: 'the agent is killed, its database is lost', what: { kind: 'killed', disk: 'lost' }, next };
}

/** Where what it was printing may be: all of it waits in the printer; or nothing any more, for the knife was just falling. */
function underThePrinter(dead: State, which: 0 | 1): State[] {
  const op = dead.ops[which];
  if (op.row === 'PRINTING' && op.body !== 'full')
    return [{ ...copyOf(dead), leftover: { op: which, part: 'body' } }];
  if (op.row !== 'FOOTER' || op.footer === 'full') return [];
  const fallen = copyOf(dead);
  Object.assign(fallen.ops[which], { footer: 'full', place: 'out' });
  return [{ ...copyOf(dead), leftover: { op: which, part: 'footer' } }, fallen];
}
