import { describe, expect, test } from 'vitest';
import { issuanceByHand, never } from './fixtures/issuance-by-hand.ts';

describe('the centre', () => {
  test('is asked twice for a reservation, eight seconds each with a second between', async () => {
    const { run, calls, answers } = issuanceByHand({ answers: { reserve: never } });
    answers.void = never;
    const { outcome } = await run('apply', 16_999);
    expect(outcome()).toBeUndefined();
    expect(calls.filter(({ name }) => name === 'reserve').map(({ atMs }) => atMs)).toEqual([0, 9_000]);
  });

  test('is asked to activate for a minute, and then no more', async () => {
    const { run, calls, clock } = issuanceByHand({ answers: { activate: never } });
    const { outcome } = await run('reissue', 60_000);
    await clock.settle();
    expect(calls.filter(({ name }) => name === 'activate').map(({ atMs }) => atMs)).toEqual([
      0, 9_000, 18_000, 27_000, 36_000, 45_000, 54_000,
    ]);
    expect(outcome()).toEqual({ kind: 'voided', reason: 'centre', oldCodeStillValid: true });
  });

  test('is not asked again for what was given up', async () => {
    for (const call of ['reserve', 'activate'] as const) {
      const { run, clock, asked, fatal } = issuanceByHand({
        answers: { [call]: async () => ({ kind: 'unknown' }) },
      });
      const { handle, outcome } = await run();
      handle.cancel();
      await clock.advance(30_000);
      expect(asked(call)).toHaveLength(1);
      expect(fatal).toEqual([]);
      expect(outcome()).toEqual({ kind: 'voided', reason: 'cancelled', oldCodeStillValid: false });
    }
  });

  test('that will never do what is asked is not asked again, and that is written down', async () => {
    const { run, clock, log, answers, asked, rows } = issuanceByHand();
    answers.confirm = async () => ({ kind: 'final', problem: 'revoked' });
    const { opId, handle } = await run();
    handle.answerForSlip('in-hand');
    await clock.advance(1_000_000);
    expect(asked('confirm')).toHaveLength(1);
    expect(log).toContainEqual({ event: 'final-refusal', opId, problem: 'revoked' });
    expect(rows.size).toBe(0);
  });

  test('that will not void leaves nobody with the belief that the earlier code holds', async () => {
    const { run, log } = issuanceByHand({
      answers: {
        activate: async () => ({ kind: 'refused', problem: 'gone' }),
        void: async () => ({ kind: 'final', problem: 'delivered' }),
      },
    });
    const { outcome } = await run('reissue');
    expect(outcome()).toEqual({ kind: 'voided', reason: 'centre', oldCodeStillValid: false });
    expect(log).toContainEqual(expect.objectContaining({ event: 'final-refusal', problem: 'delivered' }));
  });

  test('does what is asked without a word in the log', async () => {
    const { run, log } = issuanceByHand({
      answers: { activate: async () => ({ kind: 'refused', problem: 'gone' }) },
    });
    await run('reissue');
    expect(log.filter(({ event }) => event !== 'transition')).toEqual([]);
  });

  test('that does not answer a void is asked again after eight seconds and a pause', async () => {
    const { run, calls, clock } = issuanceByHand({
      answers: { printBody: async () => ({ kind: 'notPrinted', cause: 'no-paper' }), void: never },
    });
    const { outcome } = await run();
    expect(outcome()).toEqual({ kind: 'voided', reason: 'no-paper', oldCodeStillValid: false });
    await clock.advance(8_500);
    expect(calls.filter(({ name }) => name === 'void').map(({ atMs }) => atMs)).toEqual([0, 8_500]);
  });

  test('that does not answer leaves one line for the void, however often it is asked', async () => {
    const { run, clock, log } = issuanceByHand({
      answers: {
        printBody: async () => ({ kind: 'notPrinted', cause: 'no-paper' }),
        void: async () => ({ kind: 'unknown' }),
      },
    });
    await run();
    await clock.advance(200_000);
    expect(log.map((entry) => entry.event === 'transition' && entry.to)).toEqual([
      'INTENT',
      'RESERVED',
      'PRINTING',
      'VOIDING',
    ]);
  });

  test('that can be reached again is told at once', async () => {
    const { run, issuance, clock, answers, asked, rows } = issuanceByHand({
      answers: {
        printBody: async () => ({ kind: 'notPrinted', cause: 'no-paper' }),
        void: async () => ({ kind: 'unknown' }),
      },
    });
    await run();
    await clock.advance(100_000);
    const before = asked('void').length;
    answers.void = async () => ({ kind: 'ok' });
    expect(issuance.unresolvedCount()).toBe(1);
    issuance.centreReachable();
    await clock.settle();
    expect(asked('void')).toHaveLength(before + 1);
    expect(issuance.unresolvedCount()).toBe(0);
    expect(rows.size).toBe(0);
  });
});
