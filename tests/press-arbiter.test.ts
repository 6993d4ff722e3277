import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { PressArbiter, toleranceBox } from '../src/screens/press-arbiter.ts';

const side = fc.integer({ min: 0, max: 900 });
property.prop([side, side, side, fc.integer({ min: 32, max: 200 })])(
  'the tolerances of two keys never overlap, wherever they stand',
  (left, top, otherLeft, gap) => {
    const upper = { left, top, right: left + 104, bottom: top + 104 };
    const lower = {
      left: otherLeft,
      top: upper.bottom + gap,
      right: otherLeft + 104,
      bottom: upper.bottom + gap + 104,
    };
    const one = toleranceBox(upper, [lower]);
    const other = toleranceBox(lower, [upper]);
    const apart = one.bottom <= other.top || one.right <= other.left || other.right <= one.left;
    expect(apart).toBe(true);
  },
);

const BOX = { left: 0, top: 0, right: 104, bottom: 104 };

/** An arbiter, and the time that it sees, ms; it asks for no timers. */
function arbiterInTime() {
  const time = { nowMs: 0 };
  const now = () => time.nowMs;
  const arbiter = new PressArbiter({ monotonicMs: now, wallClockMs: now, schedule: () => () => undefined });
  return { arbiter, time };
}

type Step =
  | { readonly kind: 'down' | 'up' | 'cancel'; readonly pointer: number; readonly key: number }
  | { readonly kind: 'made' }
  | { readonly kind: 'seen' }
  | { readonly kind: 'wait'; readonly ms: number };

property.prop(
  [
    fc.array(
      fc.oneof(
        fc.record({
          kind: fc.constantFrom('down', 'up', 'cancel'),
          pointer: fc.integer({ min: 1, max: 3 }),
          key: fc.integer({ min: 0, max: 2 }),
        }),
        fc.record({ kind: fc.constant('made' as const) }),
        fc.record({ kind: fc.constant('seen' as const) }),
        fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 900 }) }),
      ) as fc.Arbitrary<Step>,
      { maxLength: 60 },
    ),
  ],
  { numRuns: 3_000 },
)(
  'whatever fingers do, no key is pressed twice within 700 ms, and none before a screen was seen for 400 ms',
  (steps) => {
    const { arbiter, time } = arbiterInTime();
    let seenAtMs = Number.NEGATIVE_INFINITY;
    const downAtMs = new Map<number, number>();
    const lastPress = new Map<number, number>();
    for (const step of steps) {
      if (step.kind === 'wait') time.nowMs += step.ms;
      else if (step.kind === 'made') {
        arbiter.screenMade();
        seenAtMs = Number.POSITIVE_INFINITY;
      } else if (step.kind === 'seen') {
        // Only what was made is seen, once.
        if (seenAtMs !== Number.POSITIVE_INFINITY) continue;
        arbiter.screenSeen();
        seenAtMs = time.nowMs;
      } else if (step.kind === 'down') {
        if (arbiter.down(`key-${step.key}`, { pointerId: step.pointer, first: false }, BOX, []))
          downAtMs.set(step.pointer, time.nowMs);
      } else if (step.kind === 'cancel') arbiter.cancel(step.pointer);
      else if (arbiter.up(`key-${step.key}`, step.pointer, 50, 50)) {
        expect(downAtMs.get(step.pointer) ?? -1).toBeGreaterThanOrEqual(seenAtMs + 400);
        expect(time.nowMs - (lastPress.get(step.key) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(
          700,
        );
        lastPress.set(step.key, time.nowMs);
      }
    }
  },
);

test('a screen that is made takes no press until it is seen, however long that takes', () => {
  const { arbiter, time } = arbiterInTime();
  const finger = { pointerId: 1, first: true };
  expect(arbiter.down('before', finger, BOX, [])).toBe(true);
  arbiter.screenMade();
  expect(arbiter.up('before', 1, 50, 50)).toBe(false);
  time.nowMs += 5_000;
  expect(arbiter.down('next', finger, BOX, [])).toBe(false);
  expect(arbiter.activate('next')).toBe(false);
  arbiter.screenSeen();
  time.nowMs += 399;
  expect(arbiter.activate('next')).toBe(false);
  time.nowMs += 400;
  expect(arbiter.activate('next')).toBe(true);
});

test('a hand that goes on tapping through a change of screens presses nothing on the next one, two seconds at most', () => {
  const { arbiter, time } = arbiterInTime();
  const taps = (control: string, untilMs: number): readonly number[] => {
    const taken: number[] = [];
    for (; time.nowMs < untilMs; time.nowMs += 200)
      if (arbiter.down(control, { pointerId: 1, first: true }, BOX, [])) {
        arbiter.up(control, 1, 50, 50);
        taken.push(time.nowMs);
      }
    return taken;
  };
  arbiter.screenMade();
  arbiter.screenSeen();
  expect(taps('next', 1_900)).toEqual([]);
  // Whoever still taps then means it.
  expect(taps('next', 2_500)).toEqual([2_000]);
  time.nowMs = 10_000;
  arbiter.screenMade();
  arbiter.screenSeen();
  expect(taps('next', 10_800)).toEqual([]);
  // A pause says that the hand has come to rest.
  time.nowMs += 400;
  expect(taps('next', time.nowMs + 100).length).toBe(1);
});
