import { describe, expect, test } from 'vitest';
import { at, atTrouble, endIssue, goHome, identified, issued } from './fixtures/session-world.ts';

const VOIDED = { kind: 'voided', reason: 'fault', oldCodeStillValid: true } as const;

describe('misreads', () => {
  test('count on while the same way is tried, and anew on the other', () => {
    const world = at('start', 'apply', 'use-id-card');
    world.signIn({ kind: 'unreadable' });
    world.signIn({ kind: 'unreadable' });
    world.choose('use-suishen-code');
    world.signIn({ kind: 'illegible' });
    world.signIn({ kind: 'illegible' });
    expect(world.signIns.at(-1)?.signal.aborted).toBe(false);
    world.signIn({ kind: 'illegible' });
    expect(world.signIns.at(-1)?.signal.aborted).toBe(true);
    world.choose('use-id-card');
    world.signIn({ kind: 'unreadable' });
    expect(world.screen()).toBe('E01');
  });

  test('count on over the way back to the choice', () => {
    const world = at('start', 'apply', 'use-id-card');
    world.signIn({ kind: 'unreadable' });
    world.signIn({ kind: 'unreadable' });
    world.choosing('retry', 'back', 'use-id-card');
    world.signIn({ kind: 'unreadable' });
    expect(world.screen()).toBe('E02');
  });

  test('of one session are nothing to the next', async () => {
    const world = at('start', 'apply', 'use-suishen-code');
    world.signIn({ kind: 'illegible' });
    world.signIn({ kind: 'illegible' });
    await goHome(world);
    world.choosing('apply', 'use-suishen-code');
    world.signIn({ kind: 'illegible' });
    world.signIn({ kind: 'illegible' });
    expect(world.signIns.at(-1)?.signal.aborted).toBe(false);
  });

  test('of a third kind end it as well', () => {
    for (const [kind, code] of [
      ['not-an-id-card', 'E03'],
      ['illegible', 'E05'],
    ] as const) {
      const world = at('start', 'apply', 'use-id-card');
      for (let tries = 0; tries < 3; tries += 1) world.signIn({ kind });
      expect(world.screen()).toBe(code);
      expect(world.signIns[0]?.signal.aborted).toBe(true);
    }
  });

  test('of a slip are counted from the first time it is asked for', async () => {
    const world = await atTrouble(issued('blind', 'E1'), { method: 'use-suishen-code' });
    world.choose('got-everything');
    for (const tries of [1, 2]) {
      world.readBacks[0]?.tell({ kind: 'illegible' });
      expect(world.screen(), String(tries)).toBe('read-back');
    }
    world.readBacks[0]?.tell({ kind: 'illegible' });
    expect(world.screen()).toBe('E21');
  });

  test('at sign-in do not count for the slip', async () => {
    const world = at('start', 'apply', 'use-suishen-code');
    world.signIn({ kind: 'illegible' });
    world.signIn({ kind: 'illegible' });
    world.signIn(identified());
    world.choose('confirm');
    await endIssue(world, issued('blind', 'E1'));
    world.choose('got-everything');
    world.readBacks[0]?.tell({ kind: 'illegible' });
    world.readBacks[0]?.tell({ kind: 'illegible' });
    expect(world.screen()).toBe('read-back');
  });

  test('of a slip do not count for the card that comes after it', async () => {
    const world = await atTrouble(VOIDED);
    world.choose('retry');
    await endIssue(world, issued('blind', 'E1'));
    world.choosing('got-everything', 'cannot-scan', 'confirm-reissue');
    world.signIn({ kind: 'unreadable' });
    world.signIn({ kind: 'unreadable' });
    expect(world.screen()).toBe('E01');
  });
});

describe('what is offered to who signs in', () => {
  test('by card', () => {
    const world = at('start', 'apply', 'use-id-card');
    expect(world.signIns.map(({ method }) => method)).toEqual(['id-card']);
    expect(world.session.view().choices).toEqual(['use-suishen-code', 'back', 'call-help']);
    world.signIn({ kind: 'unreadable' });
    expect(world.session.view().screen).toStrictEqual({ name: 'error', code: 'E01' });
    expect(world.session.view().choices).toContain('have-neither');
  });

  test('by phone', () => {
    const world = at('start', 'apply', 'use-suishen-code');
    expect(world.signIns.map(({ method }) => method)).toEqual(['suishen-code']);
    expect(world.session.view().choices).toEqual(
      expect.arrayContaining(['teach-suishen-code', 'use-id-card', 'back', 'call-help']),
    );
    world.signIn({ kind: 'illegible' });
    expect(world.session.view().choices).not.toContain('have-neither');
  });

  test('is not to read what cannot be used', () => {
    const world = at('start', 'apply', 'use-suishen-code', 'teach-suishen-code');
    world.setReadiness({ issue: false, obstacles: ['no-paper'] });
    world.choose('use-id-card');
    expect(world.screen()).toBe('E14');
    expect(world.signIns).toHaveLength(1);
    world.setReadiness({ issue: true, obstacles: [] });
    world.choose('retry');
    expect(world.screen()).toBe('present-id-card');
  });
});

describe('a card that may still lie there', () => {
  test.for([
    ['use-id-card', { kind: 'reading' }, 'take-id-card'],
    ['use-id-card', { kind: 'unreadable' }, 'take-id-card'],
    ['use-id-card', { kind: 'not-an-id-card' }, 'home'],
    ['use-suishen-code', { kind: 'illegible' }, 'home'],
    ['use-suishen-code', { kind: 'reading' }, 'home'],
  ] as const)('%s, %j: %s', async ([method, happens, screen]) => {
    const world = at('start', 'apply', method);
    world.signIn(happens);
    if (happens.kind === 'reading') world.signIn({ kind: 'unreachable' });
    expect(await goHome(world)).toBe(screen);
  });

  test("is spoken of when only the centre's answer told of it, and by phone never", async () => {
    for (const [method, screen] of [
      ['use-id-card', 'take-id-card'],
      ['use-suishen-code', 'home'],
    ] as const) {
      const world = at('start', 'check', method);
      world.signIn(identified());
      expect(await goHome(world)).toBe(screen);
    }
  });

  test('is remembered over another way to sign in, and over a misread that is none', async () => {
    const world = at('start', 'apply', 'use-id-card');
    world.signIn({ kind: 'unreadable' });
    world.choose('use-suishen-code');
    world.signIn({ kind: 'reading' });
    world.signIn({ kind: 'illegible' });
    world.signIn(identified());
    world.choose('not-me');
    expect(await goHome(world)).toBe('take-id-card');
  });

  test('is not spoken of before the same errand starts anew', async () => {
    const world = at('start', 'apply', 'use-id-card');
    world.signIn({ kind: 'reading' });
    world.signIn(identified());
    world.choosing('not-me', 'retry');
    expect(world.session.view().screen).toEqual({ name: 'present-id-card' });
    await world.clock.settle();
    expect(world.screen()).toBe('present-id-card');
    world.choose('back');
    expect(world.session.view().screen).toEqual({ name: 'choose-method', errand: 'apply' });
  });

  test('is spoken of at once, before anything is wiped', () => {
    const world = at('start', 'apply', 'use-id-card');
    world.signIn({ kind: 'unreadable' });
    world.choose('home');
    expect(world.session.view().screen).toEqual({ name: 'take-id-card', seen: false });
  });

  test('is none by phone, where the same errand starts anew with the phone', async () => {
    const world = at('start', 'apply', 'use-suishen-code');
    world.signIn(identified());
    world.choosing('not-me', 'retry');
    expect(world.session.view().screen).toEqual({ name: 'present-suishen-code' });
    await world.clock.settle();
    expect(world.signIns.map(({ method }) => method)).toEqual(['suishen-code', 'suishen-code']);
  });

  test('is forgotten with the session after it', async () => {
    const world = at('start', 'apply', 'use-id-card');
    world.signIn({ kind: 'unreadable' });
    await goHome(world);
    world.choosing('home', 'apply', 'use-suishen-code', 'back', 'back');
    await world.clock.settle();
    expect(world.screen()).toBe('home');
  });
});
