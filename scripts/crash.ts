/**
 * Kills the agent: at every named point of its journal with everything that network and printer can do meanwhile, and at random.
 * Real agent, real sandbox, real printer simulator; what came of each kill is judged by the centre's codes and the picture of the
 * paper.
 *
 *   npm run crash -- [--json] [--cases 672] [--kills 2000] [--seed 1] [--lanes 2] [--out FILE]
 */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { CRASH_CASES } from '../tests/crash/cases.ts';
import { runCrashes } from '../tests/crash/crash-run.ts';
import { wholeNumber } from './whole-number.ts';

/** From a death to a kiosk that can serve the next person. */
const BACK_WITHIN_MS = 10_000;
/** In a run with all its random kills, each state of the journal is to be killed so often. */
const KILLS_IN_ALL = 2_000;
const KILLS_PER_STATE = 20;
/** And with all its cases, so many are to come to their point. */
const CASES_KILLED = 576;

const options = new Command('crash')
  .option('--json', 'one JSON object on standard output', false)
  .option('--cases <n>', 'cases, spread over points and outcomes', wholeNumber(0), CRASH_CASES.length)
  .option('--kills <n>', 'random kills', wholeNumber(0), KILLS_IN_ALL)
  .option('--seed <n>', 'of the random kills', wholeNumber(0), 1)
  .option('--lanes <n>', 'kiosks beside each other', wholeNumber(1), 2)
  .option('--out <file>', 'writes the JSON object there as well')
  .parse()
  .opts<{ json: boolean; cases: number; kills: number; seed: number; lanes: number; out?: string }>();

const report = await runCrashes({
  ...options,
  onProgress: (what) => {
    console.error(`… ${what}`);
  },
});
const json = JSON.stringify(report);
if (options.out !== undefined) writeFileSync(options.out, json);
if (options.json) console.log(json);
else printed();
process.exit(isProof() ? 0 : 1);

/** Nothing broken, everything back in time, and enough of it. */
function isProof(): boolean {
  const { violations, recoveryMsMax, cases, notReached, randomKills, killsByState } = report;
  const enoughCases =
    options.cases < CRASH_CASES.length ? cases + notReached >= options.cases : cases >= CASES_KILLED;
  const everyState = Object.values(killsByState).every((kills) => kills >= KILLS_PER_STATE);
  const enoughKills = randomKills >= options.kills && (options.kills < KILLS_IN_ALL || everyState);
  return violations === 0 && recoveryMsMax <= BACK_WITHIN_MS && enoughCases && enoughKills;
}

function printed(): void {
  const { cases, notReached, randomKills, killsByState, recoveryMsMax, recoveryMsMedian, seconds } = report;
  console.log(
    `killed at its point in ${cases} cases (${notReached} never came there), at random ${randomKills} times; ` +
      `${report.violations} violations; back after ${recoveryMsMedian} ms, ${recoveryMsMax} ms at most; ${seconds.toFixed(0)} s`,
  );
  console.log(
    Object.entries(killsByState)
      .map(([state, kills]) => `${state} ${kills}`)
      .join(' · '),
  );
  for (const example of report.examples) console.log(`✗ ${example}`);
}
