import { expect, test } from 'vitest';
import type { IssuanceOutcome } from '../src/issuance/outcome.ts';
import type { SlipEnd } from '../src/issuance/slip-handle.ts';
import type { SlipAnswer } from '../src/issuance/slip-watch.ts';
import type { ExitFitting, Pull } from './simulation/printer-model.ts';
import { seeded } from './simulation/seeded.ts';
import type { NetFate } from './issuance-world/world.ts';
import { World } from './issuance-world/world.ts';

async function worldOf(exit: ExitFitting, more: { hasCode?: boolean; pull?: Pull } = {}): Promise<World> {
  const world = new World({ random: seeded(1) });
  world.printer.exitFitting = exit;
  world.printer.pull = () => more.pull ?? 'pulls';
  if (more.hasCode === true) world.giveCode();
  await world.boot();
  return world;
}

/** A slip that has just come out. */
async function issued(world: World, kind: 'apply' | 'reissue' = 'apply') {
  const handle = world.issuance.runIssuance({ kind });
  let outcome: IssuanceOutcome | undefined;
  void handle.outcome.then((value) => (outcome = value));
  await world.time.advance(60_000, () => outcome !== undefined);
  const ends: SlipEnd[] = [];
  void handle.slipGone().then((end) => ends.push(end));
  const code = () => world.centre.codes.get(handle.opId);
  return { handle, outcome, ends, code };
}

test.for([
  ['none', 'blind'],
  ['sensor', 'sees'],
  ['presenter', 'retracts'],
] as const)('with %s at the exit the session is told that the kiosk is %s there', async ([fitting, exit]) => {
  const { outcome } = await issued(await worldOf(fitting));
  expect(outcome).toMatchObject({ kind: 'issued', delivery: 'cut', exit });
});

test.for([
  ['taken', 'in-hand', 'taken'],
  ['taken', 'unanswered', 'taken'],
  ['taken', 'interrupted', 'taken'],
  ['taken', 'read-back', 'scanned'],
  ['taken', 'illegible', 'unconfirmed'],
  ['lying', 'in-hand', 'unconfirmed'],
  ['lying', 'missing', 'unconfirmed'],
  ['lying', 'unanswered', 'unconfirmed'],
] as const)(
  'a slip that the sensor sees %s, and of which is said %s, is told as %s',
  async ([seen, answer, told]) => {
    const world = await worldOf('sensor');
    const { handle, ends, code } = await issued(world);
    expect(code()).toMatchObject({ state: 'active', delivery: null });
    if (seen === 'taken') world.printer.takePaper();
    await world.time.advance(100);
    expect(ends).toEqual(seen === 'taken' ? [{ kind: 'taken' }] : []);
    // The centre is told once, at the end.
    expect(code()?.delivery).toBeNull();
    expect(handle.answerForSlip(answer)).toBe(true);
    await world.time.advance(1_000);
    expect(code()).toMatchObject({ state: 'active', delivery: told });
    expect(world.disk.size).toBe(0);
  },
);

test.for([
  ['in-hand', 'cut'],
  ['read-back', 'scanned'],
  ['unanswered', 'unconfirmed'],
] as const satisfies readonly (readonly [SlipAnswer, string])[])(
  'without a sensor %s is told as %s',
  async ([answer, told]) => {
    const world = await worldOf('none');
    const { handle, ends, code } = await issued(world);
    await world.time.advance(100);
    expect(ends).toEqual([{ kind: 'unknown' }]);
    world.printer.takePaper();
    handle.answerForSlip(answer);
    await world.time.advance(1_000);
    expect(code()).toMatchObject({ state: 'active', delivery: told });
  },
);

test('a slip that nobody took is pulled back; only then it is void, and the earlier code holds again', async () => {
  const world = await worldOf('presenter', { hasCode: true });
  const { handle, ends, code } = await issued(world, 'reissue');
  const taken: SlipEnd[] = [];
  void handle.takeBack().then((end) => taken.push(end));
  await world.time.advance(2_900);
  expect(code()).toMatchObject({ state: 'active', delivery: null });
  expect(world.history.get(handle.opId)?.at(-1)).toBe('DONE');
  await world.time.advance(1_000);
  expect(code()?.state).toBe('void');
  expect(taken).toEqual([{ kind: 'retracted', oldCodeStillValid: true }]);
  expect(ends).toEqual(taken);
  expect(world.centre.active()).toMatchObject([{ device: 'rival' }]);
  expect(handle.answerForSlip('in-hand')).toBe(false);
  expect(world.disk.size).toBe(0);
  expect(world.printer.slips).toEqual([]);
});

test('a slip that its printer pulls back by itself is void too', async () => {
  const world = await worldOf('presenter');
  const { ends, code } = await issued(world);
  void world.printer.slipExit()?.retract?.();
  await world.time.advance(4_000);
  expect(ends).toEqual([{ kind: 'retracted', oldCodeStillValid: false }]);
  expect(code()?.state).toBe('void');
});

test('while the void of a slip that went back cannot be told, nobody is told that the earlier code holds', async () => {
  const world = await worldOf('presenter', { hasCode: true });
  const { handle, code } = await issued(world, 'reissue');
  world.net = (call): NetFate => (call === 'void' ? 'hangs' : 'good');
  const taken: SlipEnd[] = [];
  void handle.takeBack().then((end) => taken.push(end));
  await world.time.advance(15_000);
  expect(taken).toEqual([{ kind: 'retracted', oldCodeStillValid: false }]);
  world.net = () => 'good';
  await world.time.advance(60_000);
  expect(code()?.state).toBe('void');
  expect(world.centre.active()).toMatchObject([{ device: 'rival' }]);
});

test('a hand that is faster than the rollers has the slip, and the code stays', async () => {
  const world = await worldOf('presenter');
  const { handle, code } = await issued(world);
  const taken: SlipEnd[] = [];
  void handle.takeBack().then((end) => taken.push(end));
  await world.time.advance(1_000);
  world.printer.takePaper();
  await world.time.advance(5_000);
  expect(taken).toEqual([{ kind: 'taken' }]);
  handle.answerForSlip('unanswered');
  await world.time.advance(1_000);
  expect(code()).toMatchObject({ state: 'active', delivery: 'taken' });
});

test.for([
  ['jams', 'jammed'],
  ['stuck', 'unknown'],
] as const)('a pull that %s leaves the code valid and unconfirmed', async ([pull, end]) => {
  const world = await worldOf('presenter', { pull });
  const { handle, code } = await issued(world);
  const taken: SlipEnd[] = [];
  void handle.takeBack().then((value) => taken.push(value));
  await world.time.advance(20_000);
  expect(taken).toEqual([{ kind: end }]);
  // Not even 都拿好了 makes more of it: the sensor has not seen it go.
  handle.answerForSlip('in-hand');
  await world.time.advance(1_000);
  expect(code()).toMatchObject({ state: 'active', delivery: 'unconfirmed' });
});

test('the slip of somebody who went away without a word is pulled back, and so is one of whom no session speaks', async () => {
  for (const speaks of [true, false]) {
    const world = await worldOf('presenter');
    const { handle, code } = await issued(world);
    if (speaks) {
      expect(handle.answerForSlip('unanswered')).toBe(true);
      expect(handle.answerForSlip('in-hand')).toBe(false);
    }
    await world.time.advance(speaks ? 5_000 : 700_000);
    expect(code()?.state).toBe('void');
    expect(world.printer.retracted).toHaveLength(1);
    expect(world.disk.size).toBe(0);
  }
});

test('an agent that is ending pulls nothing back: what is not written down would be lost', async () => {
  const world = await worldOf('presenter');
  const { handle, code } = await issued(world);
  handle.answerForSlip('interrupted');
  await world.time.advance(30_000);
  expect(code()).toMatchObject({ state: 'active', delivery: 'unconfirmed' });
  expect(world.printer.retracted).toEqual([]);
});

test('a slip at the exit stops whoever comes next until somebody has taken it; nothing is begun at the centre', async () => {
  const world = await worldOf('sensor');
  const { handle } = await issued(world);
  handle.answerForSlip('unanswered');
  const reservations = world.centre.codes.size;
  const next = await issued(world, 'reissue');
  expect(next.outcome).toEqual({ kind: 'not-ready', reason: 'slip-at-exit' });
  expect(world.centre.codes.size).toBe(reservations);
  world.printer.takePaper();
  expect((await issued(world, 'reissue')).outcome).toMatchObject({ kind: 'issued' });
});

test('a pull waits for nobody else and nobody else prints into it', async () => {
  const world = await worldOf('presenter');
  const { handle } = await issued(world);
  handle.answerForSlip('unanswered');
  const next = await issued(world, 'apply');
  expect(next.outcome).toMatchObject({ kind: 'issued', delivery: 'cut' });
  expect(world.printer.covered).toBe(0);
});

test('found at boot, a slip that was out stays valid and unconfirmed, wherever it lies', async () => {
  const world = await worldOf('presenter');
  const { code } = await issued(world);
  await world.boot();
  await world.time.advance(10_000);
  expect(code()).toMatchObject({ state: 'active', delivery: 'unconfirmed' });
  expect(world.printer.retracted).toEqual([]);
  expect(world.broken).toEqual([]);
});

test('a printer that is lost while its slip lies there tells nothing, and the answer counts as on one without a sensor', async () => {
  const world = await worldOf('sensor');
  const whenGone = Promise.withResolvers<'unknown'>();
  world.printer.slipExit = () => ({ whenGone: () => whenGone.promise });
  const { handle, ends, code } = await issued(world);
  whenGone.resolve('unknown');
  await world.time.advance(100);
  expect(ends).toEqual([{ kind: 'unknown' }]);
  handle.answerForSlip('in-hand');
  await world.time.advance(1_000);
  expect(code()).toMatchObject({ state: 'active', delivery: 'cut' });
});
