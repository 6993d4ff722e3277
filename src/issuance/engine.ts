import type { Cancel } from '../platform/clock.ts';
import { withTimeLimit } from '../platform/clock.ts';
import { repeatUntilKnown } from './attempts.ts';
import { createOutbox } from './outbox.ts';
import { createPaperPath } from './paper-path.ts';
import type { PaperPath } from './paper-path.ts';
import { createPaperRetries } from './paper-retries.ts';
import type {
  ConfirmAnswer,
  Delivery,
  IssuancePorts,
  JournalRow,
  PaperDebt,
  VoidAnswer,
  VoidReason,
} from './ports.ts';
import type { Effect, IssuanceEvent, JournalWrite, Operation } from './reducer.ts';
import { step } from './reducer.ts';
import type { IssuanceSettings } from './settings.ts';
import { createSlipWatch } from './slip-watch.ts';
import type { SlipAnswer, SlipWatch } from './slip-watch.ts';

/** Sees each event of one operation and what it led to; `null`: the operation is closed. */
type Watcher = (event: IssuanceEvent, state: Operation | null) => void;

/** Runs operations: every event through the reducer, every effect through the ports, the journal first. */
export interface Engine {
  dispatch(opId: string, event: IssuanceEvent): void;
  /** Takes over a row found in the journal at boot; how old it was then counts for the alarms. */
  adopt(row: JournalRow, ageMs: number): void;
  get(opId: string): Operation | undefined;
  operations(): readonly Operation[];
  watch(opId: string, watcher: Watcher): Cancel;
  /**
   * What is said of the slip of an operation in `DONE`; a slip that nobody answers for is pulled back first, where that is
   * possible. Only the first answer counts; false: it came too late, or there is no slip.
   */
  answerForSlip(opId: string, answer: SlipAnswer): boolean;
  readonly slips: SlipWatch;
  /** Pays all that is owed to the paper now; true when nothing is owed any more. */
  clearPaper(): Promise<boolean>;
  /** The same, of a printer that was out of order until now. */
  printerReady(): Promise<boolean>;
  readonly paper: PaperPath;
  /** Asks the centre again for everything unsettled. */
  retryNow(): void;
  /** Stops taking effects. The journal keeps what is owed. */
  stop(): void;
  /** Ends everything because nobody knows what is durable. */
  fail(error: unknown): void;
  stopped(): boolean;
}

/** The effect loop. After the journal (or a port) has thrown, not one further effect is taken. */
export function createEngine(givenPorts: IssuancePorts, settings: IssuanceSettings): Engine {
  const { limits } = settings;
  const live = new Map<string, Operation>();
  const watchers = new Set<{ readonly opId: string; readonly watcher: Watcher }>();
  const deliveryTimers = new Map<string, Cancel>();
  const clearing = new Map<string, Promise<boolean>>();
  const answered = new Set<string>();
  /** Of the rows that an earlier agent began, at the start of this one. */
  const ages = new Map<string, number>();
  let dead = false;
  const ports: IssuancePorts = { ...givenPorts, fatal: fail };
  const paper = createPaperPath(ports, limits);
  const paperRetries = createPaperRetries(ports.clock, limits);
  const outbox = createOutbox(ports, limits);
  const slips = createSlipWatch({
    ports,
    limits,
    paper,
    onRetracted: (opId) => {
      dispatch(opId, { type: 'slip-retracted' });
    },
    fail,
  });

  function stop(): void {
    dead = true;
    outbox.stop();
    paperRetries.stop();
    slips.stop();
    for (const cancel of deliveryTimers.values()) cancel();
    deliveryTimers.clear();
  }

  function fail(error: unknown): void {
    if (dead) return;
    stop();
    givenPorts.fatal(error);
  }

  /** What a port answers goes on as an event; a port that throws is a bug, and bugs end the agent. */
  function follow<T>(work: Promise<T>, then: (value: T) => void): void {
    work.then(then).catch(fail);
  }

  function write(change: JournalWrite): boolean {
    try {
      if (change.kind === 'insert') ports.journal.insert(change.row);
      else if (change.kind === 'close') ports.journal.close(change.opId);
      else ports.journal.move(change.opId, change.from, change.to, change.patch);
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  }

  function dispatch(opId: string, event: IssuanceEvent): void {
    if (dead) return;
    const before = live.get(opId) ?? null;
    const { state, effects, trigger } = step(before, event, settings);
    for (const effect of effects) {
      if (effect.type === 'journal' && !write(effect.write)) return;
    }
    if (state === null) {
      live.delete(opId);
      ages.delete(opId);
    } else live.set(opId, state);
    if (trigger !== null) {
      ports.log({
        event: 'transition',
        opId,
        from: before?.row.state ?? 'NONE',
        to: state?.row.state ?? 'CLOSED',
        trigger,
        reason: state?.row.reason ?? null,
      });
    }
    for (const watching of Array.from(watchers)) if (watching.opId === opId) watching.watcher(event, state);
    for (const effect of effects) take(opId, effect);
  }

  function stillIn(opId: string, state: string): () => boolean {
    return () => !dead && live.get(opId)?.row.state === state;
  }

  function take(opId: string, effect: Effect): void {
    if (dead) return;
    switch (effect.type) {
      case 'journal':
        return;
      case 'proceed':
        dispatch(opId, { type: 'proceed', processId: paper.processId() });
        return;
      case 'reserve':
        reserve(opId, effect.kind);
        return;
      case 'print-body':
        follow(paper.printBody({ opId, processId: effect.processId }), (result) => {
          dispatch(opId, { type: 'body-printed', result });
        });
        return;
      case 'activate':
        activate(opId, effect);
        return;
      case 'print-footer':
        follow(paper.printFooter({ opId, processId: effect.processId }), (result) => {
          dispatch(opId, { type: 'footer-printed', result });
        });
        return;
      case 'await-delivery':
        awaitDelivery(opId);
        return;
      case 'clear-paper':
        payPaper(opId, effect.debt);
        return;
      case 'void':
        postVoid(opId, effect.reason);
        return;
      case 'confirm':
        postConfirm(opId, effect.delivery);
        return;
    }
  }

  function reserve(opId: string, kind: JournalRow['kind']): void {
    const repetition = {
      requestMs: limits.requestMs,
      pauseMs: limits.repeatMs,
      most: limits.reserveAttempts,
    };
    const request = () => ports.centre.reserve({ opId, kind });
    follow(repeatUntilKnown(ports.clock, repetition, request, stillIn(opId, 'INTENT')), (known) => {
      dispatch(opId, { type: 'reserve-answered', ...known });
    });
  }

  function activate(opId: string, effect: Extract<Effect, { type: 'activate' }>): void {
    const repetition = {
      requestMs: limits.requestMs,
      pauseMs: limits.repeatMs,
      withinMs: limits.activateMs,
    };
    const { baseEpoch, evidence } = effect;
    const request = () => ports.centre.activate({ opId, baseEpoch, evidence });
    follow(repeatUntilKnown(ports.clock, repetition, request, stillIn(opId, 'ACTIVATING')), (known) => {
      dispatch(opId, { type: 'activate-answered', answer: known.answer });
    });
  }

  function awaitDelivery(opId: string): void {
    slips.begin(opId);
    const cancel = ports.clock.schedule(limits.deliveryMs, () => {
      answerForSlip(opId, 'unanswered');
    });
    deliveryTimers.set(opId, cancel);
  }

  function answerForSlip(opId: string, answer: SlipAnswer): boolean {
    const row = live.get(opId)?.row;
    if (row?.state !== 'DONE' || row.delivery !== null || answered.has(opId)) return false;
    answered.add(opId);
    // If the slip goes back the operation is void by then, and this report means nothing any more.
    const report = () => {
      dispatch(opId, { type: 'delivery-reported', delivery: slips.deliveryOf(opId, answer) });
    };
    if (answer === 'unanswered' && slips.retractable(opId)) follow(slips.takeBack(opId), report);
    else report();
    return true;
  }

  /** The last word of the slip is spoken. */
  function endOfDelivery(opId: string): void {
    deliveryTimers.get(opId)?.();
    deliveryTimers.delete(opId);
    answered.delete(opId);
    slips.end(opId);
  }

  function payPaper(opId: string, debt: Exclude<PaperDebt, 'none'>): void {
    follow(clear(opId, debt), () => undefined);
  }

  function clear(opId: string, debt: Exclude<PaperDebt, 'none'>): Promise<boolean> {
    const under = clearing.get(opId);
    if (under !== undefined) return under;
    const work = clearInOrder(opId, debt).then((cleared) => {
      clearing.delete(opId);
      if (!cleared) ports.log({ event: 'paper-owed', opId, debt });
      if (cleared || dead) paperRetries.paid(opId);
      else
        paperRetries.failed(opId, () => {
          payPaper(opId, debt);
        });
      dispatch(opId, { type: cleared ? 'paper-cleared' : 'paper-owed' });
      return cleared;
    });
    clearing.set(opId, work);
    return work;
  }

  /** A slip that may be valid is cut off before 作废 is printed for another operation: it would come out behind that slip. */
  async function clearInOrder(opId: string, debt: Exclude<PaperDebt, 'none'>): Promise<boolean> {
    const first = [...live.values()].find(({ row }) => debt === 'void-mark' && row.paperDebt === 'cut');
    if (first !== undefined && !(await clear(first.row.opId, 'cut'))) return false;
    return paper.clear(opId, debt);
  }

  function postVoid(opId: string, reason: VoidReason): void {
    endOfDelivery(opId);
    outbox.post(opId, () => settle(opId, ports.centre.void({ opId, reason })), ages.get(opId));
  }

  function postConfirm(opId: string, delivery: Delivery): void {
    endOfDelivery(opId);
    outbox.post(opId, () => settle(opId, ports.centre.confirm({ opId, delivery })), ages.get(opId));
  }

  async function settle(
    opId: string,
    request: Promise<VoidAnswer | ConfirmAnswer>,
  ): Promise<'settled' | 'pending'> {
    const answer = await withTimeLimit(ports.clock, limits.requestMs, request);
    if (answer === 'timed-out' || answer.kind === 'unknown') {
      dispatch(opId, { type: 'centre-pending' });
      return 'pending';
    }
    if (answer.kind === 'final') ports.log({ event: 'final-refusal', opId, problem: answer.problem });
    dispatch(opId, { type: 'centre-settled', done: answer.kind === 'ok' });
    return 'settled';
  }

  async function clearPaper(): Promise<boolean> {
    let all = true;
    for (const { row } of Array.from(live.values())) {
      if (row.paperDebt !== 'none' && !(await clear(row.opId, row.paperDebt))) all = false;
    }
    return all;
  }

  return {
    dispatch,
    adopt(row, ageMs) {
      live.set(row.opId, { row, validUntil: null, failure: null });
      ages.set(row.opId, ageMs);
    },
    get: (opId) => live.get(opId),
    operations: () => [...live.values()],
    watch(opId, watcher) {
      const watching = { opId, watcher };
      watchers.add(watching);
      return () => {
        watchers.delete(watching);
      };
    },
    answerForSlip,
    slips,
    clearPaper,
    printerReady() {
      paperRetries.anew();
      return clearPaper();
    },
    paper,
    retryNow() {
      outbox.retryNow();
    },
    stop,
    fail,
    stopped: () => dead,
  };
}
