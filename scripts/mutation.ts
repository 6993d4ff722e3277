/**
 * Changes issuance and the session's chart in thousands of small ways, one at a time, and looks whether a test notices. What no
 * test notices is named, with the reason why it may stay (tests/mutation/survivors.ts).
 *
 *   npm run mutation -- [--json] [--out FILE] [--only src/issuance/engine.ts …] [--since-last]
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { Command } from 'commander';
import { systemClock } from '../src/platform/clock.ts';
import { judge, LEAST_SCORE, MUTATED, ROOMS } from '../tests/mutation/judgement.ts';
import type { Verdict } from '../tests/mutation/judgement.ts';
import { ACCEPTED } from '../tests/mutation/survivors.ts';
import { wholeNumber } from './whole-number.ts';

type LogLevel = NonNullable<ConstructorParameters<typeof Stryker>[0]['logLevel']>;

const options = new Command('mutation')
  .option('--json', 'one JSON object on standard output', false)
  .option('--out <file>', 'writes the JSON object there as well')
  .option('--only <files...>', 'only these files, or line ranges of them (file:from-to)')
  .option(
    '--since-last',
    'runs only what has changed since the last run, by files of tests and of the product',
    false,
  )
  .option('--at-once <n>', 'test runners side by side', wholeNumber(1), 2)
  .parse()
  .opts<{ json: boolean; out?: string; only?: string[]; sinceLast: boolean; atOnce: number }>();

const root = path.dirname(import.meta.dirname);
process.chdir(root);
const incrementalFile = 'var/mutation/last.json';
mkdirSync(path.dirname(incrementalFile), { recursive: true });
// What an earlier run found out is otherwise told again, of files that have changed since.
if (!options.sinceLast) rmSync(incrementalFile, { force: true });
const sandbox = mkdtempSync(path.join(tmpdir(), 'mutation-'));
const sinceMs = systemClock.monotonicMs();
/** As it is now: somebody may go on working on it meanwhile. */
const texts = new Map(
  ROOMS.flatMap((room) => readdirSync(room).map((name) => path.join(room, name))).map((file) => [
    file,
    readFileSync(file, 'utf8'),
  ]),
);

// Stryker ends the process by itself when it is interrupted.
process.on('exit', () => {
  rmSync(sandbox, { recursive: true, force: true });
});

const results = await new Stryker({
  mutate: options.only ?? [...MUTATED],
  testRunner: 'vitest',
  plugins: [
    '@stryker-mutator/vitest-runner',
    './tests/mutation/chart-names.ts',
    './tests/mutation/progress.ts',
  ],
  ignorers: ['chart-names'],
  vitest: { configFile: 'tests/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: options.atOnce,
  // On a busy machine a test that is slow is not one that never ends.
  timeoutMS: 10_000,
  incremental: true,
  incrementalFile,
  tempDirName: sandbox,
  // What the tests need, and nothing else: no other file is read.
  ignorePatterns: ['*', '!src', '!src/**', '!tests', '!tests/**', '!package.json'],
  reporters: ['progress-on-stderr'],
  logLevel: 'warn' as LogLevel,
  warnings: { unknownOptions: true, preprocessorErrors: true, unserializableOptions: true, slow: false },
  allowConsoleColors: false,
}).runMutationTest();
const verdict = judge(results, ACCEPTED, (file) => texts.get(file) ?? '');
const report = { ...verdict, seconds: Math.round((systemClock.monotonicMs() - sinceMs) / 1000) };
const json = JSON.stringify(report);
if (options.out !== undefined) writeFileSync(options.out, json);
if (options.json) console.log(json);
else printed(report);
process.exitCode = verdict.sound ? 0 : 1;

function printed(report: Verdict & { readonly seconds: number }): void {
  for (const { file, score, killed, timeouts, survived, noCoverage } of report.files)
    console.log(
      `${score.toFixed(1).padStart(5)} %  ${file}: ${killed} noticed, ${timeouts} never ended, ${survived} not noticed, ${noCoverage} reached by no test`,
    );
  for (const { file, line, mutator, original, replacement, reason } of report.survivors)
    console.log(
      `${reason === null ? '✗' : '·'} ${file}:${line} ${mutator}: ${original} → ${replacement}${reason === null ? '' : ` (${reason})`}`,
    );
  for (const { file, original, replacement } of report.reasonsWithoutSurvivor)
    console.log(`? ${file}: ${original} → ${replacement} has a reason, and is noticed`);
  console.log(
    `${report.score.toFixed(1)} % of ${report.mutants} (at least ${LEAST_SCORE} % in each file), ${report.survivors.length} survivors, ` +
      `${report.unexplained} of them without a reason, ${report.seconds} s`,
  );
}
