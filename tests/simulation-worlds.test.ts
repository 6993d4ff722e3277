import { expect, test } from 'vitest';
import { DEFAULT_RATES } from './simulation/faults.ts';
import { keptSeeds } from './simulation/kept-seeds.ts';
import { MUTANTS } from './simulation/mutants.ts';
import { runWorlds } from './simulation/run-worlds.ts';
import { shrink } from './simulation/shrink.ts';
import { World } from './simulation/world.ts';

test('a world is the same to the last line of its log when its seed is, and another one when it is not', async () => {
  const hashOf = async (seed: number) => (await new World({ seed, rates: DEFAULT_RATES }).run()).logHash;
  const [once, again, another] = [await hashOf(20_261), await hashOf(20_261), await hashOf(20_262)];
  expect(again).toBe(once);
  expect(another).not.toBe(once);
}, 60_000);

test.each(keptSeeds())(
  'what once broke in the world of $name holds now',
  async (seed) => {
    const { worldSeed, rates, script } = seed;
    const { broken } = await new World({ seed: worldSeed, rates, script }).run();
    expect(broken).toBeNull();
  },
  60_000,
);

test('a failing world is made small: what is left still breaks it, and breaks nothing where the rule holds', async () => {
  const mutant = MUTANTS.find(({ name }) => name === 'restore off');
  if (mutant === undefined) throw new Error('no such mutant');
  const rates = { ...DEFAULT_RATES, ...mutant.rates };
  const share = { seed: 1, sessions: 2_000, first: 0, of: 1, rates, violationsMost: 1 };
  const found = (await runWorlds({ ...share, mutant })).found[0];
  if (found === undefined) throw new Error('the mutant was not found');
  const script = await shrink({ ...found, rates, mutant }, 150);
  expect(script.length).toBeLessThan(found.struck.length / 2);
  const world = { seed: found.worldSeed, rates, script };
  expect((await new World({ ...world, mutant }).run()).broken?.invariant).toBe(found.invariant);
  expect((await new World(world).run()).broken).toBeNull();
}, 60_000);
