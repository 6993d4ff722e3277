import type {
  ActivateAnswer,
  ActivationEvidence,
  Delivery,
  IssueKind,
  JournalPatch,
  JournalRow,
  PaperDebt,
  PrinterCause,
  PrintResult,
  ReserveAnswer,
  VoidReason,
} from './ports.ts';
import { isEnough, weaker } from './settings.ts';
import type { JournalState, Trigger } from './transitions.ts';
import { nextState } from './transitions.ts';

/** Why an operation came to nothing, for the person's screen; not persisted. */
export type Failure =
  | { readonly kind: 'printer'; readonly cause: PrinterCause }
  | { readonly kind: 'refused'; readonly problem: string; readonly validUntil?: string }
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'interrupted' };

/** One operation in memory: its row, and what only the running session needs. */
export interface Operation {
  readonly row: JournalRow;
  readonly validUntil: string | null;
  /** Set with the step to VOIDING (or the refusal): what happened, and in which state. */
  readonly failure: { readonly at: JournalState; readonly why: Failure } | null;
}

export type IssuanceEvent =
  | { readonly type: 'begin'; readonly opId: string; readonly kind: IssueKind }
  | { readonly type: 'orphan-found'; readonly opId: string; readonly kind: IssueKind }
  /** The journal is lost: whose paper may hang in the printer nobody knows. `opId` is new, and unknown to the centre. */
  | { readonly type: 'paper-unknown'; readonly opId: string }
  | { readonly type: 'reserve-answered'; readonly answer: ReserveAnswer; readonly attempts: number }
  /** The step before is durable: go on. Carries a process id for the print job that may follow. */
  | { readonly type: 'proceed'; readonly processId: string }
  | { readonly type: 'body-printed'; readonly result: PrintResult }
  | { readonly type: 'activate-answered'; readonly answer: ActivateAnswer }
  | { readonly type: 'footer-printed'; readonly result: PrintResult }
  | { readonly type: 'delivery-reported'; readonly delivery: Delivery }
  /** The sensor at the exit saw the slip go back into the machine. */
  | { readonly type: 'slip-retracted' }
  | { readonly type: 'paper-cleared' }
  /** An attempt to clear the paper failed; it stays owed. */
  | { readonly type: 'paper-owed' }
  /** The centre has the last word: it did what was asked, or it never will. */
  | { readonly type: 'centre-settled'; readonly done: boolean }
  /** An attempt to tell the centre failed; it stays to be told. */
  | { readonly type: 'centre-pending' }
  | { readonly type: 'cancelled' }
  /** The row was found unfinished when the agent started. */
  | { readonly type: 'booted' };

export type JournalWrite =
  | { readonly kind: 'insert'; readonly row: JournalRow }
  | {
      readonly kind: 'move';
      readonly opId: string;
      readonly from: JournalState;
      readonly to: JournalState;
      readonly patch: JournalPatch;
    }
  | { readonly kind: 'close'; readonly opId: string };

/** What is to be done. A `journal` effect always comes first and is durable before the others begin. */
export type Effect =
  | { readonly type: 'journal'; readonly write: JournalWrite }
  | { readonly type: 'proceed' }
  | { readonly type: 'reserve'; readonly kind: IssueKind }
  | { readonly type: 'print-body'; readonly processId: string }
  | { readonly type: 'activate'; readonly baseEpoch: number; readonly evidence: ActivationEvidence }
  | { readonly type: 'print-footer'; readonly processId: string }
  | { readonly type: 'await-delivery' }
  | { readonly type: 'clear-paper'; readonly debt: Exclude<PaperDebt, 'none'> }
  | { readonly type: 'void'; readonly reason: VoidReason }
  | { readonly type: 'confirm'; readonly delivery: Delivery };

/** What an event means in the state it finds: a row of the transition table, and what goes into the journal with it. */
interface Reading {
  readonly trigger: Trigger;
  readonly patch: JournalPatch;
  readonly failure?: Failure;
  readonly validUntil?: string;
}

/** The outcome of one step; `trigger` is null when the event changed nothing. */
export interface Step {
  readonly state: Operation | null;
  readonly effects: readonly Effect[];
  readonly trigger: Trigger | null;
}

/**
 * One step of one operation, pure. `state` null: there is no such operation (not begun, or closed). An event that means
 * nothing in the state it finds (a late answer, a second tap) changes nothing.
 */
export function step(
  state: Operation | null,
  event: IssuanceEvent,
  settings: { readonly minimumEvidence: 'E1' | 'E2' },
): Step {
  if (state === null) return create(event);
  const reading = read(state.row, event, settings.minimumEvidence);
  const to = reading === null ? null : nextState(state.row.state, reading.trigger);
  if (reading === null || to === null) {
    return { state, effects: event.type === 'booted' ? unsettled(state.row) : [], trigger: null };
  }
  const { opId, state: from } = state.row;
  if (to === 'CLOSED') {
    return { state: null, effects: [journal({ kind: 'close', opId })], trigger: reading.trigger };
  }
  const row: JournalRow = { ...state.row, ...reading.patch, state: to };
  return {
    state: {
      row,
      validUntil: reading.validUntil ?? state.validUntil,
      failure: reading.failure === undefined ? state.failure : { at: from, why: reading.failure },
    },
    effects: [
      journal({ kind: 'move', opId, from, to, patch: reading.patch }),
      ...entering(row, reading.trigger),
    ],
    trigger: reading.trigger,
  };
}

function journal(write: JournalWrite): Effect {
  return { type: 'journal', write };
}

function create(event: IssuanceEvent): Step {
  if (event.type !== 'begin' && event.type !== 'orphan-found' && event.type !== 'paper-unknown') {
    return { state: null, effects: [], trigger: null };
  }
  const orphan = event.type !== 'begin';
  const row: JournalRow = {
    opId: event.opId,
    kind: event.type === 'paper-unknown' ? 'apply' : event.kind,
    state: orphan ? 'VOIDING' : 'INTENT',
    baseEpoch: null,
    tokenHash: null,
    processId: null,
    evidence: null,
    reason: orphan ? 'orphan' : null,
    delivery: null,
    // Nobody knows how far a lost operation came: its body may hang in the printer.
    paperDebt: orphan ? 'void-mark' : 'none',
    centreSettled: event.type === 'paper-unknown',
  };
  const trigger: Trigger = orphan ? 'orphan' : 'begin';
  return {
    state: { row, validUntil: null, failure: null },
    effects: [journal({ kind: 'insert', row }), ...entering(row, trigger)],
    trigger,
  };
}

/** What is to be done on entering a state. */
function entering(row: JournalRow, trigger: Trigger): readonly Effect[] {
  const processId = row.processId ?? '';
  switch (row.state) {
    case 'INTENT':
      return [{ type: 'reserve', kind: row.kind }];
    case 'PRINTING':
      return [{ type: 'print-body', processId }];
    case 'ACTIVATING': {
      const evidence = { grade: row.evidence ?? 'E0', processId };
      return [{ type: 'activate', baseEpoch: row.baseEpoch ?? -1, evidence }];
    }
    case 'FOOTER':
      return [{ type: 'print-footer', processId }];
    case 'DONE':
      return trigger === 'delivered' ? unsettled(row) : [{ type: 'await-delivery' }];
    case 'DONE_U':
    case 'VOIDING':
      return trigger === 'settled' || trigger === 'paper-cleared' ? [] : unsettled(row);
    case 'RESERVED':
    case 'PRINTED':
    case 'ACTIVE':
      return [{ type: 'proceed' }];
  }
}

/** What an operation still owes to the paper and to the centre. */
function unsettled(row: JournalRow): readonly Effect[] {
  const effects: Effect[] = [];
  if (row.paperDebt !== 'none') effects.push({ type: 'clear-paper', debt: row.paperDebt });
  if (row.centreSettled) return effects;
  if (row.state === 'VOIDING') effects.push({ type: 'void', reason: row.reason ?? 'interrupted' });
  else if (row.delivery !== null) effects.push({ type: 'confirm', delivery: row.delivery });
  return effects;
}

function read(row: JournalRow, event: IssuanceEvent, minimum: 'E1' | 'E2'): Reading | null {
  switch (event.type) {
    case 'reserve-answered':
      return row.state === 'INTENT' ? readReserve(event.answer, event.attempts) : null;
    case 'proceed':
      return readProceed(row, event.processId);
    case 'body-printed':
      return row.state === 'PRINTING' ? readBody(event.result, minimum) : null;
    case 'activate-answered':
      return row.state === 'ACTIVATING' ? readActivate(event.answer) : null;
    case 'footer-printed':
      return row.state === 'FOOTER' ? readFooter(row, event.result, minimum) : null;
    case 'delivery-reported':
      return readDelivery(row, event.delivery);
    case 'slip-retracted':
      return readRetracted(row);
    case 'paper-cleared':
      return readPaperCleared(row);
    case 'centre-settled':
      return readCentreSettled(row);
    case 'cancelled':
      return readBreak(row, 'cancelled');
    case 'booted':
      return readBoot(row);
    case 'begin':
    case 'orphan-found':
    case 'paper-unknown':
    case 'paper-owed':
    case 'centre-pending':
      return null;
  }
}

function doubt(reason: VoidReason, failure: Failure, paperDebt: PaperDebt): Reading {
  return { trigger: 'doubt', patch: { reason, paperDebt }, failure };
}

function readReserve(answer: ReserveAnswer, attempts: number): Reading {
  if (answer.kind === 'ok') {
    return {
      trigger: 'reserved',
      patch: { baseEpoch: answer.baseEpoch, tokenHash: answer.tokenHash },
      validUntil: answer.validUntil,
    };
  }
  if (answer.kind === 'unknown') return doubt('reserve-unknown', { kind: 'no-answer' }, 'none');
  // An earlier attempt without an answer may still arrive: only a tombstone beats it.
  return attempts > 1
    ? doubt('reserve-unknown', answer, 'none')
    : { trigger: 'refused', patch: {}, failure: answer };
}

function readProceed(row: JournalRow, processId: string): Reading {
  // ACTIVATING keeps the body's process id: it is the evidence.
  const patch = row.state === 'RESERVED' || row.state === 'ACTIVE' ? { processId } : {};
  return { trigger: 'proceed', patch };
}

function readBody(result: PrintResult, minimum: 'E1' | 'E2'): Reading {
  if (result.kind === 'printed') {
    return isEnough(result.grade, minimum)
      ? { trigger: 'proof', patch: { evidence: result.grade } }
      : doubt('evidence-too-weak', { kind: 'printer', cause: 'fault' }, 'void-mark');
  }
  const failure: Failure = { kind: 'printer', cause: result.cause };
  return result.kind === 'notPrinted'
    ? doubt('print-failed', failure, 'none')
    : doubt('print-unknown', failure, 'void-mark');
}

function readActivate(answer: ActivateAnswer): Reading {
  if (answer.kind === 'ok') return { trigger: 'activated', patch: {} };
  return answer.kind === 'refused'
    ? doubt('activation-refused', answer, 'void-mark')
    : doubt('activation-unknown', { kind: 'no-answer' }, 'void-mark');
}

function readFooter(row: JournalRow, result: PrintResult, minimum: 'E1' | 'E2'): Reading {
  if (result.kind === 'notPrinted') {
    return {
      trigger: 'nothing-printed',
      patch: { reason: 'footer-not-printed', paperDebt: 'void-mark' },
      failure: { kind: 'printer', cause: result.cause },
    };
  }
  const cut = result.kind === 'printed' && result.cut;
  if (cut && isEnough(result.grade, minimum)) {
    return { trigger: 'proof', patch: { evidence: weaker(result.grade, row.evidence) } };
  }
  return { trigger: 'unproven', patch: { delivery: 'unconfirmed', paperDebt: cut ? 'none' : 'cut' } };
}

/** The slip is out, and nobody has said yet what became of it. */
function awaitsDelivery(row: JournalRow): boolean {
  return row.state === 'DONE' && row.delivery === null;
}

function readDelivery(row: JournalRow, delivery: Delivery): Reading | null {
  if (!awaitsDelivery(row)) return null;
  return { trigger: delivery === 'unconfirmed' ? 'undelivered' : 'delivered', patch: { delivery } };
}

/** The paper with the code is in nobody's hand, and the centre was told of no delivery: the void can still be done. */
function readRetracted(row: JournalRow): Reading | null {
  return awaitsDelivery(row) ? { trigger: 'retracted', patch: { reason: 'retracted' } } : null;
}

function readPaperCleared(row: JournalRow): Reading | null {
  if (row.paperDebt === 'none') return null;
  return row.centreSettled
    ? { trigger: 'finished', patch: {} }
    : { trigger: 'paper-cleared', patch: { paperDebt: 'none' } };
}

function readCentreSettled(row: JournalRow): Reading | null {
  if (row.centreSettled || awaitsDelivery(row)) return null;
  return row.paperDebt === 'none'
    ? { trigger: 'finished', patch: {} }
    : { trigger: 'settled', patch: { centreSettled: true } };
}

const BODY_MAY_BE_ON_PAPER: readonly JournalState[] = ['PRINTING', 'PRINTED', 'ACTIVATING', 'ACTIVE'];

/** Given up, or found at boot. Right of the footer the table knows no doubt: nothing comes of it there. */
function readBreak(row: JournalRow, why: 'cancelled' | 'interrupted'): Reading {
  return doubt(why, { kind: why }, BODY_MAY_BE_ON_PAPER.includes(row.state) ? 'void-mark' : 'none');
}

function readBoot(row: JournalRow): Reading | null {
  if (row.state === 'FOOTER') {
    return { trigger: 'unproven', patch: { delivery: 'unconfirmed', paperDebt: 'cut' } };
  }
  if (row.state === 'DONE') return readDelivery(row, 'unconfirmed');
  return readBreak(row, 'interrupted');
}
