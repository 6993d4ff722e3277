import { expect, test } from 'vitest';
import { repeatUntilKnown } from '../src/issuance/attempts.ts';
import type { Repetition } from '../src/issuance/attempts.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

type Answer = { readonly kind: 'ok' | 'unknown' | 'refused' };

/** A request whose answers come `[after ms, kind]`; the last one is repeated. */
function repeating(
  repetition: Repetition,
  answers: readonly (readonly [number, Answer['kind']])[],
  goOn: () => boolean = () => true,
) {
  const clock = createManualClock();
  const askedAtMs: number[] = [];
  const ends: { answer: Answer; attempts: number; atMs: number }[] = [];
  const request = () => {
    askedAtMs.push(clock.monotonicMs());
    const [afterMs, kind] = answers[Math.min(askedAtMs.length, answers.length) - 1] ?? [0, 'unknown'];
    return new Promise<Answer>((resolve) => {
      clock.schedule(afterMs, () => {
        resolve({ kind });
      });
    });
  };
  void repeatUntilKnown<Answer>(clock, repetition, request, goOn).then((end) =>
    ends.push({ ...end, atMs: clock.monotonicMs() }),
  );
  return { clock, askedAtMs, ends };
}

const TWICE = { requestMs: 8_000, pauseMs: 1_000, most: 2 };
const A_MINUTE = { requestMs: 8_000, pauseMs: 1_000, withinMs: 60_000 };

test('an answer ends it, and how many attempts it took is told', async () => {
  const { clock, askedAtMs, ends } = repeating({ requestMs: 8_000, pauseMs: 1_000 }, [
    [100, 'unknown'],
    [100, 'unknown'],
    [100, 'refused'],
  ]);
  await clock.advance(10_000);
  expect(askedAtMs).toEqual([0, 1_100, 2_200]);
  expect(ends).toEqual([{ answer: { kind: 'refused' }, attempts: 3, atMs: 2_300 }]);
});

test('no answer counts as unknown after its limit, and after the last attempt there is no pause', async () => {
  const { clock, askedAtMs, ends } = repeating(TWICE, [[9_000, 'ok']]);
  await clock.advance(60_000);
  expect(askedAtMs).toEqual([0, 9_000]);
  expect(ends).toEqual([{ answer: { kind: 'unknown' }, attempts: 2, atMs: 17_000 }]);
});

test('within a time, the last request gets what is left of it', async () => {
  const { clock, askedAtMs, ends } = repeating(A_MINUTE, [[20_000, 'ok']]);
  await clock.advance(120_000);
  expect(askedAtMs).toEqual([0, 9_000, 18_000, 27_000, 36_000, 45_000, 54_000]);
  expect(ends).toEqual([{ answer: { kind: 'unknown' }, attempts: 7, atMs: 60_000 }]);
});

test('with no more than the pause left nobody waits for it', async () => {
  const { clock, askedAtMs, ends } = repeating({ ...A_MINUTE, withinMs: 1_100 }, [[100, 'unknown']]);
  await clock.advance(10_000);
  expect(askedAtMs).toEqual([0]);
  expect(ends).toEqual([{ answer: { kind: 'unknown' }, attempts: 1, atMs: 100 }]);
  const longer = repeating({ ...A_MINUTE, withinMs: 1_101 }, [[100, 'unknown']]);
  await longer.clock.advance(10_000);
  expect(longer.askedAtMs).toEqual([0, 1_100]);
  expect(longer.ends).toEqual([{ answer: { kind: 'unknown' }, attempts: 2, atMs: 1_101 }]);
});

test('given up during a request, nothing is asked again and nobody waits', async () => {
  let goOn = true;
  const { clock, askedAtMs, ends } = repeating(TWICE, [[100, 'unknown']], () => goOn);
  await clock.advance(50);
  goOn = false;
  await clock.advance(10_000);
  expect(askedAtMs).toEqual([0]);
  expect(ends).toEqual([{ answer: { kind: 'unknown' }, attempts: 1, atMs: 100 }]);
});

test('given up during the pause, nothing is asked again', async () => {
  let goOn = true;
  const { clock, askedAtMs, ends } = repeating(TWICE, [[100, 'unknown']], () => goOn);
  await clock.advance(500);
  goOn = false;
  await clock.advance(10_000);
  expect(askedAtMs).toEqual([0]);
  expect(ends).toEqual([{ answer: { kind: 'unknown' }, attempts: 1, atMs: 1_100 }]);
});
