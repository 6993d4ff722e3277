import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import type { Stack } from '../../sandbox/launcher/stack.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { codesOf, lookAround } from '../live-kiosk/invariants.ts';
import { killAgent } from '../live-kiosk/kill.ts';
import { LiveKiosk, QUICK_ISSUANCE, QUICK_PEOPLE } from '../live-kiosk/live-kiosk.ts';
import { PaperTrail } from '../live-kiosk/paper.ts';
import { backFor, brokenInReality, closed, serveUntil } from '../powercut/around-a-death.ts';
import { People, type Scene } from './distant-kiosk.ts';
import { sayOf, type Fault, type FaultOptions, type FaultReport } from './fault.ts';
import { BACK_WITHIN_MS, untilHeld } from './visit.ts';

/** The disk alone misbehaves: a machine with other work must not look like a broken printer. */
const PATIENCE_MS = { printMs: 8_000, printerAnswerMs: 2_000 };
const PATIENCE_SECONDS = { idleSeconds: 60, confirmSeconds: 60 };
/** What ends an agent that must be started again. */
const MUST_RESTART = '70';
/** So long the disk stays bad: several starts of the agent. */
const BAD_FOR_MS = 4_000;
/** And longer on a busy machine, until the agent has met it. */
const COMES_OF_IT_WITHIN_MS = 16_000;
const SMALL_DISK = 'size=2m,mode=0700';
/** An agent that did not notice in so many errands never will. */
const MOST_ERRANDS = 3;

/** A living agent whose disk misbehaves. */
interface DiskScene extends Scene {
  /** How its agents have ended since this was last asked. */
  deaths(): readonly string[];
  /** Called once when the next agent has died, before another is started. */
  onDeath(then: () => void): void;
}

async function startDiskScene(prepare: (stack: Stack) => Promise<Stack>): Promise<DiskScene> {
  const codes: string[] = [];
  let next: (() => void) | undefined;
  const kiosk = await LiveKiosk.start({
    issuance: { ...QUICK_ISSUANCE, ...PATIENCE_MS },
    limits: { ...QUICK_PEOPLE, ...PATIENCE_SECONDS },
    prepare,
    onAgentRestart: (code) => {
      codes.push(code);
      const then = next;
      next = undefined;
      then?.();
    },
  });
  return {
    kiosk,
    trail: new PaperTrail(kiosk),
    people: new People(),
    deaths: () => codes.splice(0),
    onDeath: (then) => {
      next = then;
    },
  };
}

/** One call of a living agent that fails: on which file, which, how, and the how-manieth. */
interface BadMoment {
  readonly file: 'kiosk.db' | 'kiosk.db-wal';
  readonly call: 'pwrite64' | 'fsync';
  readonly error: 'EIO' | 'ENOSPC';
  readonly when: number;
}

/** In the middle of an errand or, on the database itself, when the log is copied into it at the errand's end. */
const BAD_MOMENTS: readonly BadMoment[] = [
  { file: 'kiosk.db-wal', call: 'fsync', error: 'EIO', when: 16 },
  { file: 'kiosk.db-wal', call: 'pwrite64', error: 'ENOSPC', when: 70 },
  { file: 'kiosk.db-wal', call: 'pwrite64', error: 'EIO', when: 24 },
  { file: 'kiosk.db-wal', call: 'fsync', error: 'EIO', when: 24 },
  { file: 'kiosk.db', call: 'pwrite64', error: 'EIO', when: 6 },
  { file: 'kiosk.db', call: 'fsync', error: 'EIO', when: 3 },
];

/** The same faults as in process, under the agent itself: it ends with the code for a restart, comes back and serves. */
const agentCalls: Fault = {
  name: 'disk: under the agent, a call fails',
  run: async ({ onProgress }) => {
    const wrong: string[] = [];
    const scene = await startDiskScene((stack) => Promise.resolve(stack));
    try {
      for (const moment of BAD_MOMENTS) {
        const name = `${moment.call} ${moment.when} of ${moment.file}, ${moment.error}`;
        onProgress(name);
        wrong.push(...(await failsOnce(scene, moment)).map((what) => `${name}: ${what}`));
      }
    } finally {
      wrong.push(...(await endOf(scene)));
    }
    return { fault: 'disk: under the agent, a call fails', cases: BAD_MOMENTS.length, wrong };
  },
};

async function failsOnce(scene: DiskScene, moment: BadMoment): Promise<readonly string[]> {
  const { kiosk, people } = scene;
  const { agent, dataDirectory } = kiosk.stack;
  await agent.stop();
  scene.deaths();
  agent.launch = { prefix: failing(path.join(dataDirectory, moment.file), moment) };
  const life = { over: false };
  scene.onDeath(() => {
    life.over = true;
    agent.launch = {};
  });
  await agent.start();
  await backFor(kiosk);
  let came: Citizen | undefined;
  let hadCode = false;
  for (let errands = 0; errands < MOST_ERRANDS && !life.over; errands += 1) {
    came = people.next();
    hadCode = await holdsCode(kiosk, came);
    await serveUntil(kiosk, came, hadCode ? 'reissue' : 'apply', () => life.over);
  }
  const wrong = life.over ? [] : ['nothing came of it'];
  await backFor(kiosk);
  agent.launch = {};
  wrong.push(...(await asIfNothingHadBeen(scene, hadCode ? came : undefined)));
  const deaths = scene.deaths();
  if (deaths.some((code) => code !== MUST_RESTART)) wrong.push(`it ended with ${deaths.join(', ')}`);
  return wrong;
}

function failing(file: string, { call, error, when }: BadMoment): readonly string[] {
  const inject = `inject=${call}:error=${error}:when=${when}`;
  return [
    'strace',
    '-D',
    '-f',
    '--seccomp-bpf',
    '-qq',
    '-P',
    file,
    '-e',
    `trace=${call}`,
    '-e',
    inject,
    '-o',
    '/dev/null',
  ];
}

/** A small disk of its own under the kiosk's data, and what is done to it. */
interface BadDisk {
  readonly name: string;
  /** Makes it bad; a living agent has it open, or none when `whileDown`. */
  readonly spoil: (directory: string) => void;
  readonly mend: (directory: string) => void;
  readonly whileDown: boolean;
}

const BALLAST = 'ballast';
const PIECE = Buffer.alloc(4_096, 0x5a);

const BAD_DISKS: readonly BadDisk[] = [
  {
    name: 'disk: full',
    whileDown: false,
    spoil: (directory) => {
      // Until the last page is taken.
      for (let piece = 0; ; piece += 1) {
        try {
          writeFileSync(path.join(directory, BALLAST), PIECE, { flag: 'a' });
        } catch {
          return;
        }
      }
    },
    mend: (directory) => {
      rmSync(path.join(directory, BALLAST));
    },
  },
  {
    name: 'disk: read-only',
    whileDown: true,
    spoil: (directory) => {
      mount('-o', 'remount,ro', directory);
    },
    mend: (directory) => {
      mount('-o', 'remount,rw', directory);
    },
  },
];

function mount(...args: readonly string[]): void {
  execFileSync('mount', args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
}

const diskFault = (disk: BadDisk): Fault => ({
  name: disk.name,
  run: (options) => badDisk(disk, options),
});

/** Kinds of trouble with the disk of a living agent. */
export const diskAgentFaults: readonly Fault[] = [agentCalls, ...BAD_DISKS.map(diskFault)];

/** The one of them that happens to every kiosk some day. */
export const diskAgentInShort: readonly Fault[] = BAD_DISKS.slice(0, 1).map(diskFault);

async function badDisk(disk: BadDisk, { onProgress }: FaultOptions): Promise<FaultReport> {
  const refused = mountRefused();
  if (refused !== null) return { fault: disk.name, cases: 0, wrong: [], skipped: refused };
  onProgress(disk.name);
  const wrong: string[] = [];
  let scene: DiskScene | undefined;
  let backMs: number | undefined;
  try {
    scene = await startDiskScene(onADiskOfItsOwn);
    backMs = await goesBadAndWell(scene, disk, wrong);
  } catch (error) {
    wrong.push(sayOf(error));
  } finally {
    wrong.push(...(await endOf(scene)));
  }
  return { fault: disk.name, cases: 1, wrong, ...(backMs === undefined ? {} : { backMsMax: backMs }) };
}

/** Why nothing can be mounted here; null when it can. */
function mountRefused(): string | null {
  const directory = mkdtempSync(path.join(tmpdir(), 'mount-'));
  try {
    mount('-t', 'tmpfs', '-o', SMALL_DISK, 'tmpfs', directory);
    execFileSync('umount', [directory]);
    return null;
  } catch (error) {
    return `nothing can be mounted: ${sayOf(error).split('\n')[1] ?? 'no reason was told'}`;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The data directory is a disk of 2 MB; what it holds in the end stays behind where it was mounted, to be searched. */
function onADiskOfItsOwn(stack: Stack): Promise<Stack> {
  const { dataDirectory } = stack;
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  mount('-t', 'tmpfs', '-o', SMALL_DISK, 'tmpfs', dataDirectory);
  const stop = async () => {
    await stack.stop();
    const kept = path.join(stack.directory, 'kept');
    cpSync(dataDirectory, kept, { recursive: true });
    execFileSync('umount', [dataDirectory]);
    cpSync(kept, dataDirectory, { recursive: true });
    rmSync(kept, { recursive: true });
  };
  return Promise.resolve({ ...stack, stop });
}

/** An operation is under way when the disk goes bad; returns how long it took to come back, ms. */
async function goesBadAndWell(scene: DiskScene, disk: BadDisk, wrong: string[]): Promise<number> {
  const { kiosk, people } = scene;
  const { dataDirectory } = kiosk.stack;
  const came = people.next();
  const hadCode = await holdsCode(kiosk, came);
  const held = { operation: 'activate', when: 'after' } as const;
  await kiosk.central.post('/hold', held);
  await kiosk.signIn(came, hadCode ? 'reissue' : 'apply');
  await kiosk.confirm();
  await untilHeld(scene, held);
  if (disk.whileDown) {
    scene.onDeath(() => {
      disk.spoil(dataDirectory);
    });
    killAgent(kiosk, []);
  } else {
    disk.spoil(dataDirectory);
  }
  await kiosk.central.post('/release', {});
  await sleep(systemClock, BAD_FOR_MS);
  const codes = [...scene.deaths()];
  const ofOurs = disk.whileDown ? 1 : 0;
  const deadline = systemClock.monotonicMs() + COMES_OF_IT_WITHIN_MS;
  while (codes.length <= ofOurs && systemClock.monotonicMs() < deadline) {
    await sleep(systemClock, 20);
    codes.push(...scene.deaths());
  }
  const deaths = codes.slice(ofOurs);
  if (deaths.length === 0) wrong.push('nothing came of it');
  if (deaths.some((code) => code !== MUST_RESTART)) wrong.push(`it ended with ${deaths.join(', ')}`);
  wrong.push(...(await nobodyIsServed(kiosk)));
  disk.mend(dataDirectory);
  const mendedAtMs = systemClock.monotonicMs();
  await backFor(kiosk);
  const backMs = Math.round(systemClock.monotonicMs() - mendedAtMs);
  if (backMs > BACK_WITHIN_MS) wrong.push(`back only after ${backMs} ms`);
  wrong.push(...(await asIfNothingHadBeen(scene, hadCode ? came : undefined)));
  return backMs;
}

/** While nothing can be written down nothing is offered: the agent is not there, and the shell says so by itself. */
async function nobodyIsServed(kiosk: LiveKiosk): Promise<readonly string[]> {
  try {
    await fetch(`${kiosk.stack.kioskUrl}/health`);
  } catch {
    return [];
  }
  // Between two of its ends.
  await kiosk.lookAnew().catch(() => undefined);
  const view = await kiosk.shell().then(
    (shell) => shell.view(),
    () => undefined,
  );
  return view?.readiness.issue === true ? ['it offers what it cannot do'] : [];
}

/** Everything is closed and holds, and the next person gets a slip. `came` is who came with a code and must have one. */
async function asIfNothingHadBeen(scene: DiskScene, came: Citizen | undefined): Promise<readonly string[]> {
  const { kiosk, trail, people } = scene;
  await closed(kiosk);
  const broken = brokenInReality(await lookAround(kiosk, trail, people.all), came?.id);
  const next = people.next();
  const screen = await kiosk.issue(next, (await holdsCode(kiosk, next)) ? 'reissue' : 'apply');
  await kiosk.atHome();
  await closed(kiosk);
  const after = brokenInReality(await lookAround(kiosk, trail, people.all), undefined);
  return [
    ...broken,
    ...(screen.name === 'take-slip'
      ? []
      : [`the next person was shown ${screen.name === 'error' ? screen.code : screen.name}`]),
    ...after.filter((what) => !broken.includes(what)),
  ];
}

async function holdsCode(kiosk: LiveKiosk, citizen: Citizen): Promise<boolean> {
  return (await codesOf(kiosk, citizen)).some(({ state }) => state === 'active');
}

async function endOf(scene: DiskScene | undefined): Promise<readonly string[]> {
  try {
    await scene?.kiosk.stop();
    return [];
  } catch (error) {
    return [sayOf(error)];
  }
}
