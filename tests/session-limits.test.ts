import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHOICES } from '../src/view/kiosk-view.ts';
import { liveStep, step, take, walk } from './fixtures/session-walk.ts';
import type { Step } from './fixtures/session-walk.ts';
import {
  activeCode,
  allReady,
  createSessionWorld,
  identified,
  issued,
  personalStrings,
} from './fixtures/session-world.ts';

/**
 * Longest way from any moment to the attract screen with nobody there: the issuance's ceiling, the slip that nobody takes, then
 * idle and warning.
 */
const WALK_AWAY_MS = 240_000 + 30_000 + 30_000 + 40_000 + 120_000 + 60_000 + 15_000 + 90_000 + 60_000;

/** Ways that lead deep into a session, so that random steps begin where something is at stake. */
const opening: fc.Arbitrary<readonly Step[]> = fc.constantFrom<(readonly Step[])[]>(
  [],
  [{ choice: 'start' }],
  ...(['apply', 'reissue', 'check'] as const).flatMap((errand) =>
    (['use-id-card', 'use-suishen-code'] as const).map((method) => [
      { choice: 'start' as const },
      { choice: errand },
      { choice: method },
      { happening: 'identifiedHolder' },
    ]),
  ),
  ...(
    [
      'issued',
      'issuedUnderSensor',
      'issuedIntoPresenter',
      'issuedOnWeakProof',
      'issuedInDoubt',
      'voided',
    ] as const
  ).map((outcome) => [
    { choice: 'start' as const },
    { choice: 'apply' as const },
    { choice: 'use-id-card' as const },
    { happening: 'identified' },
    { choice: 'confirm' as const },
    { happening: outcome },
  ]),
);

describe('walking away', () => {
  it(
    'from anywhere ends at the attract screen with nothing personal left',
    { timeout: 120_000 },
    async () => {
      const seen = new Set<string>();
      await fc.assert(
        fc.asyncProperty(opening, fc.array(liveStep, { maxLength: 8 }), async (first, steps) => {
          const world = createSessionWorld();
          await walk(world, [...first, ...steps]);
          seen.add(world.screen());
          await world.clock.advance(WALK_AWAY_MS);
          // A card that is seen lying there is spoken of until somebody lifts it.
          world.card.lift(true);
          await world.clock.settle();
          expect(world.screen()).toBe('attract');
          expect(world.session.view().choices).toEqual(['start']);
          expect(world.vault.open).toBe(false);
          for (const signIn of world.signIns) expect(signIn.signal.aborted).toBe(true);
          for (const text of personalStrings) {
            expect(world.serialised()).not.toContain(text);
            expect(JSON.stringify(world.session.view())).not.toContain(text);
            expect(JSON.stringify(world.records)).not.toContain(text);
          }
          const begun = world.records.filter(({ call }) => call === 'begin').map(({ epoch }) => epoch);
          const ended = world.records.filter(({ call }) => call === 'end').map(({ epoch }) => epoch);
          expect(ended).toEqual(begun);
          for (const { answers } of world.issues) expect(answers.length).toBeLessThanOrEqual(1);
        }),
        { numRuns: 150 },
      );
      expect(seen.size).toBeGreaterThan(5);
    },
  );

  it('from home goes to the attract screen without a question', async () => {
    const world = createSessionWorld();
    world.choose('start');
    await world.clock.advance(89_999);
    expect(world.screen()).toBe('home');
    await world.clock.advance(1);
    expect(world.screen()).toBe('attract');
    expect(world.records).toEqual([]);
  });

  it('is asked after 90 s and, on the confirmation, after 120 s; the question stays 60 s and is extended without end', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-id-card');
    await world.clock.advance(89_999);
    expect(world.overlay()).toBeUndefined();
    await world.clock.advance(1);
    expect(world.overlay()).toBe('still-there');
    expect(world.session.view().remainingMs).toBe(60_000);
    expect(world.session.view().choices).toEqual(['still-here', 'cancel']);
    world.choose('still-here');
    expect(world.screen()).toBe('present-id-card');
    world.signIn(identified());
    for (let extension = 0; extension < 25; extension += 1) {
      await world.clock.advance(119_999);
      expect(world.overlay()).toBeUndefined();
      await world.clock.advance(1);
      expect(world.overlay()).toBe('still-there');
      await world.clock.advance(59_999);
      expect(world.screen()).toBe('confirm-identity');
      world.choose('still-here');
      expect(world.overlay()).toBeUndefined();
    }
    await world.clock.advance(180_000);
    expect(world.session.view()).toMatchObject({ screen: { name: 'take-id-card' }, epoch: 2 });
    expect(world.records.at(-1)).toMatchObject({ row: { outcome: 'timed-out' } });
    await world.clock.advance(15_000);
    expect(world.screen()).toBe('attract');
  });

  it('is not suspected while printer or centre are at work', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-suishen-code');
    world.signIn(identified());
    world.choose('confirm');
    await world.clock.advance(200_000);
    expect(world.overlay()).toBeUndefined();
    expect(world.screen()).toBe('printing');
  });

  it('is taken back by a card that is laid while the question is shown', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-id-card');
    await world.clock.advance(90_000);
    expect(world.overlay()).toBe('still-there');
    world.signIn({ kind: 'reading' });
    expect(world.overlay()).toBeUndefined();
    expect(world.screen()).toBe('identifying');
  });

  it('with a card that cannot be read left on the reader still ends the session', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-id-card');
    for (let second = 0; second < 400 && world.screen() !== 'attract'; second += 1) {
      world.signIn({ kind: 'reading' });
      world.signIn({ kind: 'not-an-id-card' });
      await world.clock.advance(1_000);
    }
    expect(world.screen()).toBe('attract');
  });
});

describe('the overlays', () => {
  it('give the step back unchanged, and hide its choices while they are open', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-id-card');
    world.signIn(identified());
    const before = world.session.view();
    world.choose('call-help');
    expect(world.session.view()).toMatchObject({
      overlay: { name: 'help', connected: false },
      choices: ['close-help'],
      screen: before.screen,
    });
    await world.clock.advance(120_000);
    expect(world.overlay()).toBe('still-there');
    world.choose('still-here');
    expect(world.overlay()).toBe('help');
    world.choose('close-help');
    expect(world.session.view()).toEqual(before);
  });

  it('let the printer go on beneath', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-id-card');
    world.signIn(identified());
    world.choosing('confirm', 'call-help');
    world.issue().end(issued());
    await world.clock.settle();
    expect(world.session.view()).toMatchObject({ screen: { name: 'take-slip' }, overlay: { name: 'help' } });
  });
});

describe('choices', () => {
  it('are accepted when the view offers them, and never otherwise', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const world = createSessionWorld();
        for (const next of steps) await take(world, next);
      }),
      { numRuns: 150 },
    );
  });

  it('of another epoch, or not offered, change nothing', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(liveStep, { maxLength: 12 }),
        fc.constantFrom(...CHOICES),
        fc.integer({ min: -3, max: 1000 }),
        async (steps, choice, epoch) => {
          const world = createSessionWorld();
          await walk(world, steps);
          const before = world.session.view();
          const serialised = world.serialised();
          const answer = world.session.choose({ epoch, choice });
          if (epoch !== before.epoch) expect(answer).toBe('stale');
          if (answer === 'accepted') return;
          expect(world.serialised()).toBe(serialised);
          expect(world.session.view()).toEqual(before);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('the end of a session', () => {
  it('serves nobody until the vault is empty', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-suishen-code');
    world.signIn(identified());
    world.vault.behaviour = 'rejects';
    await world.clock.advance(181_000);
    expect(world.session.view()).toMatchObject({
      screen: { name: 'attract' },
      choices: [],
      readiness: { issue: false, obstacles: ['out-of-service'] },
    });
    expect(world.vault.endCalls).toBeGreaterThan(1);
    world.vault.behaviour = 'ends';
    await world.clock.advance(2_000);
    expect(world.session.view()).toMatchObject({
      screen: { name: 'attract' },
      choices: ['start'],
      readiness: allReady,
    });
  });

  it('is over for the screen at once, with a new epoch, even when the vault is slow', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-suishen-code');
    world.signIn(identified(activeCode));
    world.choosing('confirm');
    world.vault.behaviour = 'hangs';
    world.choose('decline-reissue');
    expect(world.session.view()).toMatchObject({ screen: { name: 'home' }, epoch: 2, choices: [] });
    expect(world.vault.endCalls).toBe(1);
    for (const text of personalStrings) expect(world.serialised()).not.toContain(text);
    await world.clock.advance(1_000);
    expect(world.session.view().readiness.obstacles).toEqual(['out-of-service']);
  });

  it('by a stop aborts the sign-in, empties the vault, and leaves no timer', async () => {
    const world = createSessionWorld();
    world.choosing('start', 'apply', 'use-id-card');
    world.signIn(identified());
    await world.session.stop();
    expect(world.vault.open).toBe(false);
    expect(world.records.at(-1)).toMatchObject({ call: 'end', row: { outcome: 'interrupted' } });
    expect(world.session.view()).toMatchObject({ screen: { name: 'attract' }, choices: [] });
    expect(world.session.choose({ epoch: 2, choice: 'start' })).toBe('not-offered');
    expect(world.clock.pendingTasks()).toBe(0);
    for (const text of personalStrings) expect(world.serialised()).not.toContain(text);
  });
});
