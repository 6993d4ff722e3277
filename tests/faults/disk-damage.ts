import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { seeded } from '../simulation/seeded.ts';
import { SECTOR_BYTES, type Image } from '../powercut/disk-model.ts';
import { layImage } from '../powercut/judge.ts';
import { live } from './disk-life.ts';
import { momentsOfLife, NEXT, type Moment } from './disk-moments.ts';
import { DiskWorld, type WorldState } from './disk-world.ts';
import type { Fault, FaultOptions, FaultReport } from './fault.ts';

/** One way in which a file rots: changes some of its bytes. */
interface Rot {
  readonly name: string;
  readonly file: 'kiosk.db' | 'kiosk.db-wal';
  readonly spoil: (content: Buffer, random: () => number) => void;
}

const flip = (bits: number) => (content: Buffer, random: () => number) => {
  for (let bit = 0; bit < bits; bit += 1) {
    const at = Math.floor(random() * content.length);
    content[at] = (content[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
};
const sector = (fill: (random: () => number) => number) => (content: Buffer, random: () => number) => {
  const start = Math.floor((random() * content.length) / SECTOR_BYTES) * SECTOR_BYTES;
  for (let at = start; at < Math.min(start + SECTOR_BYTES, content.length); at += 1)
    content[at] = fill(random);
};
const noise = (random: () => number) => Math.floor(random() * 256);

const ROTS: readonly Rot[] = [
  { name: 'one bit of the database flips', file: 'kiosk.db', spoil: flip(1) },
  { name: 'many bits of the database flip', file: 'kiosk.db', spoil: flip(64) },
  { name: 'a sector of the database is noise', file: 'kiosk.db', spoil: sector(noise) },
  { name: 'a sector of the database is empty', file: 'kiosk.db', spoil: sector(() => 0) },
  { name: 'one bit of the log flips', file: 'kiosk.db-wal', spoil: flip(1) },
  { name: 'a sector of the log is noise', file: 'kiosk.db-wal', spoil: sector(noise) },
];

const TIMES_EACH = 20;

/** Files that were sound when the kiosk died and are not when it starts again: moved aside, refused, or without effect. */
export const diskDamageFaults: readonly Fault[] = ROTS.map((rot) => ({
  name: `disk: ${rot.name}`,
  run: (options) => rotAtEveryMoment(rot, options),
}));

async function rotAtEveryMoment(rot: Rot, { bounded, onProgress }: FaultOptions): Promise<FaultReport> {
  const fault = `disk: ${rot.name}`;
  const directory = mkdtempSync(path.join(tmpdir(), 'disk-damage-'));
  const wrong: string[] = [];
  let cases = 0;
  let movedAside = 0;
  try {
    for (const moment of await momentsOfLife()) {
      if ((moment.image.get(rot.file)?.length ?? 0) === 0) continue;
      for (let time = 0; time < (bounded ? 1 : TIMES_EACH); time += 1) {
        cases += 1;
        const life = await lifeAfter(rot, moment, { directory, random: seeded(cases) });
        if (life.damaged) movedAside += 1;
        wrong.push(...life.wrong.map((what) => `${moment.journal}, ${time}: ${what}`));
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  onProgress(`${fault}: moved aside ${movedAside} of ${cases} times`);
  return { fault, cases, wrong };
}

async function lifeAfter(
  rot: Rot,
  { image, state }: Moment,
  { directory, random }: { directory: string; random: () => number },
): Promise<{ readonly damaged: boolean; readonly wrong: readonly string[] }> {
  layImage(spoilt(image, rot, random), directory);
  const world = new DiskWorld(state);
  const report = await live(world, { directory, errands: NEXT });
  const died = report.end === 'died' ? ['it does not live on'] : [];
  const endLost = rot.file === 'kiosk.db-wal';
  const broken = world.broken().filter((what) => {
    const forgotten = (report.damaged || endLost) && isOfAFooter(what, state);
    return !forgotten && !(endLost && what === TWO_BODIES);
  });
  return { damaged: report.damaged, wrong: [...report.wrong, ...died, ...broken] };
}

/** Not promised when the journal is lost, or the end of its log: that a slip whose footer it knew stays valid. */
function isOfAFooter(broken: string, { footers }: WorldState): boolean {
  return footers.some((opId) => broken === `P22: the slip of ${opId} is void`);
}

/**
 * Not promised when the end of the log is lost, which looks like a power cut before it was acknowledged: that a body of which it
 * knew is marked before another is printed behind it.
 */
const TWO_BODIES = 'P22: two bodies on one slip';

function spoilt(image: Image, { file, spoil }: Rot, random: () => number): Image {
  const content = Buffer.from(image.get(file) ?? []);
  spoil(content, random);
  return new Map([...image, [file, content]]);
}
