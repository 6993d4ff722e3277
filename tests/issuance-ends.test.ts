import { describe, expect, test } from 'vitest';
import type { PrintResult } from '../src/issuance/ports.ts';
import { issuanceByHand, never, printedAndCut, VALID_UNTIL } from './fixtures/issuance-by-hand.ts';
import { OP, operationIn } from './fixtures/journal-operation.ts';

const ISSUED = { kind: 'issued', validUntil: VALID_UNTIL, delivery: 'cut', evidence: 'E2', exit: 'blind' };
const JAM: PrintResult = { kind: 'unknown', cause: 'jam' };

describe('what is owed to the paper', () => {
  const jammed = () =>
    issuanceByHand({ answers: { printBody: async () => JAM, printVoidAndCut: async () => JAM } });

  test('is written down when it could not be paid, and paid when the printer is ready', async () => {
    const { run, issuance, clock, log, answers, asked, rows } = jammed();
    const { opId, outcome } = await run();
    expect(outcome()).toEqual({ kind: 'voided', reason: 'jam', oldCodeStillValid: false });
    expect(log).toContainEqual({ event: 'paper-owed', opId, debt: 'void-mark' });
    expect(rows.get(opId)).toMatchObject({ state: 'VOIDING', paperDebt: 'void-mark', centreSettled: true });
    answers.printVoidAndCut = async () => printedAndCut;
    const before = log.length;
    issuance.printerReady();
    await clock.settle();
    expect(asked('printVoidAndCut')).toHaveLength(2);
    expect(rows.size).toBe(0);
    expect(log.slice(before)).toMatchObject([{ event: 'transition', trigger: 'finished' }]);
    issuance.printerReady();
    await clock.settle();
    expect(asked('printVoidAndCut')).toHaveLength(2);
  });

  test('is tried at again after 30 s, 2 min and 8 min, and then no more until the printer was away', async () => {
    const { run, issuance, clock, calls } = jammed();
    await run();
    const marksAtMs = () => calls.filter(({ name }) => name === 'printVoidAndCut').map(({ atMs }) => atMs);
    const [firstMs = 0] = marksAtMs();
    await clock.advance(3_600_000);
    const expected = [0, 30_000, 150_000, 630_000].map((ms) => firstMs + ms);
    expect(marksAtMs()).toEqual(expected);
    const readyMs = clock.monotonicMs();
    issuance.printerReady();
    await clock.advance(3_600_000);
    expect(marksAtMs().slice(4)).toEqual([0, 30_000, 150_000, 630_000].map((ms) => readyMs + ms));
  });

  test('is paid by such a try although the printer seemed well all the time, and then no more', async () => {
    const { run, clock, answers, asked, rows } = jammed();
    await run();
    answers.printVoidAndCut = async () => printedAndCut;
    await clock.advance(29_999);
    expect(rows.size).toBe(1);
    await clock.advance(1);
    expect(rows.size).toBe(0);
    await clock.advance(3_600_000);
    expect(asked('printVoidAndCut')).toHaveLength(2);
    expect(clock.pendingTasks()).toBe(0);
  });

  test('is not tried at any more by an agent that has ended, even if the last try fails after that', async () => {
    const { run, issuance, clock, answers, asked } = jammed();
    await run();
    const mark = Promise.withResolvers<PrintResult>();
    answers.printVoidAndCut = () => mark.promise;
    issuance.printerReady();
    await clock.settle();
    issuance.stop();
    mark.resolve(JAM);
    await clock.settle();
    expect(clock.pendingTasks()).toBe(0);
    await clock.advance(3_600_000);
    expect(asked('printVoidAndCut')).toHaveLength(2);
  });

  test('is paid once, however often the printer says that it is ready', async () => {
    const { run, issuance, clock, answers, asked } = jammed();
    await run();
    const mark = Promise.withResolvers<PrintResult>();
    answers.printVoidAndCut = () => mark.promise;
    issuance.printerReady();
    issuance.printerReady();
    await clock.settle();
    mark.resolve(printedAndCut);
    await clock.settle();
    expect(asked('printVoidAndCut')).toHaveLength(2);
  });

  test('comes before the next slip, and nobody new is begun while it cannot be paid', async () => {
    const { run, issuance, answers, asked } = jammed();
    await run();
    const reserved = asked('reserve').length;
    const refused = await run();
    expect(refused.outcome()).toEqual({ kind: 'not-ready', reason: 'fault' });
    answers.preflight = async () => ({ kind: 'notReady', cause: 'cover-open' });
    expect((await run()).outcome()).toEqual({ kind: 'not-ready', reason: 'cover-open' });
    expect(asked('reserve')).toHaveLength(reserved);
    answers.preflight = async () => ({ kind: 'ready' });
    answers.printVoidAndCut = async () => printedAndCut;
    answers.printBody = async () => ({ kind: 'printed', grade: 'E2', cut: false });
    expect((await run()).outcome()).toEqual(ISSUED);
    expect(issuance.obstacle()).toBeNull();
    expect(asked('printVoidAndCut', 'printBody').slice(-2)).toEqual(['printVoidAndCut', 'printBody']);
  });

  test('of several operations is paid one after the other; one that cannot be paid does not hide the next', async () => {
    const rows = [1, 2].map(
      (last) =>
        operationIn('VOIDING', {
          opId: `${OP.slice(0, -1)}${last}`,
          paperDebt: 'void-mark',
          centreSettled: true,
        }).row,
    );
    const { issuance, clock, requests } = issuanceByHand({
      rows,
      answers: { printVoidAndCut: async () => JAM },
    });
    void issuance.recover();
    await clock.settle();
    expect(requests('printVoidAndCut')).toHaveLength(2);
    issuance.printerReady();
    await clock.settle();
    expect(requests('printVoidAndCut').map(({ opId }) => opId)).toEqual([
      rows[0]?.opId,
      rows[1]?.opId,
      rows[0]?.opId,
      rows[1]?.opId,
    ]);
  });
});

describe('an end', () => {
  test('by a stop is told to whoever waits, and nothing is begun any more', async () => {
    const { run, issuance, clock, answers, asked, rows } = issuanceByHand();
    const body = Promise.withResolvers<PrintResult>();
    answers.printBody = () => body.promise;
    const { opId, outcome, progress } = await run();
    issuance.stop();
    await clock.settle();
    expect(outcome()).toEqual({ kind: 'stopped' });
    body.resolve({ kind: 'printed', grade: 'E2', cut: false });
    await clock.advance(60_000);
    expect(rows.get(opId)?.state).toBe('PRINTING');
    expect(asked('activate')).toEqual([]);
    expect(progress).toEqual(['reserving', 'printing']);
    expect(clock.pendingTasks()).toBe(0);
    expect(issuance.obstacle()).toBe('stopped');
    expect((await run()).outcome()).toEqual({ kind: 'stopped' });
  });

  test('by a stop while the printer is being asked', async () => {
    const { run, issuance, clock, answers, rows } = issuanceByHand();
    const ready = Promise.withResolvers<{ kind: 'notReady'; cause: 'jam' }>();
    answers.preflight = () => ready.promise;
    const { outcome } = await run();
    issuance.stop();
    ready.resolve({ kind: 'notReady', cause: 'jam' });
    await clock.settle();
    expect(outcome()).toEqual({ kind: 'stopped' });
    expect(rows.size).toBe(0);
  });

  test('by a stop leaves no timer of a slip or of the outbox, and no exit watched', async () => {
    const signals: AbortSignal[] = [];
    const { run, issuance, clock } = issuanceByHand({
      answers: {
        slipExit: () => ({
          whenGone: (signal) => {
            signals.push(signal);
            return never();
          },
        }),
      },
    });
    await run();
    expect(clock.pendingTasks()).toBe(1);
    issuance.stop();
    expect(clock.pendingTasks()).toBe(0);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    issuance.stop();
  });

  test.for([
    ['at the first write', 'preflight', [], []],
    ['before the body', 'reserve', ['reserve'], ['INTENT']],
    [
      'before the footer',
      'activate',
      ['reserve', 'printBody', 'activate'],
      ['INTENT', 'RESERVED', 'PRINTING', 'PRINTED', 'ACTIVATING'],
    ],
  ] as const)(
    'by a journal that throws %s: nothing that was not written down is done',
    async ([, call, done, moves]) => {
      const byHand = issuanceByHand();
      const asked = byHand.answers[call] as () => Promise<never>;
      byHand.answers[call] = async () => {
        byHand.journalThrows = 'always';
        return asked();
      };
      const { outcome } = await byHand.run();
      await byHand.clock.advance(100_000);
      expect(outcome()).toEqual({ kind: 'stopped' });
      expect(byHand.fatal).toEqual([new Error('the disk is gone')]);
      expect(
        byHand.asked('reserve', 'printBody', 'activate', 'printFooterAndCut', 'void', 'confirm'),
      ).toEqual(done);
      expect(byHand.log.map((entry) => entry.event === 'transition' && entry.to)).toEqual(moves);
      expect(byHand.clock.pendingTasks()).toBe(0);
    },
  );

  test.for(['reserve', 'printBody', 'activate', 'printFooterAndCut', 'purge', 'preflight', 'void'] as const)(
    'by an adapter that throws (%s): the agent is told once, and so is whoever waits',
    async (call) => {
      const bug = new Error('bug');
      const { run, clock, fatal } = issuanceByHand({
        answers: {
          ...(call === 'void' && { activate: async () => ({ kind: 'refused', problem: 'gone' }) }),
          [call]: () => Promise.reject(bug),
        },
      });
      const { outcome } = await run();
      await clock.settle();
      expect(outcome()).toEqual({ kind: 'stopped' });
      expect(fatal).toEqual([bug]);
      expect(clock.pendingTasks()).toBe(0);
    },
  );

  test('by an adapter that throws while old debts are paid', async () => {
    const bug = new Error('bug');
    const { run, issuance, clock, answers, fatal } = issuanceByHand({
      answers: { printBody: async () => JAM, printVoidAndCut: async () => JAM },
    });
    await run();
    answers.printVoidAndCut = () => Promise.reject(bug);
    issuance.printerReady();
    await clock.settle();
    expect(fatal).toEqual([bug]);
    expect(issuance.obstacle()).toBe('stopped');
  });

  test('of a slip whose sensor throws', async () => {
    const bug = new Error('bug');
    const { run, clock, fatal } = issuanceByHand({
      answers: { slipExit: () => ({ whenGone: () => Promise.reject(bug) }) },
    });
    await run();
    await clock.settle();
    expect(fatal).toEqual([bug]);
  });

  test('by two adapters that throw is told once', async () => {
    const voided = Promise.withResolvers<never>();
    const { run, clock, fatal } = issuanceByHand({
      answers: {
        activate: async () => ({ kind: 'refused', problem: 'gone' }),
        void: () => voided.promise,
        printVoidAndCut: () => Promise.reject(new Error('first')),
      },
    });
    await run();
    voided.reject(new Error('second'));
    await clock.settle();
    expect(fatal).toEqual([new Error('first')]);
  });

  test('that comes with the news of a step stops before that step is taken', async () => {
    const { issuance, clock, rows, asked } = issuanceByHand();
    void issuance.recover();
    await clock.settle();
    const { opId, outcome } = issuance.runIssuance({
      kind: 'apply',
      onProgress: (step) => {
        if (step === 'printing') issuance.stop();
      },
    });
    await clock.settle();
    expect(await outcome).toEqual({ kind: 'stopped' });
    expect(rows.get(opId)?.state).toBe('PRINTING');
    expect(asked('printBody')).toEqual([]);
  });
});
