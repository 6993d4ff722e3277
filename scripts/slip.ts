/**
 * Prints a slip on paper of each width, reads it as staff would, and reads it again after fading, creases, dead dots and blots, by
 * two decoders that have nothing in common, through a camera that nobody holds still.
 *
 *   npm run slip -- [--json] [--n 210] [--seed 1] [--paper "80 mm"] [--bounded] [--pictures FOLDER] [--out FILE]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { PNG } from 'pngjs';
import { systemClock } from '../src/platform/clock.ts';
import { PAPERS, printSlips, SAMPLE_SLIP } from '../tests/fixtures/printed-slips.ts';
import { distanceWithin, readText, wholeOf, type SlipPicture } from '../tests/fixtures/slip-picture.ts';
import { LOOKS, pictureOf } from '../tests/slip-wear/read-photographs.ts';
import { CAMERA, WEAR_LEVELS } from '../tests/slip-wear/wear-levels.ts';
import { doAll, sendable } from '../tests/slip-wear/wear-pool.ts';
import type { LevelReport } from '../tests/slip-wear/wear-run.ts';
import { wholeNumber } from './whole-number.ts';

/** For `npm test`. */
const BOUNDED_N = 20;

const options = new Command('slip')
  .option('--json', 'one JSON object on standard output', false)
  .option('--n <n>', 'worn slips for each level and width', wholeNumber(1), 210)
  .option('--seed <n>', 'of wear and camera', wholeNumber(0), 1)
  .addOption(new Option('--paper <width>', 'only this paper').choices(PAPERS.map(({ name }) => name)))
  .option('--bounded', `${BOUNDED_N} worn slips of the narrow paper for each level that must be read`, false)
  .option('--pictures <folder>', 'keeps the first photographs there')
  .option('--out <file>', 'writes the JSON object there as well')
  .parse()
  .opts<{
    json: boolean;
    n: number;
    seed: number;
    paper?: string;
    bounded: boolean;
    pictures?: string;
    out?: string;
  }>();

/** Part of the slips of which something must be readable. */
const LEAST_READ = { L0: 1, L1: 0.99, L2: 0.9, L3: 0 } as const;

/** What came of one paper. */
interface PaperReport {
  readonly paper: string;
  /** What a reader of text finds on the fresh slip. */
  readonly unworn: { readonly validUntil: boolean; readonly shortCode: boolean };
  readonly levels: readonly LevelReport[];
}

const sinceMs = systemClock.monotonicMs();
const slips: { readonly paper: (typeof PAPERS)[number]; readonly picture: SlipPicture }[] = [];
for (const paper of PAPERS.filter(({ name }) => options.paper === undefined || name === options.paper)) {
  const [slip] = await printSlips(paper, false, [SAMPLE_SLIP]);
  if (slip === undefined) throw new Error('no slip came out');
  slips.push({ paper, picture: slip.picture });
}
// The symbol has the same dots on both, and wears as fast.
const worn = options.bounded ? slips.slice(-1) : slips;
const levels = WEAR_LEVELS.filter(({ name }) => !options.bounded || LEAST_READ[name] > 0);
const tasks = worn.flatMap(({ paper, picture }) =>
  levels.map((level) => ({
    ...sendable(picture),
    paper,
    level,
    token: SAMPLE_SLIP.token,
    n: options.bounded ? BOUNDED_N : options.n,
    seed: options.seed,
    photographs: options.pictures !== undefined,
  })),
);
const results = await doAll(tasks, ({ paper, level }, { report: { readEither }, photographs }) => {
  console.error(`… ${paper.name} ${level.name}: ${percent(readEither)}`);
  for (const { name, photograph } of photographs)
    keep(`${paper.widthDots}-${name}.png`, PNG.sync.write(pictureOf(photograph)));
});
const papers = slips.map(({ paper, picture }): PaperReport => ({
  paper: paper.name,
  unworn: unwornText(picture),
  levels: results.flatMap((result, index) => (tasks[index]?.paper === paper ? [result.report] : [])),
}));
/** What is asked of a slip, and whether it held. */
const checks = papers.flatMap(({ paper, unworn, levels }) => [
  { what: `${paper}: the date is read on the fresh slip`, held: unworn.validUntil },
  { what: `${paper}: the short code is read on the fresh slip`, held: unworn.shortCode },
  ...levels
    .filter(({ level }) => LEAST_READ[level] > 0)
    .map(({ level, readEither }) => ({
      what: `${paper}: at ${level} ${percent(LEAST_READ[level])} of the slips are read`,
      held: readEither >= LEAST_READ[level],
    })),
]);
const report = {
  checks,
  papers,
  seed: options.seed,
  wear: WEAR_LEVELS,
  camera: CAMERA,
  looks: LOOKS,
  seconds: (systemClock.monotonicMs() - sinceMs) / 1000,
};

const json = JSON.stringify(report);
if (options.out !== undefined) writeFileSync(options.out, json);
if (options.json) console.log(json);
else printed();
process.exitCode = checks.every(({ held }) => held) ? 0 : 1;

/** Tesseract reads the whole slip at the size it has; both must be there letter by letter. */
function unwornText(picture: SlipPicture): PaperReport['unworn'] {
  const text = readText(picture, wholeOf(picture), { language: 'chi_sim', layout: 6 });
  return {
    validUntil: distanceWithin(text, '2027年5月20日') === 0,
    shortCode: distanceWithin(text, SAMPLE_SLIP.shortCode) === 0,
  };
}

function keep(name: string, content: Buffer): void {
  if (options.pictures === undefined) return;
  mkdirSync(options.pictures, { recursive: true });
  writeFileSync(path.join(options.pictures, name), content);
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

function printed(): void {
  for (const { paper, unworn, levels } of papers) {
    console.log(
      `${paper}: date ${unworn.validUntil ? '✓' : '✗'}, short code ${unworn.shortCode ? '✓' : '✗'}`,
    );
    for (const { level, n, readEither, readEitherByPixelsPerMm, readEitherAtOnce, decoders } of levels) {
      const distances = Object.entries(readEitherByPixelsPerMm)
        .map(([pixels, part]) => `${pixels} ${percent(part)}`)
        .join(', ');
      console.log(
        `  ${level}: ${percent(readEither)} of ${n} (${distances}), not enlarged ${percent(readEitherAtOnce)}; single copies: zbar ${percent(decoders.zbar)}, zxing ${percent(decoders.zxing)}`,
      );
    }
  }
}
