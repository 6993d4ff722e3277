import { nextState } from '../../src/issuance/transitions.ts';
import type { Trigger } from '../../src/issuance/transitions.ts';
import { codes, heard } from './centre.ts';
import type { Answer, Request } from './centre.ts';
import type { Move, What } from './moves.ts';
import { moreInk, PRINT_OUTCOMES } from './paper.ts';
import type { PrintOutcome } from './paper.ts';
import type { Rules } from './rules.ts';
import { copyOf, NO_ROW } from './state.ts';
import type { CodeState, Delivery, Operation, Row, State } from './state.ts';

type Which = 0 | 1;
type Patch = Partial<Omit<Row, 'row'>>;

const VOID_MARK: Patch = { debt: 'void-mark' };

/** What a move is called, and what happens in it. */
interface Step {
  readonly name: string;
  readonly what: What;
}

/** What this kiosk can do next with one operation: along the transition table, with what each move leads to. */
export function kioskMoves(state: State, which: Which, rules: Rules): readonly Move[] {
  const op = state.ops[which];
  const go = (
    kind: 'proceeds' | 'given-up' | 'unanswered',
    name: string,
    trigger: Trigger,
    patch: Patch = {},
  ) => moved(state, which, rules, { name, what: { kind, op: which } }, trigger, patch);
  switch (op.row) {
    case null:
      return op.asking ? reserves(state, which, rules) : begins(state, which, rules);
    case 'INTENT':
      return reserves(state, which, rules);
    case 'RESERVED':
      return [
        beginsBody(go('proceeds', 'the body is begun', 'proceed'), which),
        go('given-up', 'given up', 'doubt'),
      ];
    case 'PRINTING':
      return PRINT_OUTCOMES.flatMap((outcome) => printed(state, which, rules, outcome));
    case 'PRINTED':
      return [
        go('proceeds', 'activation is asked for', 'proceed'),
        go('given-up', 'given up', 'doubt', VOID_MARK),
      ];
    case 'ACTIVATING':
      return [
        ...answered(state, which, rules, 'activate', (now, answer) => [
          moved(
            now,
            which,
            rules,
            { name: answer, what: { kind: 'answered', op: which, request: 'activate' } },
            answer === 'ok' ? 'activated' : 'doubt',
            answer === 'ok' ? {} : VOID_MARK,
          ),
        ]),
        go('unanswered', 'no answer in time, or given up', 'doubt', VOID_MARK),
      ];
    case 'ACTIVE':
      return [
        go('proceeds', 'the footer is begun', 'proceed'),
        go('given-up', 'given up', 'doubt', VOID_MARK),
      ];
    case 'FOOTER':
      return PRINT_OUTCOMES.map((outcome) => footerPrinted(state, which, rules, outcome));
    case 'DONE':
      return op.told === 'none' ? delivers(state, which, rules) : settles(state, which, rules, 'confirm');
    case 'DONE_U':
      return [...paysPaper(state, which, rules), ...settles(state, which, rules, 'confirm')];
    case 'VOIDING':
      return [...paysPaper(state, which, rules), ...settles(state, which, rules, 'void')];
  }
}

/** Nobody new is begun while another one runs or the paper is owed something; the printer is emptied before. */
function begins(state: State, which: Which, rules: Rules): readonly Move[] {
  const op = state.ops[which];
  const free = state.ops.every(
    ({ row, debt, told, asking }) =>
      !asking &&
      debt === 'none' &&
      (row === null || row === 'VOIDING' || row === 'DONE_U' || told !== 'none'),
  );
  if (!free || state.paperUnknown || op.sentReserve || state.attemptsLeft === 0) return [];
  if (which === 1 && !state.ops[0].sentReserve) return [];
  const next = copyOf(state);
  const mine = next.ops[which];
  next.attemptsLeft -= 1;
  next.leftover = null;
  mine.kind = codes(state).some(({ state: now }) => now === 'active') ? 'reissue' : 'apply';
  mine.sentReserve = true;
  const name = `the person asks (${mine.kind})`;
  const what = { kind: 'asks', op: which } as const;
  if (rules.intent) return [moved(next, which, rules, { name, what }, 'begin')];
  mine.asking = true;
  return [{ name: `${name} ${which + 1}`, what, next }];
}

function reserves(state: State, which: Which, rules: Rules): readonly Move[] {
  const doubt = () => {
    const next = copyOf(state);
    ensureRow(next.ops[which]);
    const step = {
      name: 'no answer to reserve, or given up',
      what: { kind: 'unanswered', op: which },
    } as const;
    return moved(next, which, rules, step, 'doubt');
  };
  const told = (name: string, attempt?: 'first' | 'second'): Step => ({
    name,
    what: { kind: 'answered', op: which, request: 'reserve', ...(attempt && { attempt }) },
  });
  const replies = answered(state, which, rules, 'reserve', (now, answer) => {
    ensureRow(now.ops[which]);
    if (answer === 'ok') return [moved(now, which, rules, told('reserved'), 'reserved')];
    return [
      moved(now, which, rules, told('refused at once', 'first'), 'refused'),
      moved(now, which, rules, told('refused at the second attempt', 'second'), 'doubt'),
    ];
  });
  return [...replies, doubt()];
}

/** Where no intent is written, the row comes with the answer. */
function ensureRow(op: Operation): void {
  if (op.row === null) op.row = 'INTENT';
  op.asking = false;
}

function beginsBody(move: Move, which: Which): Move {
  // Twice is as bad as more.
  const op = move.next.ops[which];
  op.bodyStarts = Math.min(2, op.bodyStarts + 1);
  return move;
}

/** A body is printed; with `issue-first` the whole slip. */
function printed(state: State, which: Which, rules: Rules, outcome: PrintOutcome): readonly Move[] {
  const whole = rules.order === 'issue-first';
  const next = copyOf(state);
  const op = next.ops[which];
  op.body = moreInk(op.body, outcome.ink);
  if (whole) op.footer = moreInk(op.footer, outcome.ink);
  if (outcome.ink !== 'none') op.place = whole && outcome.cut ? 'out' : 'hanging';
  if (outcome.waits) next.leftover = { op: which, part: whole ? 'whole' : 'body' };
  const name = `the ${whole ? 'slip' : 'body'} ${outcome.name}`;
  const what = { kind: 'printed', op: which, part: 'body', outcome } as const;
  if (outcome.heard === 'proof') {
    if (!whole) return [moved(next, which, rules, { name, what }, 'proof')];
    // Nothing is to be activated and no footer to be printed: straight to the end.
    Object.assign(op, { row: 'DONE', told: 'cut', sentConfirm: 'cut' });
    return [{ name: `${name} ${which + 1}`, what, next }];
  }
  if (rules.reprint && outcome.heard === 'unknown') {
    op.row = 'RESERVED';
    return [{ name: `${name}; once more`, what, next }];
  }
  const debt = outcome.heard === 'not-printed' ? {} : VOID_MARK;
  return [moved(next, which, rules, { name, what }, 'doubt', debt)];
}

function footerPrinted(state: State, which: Which, rules: Rules, outcome: PrintOutcome): Move {
  const next = copyOf(state);
  const op = next.ops[which];
  op.footer = moreInk(op.footer, outcome.ink);
  if (outcome.cut) op.place = 'out';
  if (outcome.waits) next.leftover = { op: which, part: 'footer' };
  const name = `the footer ${outcome.name}`;
  const what = { kind: 'printed', op: which, part: 'footer', outcome } as const;
  if (outcome.heard === 'proof') return moved(next, which, rules, { name, what }, 'proof');
  if (outcome.heard === 'not-printed')
    return moved(next, which, rules, { name, what }, 'nothing-printed', VOID_MARK);
  if (rules.voidUncertainFooter) {
    Object.assign(op, { row: 'VOIDING', debt: 'void-mark', sentVoid: true });
    return { name: `${name}; voided ${which + 1}`, what, next };
  }
  const debt = outcome.heard === 'weak' ? 'none' : 'cut';
  return moved(next, which, rules, { name, what }, 'unproven', { told: 'unconfirmed', debt });
}

function delivers(state: State, which: Which, rules: Rules): readonly Move[] {
  type How = Extract<What, { kind: 'delivered' }>['how'];
  const said = (how: How, name: string, told: Delivery) => {
    const step: Step = { name, what: { kind: 'delivered', op: which, how } };
    return moved(state, which, rules, step, told === 'unconfirmed' ? 'undelivered' : 'delivered', { told });
  };
  const moves = [
    said('in-hand', 'the slip is seen or said to be in hand', 'cut'),
    said('unseen', 'nobody says what became of the slip', 'unconfirmed'),
    said('read-back', 'the slip is read back', 'cut'),
    said('illegible', 'the slip cannot be read back', 'unconfirmed'),
  ];
  // One that somebody has shown is in a hand.
  if (state.ops[which].place !== 'out' || state.ops[which].delivery === 'cut') return moves;
  const back = copyOf(state);
  back.ops[which].place = 'inside';
  const retracted = {
    name: 'the slip goes back into the machine',
    what: { kind: 'retracted', op: which },
  } as const;
  return [...moves, moved(back, which, rules, retracted, 'retracted')];
}

function paysPaper(state: State, which: Which, rules: Rules): readonly Move[] {
  const { debt, settled } = state.ops[which];
  if (debt === 'none') return [];
  // A slip that may be valid is cut off before 作废 is printed for another one.
  if (debt === 'void-mark' && state.ops.some((other) => other.debt === 'cut')) return [];
  const next = cleared(state, debt);
  const paid = (heard: boolean) => ({ kind: 'paid', op: which, heard }) as const;
  const unheard = { name: `${debt} is printed, the answer is lost ${which + 1}`, what: paid(false), next };
  const step = { name: `${debt} is paid`, what: paid(true) };
  return [unheard, moved(next, which, rules, step, settled ? 'finished' : 'paper-cleared', { debt: 'none' })];
}

/** What a lost database owes: a row that the centre knows nothing of, and that ends with the mark. */
export function paysUnknownPaper(state: State): readonly Move[] {
  if (!state.paperUnknown) return [];
  const next = cleared(state, 'void-mark');
  const paid = (heard: boolean) => ({ kind: 'paid', op: null, heard }) as const;
  return [
    { name: 'unknown paper is marked, the answer is lost', what: paid(false), next },
    { name: 'unknown paper is marked', what: paid(true), next: { ...copyOf(next), paperUnknown: false } },
  ];
}

/** The printer is emptied, then 作废 and a cut, or a cut alone, behind whatever hangs there. */
function cleared(state: State, debt: 'void-mark' | 'cut'): State {
  const next = copyOf(state);
  next.leftover = null;
  for (const op of next.ops) {
    if (op.place !== 'hanging') continue;
    op.marked ||= debt === 'void-mark';
    op.place = 'out';
  }
  return next;
}

function settles(state: State, which: Which, rules: Rules, request: 'void' | 'confirm'): readonly Move[] {
  if (state.ops[which].settled) return [];
  return answered(state, which, rules, request, (now, answer) => {
    const op = now.ops[which];
    if (request === 'void' && answer === 'ok') op.voidAcknowledged = true;
    const trigger = op.debt === 'none' ? 'finished' : 'settled';
    const step = {
      name: `${request} acknowledged`,
      what: { kind: 'answered', op: which, request },
    } as const;
    return [moved(now, which, rules, step, trigger, { settled: true })];
  });
}

/** The centre hears a request, and its answer comes in time. */
function answered(
  state: State,
  which: Which,
  rules: Rules,
  request: Request,
  then: (now: State, answer: Answer) => readonly Move[],
): readonly Move[] {
  const { next, answer } = heard(state, which, request, rules);
  return then(next, answer).map((move) => ({ ...move, name: `${request}: ${move.name}` }));
}

/** One row of the transition table, committed; what it asks of the centre may be heard from now on. */
function moved(
  state: State,
  which: Which,
  rules: Rules,
  { name, what }: Step,
  trigger: Trigger,
  patch: Patch = {},
): Move {
  const next = copyOf(state);
  const op = next.ops[which];
  const to = nextState(op.row ?? 'NONE', trigger);
  if (to === null) throw new Error(`the table has no ${trigger} in ${op.row}`);
  const { row, debt, settled, told } = op;
  if (!rules.durable) op.before = { row, debt, settled, told };
  if (to === 'CLOSED') Object.assign(op, NO_ROW);
  else Object.assign(op, patch, { row: to });
  if (op.row === 'ACTIVATING') op.sentActivate = true;
  if (op.row === 'VOIDING') op.sentVoid = true;
  if ((op.row === 'DONE' || op.row === 'DONE_U') && op.told !== 'none') op.sentConfirm = op.told;
  return { name: `${name} ${which + 1}`, what, next };
}

const START: Step = { name: 'the agent starts and recovers', what: { kind: 'starts' } };

const OPEN: Readonly<Record<Rules['bootScan'], readonly CodeState[]>> = {
  whole: ['pending', 'active', 'suspended'],
  'without-suspended': ['pending', 'active'],
  none: [],
};

/** The boot actions, then the question to the centre what it holds open. */
export function startedAgain(state: State, rules: Rules): readonly Move[] {
  let next = copyOf(state);
  next.up = true;
  for (const which of [0, 1] as const) next = bootAction(next, which, rules);
  for (const which of [0, 1] as const) {
    const op = next.ops[which];
    const found = OPEN[rules.bootScan].includes(op.state) && op.delivery === 'none';
    if (found && op.row === null) next = moved(next, which, rules, START, 'orphan', VOID_MARK).next;
  }
  return [{ ...START, next }];
}

function bootAction(state: State, which: Which, rules: Rules): State {
  const { row, told } = state.ops[which];
  switch (row) {
    case 'INTENT':
    case 'RESERVED':
      return moved(state, which, rules, START, 'doubt').next;
    case 'PRINTING':
    case 'PRINTED':
    case 'ACTIVATING':
    case 'ACTIVE':
      return moved(state, which, rules, START, 'doubt', VOID_MARK).next;
    case 'FOOTER':
      return moved(state, which, rules, START, 'unproven', { told: 'unconfirmed', debt: 'cut' }).next;
    case 'DONE':
      return told === 'none'
        ? moved(state, which, rules, START, 'undelivered', { told: 'unconfirmed' }).next
        : state;
    case 'DONE_U':
    case 'VOIDING':
    case null:
      return state;
  }
}
