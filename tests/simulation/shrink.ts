import type { DecisionKey } from './fates.ts';
import type { Rates } from './faults.ts';
import type { Mutant } from './mutants.ts';
import { World } from './world.ts';
import type { Invariant } from './watch.ts';

export interface Failing {
  readonly worldSeed: number;
  readonly rates: Rates;
  readonly mutant?: Mutant;
  readonly invariant: Invariant;
  readonly struck: readonly DecisionKey[];
}

/**
 * The smallest script found with which the same world still breaks the same invariant: faults and visits are left out, half of
 * them, a quarter, …, one by one (delta debugging), in at most `runsMost` lives.
 */
export async function shrink(failing: Failing, runsMost: number): Promise<readonly DecisionKey[]> {
  let runsLeft = runsMost;
  const breaks = async (script: readonly DecisionKey[]): Promise<boolean> => {
    if (runsLeft === 0) return false;
    runsLeft -= 1;
    const { worldSeed: seed, rates, mutant, invariant } = failing;
    const { broken } = await new World({ seed, rates, script, ...(mutant && { mutant }) }).run();
    return broken?.invariant === invariant;
  };
  let script = failing.struck;
  let size = Math.ceil(script.length / 2);
  for (;;) {
    const before = script.length;
    for (let from = 0; from < script.length;) {
      const without = script.toSpliced(from, size);
      if (await breaks(without)) script = without;
      else from += size;
    }
    if (size === 1 && script.length === before) return script;
    size = Math.max(1, Math.floor(size / 2));
  }
}
