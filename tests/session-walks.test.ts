import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHOICES } from '../src/view/kiosk-view.ts';
import { liveStep, step, take, walk } from './fixtures/session-walk.ts';
import type { Step } from './fixtures/session-walk.ts';
import { createSessionWorld, personalStrings } from './fixtures/session-world.ts';

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
