/**
 * The whole proof in layers. Each layer has a budget that is printed and held; what a layer proved is read from the JSON
 * report of its runner, never from its closing words. The last line is `N passed, N failed`.
 *
 *   npm test                  everything
 *   npm test -- unit          one layer by name
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { systemClock, withTimeLimit } from '../src/platform/clock.ts';

interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Layer {
  readonly name: string;
  /** Wall-clock seconds; over it, the layer is killed and counts as failed. */
  readonly budgetSeconds: number;
  readonly run: (reportFile: string, signal: AbortSignal) => Promise<Tally>;
}

const root = path.dirname(import.meta.dirname);
const reports = path.join(root, 'var/reports');

const layers: readonly Layer[] = [
  { name: 'static', budgetSeconds: 120, run: runStaticChecks },
  { name: 'unit', budgetSeconds: 480, run: runVitest },
  { name: 'model', budgetSeconds: 90, run: runModel },
  { name: 'fuzz', budgetSeconds: 150, run: runFuzz },
  { name: 'lab', budgetSeconds: 420, run: runLab },
  { name: 'journeys', budgetSeconds: 660, run: runPlaywright },
  { name: 'measured', budgetSeconds: 90, run: runMeasuredJourney },
];

async function main(): Promise<void> {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !layers.some((layer) => layer.name === name));
  if (unknown.length > 0) {
    print(`unknown layer ${unknown.join(', ')}; there are ${layers.map((layer) => layer.name).join(', ')}`);
    process.exit(2);
  }
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const total = { passed: 0, failed: 0, skipped: 0 };
  const summary: string[] = [];
  for (const layer of layers.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
    print(`\n━━ ${layer.name} (at most ${layer.budgetSeconds} s)`);
    const started = systemClock.monotonicMs();
    const tally = await runWithinBudget(layer);
    const seconds = ((systemClock.monotonicMs() - started) / 1000).toFixed(1);
    summary.push(
      `${layer.name}: ${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped, ${seconds} of ${layer.budgetSeconds} s`,
    );
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
  }
  print(`\n━━ summary\n${summary.join('\n')}`);
  if (total.passed === 0) total.failed += 1;
  print(`${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed > 0 ? 1 : 0);
}

async function runWithinBudget(layer: Layer): Promise<Tally> {
  const abort = new AbortController();
  const reportFile = path.join(reports, `${layer.name}.json`);
  const outcome = await withTimeLimit(
    systemClock,
    layer.budgetSeconds * 1000,
    layer.run(reportFile, abort.signal),
  );
  if (outcome !== 'timed-out') return outcome;
  abort.abort();
  print(`✗ ${layer.name} went over its budget of ${layer.budgetSeconds} s and was stopped`);
  return { passed: 0, failed: 1, skipped: 0 };
}

/** Type check, lint with the dependency rule, format, dead code, drift of the OpenAPI document: one result each. */
async function runStaticChecks(_reportFile: string, signal: AbortSignal): Promise<Tally> {
  const checks: readonly (readonly [string, readonly string[]])[] = [
    ['tsc', ['-p', '.']],
    ['oxlint', ['--type-aware', '--deny-warnings']],
    ['oxfmt', ['--check', '.']],
    ['knip', []],
    ['node', ['scripts/openapi.ts', '--check']],
  ];
  let failed = 0;
  for (const [command, args] of checks) {
    const code = await execute(command, args, signal);
    print(`${code === 0 ? '✓' : '✗'} ${command} ${args.join(' ')}`);
    if (code !== 0) failed += 1;
  }
  return { passed: checks.length - failed, failed, skipped: 0 };
}

async function runVitest(reportFile: string, signal: AbortSignal): Promise<Tally> {
  const code = await execute(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
    signal,
  );
  const report = readReport(reportFile) as
    | {
        numPassedTests?: number;
        numFailedTests?: number;
        numPendingTests?: number;
        numFailedTestSuites?: number;
      }
    | undefined;
  const failed = report?.numFailedTests ?? 0;
  // A file that cannot even be loaded has no failed test of its own.
  const silent = code !== 0 && failed === 0 ? 1 : 0;
  return {
    passed: report?.numPassedTests ?? 0,
    failed: failed + silent,
    skipped: report?.numPendingTests ?? 0,
  };
}

async function runPlaywright(reportFile: string, signal: AbortSignal): Promise<Tally> {
  const code = await execute('playwright', ['test', '--reporter=list,json'], signal, {
    PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile,
  });
  const report = readReport(reportFile) as
    | { stats?: { expected: number; unexpected: number; flaky: number; skipped: number } }
    | undefined;
  const stats = report?.stats;
  const failed = (stats?.unexpected ?? 0) + (stats?.flaky ?? 0);
  return {
    passed: stats?.expected ?? 0,
    failed: failed + (code !== 0 && failed === 0 ? 1 : 0),
    skipped: stats?.skipped ?? 0,
  };
}

/** One journey with its measurements; the figures are printed, only what came out is judged. */
async function runMeasuredJourney(_reportFile: string, signal: AbortSignal): Promise<Tally> {
  const code = await execute('node', ['scripts/journey.ts', '--json', '--once'], signal);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** The whole protocol with one kill instead of two, and every worse protocol; each of these counts as one. */
async function runModel(reportFile: string, signal: AbortSignal): Promise<Tally> {
  const code = await execute(
    'node',
    ['scripts/model.ts', '--crashes', '1', '--attempts', '1', '--out', reportFile],
    signal,
  );
  const report = readReport(reportFile) as
    | {
        violations: number;
        deadlocks: number;
        unreachableIdle: number;
        variants: readonly { caught: boolean }[];
      }
    | undefined;
  const sound = report !== undefined && report.violations + report.deadlocks + report.unreachableIdle === 0;
  return tallyOf([sound, ...(report?.variants ?? []).map(({ caught }) => caught)], code);
}

/** A runner that ends badly without naming a failure has failed once. */
function tallyOf(results: readonly boolean[], code: number): Tally {
  const failed = results.filter((passed) => !passed).length;
  return {
    passed: results.length - failed,
    failed: failed + (code !== 0 && failed === 0 ? 1 : 0),
    skipped: 0,
  };
}

/** So long for all decoders together, seconds; what it finds takes longer, to be made small and confirmed. */
const FUZZ_SECONDS = 45;

/** Every decoder counts as one: passed when it was tried and nothing was found. */
async function runFuzz(reportFile: string, signal: AbortSignal): Promise<Tally> {
  const code = await execute(
    'node',
    ['scripts/fuzz.ts', '--seconds', String(FUZZ_SECONDS), '--out', reportFile],
    signal,
  );
  const report = readReport(reportFile) as
    | { decoders?: Record<string, { cases: number; crashes: number; hangs: number }> }
    | undefined;
  const decoders = Object.values(report?.decoders ?? {});
  return tallyOf(
    decoders.map(({ cases, crashes, hangs }) => cases > 0 && crashes + hangs === 0),
    code,
  );
}

/** So many random places at which each cable is pulled in the lab, beside as many ends of frames. */
const LAB_PLACES = 2;

/** The virtual machine with devices on USB and HID; skipped only where there can be none, which it says itself. */
async function runLab(reportFile: string, signal: AbortSignal): Promise<Tally> {
  const code = await execute(
    'node',
    ['scripts/lab.ts', '--places', String(LAB_PLACES), '--out', reportFile],
    signal,
  );
  const report = readReport(reportFile) as { passed: number; failed: number; skipped?: string } | undefined;
  const failed = report?.failed ?? 0;
  return {
    passed: report?.passed ?? 0,
    failed: failed + (code !== 0 && failed === 0 ? 1 : 0),
    skipped: report?.skipped === undefined ? 0 : 1,
  };
}

function execute(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
  environment: Record<string, string> = {},
): Promise<number> {
  return new Promise((resolve) => {
    // A group of its own, so that browsers and simulators go down with a layer that is stopped.
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
      env: { ...process.env, ...environment },
    });
    signal.addEventListener('abort', () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    });
    child.on('error', () => {
      resolve(127);
    });
    child.on('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
