/**
 * Runs in the virtual machine, as the kiosk's user: the rows of the conformance table that need a real kernel, and the cable
 * pulled at many places of a piece of work. One line of JSON for each result.
 *
 *   LAB_PLACES   how many random places for each row, beside the ends of frames (all of them, or as many when it is few)
 */
import type { DeviceBench } from '../../device-conformance/bench.ts';
import { CASES, type CaseNotes } from '../../device-conformance/cases.ts';
import { openBench } from '../../device-conformance/supervised.ts';
import { ROWS, rowName, type Row, UNPLUG_EVERYWHERE } from '../../device-conformance/table.ts';
import { boundaries, everyByte, some, survey, unplugAt } from '../../device-conformance/unplug-everywhere.ts';
import { hostLab } from './host-lab.ts';
import { isWanted, judge, report } from './results.ts';

/** An emulated processor, and its two cores shared by several rows. */
const PATIENCE = 10;
/** Rows at a time: they mostly wait, but each start of a program needs a core. */
const ROWS_AT_ONCE = 3;
const PLACES = Number(process.env['LAB_PLACES'] ?? 50);
/** A run that is to be quick takes as few ends of frames as random places; any other takes all of them. */
const FRAME_ENDS = PLACES < 20 ? PLACES : Number.POSITIVE_INFINITY;

process.on('unhandledRejection', (error) => {
  report({ suite: 'the process', test: 'no unhandled rejection', error: String(error) });
});

/** As `judge`, with what the cable went through. */
async function judgeCable(
  suite: string,
  test: string,
  work: (notes: CaseNotes) => Promise<void>,
): Promise<boolean> {
  const seen = { unplugs: 0, replugMs: [] as number[] };
  const notes: CaseNotes = {
    unplugged: () => {
      seen.unplugs += 1;
    },
    replugged: (ms) => seen.replugMs.push(ms),
  };
  return judge(suite, test, () => work(notes), seen);
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
    await closeAfterFailure(await judgeCable(suite, name, async (notes) => run(await settingOf(notes))));
  const well = await judgeCable(suite, UNPLUG_EVERYWHERE, async (notes) => {
    const setting = await settingOf(notes);
    const conversation = await survey(setting);
    const places = [
      ...some(boundaries(conversation), FRAME_ENDS),
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

const waiting = ROWS.filter((row) => row.where === 'lab' && isWanted(rowName(row)));
await Promise.all(
  Array.from({ length: ROWS_AT_ONCE }, async () => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) await runRow(row);
  }),
);
process.exit();
