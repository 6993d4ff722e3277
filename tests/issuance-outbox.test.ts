import { expect, test } from 'vitest';
import { createOutbox } from '../src/issuance/outbox.ts';
import type { IssuanceLogEntry } from '../src/issuance/ports.ts';
import { DEFAULT_LIMITS } from '../src/issuance/settings.ts';
import { issuanceByHand } from './fixtures/issuance-by-hand.ts';
import { operationIn } from './fixtures/journal-operation.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

type Result = 'settled' | 'pending';

/** An outbox whose jitter is `fraction`, and attempts that answer at once as `results` says. */
function outboxByHand(fraction = 1) {
  const clock = createManualClock();
  const log: IssuanceLogEntry[] = [];
  const fatal: unknown[] = [];
  const chance = { fraction };
  const outbox = createOutbox(
    {
      clock,
      random: { uuid: () => 'unused', fraction: () => chance.fraction },
      log: (entry) => log.push(entry),
      fatal: (error) => fatal.push(error),
    },
    DEFAULT_LIMITS,
  );
  const results = new Map<string, Result>();
  const attempts: [opId: string, atMs: number][] = [];
  const post = (opId: string) => {
    outbox.post(opId, async () => {
      attempts.push([opId, clock.monotonicMs()]);
      return results.get(opId) ?? 'pending';
    });
  };
  const timesOf = (opId: string) => attempts.filter(([id]) => id === opId).map(([, atMs]) => atMs);
  return { clock, outbox, post, results, attempts, timesOf, log, fatal, chance };
}

test('the pauses double from a second to five minutes', async () => {
  const { clock, post, timesOf } = outboxByHand();
  post('a');
  await clock.advance(2_000_000);
  const times = timesOf('a');
  const pauses = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
  expect(pauses.slice(0, 11)).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000,
  ]);
});

test('chance makes a pause shorter by up to a half, never longer', async () => {
  const shortest = outboxByHand(0);
  shortest.post('a');
  await shortest.clock.advance(1_500);
  expect(shortest.timesOf('a')).toEqual([0, 500, 1_500]);
  const middle = outboxByHand(0.5);
  middle.post('a');
  await middle.clock.advance(750);
  expect(middle.timesOf('a')).toEqual([0, 750]);
});

test('it goes on for ever, every five minutes', async () => {
  const { clock, post, timesOf } = outboxByHand();
  post('a');
  await clock.advance(320_000_000);
  const times = timesOf('a');
  expect(times.length).toBeGreaterThan(1_030);
  expect((times.at(-1) ?? 0) - (times.at(-2) ?? 0)).toBe(300_000);
});

test('each operation is told for itself: one that never settles holds up no other', async () => {
  const { clock, post, results, timesOf } = outboxByHand();
  post('poison');
  results.set('b', 'settled');
  post('b');
  await clock.settle();
  expect(timesOf('b')).toEqual([0]);
});

test('what is settled is not told again, and may be posted anew', async () => {
  const { clock, outbox, post, results, timesOf } = outboxByHand();
  results.set('a', 'settled');
  post('a');
  await clock.advance(400_000);
  outbox.retryNow();
  await clock.settle();
  expect(timesOf('a')).toEqual([0]);
  post('a');
  await clock.settle();
  expect(timesOf('a')).toEqual([0, 400_000]);
});

test('one that settles brings the others their turn at once, with pauses that start anew', async () => {
  const { clock, post, results, timesOf } = outboxByHand();
  post('slow');
  await clock.advance(20_000);
  expect(timesOf('slow')).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
  results.set('b', 'settled');
  post('b');
  await clock.advance(1_000);
  expect(timesOf('slow').slice(5)).toEqual([20_000, 21_000]);
});

test('posted twice, an operation is told once at a time', async () => {
  const { clock, post, timesOf } = outboxByHand();
  post('a');
  post('a');
  await clock.advance(1_000);
  expect(timesOf('a')).toEqual([0, 1_000]);
});

test('asked to hurry, what is under way is not asked a second time beside it', async () => {
  const { clock, outbox, fatal } = outboxByHand();
  let asked = 0;
  const answer = Promise.withResolvers<Result>();
  outbox.post('a', () => {
    asked += 1;
    return answer.promise;
  });
  outbox.retryNow();
  await clock.settle();
  expect(asked).toBe(1);
  answer.resolve('pending');
  await clock.settle();
  outbox.retryNow();
  outbox.retryNow();
  expect(asked).toBe(2);
  expect(fatal).toEqual([]);
});

test('asked to hurry during a pause, the pause is over and does not come back', async () => {
  const { clock, outbox, post, timesOf } = outboxByHand();
  post('a');
  await clock.advance(400);
  outbox.retryNow();
  await clock.advance(1_000);
  expect(timesOf('a')).toEqual([0, 400, 1_400]);
});

test('an alarm comes after five minutes and after a day, once each', async () => {
  const { clock, post, log } = outboxByHand();
  post('a');
  await clock.advance(299_999);
  expect(log).toEqual([]);
  await clock.advance(600_001);
  expect(log).toEqual([{ event: 'overdue', opId: 'a', ageMs: 511_000 }]);
  await clock.advance(24 * 3_600_000);
  expect(log).toHaveLength(2);
  expect(log[1]).toMatchObject({ event: 'overdue', opId: 'a' });
  const { ageMs } = log[1] as { ageMs: number };
  expect(ageMs).toBeGreaterThanOrEqual(24 * 3_600_000);
  expect(ageMs).toBeLessThan(24 * 3_600_000 + 300_000);
  await clock.advance(48 * 3_600_000);
  expect(log).toHaveLength(2);
});

test('the alarm of an operation that is told at exactly that age is not put off', async () => {
  const { clock, outbox, log } = outboxByHand();
  outbox.post('a', async () => 'pending');
  await clock.advance(255_000);
  await clock.advance(45_000);
  outbox.retryNow();
  await clock.settle();
  expect(log).toEqual([{ event: 'overdue', opId: 'a', ageMs: 300_000 }]);
});

test('an attempt that throws is a bug, and the agent is told', async () => {
  const { clock, outbox, fatal } = outboxByHand();
  const bug = new Error('bug');
  outbox.post('a', () => Promise.reject(bug));
  await clock.settle();
  expect(fatal).toEqual([bug]);
});

test('stopped, it tells nothing more, and an answer that was under way changes nothing', async () => {
  const { clock, outbox, post, timesOf } = outboxByHand();
  post('a');
  const answer = Promise.withResolvers<Result>();
  outbox.post('b', () => answer.promise);
  await clock.settle();
  outbox.stop();
  expect(clock.pendingTasks()).toBe(0);
  answer.resolve('pending');
  await clock.advance(10_000);
  expect(timesOf('a')).toEqual([0]);
  expect(clock.pendingTasks()).toBe(0);
});

test('what an earlier agent could not tell the centre for a day is an alarm again, however often the agent was started', async () => {
  const day = 24 * 3_600_000;
  const { issuance, clock, log } = issuanceByHand({
    rows: [operationIn('VOIDING', { reason: 'interrupted' }).row],
    rowAgeMs: day,
    answers: { void: async () => ({ kind: 'unknown' }) },
  });
  void issuance.recover();
  await clock.advance(10_000);
  const alarms = log.filter((entry) => entry.event === 'overdue');
  expect(alarms.map(({ ageMs }) => ageMs)).toEqual([day, day + 500]);
});
