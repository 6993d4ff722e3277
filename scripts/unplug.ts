/**
 * The cable is pulled at every byte of a piece of work, over pseudo-terminals and TCP: a card read, a code scanned, a slip
 * printed. Whatever came of that, nothing hangs, the device is found again, works, and has done nothing twice.
 *
 *   npm run unplug -- [--json] [--every N] [--only PART-OF-A-ROW]
 */
import { Command } from 'commander';
import { systemClock } from '../src/platform/clock.ts';
import { patienceNow } from '../tests/device-conformance/device-host.ts';
import { hostHere } from '../tests/device-conformance/host-here.ts';
import { openBench } from '../tests/device-conformance/supervised.ts';
import { ROWS, rowName, type Row } from '../tests/device-conformance/table.ts';
import {
  aloneWith,
  everyByte,
  some,
  survey,
  unplugAt,
} from '../tests/device-conformance/unplug-everywhere.ts';
import { wholeNumber } from './whole-number.ts';

interface RowReport {
  readonly row: string;
  readonly places: number;
  readonly unplugs: number;
  readonly failures: readonly { readonly place: object; readonly error: string }[];
  /** From plugging in until the driver was online again, ms. */
  readonly replugMsMedian: number;
  readonly replugMsMax: number;
  readonly seconds: number;
}

const options = new Command('unplug')
  .option('--json', 'one JSON object on standard output', false)
  .option('--every <n>', 'only every nth byte', wholeNumber(1), 1)
  .option('--only <text>', 'only rows of the table with this in their name', '')
  .parse()
  .opts<{ json: boolean; every: number; only: string }>();

/** The agent waits longer and longer; here thousands of plugs are waited for. */
const RETRY_AT_ONCE_MS = [20];
/** The printer's tray keeps its last 500 slips, and each place makes two. */
const PLACES_A_BENCH = 200;
/** Rows at a time: they mostly wait for cables. */
const ROWS_AT_ONCE = 3;

const rows: RowReport[] = [];
const waiting = ROWS.filter((one) => one.where === 'here' && rowName(one).includes(options.only));
await Promise.all(
  Array.from({ length: ROWS_AT_ONCE }, async () => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      const report = await unplugEverywhere(row);
      rows.push(report);
      if (!options.json) console.log(inWords(report));
    }
  }),
);
const unplugs = rows.reduce((sum, row) => sum + row.unplugs, 0);
const failed = rows.reduce((sum, row) => sum + row.failures.length, 0);
if (options.json) console.log(JSON.stringify({ rows, unplugs, failed }));
else console.log(`${unplugs} cables pulled, ${failed} failed`);
process.exit(failed > 0 || unplugs === 0 ? 1 : 0);

async function unplugEverywhere(row: Row): Promise<RowReport> {
  const sinceMs = systemClock.monotonicMs();
  const seen = { unplugs: 0, replugMs: [] as number[], failures: [] as { place: object; error: string }[] };
  const patience = patienceNow();
  const open = () =>
    openBench(hostHere, row.driver, row.cable, 1, patience, { retryDelaysMs: RETRY_AT_ONCE_MS });
  let bench = await open();
  const notes = { unplugged: () => (seen.unplugs += 1), replugged: (ms: number) => seen.replugMs.push(ms) };
  const settingOf = () => aloneWith(bench, patience, notes);
  const all = everyByte(await survey(settingOf()));
  const places = some(all, Math.ceil(all.length / options.every));
  const takeStock = async () => {
    await bench.inOrder().catch((error: unknown) => {
      seen.failures.push({ place: {}, error: String(error) });
    });
    await bench.stop();
  };
  for (const [done, place] of places.entries()) {
    if (done > 0 && done % PLACES_A_BENCH === 0) {
      await takeStock();
      bench = await open();
      // A row may take half an hour.
      console.error(`… ${rowName(row)}: ${done} of ${places.length}`);
    }
    try {
      await unplugAt(settingOf(), place);
    } catch (error) {
      seen.failures.push({ place, error: error instanceof Error ? error.message : String(error) });
      await bench.stop();
      bench = await open();
    }
  }
  await takeStock();
  const sorted = seen.replugMs.toSorted((a, b) => a - b);
  return {
    row: rowName(row),
    places: places.length,
    unplugs: seen.unplugs,
    failures: seen.failures,
    replugMsMedian: sorted[sorted.length >> 1] ?? 0,
    replugMsMax: sorted.at(-1) ?? 0,
    seconds: Math.round((systemClock.monotonicMs() - sinceMs) / 1000),
  };
}

function inWords({ row, places, failures, replugMsMedian, replugMsMax, seconds }: RowReport): string {
  const mark = failures.length === 0 ? '✓' : '✗';
  const wrong = failures.slice(0, 5).map(({ place, error }) => `\n    ${JSON.stringify(place)}: ${error}`);
  return `${mark} ${row}: ${places} places, back after ${replugMsMedian} ms (median), ${replugMsMax} ms (longest), ${seconds} s${wrong.join('')}`;
}
