import { createHash } from 'node:crypto';
import { seeded } from '../simulation/seeded.ts';
import { DiskModel, type Image } from './disk-model.ts';
import type { Verdict } from './judge.ts';
import { JudgePool } from './judge-pool.ts';
import { moveIn } from './moves.ts';
import type { TracedRun } from './traced-run.ts';

/** A disk as a power cut leaves it, and how much of the journal was acknowledged then. */
interface Cut {
  readonly image: Image;
  readonly acknowledged: number;
  /** Which power cut it is, to find it again: `point 17, torn 3`. */
  readonly name: string;
}

/** What came of the cuts. */
export interface CutReport {
  /** Different disks. */
  readonly images: number;
  /** Moments after which something on the disk, or of what is safe of it, was another. */
  readonly points: number;
  /** Images in which an acknowledged move is missing, and how many moves at most. */
  readonly lost: number;
  readonly lostMost: number;
  readonly corrupt: number;
  readonly wrong: number;
  /** The first few that were not as they must be. */
  readonly examples: readonly string[];
}

export interface CutOptions {
  /** So many different images at least. */
  readonly images: number;
  readonly seed: number;
  /** Where images are laid; made and emptied as needed. */
  readonly scratch: string;
  readonly onProgress: (images: number) => void;
}

const MOST_EXAMPLES = 10;
/** A run with fewer moments than this has no more images in it, however often they are looked for. */
const MOST_PASSES = 60;

/**
 * Cuts the power of a traced run at every moment: first only what was synced and everything, then disks on which this and that
 * is lost or torn, in passes over the whole run until there are enough different ones.
 */
export async function cutEverywhere(run: TracedRun, options: CutOptions): Promise<CutReport> {
  const seen = new Set<string>();
  const judged = new Set<string>();
  const tally = { lost: 0, lostMost: 0, corrupt: 0, wrong: 0, examples: [] as string[] };
  const points = pointsOf(run);
  const pool = new JudgePool(run, options.scratch);
  const under = new Set<Promise<void>>();
  const send = async (cut: Cut) => {
    const { image, acknowledged } = cut;
    count(tally, cut, await pool.judge({ image, acknowledged, seed: options.seed + judged.size }));
  };
  try {
    for (let pass = 0; pass < MOST_PASSES && seen.size < options.images; pass += 1) {
      // So that a short run looks everywhere too, not only at the beginning.
      const share = (options.images - seen.size) / (points * (pass === 0 ? 2 : 1));
      for (const cut of cutsOf(run, pass, share, options.seed)) {
        const disk = hashOf(cut.image);
        const key = `${disk} ${cut.acknowledged}`;
        if (judged.has(key)) continue;
        judged.add(key);
        if (!seen.has(disk) && seen.size % 500 === 499) options.onProgress(seen.size + 1);
        seen.add(disk);
        const work = send(cut).finally(() => under.delete(work));
        under.add(work);
        if (pool.busy >= pool.most) await Promise.race(under);
      }
    }
    await Promise.all(under);
  } finally {
    await pool.close();
  }
  return { images: seen.size, points, ...tally };
}

function count(
  tally: { lost: number; lostMost: number; corrupt: number; wrong: number; examples: string[] },
  { name }: Cut,
  { lostCommits, corrupt, wrong }: Verdict,
): void {
  if (lostCommits > 0) tally.lost += 1;
  tally.lostMost = Math.max(tally.lostMost, lostCommits);
  if (corrupt !== null) tally.corrupt += 1;
  if (wrong.length > 0) tally.wrong += 1;
  const said = [
    ...(lostCommits > 0 ? [`${lostCommits} commits lost`] : []),
    ...(corrupt === null ? [] : [`corrupt: ${corrupt}`]),
    ...wrong,
  ];
  if (said.length > 0 && tally.examples.length < MOST_EXAMPLES)
    tally.examples.push(`${name}: ${said.join('; ')}`);
}

function pointsOf({ atFirst, events }: TracedRun): number {
  const disk = new DiskModel(atFirst);
  return events.filter((event) => disk.apply(event)).length;
}

/** The cuts of one pass over the run, of a share of its moments; from 1 on, so many at each. */
function* cutsOf(run: TracedRun, pass: number, share: number, seed: number): Generator<Cut> {
  const disk = new DiskModel(run.atFirst);
  const chance = seeded(seed * 7_919 + pass);
  let acknowledged = 0;
  let point = 0;
  for (const event of run.events) {
    const said = event.kind === 'said' && moveIn(event.line) !== null;
    if (said) acknowledged += 1;
    if (!disk.apply(event) && !said) continue;
    point += 1;
    if (chance() > share) continue;
    if (pass === 0) {
      yield { image: disk.synced(), acknowledged, name: `point ${point}, synced` };
      yield { image: disk.written(), acknowledged, name: `point ${point}, written` };
      continue;
    }
    for (let torn = 0; torn < Math.max(1, Math.round(share)) && disk.atRisk; torn += 1)
      yield { image: disk.torn(chance), acknowledged, name: `point ${point}, torn ${pass}.${torn}` };
  }
}

function hashOf(image: Image): string {
  const hash = createHash('sha256');
  for (const [name, content] of [...image].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name} ${content.length}\n`).update(content);
  return hash.digest('base64');
}
