import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/platform/clock.ts';
import { systemRandom } from '../../src/platform/random.ts';
import type { Journal } from '../../src/store/journal.ts';
import { openStore } from '../../src/store/open-store.ts';
import { spreadOf } from './figures.ts';
import type { Spread } from './figures.ts';
import { BEGUN } from '../fixtures/journal-operation.ts';

/** How long a step of an issuance takes to be on disk, ms. */
export interface JournalReport {
  readonly insertMs: Spread;
  readonly moveMs: Spread;
  readonly closeMs: Spread;
}

const VAR = path.join(import.meta.dirname, '../../var');

/** The way of a slip that goes well, with what each step writes. */
const MOVES = [
  ['INTENT', 'RESERVED', { baseEpoch: 1, tokenHash: 'ab'.repeat(32) }],
  ['RESERVED', 'PRINTING', { processId: 'B001' }],
  ['PRINTING', 'PRINTED', { evidence: 'E2' }],
  ['PRINTED', 'ACTIVATING', {}],
  ['ACTIVATING', 'ACTIVE', {}],
  ['ACTIVE', 'FOOTER', {}],
  ['FOOTER', 'DONE', { delivery: 'cut' }],
] as const;

/** Operations one after the other in a database on the disk of this repository. */
export async function benchJournal(operations: number): Promise<JournalReport> {
  mkdirSync(VAR, { recursive: true });
  const directory = mkdtempSync(path.join(VAR, 'bench-'));
  const store = await openStore({ directory, clock: systemClock, random: systemRandom });
  if (!store.ok) throw new Error(store.error.kind);
  const times = { insert: [] as number[], move: [] as number[], close: [] as number[] };
  try {
    for (let operation = 0; operation < operations; operation += 1) {
      oneOperation(store.value.journal, systemRandom.uuid(), times);
    }
  } finally {
    store.value.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return { insertMs: spreadOf(times.insert), moveMs: spreadOf(times.move), closeMs: spreadOf(times.close) };
}

function oneOperation(
  journal: Journal,
  opId: string,
  times: { readonly insert: number[]; readonly move: number[]; readonly close: number[] },
): void {
  const timed = (list: number[], work: () => void) => {
    const startedMs = performance.now();
    work();
    list.push(performance.now() - startedMs);
  };
  timed(times.insert, () => {
    journal.insert({ ...BEGUN, opId, kind: 'apply' });
  });
  for (const [from, to, patch] of MOVES) {
    timed(times.move, () => {
      journal.move(opId, from, to, patch);
    });
  }
  timed(times.close, () => {
    journal.close(opId);
  });
}
