import { describe, expect, test } from 'vitest';
import type { Readiness } from '../src/view/kiosk-view.ts';
import type { SessionWorld } from './fixtures/session-world.ts';
import {
  activeCode,
  allReady,
  at,
  atPrinting,
  atTrouble,
  createSessionWorld,
  identified,
  issued,
  issuedInDoubt,
} from './fixtures/session-world.ts';

const VOIDED = { kind: 'voided', reason: 'fault', oldCodeStillValid: true } as const;

function endOf(world: SessionWorld): Record<string, unknown> | undefined {
  return world.records.findLast(({ call }) => call === 'end')?.row;
}

async function home(world: SessionWorld): Promise<void> {
  world.choose('home');
  await world.clock.settle();
}

describe('the row of a session', () => {
  test('begins with its errand and the vault it has, and follows screens, way to sign in and operation', async () => {
    const world = at('start', 'reissue', 'use-suishen-code');
    world.signIn({ kind: 'identifying' });
    world.signIn(identified(activeCode));
    world.choosing('confirm', 'confirm-reissue');
    world.issue().end(issued());
    await world.clock.settle();
    expect(world.records).toEqual([
      { call: 'begin', epoch: 1, row: { vaultId: 'vault-1', errand: 'reissue' } },
      { call: 'update', epoch: 1, row: { state: 'choose-method' } },
      { call: 'update', epoch: 1, row: { method: 'suishen-code' } },
      { call: 'update', epoch: 1, row: { state: 'present-suishen-code' } },
      { call: 'update', epoch: 1, row: { state: 'identifying' } },
      { call: 'update', epoch: 1, row: { state: 'confirm-identity' } },
      { call: 'update', epoch: 1, row: { state: 'confirm-reissue' } },
      { call: 'update', epoch: 1, row: { opId: 'op-1' } },
      { call: 'update', epoch: 1, row: { state: 'printing' } },
      { call: 'update', epoch: 1, row: { state: 'take-slip' } },
    ]);
  });

  test('measures sign-in, issuance and the whole', async () => {
    const world = createSessionWorld();
    await world.clock.advance(500);
    world.choosing('start', 'apply');
    await world.clock.advance(1_000);
    world.choose('use-suishen-code');
    await world.clock.advance(2_000);
    world.signIn(identified());
    await world.clock.advance(4_000);
    world.choose('confirm');
    await world.clock.advance(8_000);
    world.issue().end(issued());
    await world.clock.settle();
    world.choose('got-everything');
    await world.clock.advance(10_000);
    expect(endOf(world)).toEqual({ outcome: 'issued', totalMs: 25_000, signInMs: 2_000, issueMs: 8_000 });
  });

  test('measures nothing that did not happen', async () => {
    const world = at('start', 'apply', 'back');
    await world.clock.settle();
    expect(endOf(world)).toStrictEqual({ outcome: 'cancelled', totalMs: 0 });
  });

  test('of an operation that was given up has its time', async () => {
    const world = await atPrinting();
    world.issue().progress('reserving');
    await world.clock.advance(3_000);
    world.issue().end({ kind: 'voided', reason: 'cancelled', oldCodeStillValid: true });
    await world.clock.settle();
    expect(endOf(world)).toMatchObject({ outcome: 'cancelled', issueMs: 3_000 });
  });
});

describe('how a session ended', () => {
  test.for([
    [{ kind: 'refused', problem: 'daily-limit' }, 'refused'],
    [{ kind: 'unreachable' }, 'refused'],
    [{ kind: 'not-ready', reason: 'busy' }, 'refused'],
    [VOIDED, 'voided'],
    [issuedInDoubt, 'unconfirmed'],
  ] as const)('after %j: %s', async ([outcome, said]) => {
    const world = await atTrouble(outcome);
    await home(world);
    expect(endOf(world)).toMatchObject({ outcome: said });
  });

  test.for([
    [(world: SessionWorld) => world.signIn({ kind: 'refused', problem: 'unknown-person' }), 'refused'],
    [(world: SessionWorld) => world.signIn({ kind: 'unreachable' }), 'refused'],
    [(world: SessionWorld) => world.signIn({ kind: 'device-lost' }), 'refused'],
    [(world: SessionWorld) => world.signIn(identified(undefined, ['no-photo'])), 'refused'],
  ] as const)('at sign-in', async ([happens, said]) => {
    const world = at('start', 'apply', 'use-suishen-code');
    happens(world);
    await home(world);
    expect(endOf(world)).toMatchObject({ outcome: said });
  });

  test('after 不是我 and home it was cancelled, and again after another try', async () => {
    const world = at('start', 'apply', 'use-suishen-code');
    world.signIn(identified());
    world.choose('not-me');
    await home(world);
    expect(endOf(world)).toMatchObject({ outcome: 'cancelled' });
  });

  test('after 查看 it was checked', async () => {
    const world = at('start', 'check', 'use-suishen-code');
    world.signIn(identified(activeCode));
    await home(world);
    expect(endOf(world)).toMatchObject({ outcome: 'checked' });
  });

  test('whoever signs in again after a refusal starts with a clean outcome', async () => {
    const world = at('start', 'apply', 'use-suishen-code');
    world.signIn({ kind: 'unreachable' });
    world.choose('retry');
    world.signIn(identified());
    await world.clock.advance(180_000);
    expect(endOf(world)).toMatchObject({ outcome: 'timed-out' });
  });

  test('whoever leaves without a word has timed out, whoever goes home has cancelled', async () => {
    const gone = at('start', 'apply', 'use-suishen-code');
    await gone.clock.advance(150_000);
    expect(endOf(gone)).toMatchObject({ outcome: 'timed-out' });
    const left = at('start', 'apply', 'use-suishen-code', 'back', 'back');
    await left.clock.settle();
    expect(endOf(left)).toMatchObject({ outcome: 'cancelled' });
  });

  test.for([
    [undefined, 'voided'],
    ['activating', 'voided'],
    ['finishing', 'unconfirmed'],
  ] as const)('when the issuance never answered, last heard of at %s: %s', async ([progress, said]) => {
    const world = await atPrinting();
    if (progress !== undefined) world.issue().progress(progress);
    world.issue().breakOff();
    await world.clock.settle();
    await home(world);
    expect(endOf(world)).toMatchObject({ outcome: said });
  });

  test('a slip that was taken was issued, whatever was said before', async () => {
    const world = await atTrouble(issued('sees'), { method: 'use-suishen-code' });
    world.issue().slipGone({ kind: 'taken' });
    await world.clock.settle();
    await home(world);
    expect(endOf(world)).toMatchObject({ outcome: 'issued' });
  });

  test('a slip that is stuck is unconfirmed, until somebody says that they have it', async () => {
    for (const says of [true, false]) {
      const world = await atTrouble(issued('sees'), { method: 'use-suishen-code' });
      world.issue().slipGone({ kind: 'jammed' });
      await world.clock.settle();
      if (says) world.choose('got-everything');
      await home(world);
      expect(endOf(world)).toMatchObject({ outcome: says ? 'issued' : 'unconfirmed' });
    }
  });

  test('a slip that cannot be read is unconfirmed', async () => {
    const world = await atTrouble(issued('blind', 'E1'), { method: 'use-suishen-code' });
    world.choosing('got-everything', 'cannot-scan');
    await home(world);
    expect(endOf(world)).toMatchObject({ outcome: 'unconfirmed' });
  });
});

describe('the kiosk at its start', () => {
  test('knows what works, and counts its epochs from the one it is given', () => {
    const readiness: Readiness = { methods: ['id-card'], issue: false, check: true, obstacles: ['no-paper'] };
    const asked = createSessionWorld();
    expect(asked.session.view()).toEqual({
      epoch: 1,
      screen: { name: 'attract' },
      readiness: allReady,
      choices: ['start'],
    });
    asked.setReadiness(readiness);
    expect(asked.session.view().readiness).toEqual(readiness);
    expect(createSessionWorld({ firstEpoch: 7 }).session.view().epoch).toBe(7);
  });
});
