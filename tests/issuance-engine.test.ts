import { describe, expect, test } from 'vitest';
import type { PrintResult } from '../src/issuance/ports.ts';
import { DEFAULT_LIMITS } from '../src/issuance/settings.ts';
import { issuanceByHand, never, printedAndCut, VALID_UNTIL } from './fixtures/issuance-by-hand.ts';
import { OP } from './fixtures/journal-operation.ts';

const ISSUED = { kind: 'issued', validUntil: VALID_UNTIL, delivery: 'cut', evidence: 'E2', exit: 'blind' };
const JAM: PrintResult = { kind: 'unknown', cause: 'jam' };

describe('a code that is issued', () => {
  test('asks centre and printer in this order, each for this operation', async () => {
    const { run, asked, requests, rows, clock } = issuanceByHand();
    const { opId, outcome, progress, handle } = await run('reissue');
    expect(outcome()).toEqual(ISSUED);
    expect(progress).toEqual(['reserving', 'printing', 'activating', 'finishing']);
    expect(asked()).toEqual([
      'openOperations',
      'purge',
      'preflight',
      'reserve',
      'printBody',
      'activate',
      'printFooterAndCut',
      'slipExit',
      'slipExit',
    ]);
    expect(requests('reserve')).toEqual([{ opId, kind: 'reissue' }]);
    expect(requests('printBody')).toEqual([{ opId, processId: '0001' }]);
    expect(requests('activate')).toEqual([
      { opId, baseEpoch: 4, evidence: { grade: 'E2', processId: '0001' } },
    ]);
    expect(requests('printFooterAndCut')).toEqual([{ opId, processId: '0003' }]);
    expect(rows.get(opId)).toMatchObject({ state: 'DONE', kind: 'reissue', baseEpoch: 4, tokenHash: 'aa' });
    expect(handle.answerForSlip('in-hand')).toBe(true);
    await clock.settle();
    expect(requests('confirm')).toEqual([{ opId, delivery: 'cut' }]);
    expect(rows.size).toBe(0);
    expect(clock.pendingTasks()).toBe(0);
  });

  test('leaves a line for each move and none for anything else', async () => {
    const { run, log, clock } = issuanceByHand();
    const { opId, handle } = await run();
    handle.answerForSlip('in-hand');
    await clock.settle();
    const moves = log.map((entry) =>
      entry.event === 'transition' ? `${entry.from} ${entry.trigger} ${entry.to}` : entry.event,
    );
    expect(moves).toEqual([
      'NONE begin INTENT',
      'INTENT reserved RESERVED',
      'RESERVED proceed PRINTING',
      'PRINTING proof PRINTED',
      'PRINTED proceed ACTIVATING',
      'ACTIVATING activated ACTIVE',
      'ACTIVE proceed FOOTER',
      'FOOTER proof DONE',
      'DONE delivered DONE',
      'DONE finished CLOSED',
    ]);
    for (const entry of log) expect(entry).toMatchObject({ opId, reason: null });
  });

  test('says why it was voided', async () => {
    const { run, log } = issuanceByHand({ answers: { printBody: async () => JAM } });
    await run();
    expect(log.filter((entry) => entry.event === 'transition' && entry.to === 'VOIDING')[0]).toMatchObject({
      trigger: 'doubt',
      reason: 'print-unknown',
    });
  });

  test('may bring its own id, and makes one where it brings none', async () => {
    const byHand = issuanceByHand();
    expect((await byHand.run()).opId).toBe('00000000-0000-4000-8000-000000000001');
    const own = issuanceByHand();
    await own.run();
    expect(own.issuance.runIssuance({ kind: 'apply', opId: OP }).opId).toBe(OP);
  });
});

describe('a step that takes long', () => {
  test('is told after six seconds, once in each step', async () => {
    const { run, clock, answers } = issuanceByHand();
    answers.reserve = never;
    const { progress } = await run();
    await clock.advance(5_999);
    expect(progress).toEqual(['reserving']);
    await clock.advance(1);
    expect(progress).toEqual(['reserving', 'waiting-long']);
    await clock.advance(1_999);
    expect(progress).toEqual(['reserving', 'waiting-long']);
  });

  test('is not told when the step is over, and nothing is told after the end', async () => {
    const { run, clock, answers } = issuanceByHand();
    const body = Promise.withResolvers<PrintResult>();
    answers.printBody = () => body.promise;
    const { progress } = await run();
    await clock.advance(5_000);
    body.resolve({ kind: 'printed', grade: 'E2', cut: false });
    await clock.advance(60_000);
    expect(progress).toEqual(['reserving', 'printing', 'activating', 'finishing']);
  });

  test('is told once, and its time goes on, when something happens that means nothing in it', async () => {
    const { run, clock, answers } = issuanceByHand();
    answers.printFooterAndCut = never;
    const { handle, progress } = await run();
    await clock.advance(3_000);
    handle.cancel();
    await clock.advance(3_000);
    expect(progress).toEqual(['reserving', 'printing', 'activating', 'finishing', 'waiting-long']);
  });

  test('need not be told to anybody', async () => {
    const { issuance, clock, answers } = issuanceByHand();
    void issuance.recover();
    await clock.settle();
    answers.reserve = never;
    issuance.runIssuance({ kind: 'apply' });
    await clock.advance(7_000);
    expect(issuance.obstacle()).toBe('busy');
  });
});

describe('whoever comes next', () => {
  test('is refused while one operation runs, and served when it is out', async () => {
    const { run, issuance, clock, answers } = issuanceByHand();
    const footer = Promise.withResolvers<PrintResult>();
    answers.printFooterAndCut = () => footer.promise;
    const first = await run();
    expect(issuance.obstacle()).toBe('busy');
    expect((await run()).outcome()).toEqual({ kind: 'not-ready', reason: 'busy' });
    footer.resolve(printedAndCut);
    await clock.settle();
    expect(first.outcome()).toEqual(ISSUED);
    expect(issuance.obstacle()).toBeNull();
  });

  test('cannot take an id that is under way', async () => {
    const { run, issuance } = issuanceByHand();
    const { opId } = await run();
    expect(await issuance.runIssuance({ kind: 'apply', opId }).outcome).toEqual({
      kind: 'not-ready',
      reason: 'busy',
    });
  });

  test('is refused when twenty operations are unresolved, not when nineteen are', async () => {
    expect(DEFAULT_LIMITS.unresolvedMost).toBe(20);
    const { run, issuance, clock, answers } = issuanceByHand({
      answers: {
        printBody: async () => ({ kind: 'notPrinted', cause: 'no-paper' }),
        void: async () => ({ kind: 'unknown' }),
      },
      limits: { unresolvedMost: 2 },
    });
    await run();
    expect(issuance.unresolvedCount()).toBe(1);
    expect([issuance.obstacle(), issuance.backlog()]).toEqual([null, false]);
    await run();
    expect([issuance.obstacle(), issuance.backlog()]).toEqual(['backlog', true]);
    expect((await run()).outcome()).toEqual({ kind: 'not-ready', reason: 'backlog' });
    answers.void = async () => ({ kind: 'ok' });
    issuance.centreReachable();
    await clock.settle();
    expect(issuance.obstacle()).toBeNull();
  });

  test('who gives up while the printer is being asked has begun nothing', async () => {
    for (const kind of ['apply', 'reissue'] as const) {
      const { run, clock, answers, asked, rows } = issuanceByHand();
      const purge = Promise.withResolvers<boolean>();
      answers.purge = () => purge.promise;
      const { handle, outcome } = await run(kind);
      handle.cancel();
      purge.resolve(true);
      await clock.settle();
      expect(outcome()).toEqual({
        kind: 'voided',
        reason: 'cancelled',
        oldCodeStillValid: kind === 'reissue',
      });
      expect(asked('reserve')).toEqual([]);
      expect(rows.size).toBe(0);
    }
  });

  test('is told why the printer cannot', async () => {
    const { run, answers, asked } = issuanceByHand();
    answers.preflight = async () => ({ kind: 'notReady', cause: 'no-paper' });
    expect((await run()).outcome()).toEqual({ kind: 'not-ready', reason: 'no-paper' });
    expect(asked('reserve')).toEqual([]);
  });
});
