/**
 * Runs in the virtual machine, as the kiosk's user: the rows of the conformance table that need a real kernel, and the cable
 * pulled at many places of a piece of work. One line of JSON for each result.
 *
 *   LAB_PLACES   how many random places for each row, beside the ends of frames
 *   LAB_ONLY     a pattern for rows' names, URI encoded
 */
import type { DeviceBench } from '../../device-conformance/bench.ts';
import { CASES, type CaseNotes } from '../../device-conformance/cases.ts';
import { openBench } from '../../device-conformance/supervised.ts';
import { ROWS, rowName, type Row } from '../../device-conformance/table.ts';
import { boundaries, everyByte, some, survey, unplugAt } from '../../device-conformance/unplug-everywhere.ts';
import { hostLab } from './host-lab.ts';

/** An emulated processor, and its two cores shared by several rows. */
const PATIENCE = 6;
/** Rows at a time: they mostly wait, but each start of a program needs a core. */
const ROWS_AT_ONCE = 3;
const PLACES = Number(process.env['LAB_PLACES'] ?? 50);
const ONLY = new RegExp(decodeURIComponent(process.env['LAB_ONLY'] ?? ''));

process.on('unhandledRejection', (error) => {
  report({ suite: 'the process', test: 'no unhandled rejection', error: String(error) });
  process.exitCode = 1;
});

interface Result {
  readonly suite: string;
  readonly test: string;
  readonly error?: string;
  readonly ms?: number;
  readonly unplugs?: number;
  readonly replugMs?: readonly number[];
}

function report(result: Result): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (result.error !== undefined) process.exitCode = 1;
}

/** Runs one test and reports it; false when it failed. */
async function judge(
  suite: string,
  test: string,
  work: (notes: CaseNotes) => Promise<void>,
): Promise<boolean> {
  const sinceMs = performance.now();
  const seen = { unplugs: 0, replugMs: [] as number[] };
  const notes: CaseNotes = {
    unplugged: () => {
      seen.unplugs += 1;
    },
    replugged: (ms) => seen.replugMs.push(ms),
  };
  const error = await work(notes).then(
    () => undefined,
    (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
  );
  const ms = Math.round(performance.now() - sinceMs);
  report({ suite, test, ms, ...seen, ...(error === undefined ? {} : { error }) });
  return error === undefined;
}

async function runRow(row: Row): Promise<void> {
  const suite = rowName(row);
  let bench: DeviceBench | undefined;
  const open = async () => (bench ??= await openBench(hostLab, row.driver, row.cable, 1, PATIENCE));
  const settingOf = async (notes: CaseNotes) => ({
    bench: await open(),
    beside: () => openBench(hostLab, row.driver, row.cable, 2, PATIENCE),
    notes,
    patience: PATIENCE,
  });
  const closeAfterFailure = async (well: boolean) => {
    if (well) return;
    await bench?.stop().catch(() => undefined);
    bench = undefined;
  };
  for (const { name, run } of CASES)
    await closeAfterFailure(await judge(suite, name, async (notes) => run(await settingOf(notes))));
  const well = await judge(suite, 'unplug at frame boundaries and at random places', async (notes) => {
    const setting = await settingOf(notes);
    const conversation = await survey(setting);
    const places = [
      ...some(boundaries(conversation), PLACES),
      ...some(everyByte(conversation), PLACES, Math.floor(Math.random() * 1000)),
    ];
    for (const place of places) {
      await unplugAt(setting, place).catch((reason: unknown) => {
        throw new Error(`${JSON.stringify(place)}: ${String(reason)}`);
      });
    }
    await setting.bench.inOrder();
  });
  await closeAfterFailure(well);
  await bench?.stop();
}

const waiting = ROWS.filter((row) => row.where === 'lab' && ONLY.test(rowName(row)));
await Promise.all(
  Array.from({ length: ROWS_AT_ONCE }, async () => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) await runRow(row);
  }),
);
process.exit();
