/**
 * The whole proof in layers. Each layer has a budget that is printed and held; what a layer proved is read from the JSON
 * report of its runner, never from its closing words. The last line is `N passed, N failed`.
 *
 *   npm test                  everything
 *   npm test -- unit          one layer by name
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { systemClock, withTimeLimit } from '../src/platform/clock.ts';
import { failedNames } from './failed-names.ts';
import { readReport } from './layer-process.ts';
import { ROUNDS, type Layer, type Tally } from './test-layers.ts';

const reports = path.join(path.dirname(import.meta.dirname), 'var/reports');

interface LayerEnd {
  readonly layer: Layer;
  readonly tally: Tally;
  /** What failed, by name. */
  readonly failed: readonly string[];
  /** Of the summary. */
  readonly lines: readonly string[];
}

async function main(): Promise<void> {
  const chosen = process.argv.slice(2);
  const names = ROUNDS.flat(2).map(({ name }) => name);
  const unknown = chosen.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    print(`unknown layer ${unknown.join(', ')}; there are ${names.join(', ')}`);
    process.exit(2);
  }
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const ends: LayerEnd[] = [];
  for (const round of ROUNDS) {
    const lanes = round
      .map((lane) => lane.filter(({ name }) => chosen.length === 0 || chosen.includes(name)))
      .filter((lane) => lane.length > 0);
    const came = await Promise.all(lanes.map((lane) => runLane(lane, lanes.length > 1)));
    ends.push(...came.flat());
  }
  for (const [index, end] of ends.entries()) ends[index] = await triedAlone(end);
  const sum = (count: (tally: Tally) => number) => ends.reduce((total, { tally }) => total + count(tally), 0);
  const passed = sum((tally) => tally.passed);
  // Where nothing ran, nothing was proved.
  const failed = sum((tally) => tally.failed) + (passed === 0 ? 1 : 0);
  print(`\n━━ summary\n${ends.flatMap(({ lines }) => lines).join('\n')}`);
  print(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}

async function runLane(lane: readonly Layer[], hasCompany: boolean): Promise<readonly LayerEnd[]> {
  const ends: LayerEnd[] = [];
  for (const layer of lane) ends.push(await runLayer(layer, hasCompany));
  return ends;
}

async function runLayer(layer: Layer, hasCompany: boolean): Promise<LayerEnd> {
  const { name, budgetSeconds, run } = layer;
  const reportFile = path.join(reports, `${name}.json`);
  const prefix = hasCompany ? `${name} │ ` : '';
  const { tally, seconds } = await withinBudget(layer, (signal) => run({ reportFile, signal, prefix }));
  const counts = `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
  const failed = tally.failed === 0 ? [] : failedNames(readReport(reportFile));
  return {
    layer,
    tally,
    failed,
    lines: [`${name}: ${counts}, ${seconds} of ${budgetSeconds} s`, ...failed.map((what) => `  ✗ ${what}`)],
  };
}

/** What failed where it is a matter of time is tried once more with nothing beside it, and counts as it ends then (decision 0016). */
async function triedAlone(end: LayerEnd): Promise<LayerEnd> {
  const { layer, tally, failed, lines } = end;
  const { alone, name } = layer;
  const report = readReport(path.join(reports, `${name}.json`));
  if (tally.failed === 0 || alone === undefined || report === undefined) return end;
  const reportFile = path.join(reports, `${name}-alone.json`);
  const again = await withinBudget({ ...layer, name: `${name}, what failed, alone` }, (signal) =>
    alone({ reportFile, signal, prefix: '' }, report),
  );
  // Whoever ran nothing has shown nothing.
  const stillFailed = again.tally.passed === 0 ? tally.failed : again.tally.failed;
  const names = again.tally.failed === 0 ? failed : failedNames(readReport(reportFile));
  return {
    ...end,
    tally: {
      ...tally,
      passed: tally.passed + Math.max(0, tally.failed - stillFailed),
      failed: stillFailed,
    },
    lines: [
      ...lines,
      `  alone: ${stillFailed} of ${tally.failed} failed again, ${again.seconds} s`,
      ...(stillFailed === 0 ? [] : names.map((what) => `  ✗ alone: ${what}`)),
    ],
  };
}

async function withinBudget(
  { name, budgetSeconds }: Pick<Layer, 'name' | 'budgetSeconds'>,
  run: (signal: AbortSignal) => Promise<Tally>,
): Promise<{ readonly tally: Tally; readonly seconds: string }> {
  print(`\n━━ ${name} (at most ${budgetSeconds} s)`);
  const started = systemClock.monotonicMs();
  const abort = new AbortController();
  const outcome = await withTimeLimit(systemClock, budgetSeconds * 1000, run(abort.signal));
  if (outcome === 'timed-out') {
    abort.abort();
    print(`✗ ${name} went over its budget of ${budgetSeconds} s and was stopped`);
  }
  return {
    tally: outcome === 'timed-out' ? { passed: 0, failed: 1, skipped: 0 } : outcome,
    seconds: ((systemClock.monotonicMs() - started) / 1000).toFixed(1),
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
