import { heard, leaseOver, lossReported, rivalIssues } from './centre.ts';
import type { Request } from './centre.ts';
import { kioskMoves, startedAgain } from './kiosk.ts';
import { leftoverPrints } from './paper.ts';
import type { Rules } from './rules.ts';
import { copyOf, NO_ROW } from './state.ts';
import type { Leftover, State } from './state.ts';

/** One thing that can happen next. */
export interface Move {
  readonly name: string;
  readonly next: State;
}

const WHICH = [0, 1] as const;

/** Everything that can happen in this state: the kiosk goes on, the world interferes. */
export function movesFrom(state: State, rules: Rules): readonly Move[] {
  return [
    ...(state.up ? WHICH.flatMap((which) => kioskMoves(state, which, rules)) : startedAgain(state, rules)),
    ...lateMessages(state, rules),
    ...othersAct(state),
    ...leftoverPrints(state),
    ...crashes(state),
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
      next: heard(state, which, request, rules).next,
    }));
  });
}

function othersAct(state: State): readonly Move[] {
  const moves: Move[] = [];
  if (state.rivalLeft) moves.push({ name: 'another kiosk issues a code', next: rivalIssues(state) });
  if (state.lossLeft) moves.push({ name: '挂失', next: lossReported(state) });
  for (const which of WHICH) {
    if (state.ops[which].state === 'pending')
      moves.push({ name: `the lease of ${which + 1} is over`, next: leaseOver(state, which) });
  }
  return moves;
}

/** The agent dies. What it was printing stays in the printer, or is lost with the cable; a weak disk loses its last commit. */
function crashes(state: State): readonly Move[] {
  if (!state.up || state.crashesLeft === 0) return [];
  const bare = copyOf(state);
  bare.up = false;
  bare.crashesLeft -= 1;
  for (const op of bare.ops) op.asking = false;
  const rests: (Leftover | null)[] = [state.leftover];
  for (const which of WHICH) {
    const part = beingPrinted(state, which);
    if (part !== null) rests.push({ op: which, part });
  }
  return rests.flatMap((leftover) => {
    const killed = { name: 'the agent is killed', next: { ...copyOf(bare), leftover } };
    const cut = WHICH.flatMap((which) => {
      const { before } = bare.ops[which];
      if (before === null) return [];
      const next = { ...copyOf(bare), leftover };
      Object.assign(next.ops[which], before, { before: null });
      return [{ name: `a power cut takes the last commit of ${which + 1}`, next }];
    });
    return [killed, ...cut, ...(state.diskLossLeft ? [diskLost(killed.next)] : [])];
  });
}

/** The database is gone with the agent; what the centre holds open is all that recovery can find. */
function diskLost(killed: State): Move {
  const next = copyOf(killed);
  next.diskLossLeft = false;
  for (const op of next.ops) {
    if (op.row === 'FOOTER' || op.row === 'DONE' || op.row === 'DONE_U') op.forgotten = true;
    Object.assign(op, NO_ROW);
  }
  return { name: 'the agent is killed, its database is lost', next };
}

function beingPrinted(state: State, which: 0 | 1): Leftover['part'] | null {
  const op = state.ops[which];
  if (op.row === 'PRINTING' && op.body !== 'full') return 'body';
  return op.row === 'FOOTER' && op.footer !== 'full' ? 'footer' : null;
}
