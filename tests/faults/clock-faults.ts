import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { agentAfter, agentInstance } from '../live-kiosk/kill.ts';
import { shanghaiDay } from '../live-kiosk/people.ts';
import { endOf, startShownScene, type ShownScene } from './distant-kiosk.ts';
import { sayOf, type Fault, type FaultReport } from './fault.ts';
import { comesBack, isHonest } from './out-of-service.ts';
import { aftermath, visit, visitor } from './visit.ts';

/** A clock as libfaketime is told it: an offset, or a date of a dead battery. */
const CLOCKS = {
  right: '+0',
  'ten minutes behind': '-600s',
  'ten minutes ahead': '+600s',
  'a year behind': '-365d',
  'a year ahead': '+365d',
  'at 1970': '@1970-01-02 00:00:00',
} as const;
type ClockName = keyof typeof CLOCKS;

/** The last day of a code of today: 180 days, today's included. */
const LAST_DAY = shanghaiDay(179);
/** libfaketime looks at its file so often. */
const CACHE_MS = 1_000;

interface Case {
  readonly clock: ClockName;
  /** With the very first start of a kiosk, that has never heard of any time; with a later one; while it runs. */
  readonly when: 'at the first boot' | 'at boot' | 'in mid-run';
  /** The certificate begins after this clock or ends before it, and nothing the kiosk knows contradicts the clock. */
  readonly outOfService?: true;
}

const CASES: readonly Case[] = [
  { clock: 'a year behind', when: 'at the first boot', outOfService: true },
  { clock: 'a year behind', when: 'at boot' },
  { clock: 'at 1970', when: 'at boot' },
  { clock: 'a year ahead', when: 'at boot', outOfService: true },
  { clock: 'ten minutes behind', when: 'in mid-run' },
  { clock: 'ten minutes ahead', when: 'in mid-run' },
  { clock: 'a year behind', when: 'in mid-run' },
  { clock: 'a year ahead', when: 'in mid-run', outOfService: true },
];
const IN_SHORT: readonly Case[] = [
  { clock: 'at 1970', when: 'at boot' },
  { clock: 'a year ahead', when: 'in mid-run', outOfService: true },
];

/** The machine's clock is wrong for the agent and all it is made of, OpenSSL included; timers go on as ever. */
export const clockFaults: Fault = {
  name: 'clock',
  run: async ({ bounded, onProgress }): Promise<FaultReport> => {
    const library = fakeTimeLibrary();
    if (library === undefined)
      return { fault: 'clock', cases: 0, wrong: [], skipped: 'libfaketime is not installed (faketime)' };
    const cases = bounded ? IN_SHORT : CASES;
    const wrong: string[] = [];
    let backMsMax = 0;
    let bench: Bench | undefined;
    for (const one of cases) {
      const name = `${one.clock} ${one.when}`;
      onProgress(`clock ${name}`);
      const found: string[] = [];
      try {
        if (bench === undefined || one.when === 'at the first boot') {
          found.push(...(await endOfBench(bench)));
          bench = await openBench(library, one);
        }
        const seen = await runCase(bench, one);
        found.push(...seen.wrong);
        backMsMax = Math.max(backMsMax, seen.backMs);
      } catch (error) {
        found.push(sayOf(error), ...(await endOfBench(bench)));
        bench = undefined;
      }
      wrong.push(...found.map((what) => `${name}: ${what}`));
    }
    wrong.push(...(await endOfBench(bench)));
    return { fault: 'clock', cases: cases.length, wrong, backMsMax };
  },
};

/** A kiosk whose clock is what a file says. */
interface Bench {
  readonly scene: ShownScene;
  readonly directory: string;
  readonly file: string;
}

async function openBench(library: string, first: Case): Promise<Bench> {
  const directory = mkdtempSync(path.join(tmpdir(), 'clock-'));
  const file = path.join(directory, 'clock');
  const wrongFromTheFirst = first.when === 'at the first boot';
  writeFileSync(file, CLOCKS[wrongFromTheFirst ? first.clock : 'right']);
  const environment = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: String(CACHE_MS / 1000),
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  };
  try {
    const scene = await startShownScene({ launch: { environment }, unready: wrongFromTheFirst });
    return { scene, directory, file };
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

async function endOfBench(bench: Bench | undefined): Promise<readonly string[]> {
  const wrong = await endOf(bench?.scene);
  if (bench !== undefined) rmSync(bench.directory, { recursive: true, force: true });
  return wrong;
}

async function runCase(
  { scene, file }: Bench,
  { clock, when, outOfService }: Case,
): Promise<{ readonly wrong: readonly string[]; readonly backMs: number }> {
  const set = async (name: ClockName) => {
    writeFileSync(file, CLOCKS[name]);
    await sleep(systemClock, 2 * CACHE_MS);
  };
  const wrong: string[] = [];
  if (when === 'in mid-run') await set(clock);
  if (when === 'at boot') {
    writeFileSync(file, CLOCKS[clock]);
    await startAgain(scene);
  }
  // Connections that are open were judged before: new ones are.
  if (when === 'in mid-run') scene.proxy.show(scene.good);
  if (outOfService === true) wrong.push(...(await isHonest(scene, 'untrusted')));
  else {
    await scene.kiosk.ready();
    wrong.push(...(await served(scene)));
  }
  if (when === 'at boot' && clock !== 'a year ahead' && !saysBehind(scene))
    wrong.push('technicians are not told');
  await set('right');
  const back = await comesBack(scene, systemClock.monotonicMs());
  wrong.push(...back.wrong, ...(await served(scene)));
  return { wrong, backMs: back.backMs };
}

/** Somebody comes, and everything is as on any other day, the date included. */
async function served(scene: ShownScene): Promise<readonly string[]> {
  const came = await visitor(scene, scene.people.next());
  const told = await visit(scene, came);
  const wrong = [...(await aftermath(scene, came, told, systemClock.monotonicMs()))];
  const { screen } = told;
  if (screen.name !== 'take-slip') wrong.push(`nobody is served: ${JSON.stringify(screen)}`);
  else if (screen.validUntil !== LAST_DAY)
    wrong.push(`the screen says ${screen.validUntil}, not ${LAST_DAY}`);
  return wrong;
}

async function startAgain({ kiosk }: ShownScene): Promise<void> {
  const instance = await agentInstance(kiosk);
  kiosk.stack.agent.kill();
  await agentAfter(kiosk, instance);
  await kiosk.lookAnew();
}

function saysBehind({ kiosk }: ShownScene): boolean {
  return readFileSync(kiosk.stack.agentLog, 'utf8').includes('"event":"clock.behind"');
}

/** Debian's, wherever its architecture puts it. */
function fakeTimeLibrary(): string | undefined {
  const root = '/usr/lib';
  return readdirSync(root)
    .map((directory) => path.join(root, directory, 'faketime/libfaketimeMT.so.1'))
    .find((file) => existsSync(file));
}
