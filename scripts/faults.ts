/**
 * Does to a real kiosk what disks, networks, certificates and clocks do to kiosks, and looks from outside at what came of it.
 *
 *   npm run faults -- [--json] [--bounded] [--only PART-OF-A-NAME] [--out FILE]
 */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { systemClock } from '../src/platform/clock.ts';
import { certificateFaults, certificatesInShort } from '../tests/faults/certificate-faults.ts';
import { clockFaults } from '../tests/faults/clock-faults.ts';
import { diskAgentFaults, diskAgentInShort } from '../tests/faults/disk-agent.ts';
import { diskCallFaults } from '../tests/faults/disk-calls.ts';
import { diskDamageFaults } from '../tests/faults/disk-damage.ts';
import { doubledFaults } from '../tests/faults/doubled-faults.ts';
import type { Fault, FaultReport } from '../tests/faults/fault.ts';
import { interfaceFaults } from '../tests/faults/interface-faults.ts';
import { networkFaults, networkInShort } from '../tests/faults/network-faults.ts';

const options = new Command('faults')
  .option('--json', 'one JSON object on standard output', false)
  .option('--bounded', 'a few cases of each kind', false)
  .option('--only <text...>', 'only faults with one of these in their name', [''])
  .option('--out <file>', 'writes the JSON object there as well')
  .parse()
  .opts<{ json: boolean; bounded: boolean; only: readonly string[]; out?: string }>();

/** Two lanes: a kiosk that waits for its network, and disks. */
const LANES: readonly (readonly Fault[])[] = [
  [
    ...(options.bounded ? [networkInShort, certificatesInShort] : [...networkFaults, ...certificateFaults]),
    ...doubledFaults,
    interfaceFaults,
    clockFaults,
  ],
  [...diskCallFaults, ...diskDamageFaults, ...(options.bounded ? diskAgentInShort : diskAgentFaults)],
];

const sinceMs = systemClock.monotonicMs();
const lanes = await Promise.all(LANES.map(runLane));
const faults = lanes.flat();
const report = {
  cases: faults.reduce((sum, { cases }) => sum + cases, 0),
  wrong: faults.reduce((sum, { wrong }) => sum + wrong.length, 0),
  faults,
  seconds: (systemClock.monotonicMs() - sinceMs) / 1000,
};

const json = JSON.stringify(report);
if (options.out !== undefined) writeFileSync(options.out, json);
if (options.json) console.log(json);
else printed();
process.exit(report.wrong > 0 || report.cases === 0 ? 1 : 0);

async function runLane(
  lane: readonly Fault[],
): Promise<readonly (FaultReport & { readonly seconds: number })[]> {
  const reports: (FaultReport & { readonly seconds: number })[] = [];
  for (const fault of lane.filter(({ name }) => options.only.some((text) => name.includes(text)))) {
    const beginMs = systemClock.monotonicMs();
    const came = await fault.run({
      bounded: options.bounded,
      onProgress: (what) => console.error(`… ${what}`),
    });
    reports.push({ ...came, seconds: (systemClock.monotonicMs() - beginMs) / 1000 });
  }
  return reports;
}

function printed(): void {
  for (const { fault, cases, wrong, skipped, seconds, backMsMax } of faults) {
    const mark = wrong.length > 0 ? '✗' : skipped === undefined ? '✓' : '–';
    const back = backMsMax === undefined ? '' : `, back after ${backMsMax} ms at most`;
    const what =
      skipped === undefined ? `${cases} cases, ${seconds.toFixed(0)} s${back}` : `not run: ${skipped}`;
    console.log(`${mark} ${fault}: ${what}`);
    for (const one of wrong) console.log(`    ${one}`);
  }
  console.log(`${report.cases} cases, ${report.wrong} wrong, ${report.seconds.toFixed(0)} s`);
}
