import { expect, it } from 'vitest';
import { WAYS } from './fixtures/session-ways.ts';
import { go } from './fixtures/way-steps.ts';
import { createSessionWorld } from './fixtures/session-world.ts';

it.each(WAYS)('$title', async (way) => {
  const world = createSessionWorld();
  await go(world, way);
  expect([world.screen(), world.overlay()]).toEqual([way.screen, way.overlay]);
});
