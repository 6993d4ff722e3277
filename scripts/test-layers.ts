/**
 * The layers of the proof: what each runs, how long it may take, and how its report is counted. Each is the bounded run of a
 * command of its own (see README).
 */
import path from 'node:path';
import { command, execute, readReport, root, type LayerRun } from './layer-process.ts';
import { failedFiles, faultsWithWrong } from './tried-alone.ts';

/** What a layer came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface Layer {
  readonly name: string;
  /** Wall-clock seconds; over it, the layer is killed and counts as failed. */
  readonly budgetSeconds: number;
  readonly run: (run: LayerRun) => Promise<Tally>;
  /** Tries again, with the processor to itself, what failed according to the report; see `tried-alone.ts`. */
  readonly alone?: (run: LayerRun, report: unknown) => Promise<Tally>;
}

/** Of a layer that ended badly and names nothing that could be tried again. */
const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

/** Layers that run one after the other. */
type Lane = readonly Layer[];

/**
 * One round after the other, the lanes of a round side by side: one of them computes, the other mostly waits, for devices that take
 * their time as real ones do.
 */
export const ROUNDS: readonly (readonly Lane[])[] = [
  [[{ name: 'static', budgetSeconds: 120, run: runStaticChecks }]],
  [
    // More at once, and simulated printers on a busy machine answer too late for the limits of real ones.
    [vitestLayer('unit', 720, 3)],
    [vitestLayer('devices', 540, 2)],
  ],
  // An emulated machine that has to share its processor comes too late for everything.
  [[{ name: 'lab', budgetSeconds: 480, run: runLab, alone: runLab }]],
  [
    [
      { name: 'coverage', budgetSeconds: 60, run: runCoverage },
      { name: 'model', budgetSeconds: 90, run: runModel },
      { name: 'simulate', budgetSeconds: 180, run: runSimulation },
      { name: 'powercut', budgetSeconds: 120, run: runPowerCut },
      { name: 'slip', budgetSeconds: 120, run: runSlip },
      { name: 'screens', budgetSeconds: 120, run: runScreens },
    ],
    // These compute as well, but leave a processor to the others.
    [
      { name: 'fuzz', budgetSeconds: 150, run: runFuzz },
      { name: 'crash', budgetSeconds: 300, run: runCrash },
    ],
  ],
  // A finger's touches are timed.
  [[{ name: 'a11y', budgetSeconds: 300, run: runA11y }]],
  [
    [
      {
        name: 'journeys',
        budgetSeconds: 660,
        run: runPlaywright,
        alone: (run) => runPlaywright(run, '--last-failed'),
      },
    ],
    [
      { name: 'faults', budgetSeconds: 240, run: runFaults, alone: runFaultsAlone },
      { name: 'privacy', budgetSeconds: 120, run: runPrivacy },
    ],
  ],
  // Both alone: the one is measured, and a busy machine tears what the other one listens to.
  [
    [
      { name: 'measured', budgetSeconds: 90, run: runMeasuredJourney },
      { name: 'sound', budgetSeconds: 120, run: runSound, alone: runSound },
    ],
  ],
];

/** Type check, lint with the dependency rule, format, dead code, drift of the OpenAPI document: one result each. */
async function runStaticChecks(run: LayerRun): Promise<Tally> {
  const checks: readonly (readonly [string, readonly string[]])[] = [
    ['tsc', ['-p', '.']],
    ['oxlint', ['--type-aware', '--deny-warnings']],
    ['oxfmt', ['--check', '.']],
    ['knip', []],
    ['node', ['scripts/openapi.ts', '--check']],
  ];
  let failed = 0;
  for (const [program, args] of checks) {
    const code = await execute(run, program, args);
    process.stdout.write(`${run.prefix}${code === 0 ? '✓' : '✗'} ${program} ${args.join(' ')}\n`);
    if (code !== 0) failed += 1;
  }
  return { passed: checks.length - failed, failed, skipped: 0 };
}

/** One of vitest's projects (`vitest.config.ts`). */
function vitestLayer(name: 'unit' | 'devices', budgetSeconds: number, workers: number): Layer {
  return {
    name,
    budgetSeconds,
    run: (run) => runVitest(run, name, workers),
    alone: async (run, report) => {
      const files = failedFiles(report, root);
      return files.length === 0 ? NOTHING : runVitest(run, name, 1, files);
    },
  };
}

async function runVitest(
  run: LayerRun,
  project: 'unit' | 'devices',
  workers: number,
  files: readonly string[] = [],
): Promise<Tally> {
  const code = await execute(
    run,
    'vitest',
    [
      'run',
      ...files,
      '--project',
      project,
      '--maxWorkers',
      String(workers),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${run.reportFile}`,
    ],
    { KIOSK_TESTS: 'bounded' },
  );
  const report = readReport(run.reportFile) as
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

/** Journeys that repeat with another person or place what one without this tag shows: only `npm run journeys` makes them. */
const MORE_JOURNEYS = '@more';

async function runPlaywright(run: LayerRun, ...options: readonly string[]): Promise<Tally> {
  const args = ['test', '--grep-invert', MORE_JOURNEYS, '--reporter=list,json', ...options];
  const code = await execute(run, 'playwright', args, {
    PLAYWRIGHT_JSON_OUTPUT_FILE: run.reportFile,
  });
  const report = readReport(run.reportFile) as
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
async function runMeasuredJourney(run: LayerRun): Promise<Tally> {
  const code = await execute(run, 'node', ['scripts/journey.ts', '--json', '--once']);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** The whole protocol with one kill instead of two, and every worse protocol; each of these counts as one. Random ways are in the unit layer. */
async function runModel(run: LayerRun): Promise<Tally> {
  const code = await command(run, 'scripts/model.ts', '--crashes', '1', '--attempts', '1', '--traces', '0');
  const report = readReport(run.reportFile) as
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
const FUZZ_SECONDS = 20;

/** Every decoder counts as one: passed when it was tried and nothing was found. */
async function runFuzz(run: LayerRun): Promise<Tally> {
  const code = await command(run, 'scripts/fuzz.ts', '--seconds', String(FUZZ_SECONDS));
  const report = readReport(run.reportFile) as
    | { decoders?: Record<string, { cases: number; crashes: number; hangs: number }> }
    | undefined;
  const decoders = Object.values(report?.decoders ?? {});
  return tallyOf(
    decoders.map(({ cases, crashes, hangs }) => cases > 0 && crashes + hangs === 0),
    code,
  );
}

/** So many random places at which each cable is pulled in the lab, beside as many ends of frames. */
const LAB_PLACES = 1;

/** One row for each kind of binding; CDC is a serial line like a pty, and the split framing one more of the same endpoint. */
const LAB_ROWS = '^(?!.* over (?:cdc|usb-split)$)';

/** The virtual machine with devices on USB and HID; skipped only where there can be none, which it says itself. */
async function runLab(run: LayerRun): Promise<Tally> {
  const code = await command(run, 'scripts/lab.ts', '--places', String(LAB_PLACES), '--only', LAB_ROWS);
  const report = readReport(run.reportFile) as
    | { passed: number; failed: number; skipped?: string }
    | undefined;
  const failed = report?.failed ?? 0;
  return {
    passed: report?.passed ?? 0,
    failed: failed + (code !== 0 && failed === 0 ? 1 : 0),
    skipped: report?.skipped === undefined ? 0 : 1,
  };
}

/** Every branch of the issuance core is taken by its own tests; that is one result, beside theirs in the unit layer. */
async function runCoverage(run: LayerRun): Promise<Tally> {
  const args = ['run', '--config', 'tests/mutation/vitest.config.ts', '--coverage'];
  // Code out of the cache is counted less exactly.
  const code = await execute(run, 'vitest', args, { NODE_DISABLE_COMPILE_CACHE: '1' });
  return tallyOf([code === 0], code);
}

const SIMULATED_SESSIONS = 10_000;

/** Whole kiosks in virtual time; the worlds in which one rule does not hold must be found out, each of which counts as one. */
async function runSimulation(run: LayerRun): Promise<Tally> {
  const code = await command(
    run,
    'scripts/simulate.ts',
    '--sessions',
    String(SIMULATED_SESSIONS),
    '--seed',
    '1',
    '--mutants',
  );
  const report = readReport(run.reportFile) as
    | {
        sessions: number;
        violations: readonly unknown[];
        mutants: readonly { name: string; found: boolean }[];
      }
    | undefined;
  const sound = (report?.sessions ?? 0) >= SIMULATED_SESSIONS && report?.violations.length === 0;
  return tallyOf([sound, ...(report?.mutants ?? []).map(({ found }) => found)], code);
}

/** Disks as power cuts leave them; and with a disk that is not waited for something must be lost. */
async function runPowerCut(run: LayerRun): Promise<Tally> {
  const code = await command(
    run,
    'scripts/powercut.ts',
    '--images',
    '600',
    '--stories',
    '3',
    '--through-agent',
    '1',
  );
  const report = readReport(run.reportFile) as
    | {
        images: number;
        lostCommits: number;
        corrupt: number;
        wrongRecoveries: number;
        normalModeLost: number;
      }
    | undefined;
  if (report === undefined) return tallyOf([false], code);
  const { images, lostCommits, corrupt, wrongRecoveries, normalModeLost } = report;
  return tallyOf(
    [images > 0, lostCommits === 0, corrupt === 0, wrongRecoveries === 0, normalModeLost > 0],
    code,
  );
}

/** Kills of a real agent; each one counts, and so does each thing that was wrong after one. */
async function runCrash(run: LayerRun): Promise<Tally> {
  const code = await command(run, 'scripts/crash.ts', '--cases', '40', '--kills', '5');
  const report = readReport(run.reportFile) as
    | { cases: number; notReached: number; randomKills: number; violations: number }
    | undefined;
  const kills = (report?.cases ?? 0) + (report?.randomKills ?? 0);
  return tallyOf([...Array.from({ length: kills }, () => true), ...failures(report?.violations)], code);
}

/** A few worn slips; each thing that is asked of a slip counts as one. */
async function runSlip(run: LayerRun): Promise<Tally> {
  const code = await command(run, 'scripts/slip.ts', '--bounded');
  const report = readReport(run.reportFile) as { checks: readonly { held: boolean }[] } | undefined;
  return tallyOf(
    (report?.checks ?? []).map(({ held }) => held),
    code,
  );
}

/** Each seventieth of the screens in one of four settings through one pair of eyes, and each text that an OCR is to read there counts as one. */
async function runScreens(run: LayerRun): Promise<Tally> {
  const how = ['--read', '--every', '70', '--eyes', 'plain', 'aged', 'achromatopsia', 'tritanopia'];
  const pictures = path.join(path.dirname(run.reportFile), 'screens');
  const code = await command(run, 'scripts/screens.ts', ...how, '--pictures', pictures);
  const report = readReport(run.reportFile) as { texts: number; unread: number } | undefined;
  const { texts, unread } = report ?? { texts: 1, unread: 1 };
  return tallyOf([...Array.from({ length: texts - unread }, () => true), ...failures(unread)], code);
}

/** A few cases of each kind of trouble with disk, network, certificate and clock; each kind counts as one. */
async function runFaults(run: LayerRun, ...options: readonly string[]): Promise<Tally> {
  const code = await command(run, 'scripts/faults.ts', '--bounded', ...options);
  const report = readReport(run.reportFile) as
    | { faults: readonly { cases: number; wrong: readonly string[]; skipped?: string }[] }
    | undefined;
  const faults = report?.faults ?? [];
  const tried = faults.filter(({ skipped }) => skipped === undefined);
  const tally = tallyOf(
    tried.map(({ cases, wrong }) => cases > 0 && wrong.length === 0),
    code,
  );
  return { ...tally, skipped: faults.length - tried.length };
}

async function runFaultsAlone(run: LayerRun, report: unknown): Promise<Tally> {
  const names = faultsWithWrong(report);
  return names.length === 0 ? NOTHING : runFaults(run, ...names.flatMap((name) => ['--only', name]));
}

/** Nothing of anybody is left anywhere; each way in which a session ends counts as one. */
async function runPrivacy(run: LayerRun): Promise<Tally> {
  const code = await command(run, 'scripts/privacy.ts', '--bounded');
  const report = readReport(run.reportFile) as { ends: readonly unknown[]; hits: number } | undefined;
  return tallyOf([...(report?.ends ?? []).map(() => true), ...failures(report?.hits)], code);
}

/** Each twelfth of the screens in one of the twelve settings (three languages), and a hand that trembles. */
const SCREENS_OF_A_SETTING = 12;
const TREMBLING_TAPS = 300;

/** The looks of axe count as one, the taps as another. */
async function runA11y(run: LayerRun): Promise<Tally> {
  const code = await command(
    run,
    'scripts/a11y.ts',
    '--every',
    String(SCREENS_OF_A_SETTING),
    '--taps',
    String(TREMBLING_TAPS),
  );
  const report = readReport(run.reportFile) as
    | { violations: number; incomplete: number; taps: number; wrongTaps: number }
    | undefined;
  if (report === undefined) return tallyOf([false], code);
  const { violations, incomplete, taps, wrongTaps } = report;
  return tallyOf([violations + incomplete === 0, taps >= TREMBLING_TAPS && wrongTaps === 0], code);
}

/** One journey to listen to; skipped only where there is no virtual sound card, which it says itself. */
async function runSound(run: LayerRun): Promise<Tally> {
  const code = await command(run, 'scripts/sound.ts', '--only', 'trouble');
  const report = readReport(run.reportFile) as
    | { skipped?: string; heard: readonly { wrong: readonly string[] }[] }
    | undefined;
  const tally = tallyOf(
    (report?.heard ?? []).map(({ wrong }) => wrong.length === 0),
    code,
  );
  return { ...tally, skipped: report?.skipped === undefined ? 0 : 1 };
}

function failures(count = 1): readonly false[] {
  return Array.from({ length: count }, () => false as const);
}
