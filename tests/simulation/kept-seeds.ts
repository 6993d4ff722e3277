import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DecisionKey } from './fates.ts';
import type { Rates } from './faults.ts';
import type { Invariant } from './watch.ts';

/** A world that once broke an invariant, as small as it could be made. */
export interface KeptSeed {
  readonly invariant: Invariant;
  /** What was wrong, for whoever reads it. */
  readonly what: string;
  readonly worldSeed: number;
  readonly script: readonly DecisionKey[];
  readonly rates: Rates;
}

const FOLDER = join(import.meta.dirname, 'seeds');

/** Keeps it for ever; returns the file's name. */
export function keepSeed(seed: KeptSeed): string {
  const name = `${seed.invariant.toLowerCase()}-${seed.worldSeed}.json`;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, name), `${JSON.stringify(seed, null, 2)}\n`);
  return name;
}

export function keptSeeds(): readonly (KeptSeed & { readonly name: string })[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, ...(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as KeptSeed) }));
}
