import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { openStore } from '../src/store/open-store.ts';
import { BEGUN, OP } from './fixtures/journal-operation.ts';

let directory = '';
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'kiosk-damage-'));
  const store = await open();
  store.journal.insert(BEGUN);
  store.close();
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

async function open(onDamaged: (code: string) => void = () => undefined) {
  const opened = await openStore({
    directory,
    clock: systemClock,
    random: systemRandom,
    onDamaged: ({ code }) => {
      onDamaged(code);
    },
  });
  if (!opened.ok) throw new Error(`not opened: ${opened.error.kind}`);
  return opened.value;
}

/** The first `times` questions to the database after its pragmas end as when a sector cannot be read. */
function cannotBeRead(times: number): void {
  // oxlint-disable-next-line typescript/unbound-method -- called on the database that it was asked of
  const { pragma } = Sqlite.prototype;
  let left = times;
  vi.spyOn(Sqlite.prototype, 'pragma').mockImplementation(function (this: Sqlite.Database, source, options) {
    if (source !== 'quick_check(1)' || left === 0) return pragma.call(this, source, options);
    left -= 1;
    throw new Sqlite.SqliteError('disk I/O error', 'SQLITE_IOERR_CORRUPTFS');
  });
}

const movedAside = () => readdirSync(directory).filter((name) => name.includes('.damaged-'));

test('a disk that cannot be read for a moment has lost nothing', async () => {
  cannotBeRead(1);
  const store = await open();
  expect(store.journal.unfinished().map(({ opId }) => opId)).toEqual([OP]);
  expect(store.lost).toBeUndefined();
  store.close();
  expect(movedAside()).toEqual([]);
});

test('a database that cannot be read again and again is moved aside: nobody waits for it for ever', async () => {
  cannotBeRead(2);
  const codes: string[] = [];
  const store = await open((code) => codes.push(code));
  expect(codes).toEqual(['SQLITE_IOERR_CORRUPTFS']);
  expect(store.lost).toBeDefined();
  store.close();
  expect(movedAside()).toHaveLength(1);
});

test.for([
  [
    "UPDATE sqlite_schema SET sql = replace(sql, '''VOIDING''', '''VOIDYNG''') WHERE name = 'journal_move'",
    'schema',
  ],
  [
    "UPDATE sqlite_schema SET sql = replace(sql, 'OLD.state', 'OMD.state') WHERE name = 'journal_move'",
    'schema',
  ],
  ["DELETE FROM sqlite_schema WHERE name = 'journal_close'", 'schema'],
  ['PRAGMA user_version = 1', 'SQLITE_ERROR'],
] as const)('what the migrations would not have made is damage: %s', async ([change, found]) => {
  const database = new Sqlite(join(directory, 'kiosk.db'));
  database.unsafeMode().pragma('writable_schema = ON');
  database.exec(change);
  expect(database.pragma('quick_check', { simple: true })).toBe('ok');
  database.close();
  const codes: string[] = [];
  const store = await open((code) => codes.push(code));
  expect(codes).toEqual([found]);
  expect(store.healthy()).toBe(true);
  expect(store.lost).toBeDefined();
  store.close();
});
