import { describe, expect, test } from 'vitest';
import {
  activeCode,
  at,
  atPrinting,
  atTrouble,
  endIssue,
  goHome,
  identified,
  issuedInDoubt,
} from './fixtures/session-world.ts';

const VOIDED = { kind: 'voided', reason: 'fault', oldCodeStillValid: true } as const;

describe('an operation of the same sign-in', () => {
  test('is good for a second one and no third, and a new sign-in for two more', async () => {
    const world = await atTrouble(VOIDED, { method: 'use-suishen-code' });
    world.choose('retry');
    await endIssue(world, VOIDED);
    world.choose('retry');
    expect(world.screen()).toBe('present-suishen-code');
    world.signIn(identified());
    world.choose('confirm');
    await endIssue(world, VOIDED);
    world.choose('retry');
    expect(world.screen()).toBe('printing');
    expect(world.issues).toHaveLength(4);
  });

  test('that was not begun does not count', async () => {
    const world = await atTrouble({ kind: 'not-ready', reason: 'no-paper' }, { method: 'use-suishen-code' });
    world.choosing('retry', 'confirm');
    await endIssue(world, VOIDED);
    world.choose('retry');
    expect(world.screen()).toBe('printing');
    await endIssue(world, VOIDED);
    world.choose('retry');
    expect(world.screen()).toBe('present-suishen-code');
  });

  test('whose slip did not come out is good for a new code while the token is', async () => {
    const world = await atTrouble(issuedInDoubt, { method: 'use-suishen-code' });
    world.choose('no-paper-came');
    expect(world.session.view().screen).toEqual({
      name: 'confirm-reissue',
      current: { status: 'active', validUntil: '2027-05-20' },
    });
    expect(world.issue().answers).toEqual(['missing']);
  });

  test('of which no day is known asks for a new code without one', async () => {
    const world = await atTrouble({ kind: 'refused', problem: 'already-active' });
    world.choose('confirm-reissue');
    const { screen } = world.session.view();
    expect(screen).toStrictEqual({ name: 'confirm-reissue', current: { status: 'active' } });
  });

  test("says nothing of the last one's steps", async () => {
    const world = await atPrinting();
    world.issue().progress('finishing');
    await endIssue(world, VOIDED);
    world.choose('retry');
    world.issue().breakOff();
    await world.clock.settle();
    expect(world.session.view().screen).toMatchObject({ code: 'E20', reference: 'P-03' });
  });
});

describe('giving up', () => {
  test('after something was on paper is no cancelling: what came out is void', async () => {
    const world = await atPrinting();
    world.issue().progress('printing');
    await endIssue(world, { kind: 'voided', reason: 'cancelled', oldCodeStillValid: true });
    expect(world.screen()).toBe('E19a');
  });

  test('before anything was reserved is one', async () => {
    const world = await atPrinting({ method: 'use-suishen-code' });
    await endIssue(world, { kind: 'voided', reason: 'cancelled', oldCodeStillValid: true });
    expect(world.screen()).toBe('home');
  });

  test('is for who wanted to: another void says what it was', async () => {
    const world = await atPrinting();
    world.issue().progress('reserving');
    await endIssue(world, VOIDED);
    expect(world.screen()).toBe('E19a');
  });
});

describe('查看', () => {
  test.for([
    ['active', false, false],
    ['expiring', true, false],
    ['unconfirmed', true, false],
    ['expired', false, true],
  ] as const)('of a code that is %s offers what can be printed', ([status, replace, apply]) => {
    for (const paper of [true, false]) {
      const world = at('start', 'check', 'use-suishen-code');
      world.signIn(identified({ status }));
      if (!paper) world.setReadiness({ issue: false, obstacles: ['no-paper'] });
      const { choices } = world.session.view();
      expect(choices.includes('confirm-reissue')).toBe(replace && paper);
      expect(choices.includes('apply-now')).toBe(apply && paper);
    }
  });

  test('shows what the centre says of the code', () => {
    for (const current of [activeCode, { status: 'none' } as const]) {
      const world = at('start', 'check', 'use-suishen-code');
      world.signIn(identified(current));
      expect(world.session.view().screen).toEqual({ name: 'code-status', current });
    }
  });

  test('leads with a code that holds to 补领, and without to 领取', () => {
    for (const [current, choice, kind] of [
      [{ status: 'unconfirmed' }, 'confirm-reissue', 'reissue'],
      [{ status: 'revoked' }, 'apply-now', 'apply'],
    ] as const) {
      const world = at('start', 'check', 'use-suishen-code');
      world.signIn(identified(current));
      world.choose(choice);
      expect(world.session.view().screen).toMatchObject({ name: 'confirm-identity', errand: 'check', kind });
    }
  });

  test('goes on while the centre is there and paper is not, and 领取 does not', () => {
    for (const [errand, screen] of [
      ['check', 'present-id-card'],
      ['apply', 'E14'],
    ] as const) {
      const world = at('start', errand, 'use-id-card');
      world.setReadiness({ issue: false, obstacles: ['no-paper'] });
      expect(world.screen()).toBe(screen);
    }
  });

  test('is offered by what can be checked, 领取 and 补领 by what can be issued', () => {
    const world = at('start');
    world.setReadiness({ issue: true, check: false });
    expect(world.session.view().choices).toEqual(['apply', 'reissue', 'nearby', 'how-to', 'call-help']);
    world.setReadiness({ issue: false, check: true });
    expect(world.session.view().choices).toEqual(['check', 'nearby', 'how-to', 'call-help']);
  });
});

test('of somebody who may have a code nothing of an earlier refusal is left', async () => {
  const world = at('start', 'check', 'use-suishen-code');
  world.signIn(identified(activeCode, ['daily-limit']));
  await goHome(world);
  world.choosing('check', 'use-suishen-code');
  world.signIn(identified({ status: 'none' }));
  world.choose('apply-now');
  expect(world.screen()).toBe('confirm-identity');
});
