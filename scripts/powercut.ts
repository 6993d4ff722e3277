/**
 * Cuts the power at every moment of a kiosk's life: what the agent writes while it serves people of different fate is traced, and
 * every disk that a power cut could leave is opened, compared with what was acknowledged, and recovered. Some are started through
 * the agent itself. With `synchronous=NORMAL` commits must be lost, or nothing here can see.
 *
 *   npm run powercut -- [--json] [--images 5000] [--seed 1] [--out FILE]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { systemClock } from '../src/platform/clock.ts';
import { LiveKiosk, QUICK_ISSUANCE, QUICK_PEOPLE } from '../tests/live-kiosk/live-kiosk.ts';
import { person } from '../tests/live-kiosk/people.ts';
import { PaperTrail } from '../tests/live-kiosk/paper.ts';
import { cutEverywhere } from '../tests/powercut/power-cut.ts';
import { STORIES, storyOf } from '../tests/powercut/stories.ts';
import { PowerCuts } from '../tests/powercut/through-agent.ts';
import { backAgain, imageOf, Traces, traceStories } from '../tests/powercut/traced-run.ts';
import { wholeNumber } from './whole-number.ts';

const options = new Command('powercut')
  .option('--json', 'one JSON object on standard output', false)
  .option('--images <n>', 'different disks to look at', wholeNumber(1), 5_000)
  .option('--through-agent <n>', 'power cuts under a living agent', wholeNumber(0), 20)
  .option('--stories <n>', 'people who are served while the disk is watched', wholeNumber(1), STORIES.length)
  .option('--seed <n>', 'of what is lost', wholeNumber(0), 1)
  .option('--out <file>', 'writes the JSON object there as well')
  .parse()
  .opts<{
    json: boolean;
    images: number;
    throughAgent: number;
    stories: number;
    seed: number;
    out?: string;
  }>();

/** Enough to see that something is lost. */
const NORMAL_IMAGES = Math.min(1_000, Math.ceil(options.images / 5));
const NORMAL_STORIES = [storyOf('a code is issued', 'shen-dexing'), storyOf('a code is issued', 'yu-axiang')];
const NORMAL_MODE = new URL('../tests/powercut/normal-mode.ts', import.meta.url).href;

/** Everything answers here unless a story says otherwise; a machine with other work must not look like trouble. */
const PATIENCE_MS = { requestMs: 2_000, printMs: 6_000, printerAnswerMs: 1_500 };
/** One of them walks away from the confirmation. */
const PATIENCE_SECONDS = { idleSeconds: 60, confirmSeconds: 12 };

const sinceMs = systemClock.monotonicMs();
const directory = mkdtempSync(path.join(tmpdir(), 'power-cut-'));
const folder = (name: string) => mkdtempSync(path.join(directory, `${name}-`));
let kiosk: LiveKiosk | undefined;
const living = () => {
  if (kiosk === undefined) throw new Error('there is no kiosk');
  return kiosk;
};
let code = 2;
try {
  code = await run();
} catch (error) {
  console.error(error);
} finally {
  await kiosk?.stop();
  rmSync(directory, { recursive: true, force: true });
}
process.exit(code);

async function run(): Promise<number> {
  const traces = new Traces(folder('full'));
  const cuts = new PowerCuts({ kiosk: living, directory: folder('lives'), seed: options.seed });
  kiosk = await LiveKiosk.start({
    launch: traces.next(),
    issuance: { ...QUICK_ISSUANCE, ...PATIENCE_MS },
    limits: { ...QUICK_PEOPLE, ...PATIENCE_SECONDS },
    // Paper that is there at once.
    printer: { simulator: { 'speed-mm': 3_000 }, configuration: { widthDots: 576 } },
    onAgentRestart: cuts.agentDied,
  });
  const trail = new PaperTrail(kiosk);
  const stories = STORIES.slice(0, options.stories);
  const full = await traceStories(kiosk, traces, { atFirst: null, stories, trail, onProgress });
  // The living kiosk mostly waits, and so do the judges: for the disk.
  const [disks, normalDisks, cutsByAgent] = await Promise.allSettled([
    cutEverywhere(full, {
      images: options.images,
      seed: options.seed,
      scratch: folder('images'),
      onProgress: (images) => {
        onProgress(`${images} of ${options.images} disks`);
      },
    }),
    ...liveOn(living(), trail, cuts),
  ]);
  const [report, normal, agent] = [valueOf(disks), valueOf(normalDisks), valueOf(cutsByAgent)];
  const figures = {
    images: report.images,
    points: report.points,
    lostCommits: report.lost,
    corrupt: report.corrupt,
    wrongRecoveries: report.wrong + agent.wrong.length,
    normalModeImages: normal.images,
    normalModeLost: normal.lost,
    normalModeLostMost: normal.lostMost,
    throughAgent: agent.cuts,
    examples: [...report.examples, ...agent.wrong],
    seconds: (systemClock.monotonicMs() - sinceMs) / 1000,
  };
  const json = JSON.stringify(figures);
  if (options.out !== undefined) writeFileSync(options.out, json);
  if (options.json) console.log(json);
  else printed(figures);
  const sound = figures.lostCommits + figures.corrupt + figures.wrongRecoveries === 0;
  const enough = figures.images >= options.images && figures.throughAgent >= options.throughAgent;
  return sound && enough && figures.normalModeLost > 0 ? 0 : 1;
}

/** What the kiosk lives through meanwhile: first with a database that syncs less, then with power cuts. */
function liveOn(kiosk: LiveKiosk, trail: PaperTrail, cuts: PowerCuts) {
  const normal = traceNormalMode(kiosk, trail);
  const judged = normal.then((run) =>
    cutEverywhere(run, {
      images: NORMAL_IMAGES,
      seed: options.seed,
      scratch: folder('normal-images'),
      onProgress: () => undefined,
    }),
  );
  const served = NORMAL_STORIES.map(({ who }) => person(who));
  const agent = normal.then(() => cuts.run(options.throughAgent, { trail, served }, onProgress));
  return [judged, agent] as const;
}

async function traceNormalMode(kiosk: LiveKiosk, trail: PaperTrail) {
  const { agent, dataDirectory } = kiosk.stack;
  const traces = new Traces(folder('normal'), [`--import=${NORMAL_MODE}`]);
  const atFirst = imageOf(dataDirectory);
  agent.launch = traces.next();
  await agent.start();
  await backAgain(kiosk);
  return traceStories(kiosk, traces, { atFirst, stories: NORMAL_STORIES, trail, onProgress });
}

/** Only when all have ended may the directory go. */
function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

function onProgress(what: string): void {
  console.error(`… ${what}`);
}

function printed(figures: {
  images: number;
  points: number;
  lostCommits: number;
  corrupt: number;
  wrongRecoveries: number;
  normalModeImages: number;
  normalModeLost: number;
  normalModeLostMost: number;
  throughAgent: number;
  examples: readonly string[];
  seconds: number;
}): void {
  console.log(
    `${figures.images} disks of ${figures.points} moments: ${figures.lostCommits} lost a commit, ` +
      `${figures.corrupt} damaged, ${figures.wrongRecoveries} recovered wrongly; ` +
      `${figures.throughAgent} power cuts under a living agent; ${figures.seconds.toFixed(1)} s`,
  );
  console.log(
    `synchronous=NORMAL: ${figures.normalModeLost} of ${figures.normalModeImages} disks lost commits, ` +
      `${figures.normalModeLostMost} at most`,
  );
  for (const example of figures.examples) console.log(`✗ ${example}`);
}
