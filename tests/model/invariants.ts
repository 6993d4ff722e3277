import { codes } from './centre.ts';
import type { Rules } from './rules.ts';
import type { CodeState, Operation, State } from './state.ts';

/** Names of reliability §6, and what each means here. */
export const INVARIANTS = {
  P1: 'at most one code of the person is active',
  P3: 'an active code is on paper',
  P4: 'a footer is printed only for a code that was activated',
  P5: 'the body of a token is begun once',
  P6: 'a code that has ended stays so',
  P10: 'until a new code is active, and nobody else acts, the earlier one is',
  /** Except a slip that hung in the printer, footer and all, when its database was lost: valid, unconfirmed, in no hand. */
  P20: 'a slip marked 作废 is not valid',
  P21: 'the centre knows of every active code how it was delivered, or that nobody saw it',
  /** And no slip has the body of another one. Except a slip that was out when the database was lost, before the centre had heard of its delivery (P24). */
  P22: 'a complete slip in a hand is valid, unless a later code or 挂失 ended it',
  P23: 'whoever came with a code leaves with one, unless it was reported lost',
  P25: 'what was acknowledged as void is never pending or active again',
} as const;

/** One of them. */
export type Invariant = keyof typeof INVARIANTS;

/** Which invariants this state breaks. `hadCode`: the person came with one. */
export function broken(state: State, rules: Rules, hadCode: boolean): readonly Invariant[] {
  const found = new Set<Invariant>();
  if (codes(state).filter(({ state: now }) => now === 'active').length > 1) found.add('P1');
  // Whatever is printed and cut next would make one slip of both.
  if (state.ops.every(({ place }) => place === 'hanging')) found.add('P22');
  for (const op of state.ops) ofOperation(op, rules).forEach((name) => found.add(name));
  const undisturbed = state.rival.state === 'none' && state.earlier.state !== 'revoked';
  if (
    hadCode &&
    undisturbed &&
    !state.ops.some(({ everActive }) => everActive) &&
    state.earlier.state !== 'active'
  )
    found.add('P10');
  if (isIdle(state)) atRest(state, hadCode).forEach((name) => found.add(name));
  return [...found];
}

/** Nothing is under way, nothing is owed, nobody waits. */
export function isIdle(state: State): boolean {
  return (
    state.up &&
    !state.paperUnknown &&
    state.ops.every(({ row, asking, state: code }) => row === null && !asking && code !== 'pending')
  );
}

function ofOperation(op: Operation, rules: Rules): readonly Invariant[] {
  const found: Invariant[] = [];
  if (rules.order === 'sandwich' && op.state === 'active' && op.body !== 'full') found.push('P3');
  if (op.footer !== 'none' && !op.everActive) found.push('P4');
  if (op.bodyStarts > 1) found.push('P5');
  if (op.voidAcknowledged && (op.state === 'pending' || op.state === 'active')) found.push('P25');
  return found;
}

const ENDED: readonly CodeState[] = ['superseded', 'void', 'revoked'];

/** Whether this step changes a code that had ended (P6). */
export function revives(before: State, after: State): boolean {
  const now = codes(after);
  return codes(before).some(({ state }, at) => ENDED.includes(state) && now[at]?.state !== state);
}

function atRest(state: State, hadCode: boolean): readonly Invariant[] {
  const found: Invariant[] = [];
  for (const op of state.ops) {
    const complete = op.body === 'full' && op.footer === 'full' && !op.marked && op.place === 'out';
    if (op.state === 'active') {
      if (op.body !== 'full') found.push('P3');
      if (op.marked && !(op.forgotten === 'hanging' && op.delivery === 'unconfirmed')) found.push('P20');
      if (op.delivery === 'none') found.push('P21');
    } else if (complete && op.forgotten !== 'out' && (op.state === 'none' || op.state === 'void'))
      found.push('P22');
  }
  const all = codes(state);
  const lost = all.some(({ state: now }) => now === 'revoked');
  if (hadCode && !lost && !all.some(({ state: now }) => now === 'active')) found.push('P23');
  return found;
}
