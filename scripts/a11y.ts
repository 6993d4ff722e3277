/**
 * Looks at every screen as somebody would who sees, hears or moves badly: axe at its strictest over the whole gallery, and a hand
 * that trembles on the screens of running kiosks. The checklist tells for each of its lines what proves it.
 *
 *   npm run a11y -- [--taps N] [--pages N] [--every N] [--seed N] [--json] [--out FILE]
 */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { systemClock } from '../src/platform/clock.ts';
import { axeLooks, SETTINGS } from '../tests/a11y/axe-looks.ts';
import { CHECKLIST } from '../tests/a11y/checklist.ts';
import { tremble } from '../tests/a11y/tremor.ts';
import { LOOKS } from '../tests/fixtures/own-dialogs.ts';
import { wholeNumber } from './whole-number.ts';

const options = new Command('a11y')
  .option('--taps <n>', 'touches of the hand that trembles, on all pages together', wholeNumber(0), 5_000)
  .option('--pages <n>', 'kiosks side by side', wholeNumber(1), 4)
  .option('--every <n>', 'of the screens, each n-th in each setting, others in the next', wholeNumber(1), 1)
  .option('--seed <n>', 'of the hand', wholeNumber(0), 1)
  .option('--json', 'one JSON object on standard output', false)
  .option('--out <file>', 'writes the JSON object there as well')
  .parse()
  .opts<{ taps: number; pages: number; every: number; seed: number; json: boolean; out?: string }>();

const sinceMs = systemClock.monotonicMs();
const violations: string[] = [];
const incomplete: string[] = [];
let screens = 0;
for (const [index, setting] of SETTINGS.entries()) {
  const chosen = LOOKS.filter((_name, at) => at % options.every === index % options.every);
  console.error(
    `… axe: ${chosen.length} screens, ${setting.language}, ${setting.orientation}, ${setting.size}`,
  );
  const found = await axeLooks(setting, chosen);
  screens += chosen.length;
  violations.push(...found.violations);
  incomplete.push(...found.incomplete);
}

const hands = await Promise.all(
  Array.from({ length: options.taps === 0 ? 0 : options.pages }, (_, page) => {
    let told = 0;
    return tremble({
      taps: Math.ceil(options.taps / options.pages),
      seed: options.seed + page,
      onProgress: (taps) => {
        if (taps < told + 100) return;
        told = taps;
        console.error(`… kiosk ${page + 1}: ${taps} taps`);
      },
    });
  }),
);
const wrong = hands.flatMap((hand) => hand.wrong);
const report = {
  screens,
  states: LOOKS.length,
  violations: violations.length,
  incomplete: incomplete.length,
  taps: hands.reduce((sum, { taps }) => sum + taps, 0),
  untoldGestures: hands.reduce((sum, { untold }) => sum + untold, 0),
  wrongTaps: wrong.length,
  checklist: CHECKLIST,
  examples: [...violations, ...incomplete, ...wrong],
  seconds: Math.round((systemClock.monotonicMs() - sinceMs) / 1000),
};

const json = JSON.stringify(report);
if (options.out !== undefined) writeFileSync(options.out, json);
if (options.json) console.log(json);
else {
  for (const { line, what, proof, people } of CHECKLIST)
    console.log(
      `${String(line).padStart(2)} ${what}: ${[...proof, ...(people === undefined ? [] : [`people: ${people}`])].join('; ')}`,
    );
  for (const example of report.examples) console.log(`✗ ${example}`);
  console.log(
    `${screens} looks at ${LOOKS.length} screens: ${report.violations} violations, ${report.incomplete} undecided; ` +
      `${report.taps} taps, ${report.wrongTaps} wrong, ${report.untoldGestures} gestures lost with a page; ${report.seconds} s`,
  );
}
process.exit(report.examples.length > 0 ? 1 : 0);
