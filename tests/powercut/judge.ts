import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { createIssuance } from '../../src/issuance/issuance.ts';
import type { IssuancePorts } from '../../src/issuance/ports.ts';
import { DEFAULT_LIMITS } from '../../src/issuance/settings.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { brokenAtRest } from './at-rest.ts';
import type { Image } from './disk-model.ts';
import { isJournal, journalAfter, type Move } from './moves.ts';
import { WorldAtCut, type Truth } from './world-at-cut.ts';

/** A moment of the traced run: how many of its moves were acknowledged. */
export interface Moment {
  readonly moves: readonly Move[];
  readonly acknowledged: number;
  readonly truth: Truth;
}

/** What became of one image. */
export interface Verdict {
  /** How many acknowledged moves the disk has forgotten. */
  readonly lostCommits: number;
  /** Why the file is damaged; null when it is sound. */
  readonly corrupt: string | null;
  /** What does not hold after recovery. */
  readonly wrong: readonly string[];
}

/** Virtual time in which recovery must be over: everything answers. */
const RECOVERED_WITHIN_MS = 600_000;

/** Lays an image into `directory`, which is emptied first. */
export function layImage(image: Image, directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const [name, content] of image) writeFileSync(path.join(directory, name), content);
}

/**
 * Opens an image as the agent does when the power is back, compares its journal with what was acknowledged, and lets the
 * production's recovery put centre and paper in order.
 */
export async function judge(
  image: Image,
  directory: string,
  moment: Moment,
  random: () => number,
): Promise<Verdict> {
  layImage(image, directory);
  let corrupt: string | null = null;
  const opened = await openStore({
    directory,
    clock: { monotonicMs: () => 0, wallClockMs: () => 1_790_000_000_000, schedule: () => () => undefined },
    random: systemRandom,
    onDamaged: ({ code }) => {
      corrupt = code;
    },
  });
  if (!opened.ok) return { lostCommits: 0, corrupt: opened.error.kind, wrong: [] };
  const store = opened.value;
  const known = movesOnDisk(store, moment);
  const wrong =
    known === null
      ? ['the journal is none that ever was']
      : await recoverFrom(store, moment, Math.max(known, moment.acknowledged), random);
  store.close();
  return {
    lostCommits: Math.max(0, moment.acknowledged - (known ?? 0)),
    corrupt: corrupt ?? integrityFault(directory),
    wrong,
  };
}

/**
 * How many moves the reopened journal has seen: all that were acknowledged and perhaps one more, since moves are made one after
 * the other; otherwise as many as it has kept. Null: it is the journal of no moment.
 */
function movesOnDisk(store: Store, { moves, acknowledged }: Moment): number | null {
  const rows = store.journal.unfinished();
  for (let count = Math.min(acknowledged + 1, moves.length); count >= 0; count -= 1) {
    if (isJournal(rows, journalAfter(moves.slice(0, count)))) return count;
  }
  return null;
}

/** `happened`: how many moves are known to the disk or, acknowledged, to the world. */
async function recoverFrom(
  store: Store,
  { moves, truth }: Moment,
  happened: number,
  random: () => number,
): Promise<readonly string[]> {
  const seen = moves.slice(0, happened);
  const world = new WorldAtCut(seen, truth, random);
  const state = { recovered: false, fatal: false };
  const ports = portsOf(world, store, random, () => {
    state.fatal = true;
  });
  const issuance = createIssuance(ports, { minimumEvidence: 'E2', limits: DEFAULT_LIMITS });
  void issuance.recover(store.lost).then((scanned) => {
    state.recovered = scanned;
    return undefined;
  });
  const atRest = () => state.recovered && store.journal.unfinished().length === 0;
  await world.time.advance(RECOVERED_WITHIN_MS, () => state.fatal || atRest());
  const over = atRest();
  issuance.stop();
  return [
    ...(state.fatal ? ['recovery failed'] : []),
    ...(over ? [] : ['the journal is not empty after recovery']),
    ...brokenAtRest(world, seen, truth.hadCode),
  ];
}

function portsOf(world: WorldAtCut, store: Store, random: () => number, fatal: () => void): IssuancePorts {
  const { printer } = world;
  const refused = { kind: 'refused', problem: 'other' } as const;
  return {
    journal: store.journal,
    clock: world.time.view(),
    random: { uuid: () => systemRandom.uuid(), fraction: random },
    log: () => undefined,
    fatal,
    centre: {
      // Recovery neither reserves nor activates.
      reserve: () => Promise.resolve(refused),
      activate: () => Promise.resolve(refused),
      void: ({ opId }) => Promise.resolve(world.centreOf(opId).void(opId)),
      confirm: ({ opId, delivery }) => Promise.resolve(world.centreOf(opId).confirm(opId, delivery)),
      openOperations: () =>
        Promise.resolve({
          kind: 'ok',
          operations: [...world.centres.values()].flatMap((centre) => centre.open()),
        }),
    },
    printer: {
      preflight: () => Promise.resolve({ kind: 'ready' }),
      printBody: () => Promise.resolve({ kind: 'notPrinted', cause: 'fault' }),
      printFooterAndCut: () => Promise.resolve({ kind: 'notPrinted', cause: 'fault' }),
      printVoidAndCut: ({ opId }) => printer.print(opId, 'void', true),
      cutOff: ({ opId }) => printer.print(opId, 'blank', true),
      purge: () => printer.purge(),
      slipExit: () => undefined,
    },
  };
}

/** Every page, every index. */
function integrityFault(directory: string): string | null {
  const database = new Database(path.join(directory, 'kiosk.db'), { readonly: true });
  try {
    const found = database.pragma('integrity_check', { simple: true });
    return found === 'ok' ? null : 'integrity_check';
  } finally {
    database.close();
  }
}
