import { describe, expect, test } from 'vitest';
import type { HealthDialogue } from '../src/devices/health-check.ts';
import { EventQueue } from '../src/maintenance/event-queue.ts';
import type { TechnicianEvent } from '../src/maintenance/technician-events.ts';
import { TechnicianTurn } from '../src/maintenance/technician-turn.ts';
import { systemRandom } from '../src/platform/random.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

const never = new AbortController().signal;

function turnAt(mayBegin: () => boolean = () => true) {
  const clock = createManualClock();
  const people = new Set<() => void>();
  const turn = new TechnicianTurn({
    clock,
    random: systemRandom,
    mayBegin,
    onPeople: (listener) => {
      people.add(listener);
      return () => people.delete(listener);
    },
  });
  return {
    turn,
    clock,
    somebodyComes: () => {
      for (const listener of people) listener();
    },
    watchers: () => people.size,
  };
}

async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const heard: T[] = [];
  for await (const event of events) heard.push(event);
  return heard;
}
const kinds = (events: readonly TechnicianEvent<unknown>[]) => events.map(({ kind }) => kind);
/** Ends only when it is told to. */
const untilAborted = (_dialogue: HealthDialogue, signal: AbortSignal) =>
  new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve('late');
    });
  });

describe('a technician’s turn', () => {
  test('tells each thing when it happens, not when all is over', async () => {
    const { turn } = turnAt();
    const second = Promise.withResolvers<void>();
    const events = turn.run(async (dialogue) => {
      dialogue.onStep({ step: 'reader.sam-status', outcome: 'passed' });
      dialogue.prompt('reader.lay-card');
      await second.promise;
      dialogue.onStep({ step: 'reader.read-card', outcome: 'passed' });
      return 'done';
    }, never);
    const first = [await events.next(), await events.next(), await events.next()].map(({ value }) => value);
    expect(first).toMatchObject([
      { kind: 'begun' },
      { kind: 'step', step: { step: 'reader.sam-status' } },
      { kind: 'prompt', what: 'reader.lay-card' },
    ]);
    second.resolve();
    expect(await all(events)).toEqual([
      { kind: 'step', step: { step: 'reader.read-card', outcome: 'passed' } },
      { kind: 'ended', outcome: 'done' },
    ]);
  });

  test('is one at a time, whoever asks, and free again afterwards', async () => {
    const { turn } = turnAt();
    const first = turn.run(untilAborted, never);
    await first.next();
    expect(await all(turn.run(() => Promise.resolve(1), never))).toEqual([
      { kind: 'refused', because: 'occupied' },
    ]);
    expect(await turn.alone(() => Promise.resolve('page'))).toBe('occupied');
    await first.return();
    await new Promise((resolve) => setTimeout(resolve));
    expect(await turn.alone(() => Promise.resolve('page'))).toBe('page');
    await expect(turn.alone(() => Promise.reject(new Error('paper')))).rejects.toThrow('paper');
    expect(kinds(await all(turn.run(() => Promise.resolve(1), never)))).toEqual(['begun', 'ended']);
  });

  test('is not given while somebody is served', async () => {
    const { turn, watchers } = turnAt(() => false);
    expect(await all(turn.run(() => Promise.resolve(1), never))).toEqual([
      { kind: 'refused', because: 'serving' },
    ]);
    expect(await turn.alone(() => Promise.resolve(1))).toBe('serving');
    expect(watchers()).toBe(0);
  });

  test('ends when somebody comes, and says so', async () => {
    const { turn, somebodyComes, watchers, clock } = turnAt();
    const events = turn.run(untilAborted, never);
    await events.next();
    somebodyComes();
    expect(await all(events)).toEqual([{ kind: 'cutShort', because: 'people' }]);
    await clock.settle();
    expect([watchers(), clock.pendingTasks()]).toEqual([0, 0]);
    expect(await turn.alone(() => Promise.resolve('free'))).toBe('free');
  });

  test('ends when it takes too long', async () => {
    const { turn, clock } = turnAt();
    const events = turn.run(untilAborted, never);
    await events.next();
    const rest = all(events);
    await clock.advance(16 * 60_000);
    expect(await rest).toEqual([{ kind: 'cutShort', because: 'time' }]);
  });

  test('ends when whoever asked has gone, and is over when the work is', async () => {
    const { turn, clock } = turnAt();
    const gone = new AbortController();
    const slow = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    const events = turn.run(async (_dialogue, signal) => {
      signal.addEventListener('abort', () => {
        aborted.resolve();
      });
      await slow.promise;
      return 1;
    }, gone.signal);
    await events.next();
    gone.abort();
    expect(await all(events)).toEqual([]);
    await aborted.promise;
    expect(await turn.alone(() => Promise.resolve(1))).toBe('occupied');
    slow.resolve();
    await clock.settle();
    expect(await turn.alone(() => Promise.resolve(1))).toBe(1);
  });

  test('that nobody waits for does not begin', async () => {
    const { turn } = turnAt();
    let aborted: boolean | undefined;
    const events = await all(
      turn.run((_dialogue, signal) => {
        aborted = signal.aborted;
        return Promise.resolve(1);
      }, AbortSignal.abort()),
    );
    expect([aborted, events]).toEqual([true, []]);
  });
});

describe('a question', () => {
  async function asked() {
    const parts = turnAt();
    const events = parts.turn.run((dialogue) => dialogue.question('scanner.heard-beep'), never);
    const begun = (await events.next()).value;
    const question = (await events.next()).value;
    if (begun?.kind !== 'begun' || question?.kind !== 'question') throw new Error('no question');
    return { ...parts, events, run: begun.run, question: question.question };
  }

  test.each([
    [true, true],
    [false, false],
    [null, undefined],
  ])('is answered %j', async (answer, outcome) => {
    const { turn, events, run, question } = await asked();
    turn.answer({ run: 'another', question, answer: true });
    turn.answer({ run, question: question + 1, answer: true });
    turn.answer({ run, question, answer });
    turn.answer({ run, question, answer: true });
    expect(await all(events)).toEqual([{ kind: 'ended', outcome }]);
  });

  test('that nobody answers stays unanswered, and the work goes on', async () => {
    const { events, clock } = await asked();
    const rest = all(events);
    await clock.advance(121_000);
    expect(await rest).toEqual([{ kind: 'ended', outcome: undefined }]);
    await clock.settle();
    expect(clock.pendingTasks()).toBe(0);
  });
});

describe('what waits to be told', () => {
  test('is told in order, up to a bound, and not beyond the end', async () => {
    const queue = new EventQueue<number>(2);
    expect([queue.push(1), queue.push(2), queue.push(3)]).toEqual([true, true, false]);
    queue.end();
    expect(queue.push(4)).toBe(false);
    expect(await all(queue.read())).toEqual([1, 2]);
  });

  test('is nothing any more when the reader has gone', async () => {
    const queue = new EventQueue<number>(2);
    queue.push(1);
    for await (const first of queue.read()) {
      expect(first).toBe(1);
      break;
    }
    expect(queue.push(2)).toBe(false);
  });
});
