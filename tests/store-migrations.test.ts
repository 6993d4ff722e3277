import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JOURNAL_STATES } from '../src/issuance/transitions.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import type { JournalRow } from '../src/store/journal.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/open-store.ts';
import { BEGUN } from './fixtures/journal-operation.ts';

const FIRST_SCHEMA = new URL('../src/store/migrations/0001-journal-sessions-events.sql', import.meta.url);

let directory = '';
let store: Store | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kiosk-migrations-'));
});

afterEach(() => {
  store?.close();
  store = undefined;
  rmSync(directory, { recursive: true, force: true });
});

async function open(): Promise<Store> {
  const opened = await openStore({ directory, clock: systemClock, random: systemRandom });
  if (!opened.ok) throw new Error(`not opened: ${opened.error.kind}`);
  store = opened.value;
  return store;
}

function row(number: number, rest: Partial<JournalRow> = {}): JournalRow {
  return {
    ...BEGUN,
    opId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    kind: 'apply',
    ...rest,
  };
}

test('a journal of the first schema keeps its rows, of every state, and takes the new words afterwards', async () => {
  const file = join(directory, 'kiosk.db');
  const old = new Sqlite(file);
  old.exec(readFileSync(FIRST_SCHEMA, 'utf8'));
  const [insert] = old.prepare("SELECT sql FROM sqlite_schema WHERE name = 'journal_insert'").pluck().all();
  old.exec('DROP TRIGGER journal_insert');
  const put = old.prepare(
    `INSERT INTO journal VALUES (?, 'reissue', ?, 4, 'ab', '0A1B', 'E2', NULL, ?, 'none', 0, 1, 2)`,
  );
  JOURNAL_STATES.forEach((state, index) =>
    put.run(row(index).opId, state, state === 'DONE_U' ? 'unconfirmed' : null),
  );
  old.exec(String(insert));
  old.pragma('user_version = 1');
  old.close();

  const { journal, schemaVersion } = await open();
  expect(schemaVersion).toBeGreaterThanOrEqual(2);
  const rows = journal.unfinished();
  expect(rows.map(({ state }) => state)).toEqual(JOURNAL_STATES);
  expect(rows[0]).toEqual({
    ...row(0, { kind: 'reissue', baseEpoch: 4, tokenHash: 'ab', processId: '0A1B', evidence: 'E2' }),
  });
  const done = rows.find(({ state }) => state === 'DONE')?.opId ?? '';
  journal.move(done, 'DONE', 'DONE', { delivery: 'taken' });
  expect(() => journal.move(done, 'DONE', 'VOIDING', { reason: 'retracted' })).toThrow('no such move');
  journal.move(done, 'DONE', 'DONE', { delivery: 'scanned' });
  journal.close(done);
});

test('a slip that went back voids what was done, as long as no delivery was written down', async () => {
  const { journal } = await open();
  const way = [
    'INTENT',
    'RESERVED',
    'PRINTING',
    'PRINTED',
    'ACTIVATING',
    'ACTIVE',
    'FOOTER',
    'DONE',
  ] as const;
  journal.insert(row(1));
  way.slice(1).forEach((to, index) => journal.move(row(1).opId, way[index] ?? 'INTENT', to, {}));
  journal.move(row(1).opId, 'DONE', 'VOIDING', { reason: 'retracted' });
  expect(journal.unfinished()).toMatchObject([{ state: 'VOIDING', reason: 'retracted', delivery: null }]);
});
