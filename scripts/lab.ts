/**
 * The drivers against a real kernel: a small virtual machine of Debian's kernel, simulated devices plugged into it on USB/IP and
 * UHID, the real node-hid, usb and serialport bindings as a user who may nothing but what the shipped udev rules allow.
 *
 *   npm run lab -- [--json] [--places N] [--only PATTERN] [--limit SECONDS] [--out REPORT.json]
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { systemClock } from '../src/platform/clock.ts';
import { missingResults, ROWS, rowName } from '../tests/device-conformance/table.ts';
import type { Result } from '../tests/lab/guest/results.ts';
import { unpackKernel } from '../tests/lab/machine/kernel.ts';
import { buildPrograms } from '../tests/lab/machine/programs.ts';
import { runInMachine } from '../tests/lab/machine/virtual-machine.ts';
import { wholeNumber } from './whole-number.ts';

const repository = path.dirname(import.meta.dirname);
const cache = path.join(repository, 'node_modules/.cache/lab');
const out = path.join(repository, 'var/lab');
const SUITES = ['conformance-suite.mjs', 'flow-suite.mjs', 'issuance-suite.mjs'];

/** What the lab came to, as `--json` prints it. */
interface LabReport {
  readonly suites: readonly { readonly name: string; readonly passed: number; readonly failed: number }[];
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly { readonly suite: string; readonly test: string; readonly error: string }[];
  /** Cables pulled. */
  readonly unplugs: number;
  /** From plugging in until the driver was online again, ms on the emulated machine. */
  readonly replugMsMedian: number;
  readonly replugMsMax: number;
  /** From the kernel's start until udev was ready, ms by the guest's clock. */
  readonly bootMs: number | undefined;
  readonly seconds: number;
  /** Why nothing was run. */
  readonly skipped?: string;
}

const options = new Command('lab')
  .option('--json', 'one JSON object on standard output', false)
  .option(
    '--places <n>',
    'random places at which each cable is pulled, beside the ends of frames',
    wholeNumber(0),
    50,
  )
  .option('--only <pattern>', 'only suites whose name this pattern fits, such as a row of the table', '')
  .option('--limit <seconds>', 'the machine is stopped after so long', wholeNumber(0), 1_500)
  .option('--out <file>', 'the JSON object into a file as well')
  .parse()
  .opts<{ json: boolean; places: number; only: string; limit: number; out?: string }>();

const report = await runLab();
if (options.out !== undefined) await writeFile(options.out, JSON.stringify(report));
process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : inWords(report));
process.exit(report.failed > 0 || (report.passed === 0 && report.skipped === undefined) ? 1 : 0);

async function runLab(): Promise<LabReport> {
  const sinceMs = systemClock.monotonicMs();
  if (!existsSync('/usr/bin/qemu-system-x86_64')) {
    return reportOf(
      [],
      undefined,
      sinceMs,
      'qemu-system-x86 is not installed (apt-get install qemu-system-x86)',
    );
  }
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const programs = path.join(cache, 'programs');
  const [kernel] = await Promise.all([unpackKernel(cache), buildPrograms(repository, programs)]);
  const settings = [`LAB_PROGRAMS=${programs}`, `LAB_PLACES=${options.places}`];
  if (options.only !== '') settings.push(`LAB_ONLY=${encodeURIComponent(options.only)}`);
  const machine = await runInMachine({
    kernel,
    repository,
    out,
    command: `env ${settings.join(' ')} ${process.execPath} ${programs}/device-hub.mjs ${SUITES.join(' ')}`,
    limitSeconds: options.limit,
  });
  const results = await resultsIn(path.join(out, 'results.jsonl'));
  if (machine.exitCode === undefined) {
    results.push({
      suite: 'the virtual machine',
      test: 'ran to its end',
      error: `it stopped before that; ${path.relative(repository, out)}/console.log has its last words:\n${machine.console.slice(-2_000)}`,
    });
  }
  const wanted = new RegExp(options.only);
  const rows = ROWS.filter((row) => row.where === 'lab' && wanted.test(rowName(row)));
  for (const cell of missingResults(rows, results)) results.push({ ...cell, error: 'there is no result' });
  return reportOf(results, machine.bootMs, sinceMs);
}

async function resultsIn(file: string): Promise<Result[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Result);
}

function reportOf(
  results: readonly Result[],
  bootMs: number | undefined,
  sinceMs: number,
  skipped?: string,
): LabReport {
  const failed = results.filter(({ error }) => error !== undefined);
  const replugMs = results.flatMap((result) => result.replugMs ?? []).toSorted((a, b) => a - b);
  const bySuite = Map.groupBy(results, ({ suite }) => suite);
  return {
    suites: Array.from(bySuite, ([name, tests]) => {
      const wrong = tests.filter(({ error }) => error !== undefined).length;
      return { name, passed: tests.length - wrong, failed: wrong };
    }),
    passed: results.length - failed.length,
    failed: failed.length,
    failures: failed.map(({ suite, test, error = '' }) => ({ suite, test, error })),
    unplugs: results.reduce((sum, { unplugs = 0 }) => sum + unplugs, 0),
    replugMsMedian: replugMs[replugMs.length >> 1] ?? 0,
    replugMsMax: replugMs.at(-1) ?? 0,
    bootMs,
    seconds: Math.round((systemClock.monotonicMs() - sinceMs) / 1000),
    ...(skipped === undefined ? {} : { skipped }),
  };
}

function inWords(lab: LabReport): string {
  if (lab.skipped !== undefined) return `skipped: ${lab.skipped}\n`;
  const lines = [
    ...lab.suites.map(
      ({ name, passed, failed }) => `${failed === 0 ? '✓' : '✗'} ${name}: ${passed} passed, ${failed} failed`,
    ),
    ...lab.failures.map(({ suite, test, error }) => `✗ ${suite} › ${test}\n    ${error}`),
    `${lab.unplugs} cables pulled, back online after ${lab.replugMsMedian} ms (median), ${lab.replugMsMax} ms (longest)`,
    `booted in ${lab.bootMs} ms, ${lab.seconds} s in all`,
    `${lab.passed} passed, ${lab.failed} failed`,
  ];
  return `${lines.join('\n')}\n`;
}
