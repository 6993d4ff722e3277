import { JOURNAL_STATES } from '../../src/issuance/transitions.ts';
import type { JournalState } from '../../src/issuance/transitions.ts';

/** A code at the centre. `none`: the centre has never heard of the operation. */
export type CodeState = 'none' | 'pending' | 'active' | 'suspended' | 'superseded' | 'void' | 'revoked';

/** Which code: the one the person came with, the one another kiosk issues, and those of this kiosk's operations. */
export type CodeName = 'earlier' | 'rival' | 0 | 1;

export interface Code {
  state: CodeState;
  /** With `suspended`: whose activation it gave way to. */
  suspendedBy: 0 | 1 | null;
}

/** The kiosk's durable row. `row` null: not begun, or closed. */
export interface Row {
  row: JournalState | null;
  debt: 'none' | 'void-mark' | 'cut';
  settled: boolean;
  told: Delivery;
}

/** One operation of this kiosk, everywhere at once: journal, centre, network, paper. */
export interface Operation extends Code, Row {
  // The centre.
  /** The person's epoch at reserve, and the code that was active then. */
  baseEpoch: number;
  baseCode: CodeName | null;
  delivery: Delivery;
  // The kiosk.
  /** What a crash brings back where the disk loses its last commit. */
  before: Row | null;
  /** The reservation was sent and no row says so; only where the protocol is spoilt so. */
  asking: boolean;
  // The network. What was ever sent may arrive at any time, any number of times, or never.
  kind: 'apply' | 'reissue';
  sentReserve: boolean;
  sentActivate: boolean;
  sentVoid: boolean;
  sentConfirm: Delivery;
  // Paper.
  body: Ink;
  footer: Ink;
  marked: boolean;
  place: 'none' | 'hanging' | 'out' | 'inside';
  bodyStarts: number;
  // What must be remembered to judge.
  everActive: boolean;
  /**
   * Where the slip was when the disk was lost after the footer was begun and before the centre knew of a delivery (`out`: the one
   * slip that may be voided in a hand), or knew no better than `unconfirmed` (`hanging`: the one that may be marked 作废 and valid).
   */
  forgotten: 'none' | 'hanging' | 'out';
  voidAcknowledged: boolean;
}

/** How a slip reached the person, as far as anybody saw; `cut` stands for all that is final: cut, taken, scanned. */
export type Delivery = 'none' | 'unconfirmed' | 'cut';
/** What of a part is on paper. */
export type Ink = 'none' | 'part' | 'full';

/** Something the printer took in and has not printed. It may come out until the buffer is emptied. */
export interface Leftover {
  readonly op: 0 | 1;
  readonly part: 'body' | 'footer' | 'whole';
}

/** One person, one kiosk, a rival kiosk, the centre, the printer. */
export interface State {
  up: boolean;
  crashesLeft: number;
  attemptsLeft: number;
  rivalLeft: boolean;
  lossLeft: boolean;
  diskLossLeft: boolean;
  /** The database was lost: 作废 is owed to whatever hangs in the printer, by a row of its own from the next start on. */
  paperUnknown: boolean;
  epoch: number;
  earlier: Code;
  rival: Code;
  ops: [Operation, Operation];
  leftover: Leftover | null;
}

/** Nothing is known of the operation, or nothing is owed any more. */
export const NO_ROW = { row: null, debt: 'none', settled: false, told: 'none', before: null } as const;

const NEW_OPERATION: Operation = {
  ...NO_ROW,
  state: 'none',
  suspendedBy: null,
  baseEpoch: 0,
  baseCode: null,
  delivery: 'none',
  asking: false,
  kind: 'apply',
  sentReserve: false,
  sentActivate: false,
  sentVoid: false,
  sentConfirm: 'none',
  body: 'none',
  footer: 'none',
  marked: false,
  place: 'none',
  bodyStarts: 0,
  everActive: false,
  forgotten: 'none',
  voidAcknowledged: false,
};

/** How much may go wrong besides messages and paper. */
export interface Adversary {
  readonly crashes: number;
  readonly attempts: 1 | 2;
  readonly rival: boolean;
  /** 挂失, once. */
  readonly loss: boolean;
  /** With one of the crashes the kiosk's database is lost. */
  readonly diskLoss: boolean;
}

/** A person with or without an earlier code; nothing has happened yet. */
export function initialState(adversary: Adversary, hasCode: boolean): State {
  return {
    up: true,
    crashesLeft: adversary.crashes,
    attemptsLeft: adversary.attempts,
    rivalLeft: adversary.rival,
    lossLeft: adversary.loss,
    diskLossLeft: adversary.diskLoss,
    paperUnknown: false,
    epoch: 0,
    earlier: { state: hasCode ? 'active' : 'none', suspendedBy: null },
    rival: { state: 'none', suspendedBy: null },
    ops: [{ ...NEW_OPERATION }, { ...NEW_OPERATION }],
    leftover: null,
  };
}

/** A state of its own, to be changed. */
export function copyOf(state: State): State {
  return {
    ...state,
    earlier: { ...state.earlier },
    rival: { ...state.rival },
    ops: [{ ...state.ops[0] }, { ...state.ops[1] }],
  };
}

const CODE_STATES: readonly CodeState[] = [
  'none',
  'pending',
  'active',
  'suspended',
  'superseded',
  'void',
  'revoked',
];
const CODE_NAMES: readonly (CodeName | null)[] = [null, 'earlier', 'rival', 0, 1];
const ROWS: readonly (JournalState | null)[] = [null, ...JOURNAL_STATES];
const DEBTS: readonly Operation['debt'][] = ['none', 'void-mark', 'cut'];
const DELIVERIES: readonly Delivery[] = ['none', 'unconfirmed', 'cut'];
const INKS: readonly Ink[] = ['none', 'part', 'full'];
const PLACES: readonly Operation['place'][] = ['none', 'hanging', 'out', 'inside'];
const PARTS: readonly Leftover['part'][] = ['body', 'footer', 'whole'];

/** The same text for the same state, and for no other. */
export function keyOf(state: State): string {
  return String.fromCharCode(
    bits(state.up, state.rivalLeft, state.lossLeft, state.diskLossLeft, state.paperUnknown),
    (state.crashesLeft * 3 + state.attemptsLeft) * 64 + state.epoch,
    ...codeKey(state.earlier),
    ...codeKey(state.rival),
    ...operationKey(state.ops[0]),
    ...operationKey(state.ops[1]),
    state.leftover === null ? 0 : 1 + state.leftover.op * 3 + PARTS.indexOf(state.leftover.part),
  );
}

function codeKey({ state, suspendedBy }: Code): number[] {
  return [CODE_STATES.indexOf(state) * 3 + (suspendedBy === null ? 0 : suspendedBy + 1)];
}

function operationKey(op: Operation): number[] {
  const { before } = op;
  return [
    ...codeKey(op),
    op.baseEpoch * 5 + CODE_NAMES.indexOf(op.baseCode),
    DELIVERIES.indexOf(op.delivery) * 9 +
      DELIVERIES.indexOf(op.told) * 3 +
      DELIVERIES.indexOf(op.sentConfirm),
    rowKey(op),
    before === null ? 0 : 1 + rowKey(before),
    bits(
      op.kind === 'reissue',
      op.sentReserve,
      op.asking,
      op.sentActivate,
      op.sentVoid,
      op.marked,
      op.everActive,
      op.forgotten !== 'none',
      op.forgotten === 'out',
      op.voidAcknowledged,
    ),
    (INKS.indexOf(op.body) * 3 + INKS.indexOf(op.footer)) * 12 + PLACES.indexOf(op.place) * 3 + op.bodyStarts,
  ];
}

function rowKey({ row, debt, settled, told }: Row): number {
  const place = ROWS.indexOf(row) * 3 + DEBTS.indexOf(debt);
  return (place * 3 + DELIVERIES.indexOf(told)) * 2 + (settled ? 1 : 0);
}

function bits(...flags: readonly boolean[]): number {
  return flags.reduce((sum, flag) => sum * 2 + (flag ? 1 : 0), 0);
}
