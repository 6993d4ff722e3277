import { expect, test } from 'vitest';
import type { SlipExit, SlipFate } from '../src/issuance/ports.ts';
import { DEFAULT_LIMITS } from '../src/issuance/settings.ts';
import { createSlipWatch } from '../src/issuance/slip-watch.ts';
import type { SlipAnswer } from '../src/issuance/slip-watch.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

/** A watch over an exit in the test's hand. */
function watchByHand(fitting: 'none' | 'sensor' | 'presenter' = 'presenter') {
  const clock = createManualClock();
  const gone = Promise.withResolvers<SlipFate>();
  const pulled = Promise.withResolvers<SlipFate>();
  const signals: AbortSignal[] = [];
  const retracted: string[] = [];
  const failed: unknown[] = [];
  const turns: (() => void)[] = [];
  let pulls = 0;
  const exit: SlipExit = {
    whenGone(signal) {
      signals.push(signal);
      return gone.promise;
    },
    ...(fitting === 'presenter' && {
      retract: () => {
        pulls += 1;
        return pulled.promise;
      },
    }),
  };
  const slips = createSlipWatch({
    ports: { clock, printer: { slipExit: () => (fitting === 'none' ? undefined : exit) } as never },
    limits: DEFAULT_LIMITS,
    paper: {
      inTurn: async (work) => {
        await new Promise<void>((resolve) => {
          turns.push(resolve);
        });
        return work();
      },
    },
    onRetracted: (opId) => retracted.push(opId),
    fail: (error) => failed.push(error),
  });
  const fates: SlipFate[] = [];
  const note = (fate: Promise<SlipFate>) => void fate.then((seen) => fates.push(seen));
  const printerIsFree = () => turns.shift()?.();
  return {
    clock,
    slips,
    gone,
    pulled,
    signals,
    retracted,
    failed,
    fates,
    note,
    printerIsFree,
    pulls: () => pulls,
  };
}

test.for([
  ['none', 'blind'],
  ['sensor', 'sees'],
  ['presenter', 'retracts'],
] as const)('an exit with %s is %s', ([fitting, kind]) => {
  expect(watchByHand(fitting).slips.exit()).toBe(kind);
});

test('of a slip that was never begun, or that no sensor sees, nothing is known', async () => {
  for (const begun of [true, false]) {
    const { clock, slips, note, fates } = watchByHand(begun ? 'none' : 'presenter');
    if (begun) slips.begin('a');
    note(slips.gone('a'));
    note(slips.takeBack('a'));
    await clock.settle();
    expect(fates).toEqual(['unknown', 'unknown']);
    expect(slips.retractable('a')).toBe(false);
    slips.end('a');
  }
});

test.for(['taken', 'jammed', 'retracted', 'unknown'] as const)(
  'what the sensor says first counts: %s',
  async (fate) => {
    const { clock, slips, gone, note, fates, retracted } = watchByHand();
    slips.begin('a');
    expect(slips.retractable('a')).toBe(true);
    note(slips.gone('a'));
    gone.resolve(fate);
    await clock.settle();
    expect(fates).toEqual([fate]);
    expect(slips.retractable('a')).toBe(false);
    expect(retracted).toEqual(fate === 'retracted' ? ['a'] : []);
    note(slips.takeBack('a'));
    await clock.settle();
    expect(fates).toEqual([fate, fate]);
  },
);

test('a sensor that sees but cannot pull does not pull', async () => {
  const { clock, slips, note, fates } = watchByHand('sensor');
  slips.begin('a');
  expect(slips.retractable('a')).toBe(false);
  note(slips.takeBack('a'));
  await clock.settle();
  expect(fates).toEqual(['unknown']);
});

test('a slip is pulled once, when the printer is free, whoever asks for it', async () => {
  const { clock, slips, pulled, note, fates, pulls, printerIsFree, retracted } = watchByHand();
  slips.begin('a');
  note(slips.takeBack('a'));
  note(slips.takeBack('a'));
  await clock.settle();
  expect(pulls()).toBe(0);
  printerIsFree();
  await clock.settle();
  expect(pulls()).toBe(1);
  pulled.resolve('retracted');
  await clock.settle();
  expect(fates).toEqual(['retracted', 'retracted']);
  expect(retracted).toEqual(['a']);
});

test.for(['silence', 'unknown'] as const)(
  'a pull that ends in %s leaves the slip where it is, and it is looked at on',
  async (end) => {
    const { clock, slips, gone, pulled, note, fates, printerIsFree } = watchByHand();
    slips.begin('a');
    note(slips.takeBack('a'));
    await clock.settle();
    printerIsFree();
    if (end === 'unknown') pulled.resolve('unknown');
    await clock.advance(end === 'silence' ? 14_999 : 0);
    expect(fates).toEqual(end === 'silence' ? [] : ['unknown']);
    await clock.advance(1);
    expect(fates).toEqual(['unknown']);
    expect(slips.retractable('a')).toBe(true);
    note(slips.gone('a'));
    gone.resolve('taken');
    await clock.settle();
    expect(fates).toEqual(['unknown', 'taken']);
    expect(slips.deliveryOf('a', 'unanswered')).toBe('taken');
  },
);

test('a hand that was faster than the rollers counts, not the pull', async () => {
  const { clock, slips, gone, pulled, note, fates, printerIsFree, retracted } = watchByHand();
  slips.begin('a');
  note(slips.takeBack('a'));
  await clock.settle();
  printerIsFree();
  gone.resolve('taken');
  await clock.settle();
  pulled.resolve('retracted');
  await clock.settle();
  expect(fates).toEqual(['taken']);
  expect(retracted).toEqual([]);
});

test.for([
  ['read-back', 'scanned', 'scanned', 'scanned'],
  ['missing', 'unconfirmed', 'unconfirmed', 'unconfirmed'],
  ['illegible', 'unconfirmed', 'unconfirmed', 'unconfirmed'],
  ['in-hand', 'cut', 'unconfirmed', 'taken'],
  ['unanswered', 'unconfirmed', 'unconfirmed', 'taken'],
  ['interrupted', 'unconfirmed', 'unconfirmed', 'taken'],
] as const satisfies readonly (readonly [SlipAnswer, string, string, string])[])(
  'said %s: blind %s, lying there %s, taken %s',
  async ([answer, blind, lying, taken]) => {
    const { clock, slips, gone } = watchByHand();
    expect(slips.deliveryOf('a', answer)).toBe(blind);
    slips.begin('a');
    expect(slips.deliveryOf('a', answer)).toBe(lying);
    gone.resolve('taken');
    await clock.settle();
    expect(slips.deliveryOf('a', answer)).toBe(taken);
  },
);

test("a slip that is jammed is in nobody's hand, one whose sensor is lost may be", async () => {
  for (const [fate, delivery] of [
    ['jammed', 'unconfirmed'],
    ['unknown', 'cut'],
  ] as const) {
    const { clock, slips, gone } = watchByHand();
    slips.begin('a');
    gone.resolve(fate);
    await clock.settle();
    expect(slips.deliveryOf('a', 'in-hand')).toBe(delivery);
  }
});

test('nobody looks any more once the delivery is told, or at the end of all', async () => {
  const one = watchByHand();
  one.slips.begin('a');
  one.slips.end('a');
  expect(one.signals.map(({ aborted }) => aborted)).toEqual([true]);
  const all = watchByHand();
  all.slips.begin('a');
  all.slips.begin('b');
  expect(all.signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  all.slips.stop();
  expect(all.signals.map(({ aborted }) => aborted)).toEqual([true, true]);
});

test('a slip whose end was told is known until the next one comes; one that was not, beyond that', async () => {
  const { clock, slips, gone, note, fates } = watchByHand();
  slips.begin('told');
  slips.begin('untold');
  gone.resolve('taken');
  await clock.settle();
  slips.end('told');
  note(slips.gone('told'));
  await clock.settle();
  expect(fates).toEqual(['taken']);
  slips.begin('next');
  note(slips.gone('told'));
  note(slips.gone('untold'));
  await clock.settle();
  expect(fates).toEqual(['taken', 'unknown', 'taken']);
});

test('a sensor whose adapter throws is a bug, and the agent is told', async () => {
  const { clock, slips, gone, failed } = watchByHand();
  slips.begin('a');
  const bug = new Error('bug');
  gone.reject(bug);
  await clock.settle();
  expect(failed).toEqual([bug]);
});
