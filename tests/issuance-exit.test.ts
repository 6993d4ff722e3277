import { describe, expect, test } from 'vitest';
import type { PrintResult, SlipFate } from '../src/issuance/ports.ts';
import { issuanceByHand, never, printedAndCut } from './fixtures/issuance-by-hand.ts';

describe('the slip', () => {
  test('of which nobody speaks for ten minutes is told as unconfirmed', async () => {
    const { run, clock, requests } = issuanceByHand();
    const { opId, handle } = await run();
    await clock.advance(599_999);
    expect(requests('confirm')).toEqual([]);
    await clock.advance(1);
    expect(requests('confirm')).toEqual([{ opId, delivery: 'unconfirmed' }]);
    expect(handle.answerForSlip('in-hand')).toBe(false);
  });

  test('is answered for once, and only when it is out', async () => {
    const { run, clock, answers, requests } = issuanceByHand();
    const footer = Promise.withResolvers<PrintResult>();
    answers.printFooterAndCut = () => footer.promise;
    const { handle } = await run();
    expect(handle.answerForSlip('in-hand')).toBe(false);
    footer.resolve(printedAndCut);
    await clock.settle();
    expect(handle.answerForSlip('missing')).toBe(true);
    expect(handle.answerForSlip('in-hand')).toBe(false);
    await clock.settle();
    expect(handle.answerForSlip('in-hand')).toBe(false);
    expect(requests('confirm')).toMatchObject([{ delivery: 'unconfirmed' }]);
  });

  test('is not waited for any more when its delivery is told', async () => {
    const { run, clock, answers } = issuanceByHand();
    answers.confirm = never;
    const { handle } = await run();
    handle.answerForSlip('in-hand');
    await clock.settle();
    // Only the time limit of the confirmation.
    expect(clock.pendingTasks()).toBe(1);
  });

  /** A printer that can pull its slip back, in the test's hand. */
  async function inPresenter(kind: 'apply' | 'reissue' = 'reissue') {
    const gone = Promise.withResolvers<SlipFate>();
    const pulled = Promise.withResolvers<SlipFate>();
    const seen: AbortSignal[] = [];
    const byHand = issuanceByHand({
      answers: {
        slipExit: () => ({
          whenGone: (signal) => {
            seen.push(signal);
            return gone.promise;
          },
          retract: () => pulled.promise,
        }),
      },
    });
    const running = await byHand.run(kind);
    const ends: unknown[] = [];
    const note = (end: Promise<unknown>) => void end.then((value) => ends.push(value));
    return { ...byHand, ...running, gone, pulled, seen, ends, note };
  }

  test('that nobody answers for is pulled back before anything is told, and is void then', async () => {
    const { clock, handle, pulled, requests, opId, outcome, seen } = await inPresenter();
    expect(outcome()).toMatchObject({ exit: 'retracts' });
    expect(handle.answerForSlip('unanswered')).toBe(true);
    await clock.settle();
    expect(requests('confirm')).toEqual([]);
    pulled.resolve('retracted');
    await clock.settle();
    expect(requests('void')).toEqual([{ opId, reason: 'retracted' }]);
    expect(requests('confirm')).toEqual([]);
    expect(seen.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('that stays where it is when it is pulled is told as unconfirmed', async () => {
    const { clock, handle, pulled, requests } = await inPresenter();
    handle.answerForSlip('unanswered');
    await clock.settle();
    pulled.resolve('unknown');
    await clock.settle();
    expect(requests('confirm')).toMatchObject([{ delivery: 'unconfirmed' }]);
  });

  test.for(['in-hand', 'missing', 'interrupted'] as const)('said %s, it is not pulled', async (answer) => {
    const { clock, handle, requests } = await inPresenter();
    handle.answerForSlip(answer);
    await clock.settle();
    expect(requests('confirm')).toMatchObject([{ delivery: 'unconfirmed' }]);
  });

  test('that was taken is told as taken, and the session hears of it', async () => {
    const { clock, handle, gone, requests, ends, note } = await inPresenter();
    note(handle.slipGone());
    gone.resolve('taken');
    await clock.settle();
    expect(ends).toEqual([{ kind: 'taken' }]);
    handle.answerForSlip('unanswered');
    await clock.settle();
    expect(requests('confirm')).toMatchObject([{ delivery: 'taken' }]);
  });

  test.for([
    ['reissue', 'ok', true],
    ['reissue', 'final', false],
    ['reissue', 'unknown', false],
    ['apply', 'ok', false],
  ] as const)('that went back, of a %s whose void is %s: %s', async ([kind, answer, oldCodeStillValid]) => {
    const { clock, handle, pulled, answers, ends, note } = await inPresenter(kind);
    answers.void = async () =>
      answer === 'final' ? { kind: 'final', problem: 'delivered' } : { kind: answer };
    note(handle.takeBack());
    note(handle.slipGone());
    await clock.settle();
    pulled.resolve('retracted');
    await clock.settle();
    const end = { kind: 'retracted', oldCodeStillValid };
    expect(ends).toEqual(expect.arrayContaining([end]));
  });

  test('that went back is spoken of after nine seconds, whether or not the centre has answered', async () => {
    const { clock, handle, pulled, answers, ends, note } = await inPresenter();
    answers.void = never;
    note(handle.takeBack());
    await clock.settle();
    pulled.resolve('retracted');
    await clock.advance(7_999);
    expect(ends).toEqual([]);
    await clock.advance(1_001);
    expect(ends).toEqual([{ kind: 'retracted', oldCodeStillValid: false }]);
  });

  test('that went back is asked for once more when all is over: at once, and without a promise', async () => {
    const { clock, handle, pulled, ends, note, rows } = await inPresenter();
    note(handle.takeBack());
    await clock.settle();
    pulled.resolve('retracted');
    await clock.settle();
    expect(rows.size).toBe(0);
    note(handle.takeBack());
    await clock.settle();
    expect(ends).toEqual([
      { kind: 'retracted', oldCodeStillValid: true },
      { kind: 'retracted', oldCodeStillValid: false },
    ]);
  });

  test('of an operation that is over is unknown', async () => {
    const { clock, handle, gone, ends, note } = await inPresenter();
    gone.resolve('taken');
    await clock.settle();
    handle.answerForSlip('in-hand');
    await clock.settle();
    note(handle.takeBack());
    await clock.settle();
    expect(ends).toEqual([{ kind: 'taken' }]);
  });
});
