import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Image } from '../powercut/disk-model.ts';
import { layImage } from '../powercut/judge.ts';
import type { ChildReport, ChildTask } from './disk-child.ts';
import { live } from './disk-life.ts';
import { BEFORE_ANYBODY, FIRST, momentsOfLife, NEXT } from './disk-moments.ts';
import { DiskWorld, type WorldState } from './disk-world.ts';
import type { Fault, FaultOptions, FaultReport } from './fault.ts';

/** One kind of system call on the files of the kiosk that does not do what it should. */
interface BadCall {
  readonly name: string;
  readonly call: 'pwrite64' | 'fsync' | 'openat' | 'ftruncate' | 'pread64';
  readonly error: 'EIO' | 'ENOSPC' | 'EMFILE';
  /** The disk stays like that until somebody starts the kiosk again. */
  readonly lasting?: true;
  /** Then the database may be given up, and the boot scan does the rest. */
  readonly movesAside?: true;
}

const BAD_CALLS: readonly BadCall[] = [
  { name: 'every n-th write fails', call: 'pwrite64', error: 'EIO' },
  { name: 'every n-th write finds no room', call: 'pwrite64', error: 'ENOSPC' },
  { name: 'no write after the n-th', call: 'pwrite64', error: 'EIO', lasting: true },
  { name: 'every n-th sync fails', call: 'fsync', error: 'EIO' },
  { name: 'no sync after the n-th', call: 'fsync', error: 'EIO', lasting: true },
  { name: 'every n-th open fails', call: 'openat', error: 'EIO' },
  { name: 'every n-th open finds no free handle', call: 'openat', error: 'EMFILE' },
  { name: 'every n-th truncation fails', call: 'ftruncate', error: 'EIO' },
  { name: 'every n-th read fails', call: 'pread64', error: 'EIO' },
  { name: 'no read after the n-th', call: 'pread64', error: 'EIO', lasting: true, movesAside: true },
];

const FILES = [
  '',
  'kiosk.db',
  'kiosk.db-wal',
  'kiosk.db-journal',
  'kiosk.db-shm',
  'kiosk.lock',
  'kiosk.lock-journal',
];
const CHILD = path.resolve(import.meta.dirname, 'disk-child.ts');
/** A child waits for its disk half of the time. */
const AT_ONCE = 3;
const CASES_IN_SHORT = 2;

/** Where a kiosk stands when its disk begins to fail. */
interface Situation {
  readonly name: string;
  /** Null: it has never been started. */
  readonly image: Image | null;
  readonly task: ChildTask;
}

/** The n-th call of one kind on a file of the kiosk fails, for every n there is; production's store and issuance live on it. */
export const diskCallFaults: readonly Fault[] = BAD_CALLS.map((bad, at) => ({
  name: `disk: ${bad.name}`,
  run: async (options) => {
    const reports: FaultReport[] = [];
    const all = await situations();
    // In short the one situation for this kind, the other for the next.
    const chosen = options.bounded ? all.slice(at % all.length).slice(0, 1) : all;
    for (const situation of chosen) reports.push(await failEvery(bad, situation, options));
    return {
      fault: `disk: ${bad.name}`,
      cases: reports.reduce((sum, { cases }) => sum + cases, 0),
      wrong: reports.flatMap(({ wrong }) => wrong),
    };
  },
}));

/** The very first start with its people, and a start on what a kill has left: an operation to recover, a log to read. */
function situations(): Promise<readonly Situation[]> {
  madeOnce ??= makeSituations();
  return madeOnce;
}

let madeOnce: Promise<readonly Situation[]> | undefined;

async function makeSituations(): Promise<readonly Situation[]> {
  const moments = await momentsOfLife();
  const left = moments.findLast(({ journal }) => journal === 'ACTIVATING');
  if (left === undefined) throw new Error('nobody came so far');
  return [
    { name: 'from nothing', image: null, task: { state: BEFORE_ANYBODY, errands: FIRST } },
    { name: 'after a kill', image: left.image, task: { state: left.state, errands: [] } },
  ];
}

async function failEvery(
  bad: BadCall,
  situation: Situation,
  { bounded, onProgress }: FaultOptions,
): Promise<FaultReport> {
  const fault = `${bad.name}, ${situation.name}`;
  const undisturbed = await lifeWith(bad, situation, null);
  const wrong = undisturbed.wrong.map((what) => `${fault}, undisturbed: ${what}`);
  const { calls } = undisturbed;
  // One more than there are: that run is clean, and so it is known that there are no more.
  const all = Array.from({ length: calls + 1 }, (_nothing, at) => at + 1);
  const chosen = bounded ? all.filter((n) => n % Math.ceil(calls / CASES_IN_SHORT) === 1) : all;
  const waiting = [...chosen];
  onProgress(`${fault}: ${chosen.length} of ${calls}`);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let n = waiting.shift(); n !== undefined; n = waiting.shift()) {
        const life = await lifeWith(bad, situation, n);
        const failed = life.failed > 0;
        if (failed !== n <= calls)
          wrong.push(`${fault}, n = ${n}: ${failed ? 'something' : 'nothing'} failed`);
        wrong.push(...life.wrong.map((what) => `${fault}, n = ${n}: ${what}`));
      }
    }),
  );
  return { fault, cases: chosen.length, wrong };
}

interface Life {
  /** Calls of the kind that there were. */
  readonly calls: number;
  readonly failed: number;
  readonly wrong: readonly string[];
}

/** A life in which the n-th call fails, and the one after it on a disk that is well again. */
async function lifeWith(bad: BadCall, { image, task }: Situation, n: number | null): Promise<Life> {
  const directory = mkdtempSync(path.join(tmpdir(), 'disk-fault-'));
  try {
    const data = path.join(directory, 'data');
    const log = path.join(directory, 'calls');
    if (image !== null) layImage(image, data);
    const child = await firstLife(bad, n, task, { data, log });
    const lines = readFileSync(log, 'utf8').split('\n');
    const counts = {
      calls: lines.filter((line) => line.includes(`${bad.call}(`)).length,
      failed: lines.filter((line) => line.includes('(INJECTED)')).length,
    };
    if (typeof child === 'string') return { ...counts, wrong: [child] };
    const moved = child.damaged && bad.movesAside !== true ? ['the database was taken for damaged'] : [];
    return { ...counts, wrong: [...moved, ...child.wrong, ...(await secondLife(data, child.state))] };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** In a process of its own, under strace. A sentence: it did not end as an agent does. */
async function firstLife(
  { call, error, lasting }: BadCall,
  n: number | null,
  task: ChildTask,
  { data, log }: { data: string; log: string },
): Promise<ChildReport | string> {
  const when = `${n ?? 0}${lasting === true ? '+' : ''}`;
  const inject = n === null ? [] : ['-e', `inject=${call}:error=${error}:when=${when}`];
  const paths = FILES.flatMap((name) => ['-P', path.join(data, name)]);
  const strace = ['-f', '--seccomp-bpf', '-qq', ...paths, '-e', `trace=${call}`, ...inject, '-o', log];
  const child = spawn('strace', [...strace, process.execPath, CHILD, data], { stdio: 'pipe' });
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  child.stdin.end(JSON.stringify(task));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return code === 0 || code === 70 ? (JSON.parse(said) as ChildReport) : `ended with ${code ?? 'a signal'}`;
}

/** Started again: what was begun is put in order, and the next people are served as if nothing had been. */
async function secondLife(directory: string, state: WorldState): Promise<readonly string[]> {
  const world = new DiskWorld(state);
  const report = await live(world, { directory, errands: NEXT });
  return [
    ...report.wrong,
    ...(report.end === 'died' ? ['it does not live on a disk that is well'] : []),
    ...(report.damaged ? ['the database was damaged by it'] : []),
    ...world.broken(),
  ];
}
