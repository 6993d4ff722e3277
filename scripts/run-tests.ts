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
import { ROUNDS, readReport, type Layer, type Tally } from './test-layers.ts';

const reports = path.join(path.dirname(import.meta.dirname), 'var/reports');

interface LayerEnd {
  readonly tally: Tally;
  /** Of the summary: what it came to, and what failed. */
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

async function runLayer({ name, budgetSeconds, run }: Layer, hasCompany: boolean): Promise<LayerEnd> {
  print(`\n━━ ${name} (at most ${budgetSeconds} s)`);
  const started = systemClock.monotonicMs();
  const abort = new AbortController();
  const reportFile = path.join(reports, `${name}.json`);
  const going = run({ reportFile, signal: abort.signal, prefix: hasCompany ? `${name} │ ` : '' });
  const outcome = await withTimeLimit(systemClock, budgetSeconds * 1000, going);
  if (outcome === 'timed-out') {
    abort.abort();
    print(`✗ ${name} went over its budget of ${budgetSeconds} s and was stopped`);
  }
  const tally = outcome === 'timed-out' ? { passed: 0, failed: 1, skipped: 0 } : outcome;
  const seconds = ((systemClock.monotonicMs() - started) / 1000).toFixed(1);
  const counts = `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
  const failed = tally.failed === 0 ? [] : failedNames(readReport(reportFile));
  return {
    tally,
    lines: [`${name}: ${counts}, ${seconds} of ${budgetSeconds} s`, ...failed.map((what) => `  ✗ ${what}`)],
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
