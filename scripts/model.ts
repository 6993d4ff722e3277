/**
 * Looks at every state that protocol, centre, printer and network can reach together, and then at protocols that are known to be
 * worse, which must be found out.
 *
 *   npm run model -- [--json] [--crashes 2] [--attempts 2] [--out FILE]
 */
import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../src/platform/clock.ts';
import { explore } from '../tests/model/explore.ts';
import type { Counterexample } from '../tests/model/explore.ts';
import { INVARIANTS } from '../tests/model/invariants.ts';
import { PROTOCOL } from '../tests/model/rules.ts';
import { VARIANTS } from '../tests/model/variants.ts';

interface VariantReport {
  readonly name: string;
  readonly breaks: string;
  readonly caught: boolean;
  readonly states: number;
  readonly counterexample: readonly string[];
}

const options = new Command('model')
  .option('--json', 'one JSON object on standard output', false)
  .option('--crashes <n>', 'how often the agent may be killed', upTo(3), 2)
  .option('--attempts <n>', 'how often the person may ask', upTo(2), 2)
  .option('--out <file>', 'writes the JSON object there as well')
  .parse()
  .opts<{ json: boolean; crashes: number; attempts: 1 | 2; out?: string }>();

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
  seconds: (systemClock.monotonicMs() - sinceMs) / 1000,
};

const json = JSON.stringify(report);
if (options.out !== undefined) writeFileSync(options.out, json);
if (options.json) console.log(json);
else printed();
const sound = violations.length + report.deadlocks + report.unreachableIdle === 0;
process.exit(sound && variants.every(({ caught }) => caught) ? 0 : 1);

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
}

function printCounterexample({ invariant, steps }: Counterexample): void {
  console.log(`✗ ${invariant}: ${INVARIANTS[invariant]}`);
  for (const step of steps) console.log(`    ${step}`);
}

function upTo(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 0 && value <= most) return value;
    throw new InvalidArgumentError(`a whole number up to ${most}`);
  };
}
