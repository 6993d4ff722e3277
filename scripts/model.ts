/**
 * Looks at every state that protocol, centre, printer and network can reach together, and then at protocols that are known to be
 * worse, which must be found out. Then it goes random ways through the model with the real agent, a real centre and the printer
 * simulator, which must come to the same states.
 *
 *   npm run model -- [--json] [--crashes 2] [--attempts 2] [--traces 1000] [--seed 1] [--out FILE]
 */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { systemClock } from '../src/platform/clock.ts';
import { explore } from '../tests/model/explore.ts';
import type { Counterexample } from '../tests/model/explore.ts';
import { INVARIANTS } from '../tests/model/invariants.ts';
import { PROTOCOL } from '../tests/model/rules.ts';
import { VARIANTS } from '../tests/model/variants.ts';
import { Conformance } from '../tests/model-conformance/run.ts';
import type { Mismatch } from '../tests/model-conformance/run.ts';
import { wholeNumber } from './whole-number.ts';

interface VariantReport {
  readonly name: string;
  readonly breaks: string;
  readonly caught: boolean;
  readonly states: number;
  readonly counterexample: readonly string[];
}

const options = new Command('model')
  .option('--json', 'one JSON object on standard output', false)
  .option('--crashes <n>', 'how often the agent may be killed', wholeNumber(0, 3), 2)
  .option('--attempts <n>', 'how often the person may ask', wholeNumber(0, 2), 2)
  .option('--traces <n>', 'random ways that the real code goes as well', wholeNumber(0, 1_000_000), 1_000)
  .option('--seed <n>', 'of the first way', wholeNumber(0, 2 ** 31), 1)
  .option('--out <file>', 'writes the JSON object there as well')
  .parse()
  .opts<{ json: boolean; crashes: number; attempts: 1 | 2; traces: number; seed: number; out?: string }>();

const sinceMs = systemClock.monotonicMs();
const everybody = { attempts: options.attempts, rival: true, loss: true } as const;
/** A lost database is a kill of its own kind; together with another one there would be millions of states more and nothing new. */
const searches = [
  explore({ ...everybody, crashes: options.crashes, diskLoss: false }, PROTOCOL),
  explore({ ...everybody, crashes: 1, diskLoss: true }, PROTOCOL),
];
const violations = searches.flatMap((search) => search.violations);
const sumOf = (figure: 'states' | 'transitions' | 'deadlocks' | 'unreachableIdle') =>
  searches.reduce((sum, search) => sum + search[figure], 0);
const variants = VARIANTS.map(({ name, rules, breaks, adversary: spoilt }): VariantReport => {
  const { states, violations: found } = explore(spoilt, rules, { until: breaks });
  const counterexample = found.find(({ invariant }) => invariant === breaks)?.steps ?? [];
  return { name, breaks, caught: counterexample.length > 0, states, counterexample };
});
const conformance = await goTraces();
const report = {
  crashes: options.crashes,
  attempts: options.attempts,
  states: sumOf('states'),
  transitions: sumOf('transitions'),
  violations: violations.length,
  deadlocks: sumOf('deadlocks'),
  unreachableIdle: sumOf('unreachableIdle'),
  counterexamples: violations,
  variants,
  ...conformance,
  seconds: (systemClock.monotonicMs() - sinceMs) / 1000,
};

const json = JSON.stringify(report);
if (options.out !== undefined) writeFileSync(options.out, json);
if (options.json) console.log(json);
else printed();
const sound = violations.length + report.deadlocks + report.unreachableIdle === 0;
const conforms = conformance.mismatches.length === 0;
process.exit(sound && conforms && variants.every(({ caught }) => caught) ? 0 : 1);

function printed(): void {
  console.log(
    `${report.states} states, ${report.transitions} transitions, ${report.violations} violations, ` +
      `${report.deadlocks} deadlocks, ${report.unreachableIdle} without a way to rest, ${report.seconds.toFixed(1)} s`,
  );
  for (const found of violations) printCounterexample(found);
  for (const { name, breaks, caught, counterexample } of variants) {
    console.log(
      `${caught ? '✓ found' : '✗ NOT found'}: ${name} (${breaks}, ${counterexample.length - 1} steps)`,
    );
  }
  const { traces, steps, mismatches } = conformance;
  console.log(`${traces} ways with the real code, ${steps} steps, ${mismatches.length} mismatches`);
  for (const { seed, moves, differences, error } of mismatches.slice(0, 5)) {
    console.log(`✗ seed ${seed}: ${error ?? JSON.stringify(differences)}`);
    for (const move of moves) console.log(`    ${move}`);
  }
}

async function goTraces() {
  const { traces, seed: first } = options;
  const mismatches: Mismatch[] = [];
  let steps = 0;
  const conformance = await Conformance.start();
  for (let seed = first; seed < first + traces; seed += 1) {
    const walk = await conformance.walk(seed);
    steps += walk.steps;
    if (walk.mismatch !== undefined) mismatches.push(walk.mismatch);
    if ((seed - first) % 500 === 499) console.error(`… ${seed - first + 1} of ${traces} ways`);
  }
  conformance.close();
  return { traces, steps, mismatches };
}

function printCounterexample({ invariant, steps }: Counterexample): void {
  console.log(`✗ ${invariant}: ${INVARIANTS[invariant]}`);
  for (const step of steps) console.log(`    ${step}`);
}
