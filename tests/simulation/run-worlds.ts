import { seedFor } from './fates.ts';
import type { DecisionKey } from './fates.ts';
import { Tally } from './faults.ts';
import type { FaultTable, Rates } from './faults.ts';
import type { Mutant } from './mutants.ts';
import { World } from './world.ts';
import type { Broken } from './watch.ts';

/** Worlds of one seed, and which of them: every `of`th beginning with number `first`. */
export interface Share {
  readonly seed: number;
  readonly sessions: number;
  readonly first: number;
  readonly of: number;
  readonly rates: Rates;
  readonly mutant?: Mutant;
  /** After so many violations nothing new is to be learnt. */
  readonly violationsMost: number;
  readonly onProgress?: (sessions: number) => void;
}

/** One world in which an invariant did not hold. */
export interface Found extends Broken {
  readonly worldSeed: number;
  readonly struck: readonly DecisionKey[];
}

export interface ShareResult {
  readonly sessions: number;
  readonly worlds: number;
  readonly virtualMs: number;
  readonly faults: FaultTable;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly found: readonly Found[];
  /** SHA-256 of each world's event log, in order. */
  readonly logs: readonly string[];
}

/** Lives through worlds until there were so many sessions. The same share gives the same result. */
export async function runWorlds(share: Share): Promise<ShareResult> {
  const tally = new Tally();
  const outcomes: Record<string, number> = {};
  const found: Found[] = [];
  const logs: string[] = [];
  let sessions = 0;
  let virtualMs = 0;
  let worlds = 0;
  for (
    let at = share.first;
    sessions < share.sessions && found.length < share.violationsMost;
    at += share.of
  ) {
    const worldSeed = seedFor(share.seed, `world ${at}`);
    const { mutant, rates } = share;
    const world = await new World({ seed: worldSeed, rates, ...(mutant && { mutant }) }).run();
    sessions += world.sessions;
    virtualMs += world.virtualMs;
    worlds += 1;
    tally.add(world.faults);
    for (const [outcome, count] of Object.entries(world.outcomes))
      outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
    logs.push(world.logHash);
    if (world.broken !== null) found.push({ ...world.broken, worldSeed, struck: world.struck });
    share.onProgress?.(sessions);
  }
  return { sessions, worlds, virtualMs, faults: tally.table(), outcomes, found, logs };
}
