import { afterAll, beforeAll, expect, test } from 'vitest';
import { JOURNAL_STATES } from '../src/issuance/transitions.ts';
import { Conformance } from './model-conformance/run.ts';
import { isAllowed, KINDS_OF_MOVE, walkOf, type Walk } from './model-conformance/walk.ts';
import { PRINT_OUTCOMES } from './model/paper.ts';
import { PROTOCOL } from './model/rules.ts';
import type { Rules } from './model/rules.ts';

const WALKS = 160;
/** So many are gone whatever they show; of the others only those that come to something that none before came to. */
const FIRST = 60;

let conformance: Conformance;
beforeAll(async () => {
  conformance = await Conformance.start();
}, 60_000);
afterAll(() => {
  conformance.close();
});

/** What walks came to. */
interface Met {
  readonly kinds: Set<string>;
  readonly rows: Set<string | null>;
  readonly prints: Set<string>;
}

/** Notes what a walk comes to; whether any of it is new. */
function comesToNew({ moves }: Walk, { kinds, rows, prints }: Met): boolean {
  const count = () => kinds.size + rows.size + prints.size;
  const before = count();
  for (const { what, next } of moves) {
    kinds.add(what.kind);
    if (what.kind === 'printed') prints.add(`${what.part} ${what.outcome.name}`);
    for (const { row } of next.ops) rows.add(row);
  }
  return count() > before;
}

test('whatever way the model goes, the real agent, a real centre and the printer simulator come to the same states', async () => {
  const met: Met = { kinds: new Set(), rows: new Set(), prints: new Set() };
  for (let seed = 1; seed <= WALKS; seed += 1) {
    if (!comesToNew(walkOf(seed), met) && seed > FIRST) continue;
    const { mismatch } = await conformance.walk(seed);
    expect(mismatch).toBeUndefined();
  }
  // Walks that never go there prove nothing.
  expect(KINDS_OF_MOVE.filter((kind) => !met.kinds.has(kind))).toEqual([]);
  expect(JOURNAL_STATES.filter((state) => !met.rows.has(state))).toEqual([]);
  const prints = PRINT_OUTCOMES.flatMap(({ name }) => [`body ${name}`, `footer ${name}`]);
  expect(prints.filter((name) => !met.prints.has(name))).toEqual([]);
}, 240_000);

/** Rules of the model that the real code does not follow. */
const WRONG: readonly (readonly [string, Partial<Rules>])[] = [
  ['fencing', { fencing: false }],
  ['giving back', { restore: false }],
  ['tombstones', { tombstone: false }],
  ['suspended codes in the boot scan', { bootScan: 'without-suspended' }],
  ['a mark for unknown paper', { marksUnknownPaper: false }],
  ['trust in an uncertain footer', { voidUncertainFooter: true }],
  ['a new token for each print', { reprint: true }],
];

test.for(WRONG)('a model without %s is not what the real code does', async ([, change]) => {
  const rules = { ...PROTOCOL, ...change };
  let seed = 1;
  while (isAllowed(walkOf(seed, rules), PROTOCOL)) seed += 1;
  const { mismatch } = await conformance.walk(seed, rules);
  expect(mismatch?.differences.length).toBeGreaterThan(0);
});
