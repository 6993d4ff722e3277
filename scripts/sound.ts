/**
 * Listens to the kiosk: its Chromium plays into a virtual sound card, and what comes out must be the recordings of the screens that
 * were up, and silence under a finger. Without PulseAudio it says so and passes nothing.
 *
 *   npm run sound -- [--only JOURNEY] [--json] [--out FILE]
 */
import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { hearJourney, JOURNEY_NAMES, LEAST_CORRELATION, type SoundJourney } from '../tests/sound/journeys.ts';
import { noSoundCard } from '../tests/sound/sound-card.ts';

const options = new Command('sound')
  .addOption(new Option('--only <journey>', 'one of them').choices(JOURNEY_NAMES))
  .option('--json', 'one JSON object on standard output', false)
  .option('--out <file>', 'writes the JSON object there as well')
  .parse()
  .opts<{ only?: string; json: boolean; out?: string }>();

const skipped = noSoundCard();
const journeys: SoundJourney[] = [];
if (skipped === undefined) {
  for (const name of JOURNEY_NAMES.filter((name) => options.only === undefined || name === options.only)) {
    console.error(`… ${name}`);
    journeys.push(await hearJourney(name));
  }
}
const prompts = journeys.flatMap((journey) => journey.prompts);
const wrong = journeys.flatMap((journey) => journey.wrong.map((what) => `${journey.name}: ${what}`));
const report = {
  journeys: journeys.length,
  prompts: prompts.length,
  leastCorrelation: Math.min(...prompts.map(({ correlation }) => correlation)),
  required: LEAST_CORRELATION,
  mostOfOthers: Math.max(...prompts.map(({ otherCorrelation }) => otherCorrelation)),
  stoppedAfterMs: journeys.flatMap(({ hushed }) => hushed.map(({ stoppedAfterMs }) => stoppedAfterMs)),
  tornTurns: journeys.reduce((sum, { tornTurns }) => sum + tornTurns, 0),
  ...(skipped === undefined ? {} : { skipped }),
  wrong,
  heard: journeys,
};
const text = JSON.stringify(report);
if (options.out !== undefined) writeFileSync(options.out, text);
if (options.json) process.stdout.write(`${text}\n`);
else {
  for (const { name, prompts: heard, hushed, seconds } of journeys) {
    process.stdout.write(`${name} (${seconds} s)\n`);
    for (const { screen, slot, speed, correlation, afterMs, gain } of heard)
      process.stdout.write(
        `  ${screen.padEnd(20)} ${slot.padEnd(30)} ${speed.padEnd(7)} r ${correlation.toFixed(4)}  after ${afterMs} ms  gain ${gain.toFixed(2)}\n`,
      );
    for (const { slot, stoppedAfterMs, unsaidMs } of hushed)
      process.stdout.write(
        `  a finger into ${slot}: silent after ${stoppedAfterMs} ms, ${unsaidMs} ms unsaid\n`,
      );
  }
  if (skipped !== undefined) process.stdout.write(`skipped: ${skipped}\n`);
  for (const line of wrong) process.stdout.write(`✗ ${line}\n`);
}
process.exit(wrong.length === 0 ? 0 : 1);
