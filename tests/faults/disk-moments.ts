import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Image } from '../powercut/disk-model.ts';
import { imageOf } from '../powercut/traced-run.ts';
import { live } from './disk-life.ts';
import { DiskWorld, firstState, type Errand, type WorldState } from './disk-world.ts';

/** Disk, centre and paper at one moment, as a kiosk that dies then leaves them. */
export interface Moment {
  readonly image: Image;
  readonly state: WorldState;
  /** Of the operation that is under way; `none`: nobody is there. */
  readonly journal: string;
}

const errand = (number: number, person: string, kind: Errand['kind']): Errand => ({
  opId: `10000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  person,
  kind,
});

/** Who comes while something happens to the disk. */
export const FIRST: readonly Errand[] = [errand(1, 'first', 'apply'), errand(2, 'second', 'reissue')];
/** Who comes afterwards. */
export const NEXT: readonly Errand[] = [errand(3, 'third', 'apply'), errand(4, 'fourth', 'reissue')];

/** Everybody's, before anybody came. */
export const BEFORE_ANYBODY: WorldState = firstState([...FIRST, ...NEXT]);

/** Every moment of the first people's lives at which a move is on disk and what it stands for is not begun. */
export async function momentsOfLife(): Promise<readonly Moment[]> {
  const directory = mkdtempSync(path.join(tmpdir(), 'disk-moments-'));
  try {
    const world = new DiskWorld(BEFORE_ANYBODY);
    const moments: Moment[] = [];
    const report = await live(world, {
      directory,
      errands: FIRST,
      onMove: (journal) => {
        moments.push({ image: imageOf(directory) ?? new Map(), state: world.state(), journal });
      },
    });
    if (report.end !== 'served' || report.wrong.length > 0)
      throw new Error('a life on a good disk went wrong');
    return moments;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
