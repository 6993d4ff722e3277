/**
 * Whole kiosks at one centre, in virtual time: the agent's own session, issuance, recovery and device supervision, people who do
 * what nobody expects, and everything that can go wrong with network, disk, paper and power, all from one seed.
 *
 *   npm run simulate -- [--sessions 10000] [--seed 1] [--workers 1] [--rates FILE] [--mutants] [--mutant NAME] [--json] [--out FILE]
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../src/platform/clock.ts';
import { DEFAULT_RATES, FAULTS, STRUCK_IN, Tally, whyNever } from '../tests/simulation/faults.ts';
import type { Rates } from '../tests/simulation/faults.ts';
import { keepSeed } from '../tests/simulation/kept-seeds.ts';
import { MUTANTS } from '../tests/simulation/mutants.ts';
import type { Mutant } from '../tests/simulation/mutants.ts';
import { runWorlds } from '../tests/simulation/run-worlds.ts';
import type { ShareResult } from '../tests/simulation/run-worlds.ts';
import { shrink } from '../tests/simulation/shrink.ts';
import { wholeNumber } from './whole-number.ts';

/** A mutant that is not found in so many sessions is not found. */
const MUTANT_SESSIONS = 20_000;
const VIOLATIONS_MOST = 3;
const SHRINK_RUNS = 300;
const PROGRESS_MS = 5_000;
/** Cells of the table of faults that a big run is to fill so far. */
const THIN = 100;

const options = new Command('simulate')
  .option('--sessions <n>', 'persons at kiosks, at least', wholeNumber(1), 10_000)
  .option('--seed <n>', 'the same seed is the same run', wholeNumber(1), 1)
  .option('--workers <n>', 'processes that share the sessions', wholeNumber(1), 1)
  .option('--rates <file>', 'JSON object: how likely a fault is at each occasion for it', isRatesFile)
  .option('--mutants', 'also: worlds in which one rule does not hold must be found out', false)
  .addOption(
    new Option('--mutant <name>', 'only this mutant, made small').choices(MUTANTS.map(({ name }) => name)),
  )
  .addOption(
    new Option('--share <k>', 'for a worker: which of the shares').argParser(wholeNumber(0)).hideHelp(),
  )
  .option('--json', 'one JSON object on standard output', false)
  .option('--out <file>', 'writes the JSON object there as well')
  .parse()
  .opts<{
    sessions: number;
    seed: number;
    workers: number;
    rates?: string;
    mutants: boolean;
    mutant?: string;
    share?: number;
    json: boolean;
    out?: string;
  }>();

// Ten thousands of aborts a second: where each was made nobody asks.
Error.stackTraceLimit = 0;

const rates = ratesOf(options.rates);
if (options.share !== undefined) {
  process.stdout.write(JSON.stringify({ ...(await runShare(options.share)), maxRssMb: rssMb() }));
} else process.exit((await main()) ? 0 : 1);

async function main(): Promise<boolean> {
  if (options.mutant !== undefined) {
    const reports = [];
    for (const mutant of MUTANTS)
      if (mutant.name === options.mutant) reports.push(await lookFor(mutant, true));
    for (const report of reports) written(report, [inWords(report), ...report.script]);
    return reports.every(({ found }) => found);
  }
  const sinceMs = systemClock.monotonicMs();
  const shares = await Promise.all(
    Array.from({ length: options.workers }, (_, share) =>
      options.workers === 1 ? runShare(0).then((own) => ({ ...own, maxRssMb: 0 })) : runWorker(share),
    ),
  );
  const seconds = (systemClock.monotonicMs() - sinceMs) / 1000;
  const tally = new Tally();
  const outcomes: Record<string, number> = {};
  const hash = createHash('sha256');
  for (const share of shares) {
    tally.add(share.faults);
    for (const log of share.logs) hash.update(log);
    for (const [outcome, count] of Object.entries(share.outcomes))
      outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
  }
  const violations = [];
  for (const found of shares.flatMap((share) => share.found).slice(0, VIOLATIONS_MOST)) {
    const { invariant, what, atMs, worldSeed } = found;
    const script = await shrink({ ...found, rates }, SHRINK_RUNS);
    const kept = keepSeed({ invariant, what, worldSeed, script, rates });
    violations.push({ invariant, what, atMs, seed: options.seed, worldSeed, script, kept });
  }
  const mutants = [];
  if (options.mutants) for (const mutant of MUTANTS) mutants.push(await lookFor(mutant, false));
  const sumOf = (figure: 'sessions' | 'worlds' | 'virtualMs') =>
    shares.reduce((sum, share) => sum + share[figure], 0);
  const cells = FAULTS.flatMap((fault) =>
    STRUCK_IN.map((state) => ({
      fault,
      state,
      count: tally.count(fault, state),
      why: whyNever(fault, state),
    })),
  );
  const report = {
    sessions: sumOf('sessions'),
    sessionsPerSecond: Math.round(sumOf('sessions') / seconds),
    seed: options.seed,
    workers: options.workers,
    worlds: sumOf('worlds'),
    simulatedHours: Math.round(sumOf('virtualMs') / 3_600_000),
    faults: tally.table(),
    thinCells: cells
      .filter(({ count, why }) => why === null && count < THIN)
      .toSorted((a, b) => a.count - b.count)
      .map(({ fault, state, count }) => `${fault} ${state} ${count}`),
    cannotOccur: Object.fromEntries(
      cells.flatMap(({ fault, state, why }) => (why === null ? [] : [[`${fault} ${state}`, why]])),
    ),
    outcomes,
    violations,
    ...(options.mutants && { mutants }),
    logHash: hash.digest('hex'),
    maxRssMb: Math.max(rssMb(), ...shares.map(({ maxRssMb }) => maxRssMb)),
    seconds: Math.round((systemClock.monotonicMs() - sinceMs) / 100) / 10,
  };
  written(report, [
    `${report.sessions} sessions in ${report.worlds} worlds, ${report.sessionsPerSecond} a second, ${report.violations.length} violations`,
    ...violations.map(({ invariant, what, kept }) => `✗ ${invariant}: ${what} (${kept})`),
    ...mutants.map(inWords),
    `${report.thinCells.length} kinds of fault × state under ${THIN}, the thinnest: ${report.thinCells.slice(0, 12).join(', ')}`,
    `log ${report.logHash}`,
  ]);
  return violations.length === 0 && mutants.every(({ found }) => found);
}

function runShare(first: number): Promise<ShareResult> {
  const { seed, workers: of } = options;
  let toldMs = systemClock.monotonicMs();
  const onProgress = (sessions: number) => {
    const nowMs = systemClock.monotonicMs();
    if (nowMs - toldMs < PROGRESS_MS) return;
    toldMs = nowMs;
    process.stderr.write(`… ${sessions} sessions\n`);
  };
  const sessions = Math.ceil(options.sessions / of);
  return runWorlds({ seed, sessions, first, of, rates, violationsMost: VIOLATIONS_MOST, onProgress });
}

/** The same share of the worlds in a process of its own. */
async function runWorker(share: number): Promise<ShareResult & { maxRssMb: number }> {
  const { sessions, seed, workers, rates: file } = options;
  const figures = { sessions, seed, workers, share };
  const args = Object.entries(figures).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = promisify(execFile)(
    process.execPath,
    [import.meta.filename, ...args, ...(file === undefined ? [] : ['--rates', file])],
    { maxBuffer: 2 ** 30 },
  );
  child.child.stderr?.pipe(process.stderr);
  const { stdout } = await child;
  return JSON.parse(stdout) as ShareResult & { maxRssMb: number };
}

async function lookFor(mutant: Mutant, small: boolean) {
  const share = { seed: options.seed, sessions: MUTANT_SESSIONS, first: 0, of: 1, violationsMost: 1, mutant };
  const oftener = { ...rates, ...mutant.rates };
  const { sessions, found } = await runWorlds({ ...share, rates: oftener });
  const first = found[0];
  const script = first && small ? await shrink({ ...first, rates: oftener, mutant }, SHRINK_RUNS) : [];
  return {
    name: mutant.name,
    found: first !== undefined,
    sessions,
    invariant: first?.invariant ?? null,
    what: first?.what ?? null,
    script,
  };
}

function inWords(mutant: {
  name: string;
  found: boolean;
  sessions: number;
  invariant: string | null;
  what: string | null;
}) {
  const { name, found, sessions, invariant, what } = mutant;
  return found
    ? `✓ found: ${name}, ${invariant ?? ''} after ${sessions} sessions: ${what ?? ''}`
    : `✗ NOT found: ${name}, in ${sessions} sessions`;
}

function written(report: object, lines: readonly string[]): void {
  const json = JSON.stringify(report);
  if (options.out !== undefined) writeFileSync(options.out, json);
  console.log(options.json ? json : lines.join('\n'));
}

function ratesOf(file: string | undefined): Rates {
  return file === undefined ? DEFAULT_RATES : { ...DEFAULT_RATES, ...readRates(file) };
}

function readRates(file: string): Partial<Rates> {
  return JSON.parse(readFileSync(file, 'utf8')) as Partial<Rates>;
}

function isRatesFile(file: string): string {
  const odd = Object.entries(readRates(file)).find(
    ([fault, rate]) => !(fault in DEFAULT_RATES) || !(rate >= 0 && rate <= 1),
  );
  if (odd !== undefined) throw new InvalidArgumentError(`${odd[0]} is no fault, or its rate is not in 0 … 1`);
  return file;
}

function rssMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}
