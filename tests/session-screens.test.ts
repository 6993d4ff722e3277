import { expect, it } from 'vitest';
import { everyTransition, noteTransitions } from './fixtures/session-transitions.ts';
import { WAYS } from './fixtures/session-ways.ts';
import { go } from './fixtures/way-steps.ts';
import { createSessionWorld } from './fixtures/session-world.ts';
import { walkEverywhere } from './fixtures/walk-everywhere.ts';

const ALL_SCREENS =
  'E01 E02 E03 E05 E06 E07-photo E08 E09 E10 E12 E13 E14 E14-slip E15 E16 E16-retracting E16-retracts E17 E18 E19a ' +
  'E19a-retracted E19b E20 E21 address-slip attract bring-id-card choose-method code-status confirm-identity confirm-reissue finished ' +
  'home how-to identifying nearby nearby-map notice notices present-id-card present-suishen-code printing read-back suishen-code-help take-id-card take-slip';

const walked = walkEverywhere();

it('every screen and overlay is reached by choices, devices and time, and each offers a way on', async () => {
  const { known, screens, overlays } = await walked;
  expect([...screens].sort().join(' ')).toBe(ALL_SCREENS);
  expect([...overlays].sort()).toEqual(['help', 'still-there']);
  for (const [key, choices] of known) expect(choices, key).not.toEqual([]);
}, 120_000);

it('every transition of the chart is taken', async () => {
  const { taken } = await walked;
  for (const way of WAYS) {
    const world = createSessionWorld();
    noteTransitions(world, taken);
    await go(world, way);
  }
  expect(everyTransition(createSessionWorld()).filter((name) => !taken.has(name))).toEqual([]);
}, 120_000);
