import { copyOf } from './state.ts';
import type { Code, CodeName, Delivery, State } from './state.ts';
import type { Rules } from './rules.ts';

/** What the centre answers; `ok` also for what had been done before. */
export type Answer = 'ok' | 'refused' | 'final';

/** A request and what it does to the centre; the answer may be lost afterwards. */
export type Request = 'reserve' | 'activate' | 'void' | 'confirm';

/** The state after the centre has heard this request, and what it says to it. */
export function heard(
  state: State,
  which: 0 | 1,
  request: Request,
  rules: Rules,
): { readonly next: State; readonly answer: Answer } {
  const next = copyOf(state);
  const answer = CALLS[request](next, which, rules);
  return { next, answer };
}

const CALLS: Readonly<Record<Request, (state: State, which: 0 | 1, rules: Rules) => Answer>> = {
  reserve(state, which, rules) {
    const op = state.ops[which];
    if (op.state === 'pending') return 'ok';
    if (op.state === 'active' && rules.order === 'issue-first') return 'ok';
    if (op.state !== 'none') return 'refused';
    const current = activeCode(state);
    if ((op.kind === 'apply') !== (current === null)) return 'refused';
    op.state = 'pending';
    op.baseEpoch = state.epoch;
    op.baseCode = current;
    if (rules.order === 'issue-first') makeActive(state, which);
    return 'ok';
  },
  activate(state, which, rules) {
    const op = state.ops[which];
    if (op.state === 'active') return 'ok';
    if (op.state !== 'pending') return 'refused';
    if (rules.fencing && op.baseEpoch !== state.epoch) return 'refused';
    makeActive(state, which);
    return 'ok';
  },
  void(state, which, rules) {
    const op = state.ops[which];
    switch (op.state) {
      case 'none':
        if (rules.tombstone) op.state = 'void';
        return 'ok';
      case 'pending':
        op.state = 'void';
        return 'ok';
      case 'suspended':
        if (op.delivery === 'cut') return 'final';
        // What had given way to this code gives way to the one that this had given way to.
        for (const code of codes(state)) if (code.suspendedBy === which) code.suspendedBy = op.suspendedBy;
        Object.assign(op, { state: 'void', suspendedBy: null });
        return 'ok';
      case 'active':
        if (op.delivery === 'cut') return 'final';
        op.state = 'void';
        state.epoch += 1;
        if (rules.restore) giveBack(state, which);
        return 'ok';
      case 'superseded':
      case 'revoked':
        return op.delivery === 'cut' ? 'final' : 'ok';
      case 'void':
        return 'ok';
    }
  },
  confirm(state, which) {
    const op = state.ops[which];
    if (op.state === 'none' || op.state === 'void' || op.state === 'pending') return 'final';
    if (op.state !== 'active' && op.state !== 'suspended') return 'ok';
    record(state, which, op.sentConfirm);
    return 'ok';
  },
};

/** The lease of a reservation is over. */
export function leaseOver(state: State, which: 0 | 1): State {
  const next = copyOf(state);
  next.ops[which].state = 'void';
  return next;
}

/** A verifier scans the code of a slip: it is on paper and in a hand. */
export function codeScanned(state: State, which: 0 | 1): State {
  const next = copyOf(state);
  record(next, which, 'cut');
  return next;
}

/** Another kiosk issues a code to the same person and delivers it, in one step. */
export function rivalIssues(state: State): State {
  const next = copyOf(state);
  next.rivalLeft = false;
  for (const code of codes(next)) {
    if (code.state === 'active' || code.state === 'suspended') Object.assign(code, SUPERSEDED);
  }
  next.rival.state = 'active';
  next.epoch += 1;
  return next;
}

/** 挂失: whatever of the person's lives is revoked at once. */
export function lossReported(state: State): State {
  const next = copyOf(state);
  next.lossLeft = false;
  const living = codes(next).filter(({ state: now }) => ['active', 'suspended', 'pending'].includes(now));
  for (const code of living) Object.assign(code, { state: 'revoked', suspendedBy: null });
  if (living.length > 0) next.epoch += 1;
  return next;
}

/** All codes of the person. */
export function codes(state: State): readonly Code[] {
  return [state.earlier, state.rival, ...state.ops];
}

function codeOf(state: State, name: CodeName): Code {
  if (name === 'earlier') return state.earlier;
  return name === 'rival' ? state.rival : state.ops[name];
}

function activeCode(state: State): CodeName | null {
  const names: readonly CodeName[] = ['earlier', 'rival', 0, 1];
  return names.find((name) => codeOf(state, name).state === 'active') ?? null;
}

/** The code that was valid at reserve gives way. With the fence it is the one that is valid now. */
function makeActive(state: State, which: 0 | 1): void {
  const op = state.ops[which];
  const earlier = op.baseCode === null ? null : codeOf(state, op.baseCode);
  if (earlier?.state === 'active') Object.assign(earlier, { state: 'suspended', suspendedBy: which });
  op.state = 'active';
  op.everActive = true;
  state.epoch += 1;
}

function giveBack(state: State, which: 0 | 1): void {
  for (const code of codes(state)) {
    if (code.suspendedBy === which) Object.assign(code, { state: 'active', suspendedBy: null });
  }
}

/** Whatever gave way to this code, and whatever had given way to that, is over for good. */
function endSuspended(state: State, which: 0 | 1): void {
  if (state.earlier.suspendedBy === which) Object.assign(state.earlier, SUPERSEDED);
  if (state.rival.suspendedBy === which) Object.assign(state.rival, SUPERSEDED);
  for (const other of [0, 1] as const) {
    if (state.ops[other].suspendedBy !== which) continue;
    Object.assign(state.ops[other], SUPERSEDED);
    endSuspended(state, other);
  }
}

const SUPERSEDED = { state: 'superseded', suspendedBy: null } as const;

const DELIVERIES: readonly Delivery[] = ['none', 'unconfirmed', 'cut'];

/** Upward only. */
function record(state: State, which: 0 | 1, delivery: Delivery): void {
  const op = state.ops[which];
  if (DELIVERIES.indexOf(delivery) > DELIVERIES.indexOf(op.delivery)) op.delivery = delivery;
  if (op.delivery === 'cut') endSuspended(state, which);
}
