/**
 * Lets sessions of invented people end in every way on a live kiosk and looks two seconds later for whatever is left of them: in
 * the agent's files and log, in a heap snapshot, in what the next person is shown and gets on paper.
 *
 *   npm run privacy -- [--bounded] [--json] [--out FILE]
 */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { privacyProof, type EndReport, type PrivacyReport } from '../tests/privacy/privacy.ts';
import { SESSION_ENDS } from '../tests/privacy/session-ends.ts';

/** Kinds of end that a bounded run takes. */
const BOUNDED_ENDS = 2;

const options = new Command('privacy')
  .option('--json', 'one JSON object on standard output', false)
  .option('--bounded', `only ${BOUNDED_ENDS} kinds of end, and no minute of waiting`, false)
  .option('--out <file>', 'writes the JSON object there as well')
  .parse()
  .opts<{ json: boolean; bounded: boolean; out?: string }>();

const report = await privacyProof({
  ends: options.bounded ? BOUNDED_ENDS : SESSION_ENDS.length,
  long: !options.bounded,
  onProgress: (what) => {
    console.error(`… ${what}`);
  },
});
const { control } = report;
const blind = control !== undefined && Object.values(control).includes(0);
const json = JSON.stringify(report);
if (options.out !== undefined) writeFileSync(options.out, json);
if (options.json) console.log(json);
else printed(report);
process.exit(report.hits === 0 && !blind ? 0 : 1);

function printed({ ends, residue, hits, seconds }: PrivacyReport): void {
  for (const end of ends) printEnd(end);
  if (control !== undefined)
    console.log(`${blind ? '✗ blind' : '✓ seen'} while signed in: ${counts(control)}`);
  for (const { end, afterMs, mebibytes, hits: left } of residue)
    console.log(`  raw memory, ${afterMs / 1000} s after: ${end} (${mebibytes} MiB): ${counts(left)}`);
  console.log(`${ends.length} kinds of end, ${hits} hits, ${seconds.toFixed(1)} s`);
}

function printEnd({ end, found, canaries, messages, slipLines }: EndReport): void {
  const looked = `${canaries} canaries, ${messages} messages, ${slipLines} lines of the next slip`;
  console.log(`${found.length === 0 ? '✓' : '✗'} ${end}: ${found.length} hits (${looked})`);
  for (const { place, kind, where } of found) console.log(`    ${place}: ${kind} in ${where}`);
}

function counts(hits: Readonly<Partial<Record<string, number>>>): string {
  return (
    Object.entries(hits)
      .map(([what, count]) => `${what} ${count}`)
      .join(', ') || 'nothing'
  );
}
