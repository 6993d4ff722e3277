import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JournalPort, JournalRow as IssuanceRow } from '../src/issuance/ports.ts';
import { JOURNAL_STATES, TRANSITIONS } from '../src/issuance/transitions.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import type { Journal, JournalRow } from '../src/store/journal.ts';
import { openStore } from '../src/store/open-store.ts';
import type { DamageReport, Store } from '../src/store/open-store.ts';
import { applyPragmas } from '../src/store/pragmas.ts';
import { SEALED_COLUMNS } from '../src/store/vault.ts';
import { BEGUN } from './fixtures/journal-operation.ts';

const CHILD = fileURLToPath(new URL('./store-child.ts', import.meta.url));
let directory = '';
const opened: Store[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kiosk-store-'));
});

afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function tryOpen(onDamaged?: (report: DamageReport) => void) {
  return openStore({
    directory,
    clock: systemClock,
    random: systemRandom,
    ...(onDamaged === undefined ? {} : { onDamaged }),
  });
}

async function open(onDamaged?: (report: DamageReport) => void): Promise<Store> {
  const store = await tryOpen(onDamaged);
  if (!store.ok) throw new Error(`not opened: ${store.error.kind}`);
  opened.push(store.value);
  return store.value;
}

function close(store: Store): void {
  opened.splice(opened.indexOf(store), 1);
  store.close();
}

function row(number: number, rest: Partial<JournalRow> = {}): JournalRow {
  return {
    ...BEGUN,
    opId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    kind: 'apply',
    ...rest,
  };
}

/** Files of the data directory in which `word` stands, as UTF-8 or UTF-16. */
function filesWith(word: string): readonly string[] {
  return readdirSync(directory).filter((name) => {
    const bytes = readFileSync(join(directory, name));
    return bytes.includes(word) || bytes.includes(Buffer.from(word, 'utf16le'));
  });
}

test('the journal keeps what it was told over a restart, oldest first', async () => {
  const store = await open();
  store.journal.insert(row(2));
  store.journal.insert(row(1));
  store.journal.move(row(2).opId, 'INTENT', 'RESERVED', { baseEpoch: 9, tokenHash: 'ab' });
  close(store);
  const again = await open();
  expect(again.journal.unfinished()).toEqual([
    row(2, { state: 'RESERVED', baseEpoch: 9, tokenHash: 'ab' }),
    row(1),
  ]);
});

test('the journal knows how old an operation is over a restart; a clock that has gone back makes none younger than new', async () => {
  const ageAt = async (laterMs: number) => {
    const clock = { ...systemClock, wallClockMs: () => systemClock.wallClockMs() + laterMs };
    const store = await openStore({ directory, clock, random: systemRandom });
    if (!store.ok) throw new Error(store.error.kind);
    opened.push(store.value);
    if (store.value.journal.unfinished().length === 0) store.value.journal.insert(row(1));
    const ages = [row(1), row(2)].map(({ opId }) => store.value.journal.ageMs(opId));
    close(store.value);
    return ages;
  };
  await ageAt(0);
  const [age = 0, ofNone] = await ageAt(86_400_000);
  expect(Math.floor(age / 60_000)).toBe(24 * 60);
  expect(ofNone).toBe(0);
  expect(await ageAt(-31_536_000_000)).toEqual([0, 0]);
});

test('the journal refuses a move from a state the row is not in, and an operation it does not have', async () => {
  const { journal } = await open();
  journal.insert(row(1));
  expect(() => journal.move(row(1).opId, 'RESERVED', 'PRINTING', {})).toThrow('INTENT');
  expect(() => journal.move(row(2).opId, 'INTENT', 'RESERVED', {})).toThrow('no operation');
  expect(() => journal.close(row(2).opId)).toThrow('no such operation');
  expect(() => journal.insert(row(1))).toThrow();
  expect(journal.unfinished()).toEqual([row(1)]);
});

test("the database's trigger allows exactly the moves of the issuance table", async () => {
  close(await open());
  const database = new Sqlite(join(directory, 'kiosk.db'));
  const insert = database.prepare(`INSERT INTO journal (op_id, kind, state, paper_debt, centre_settled,
    created_at_ms, updated_at_ms) VALUES (?, 'apply', ?, 'none', 0, 1, 1)`);
  const force = (state: string) => {
    database.exec('DELETE FROM journal; DROP TRIGGER journal_insert');
    insert.run(row(1).opId, state);
  };
  const allowed = (act: () => void) => {
    database.exec('SAVEPOINT attempt');
    try {
      act();
      return true;
    } catch (error) {
      expect(String(error)).toContain('journal: no such');
      return false;
    } finally {
      database.exec('ROLLBACK TO attempt; RELEASE attempt');
    }
  };
  const found: string[] = [];
  for (const to of JOURNAL_STATES) {
    if (allowed(() => insert.run(row(1).opId, to))) found.push(`NONE→${to}`);
  }
  for (const from of JOURNAL_STATES) {
    database.exec('SAVEPOINT prepared');
    force(from);
    for (const to of JOURNAL_STATES) {
      if (allowed(() => database.prepare('UPDATE journal SET state = ?').run(to)))
        found.push(`${from}→${to}`);
    }
    if (allowed(() => database.prepare('DELETE FROM journal').run())) found.push(`${from}→CLOSED`);
    database.exec('ROLLBACK TO prepared; RELEASE prepared');
  }
  database.close();
  const table = new Set(TRANSITIONS.map(({ from, to }) => `${from}→${to}`));
  expect(found.toSorted()).toEqual([...table].toSorted());
});

test("the store's journal is the journal that issuance asks for", async () => {
  const store = await open();
  // Both directions, so that neither side gains a column or a word alone.
  const port: JournalPort = store.journal satisfies JournalPort;
  const back: Journal = port satisfies Journal;
  const ours: JournalRow = row(1) satisfies IssuanceRow;
  const theirs: IssuanceRow = ours;
  back.insert(theirs);
  expect(port.unfinished()).toEqual([ours]);
});

test('every pragma holds on the second open too, where WAL files become synchronous=NORMAL by themselves', async () => {
  close(await open());
  const trap = new Sqlite(join(directory, 'kiosk.db'));
  expect(trap.pragma('synchronous', { simple: true })).toBe(1);
  expect(applyPragmas(trap)).toEqual([]);
  const read = (name: string) => trap.pragma(name, { simple: true });
  expect([read('synchronous'), read('secure_delete'), read('foreign_keys')]).toEqual([2, 1, 1]);
  expect([read('trusted_schema'), read('temp_store'), read('cell_size_check')]).toEqual([0, 2, 1]);
  trap.close();
});

test('a pragma that does not take is named', () => {
  // A database in memory cannot have a write-ahead log.
  const memory = new Sqlite(':memory:');
  expect(applyPragmas(memory)).toEqual(['journal_mode']);
  memory.close();
});

test('a second agent is told that the first one has the store, also from another process; after SIGKILL it is free', async () => {
  const child = spawn(process.execPath, [CHILD, directory, 'x'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  expect(await tryOpen()).toEqual({ ok: false, error: { kind: 'in-use', directory } });
  child.kill('SIGKILL');
  await once(child, 'exit');
  const store = await open();
  expect(await tryOpen()).toEqual({ ok: false, error: { kind: 'in-use', directory } });
  const told = await promisify(execFile)(process.execPath, [CHILD, directory, 'x']).catch(
    (error: { code: number; stdout: string }) => error,
  );
  expect(told).toMatchObject({ code: 3 });
  expect(JSON.parse(told.stdout)).toMatchObject({ kind: 'in-use' });
  close(store);
});

test.for(['text instead of a database', 'a page of noise', 'a header and nothing behind it'] as const)(
  'a damaged file (%s) is moved aside with its side files, and a new one is opened',
  async (damage) => {
    const first = await open();
    first.journal.insert(row(1));
    close(first);
    const file = join(directory, 'kiosk.db');
    const bytes = readFileSync(file);
    if (damage === 'text instead of a database') writeFileSync(file, 'not a database at all, '.repeat(400));
    if (damage === 'a page of noise') writeFileSync(file, bytes.fill(0xa5, 4096, 4096 * 3));
    if (damage === 'a header and nothing behind it') writeFileSync(file, bytes.subarray(0, 5_000));
    writeFileSync(`${file}-wal`, 'left over');
    const damaged = readFileSync(file);
    const reports: DamageReport[] = [];
    const second = await open((report) => reports.push(report));
    expect(reports).toHaveLength(1);
    expect(readFileSync(reports[0]?.movedTo ?? '').subarray(0, 4_096)).toEqual(damaged.subarray(0, 4_096));
    expect(second.journal.unfinished()).toEqual([]);
    expect(second.healthy()).toBe(true);
  },
);

test('a database of a newer program is left as it is, and the fault says which versions', async () => {
  close(await open());
  const newer = new Sqlite(join(directory, 'kiosk.db'));
  newer.pragma('user_version = 99');
  newer.close();
  expect(await tryOpen()).toMatchObject({ ok: false, error: { kind: 'newer', found: 99 } });
  expect(readdirSync(directory).filter((name) => name.includes('damaged'))).toEqual([]);
  const still = new Sqlite(join(directory, 'kiosk.db'));
  expect(still.pragma('user_version', { simple: true })).toBe(99);
  still.close();
});

test('a directory that cannot be made is a typed fault', async () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  const store = await openStore({ directory: join(file, 'data'), clock: systemClock, random: systemRandom });
  expect(store).toEqual({ ok: false, error: { kind: 'unavailable', code: 'ENOTDIR' } });
});

test('a session row says how it went, and one found open at boot is closed as interrupted', async () => {
  const first = await open();
  const ended = first.sessions.begin(41);
  ended.setMethod('id-card');
  ended.setOperation(row(1).opId);
  ended.end('issued');
  first.sessions.begin(42).vault.put('maskedName', Buffer.from('wei*'));
  close(first);
  const second = await open();
  expect(second.sessions.interrupted).toBe(1);
  expect(second.sessions.lastEpoch()).toBe(42);
  const [interrupted, issued] = second.sessions.newest(10);
  expect(interrupted).toMatchObject({ epoch: 42, state: 'closed', outcome: 'interrupted', durationMs: null });
  expect(issued).toMatchObject({
    method: 'id-card',
    operation: row(1).opId,
    state: 'closed',
    outcome: 'issued',
  });
  expect(issued?.durationMs).toBeGreaterThanOrEqual(0);
});

test('the vault gives back what it was given, zeroes what it was given and what it lent, and nothing after the end', async () => {
  const store = await open();
  const session = store.sessions.begin(1);
  const { vault } = session;
  const given = Buffer.from('OC1-CANARY');
  expect(vault.put('token', given)).toBe(true);
  expect(given.every((byte) => byte === 0)).toBe(true);
  let lent: Buffer = Buffer.alloc(0);
  const read = vault.use('token', (value) => {
    lent = value;
    return value.toString();
  });
  expect(read).toEqual({ ok: true, value: 'OC1-CANARY' });
  expect(lent.every((byte) => byte === 0)).toBe(true);
  expect(vault.get('fullName')).toEqual({ ok: false, error: 'absent' });
  vault.drop('token');
  expect(vault.get('token')).toEqual({ ok: false, error: 'absent' });
  vault.put('shortCode', Buffer.from('AB'));
  session.end('finished');
  expect(vault.get('shortCode')).toEqual({ ok: false, error: 'ended' });
  expect(vault.put('shortCode', Buffer.from('AB'))).toBe(false);
  session.end('finished');
});

test('a sealed value that was changed, or put into another column or session, is damaged and not shown', async () => {
  const store = await open();
  const one = store.sessions.begin(1);
  const other = store.sessions.begin(2);
  one.vault.put('token', Buffer.from('first'));
  const database = new Sqlite(join(directory, 'kiosk.db'));
  const copy = (sql: string, ...values: string[]) => database.prepare(sql).run(...values);
  copy('UPDATE sessions SET sealed_short_code = sealed_token WHERE session_id = ?', one.sessionId);
  expect(one.vault.get('shortCode')).toEqual({ ok: false, error: 'damaged' });
  copy(
    'UPDATE sessions SET sealed_token = (SELECT sealed_token FROM sessions WHERE session_id = ?) WHERE session_id = ?',
    one.sessionId,
    other.sessionId,
  );
  expect(other.vault.get('token')).toEqual({ ok: false, error: 'damaged' });
  copy("UPDATE sessions SET sealed_token = x'00' WHERE session_id = ?", one.sessionId);
  expect(one.vault.get('token')).toEqual({ ok: false, error: 'damaged' });
  database.close();
});

test('while a session lives its words are in no file in the clear, and after it not even sealed ones are left', async () => {
  const canary = 'CANARY-0f1e2d3c';
  const store = await open();
  const session = store.sessions.begin(1);
  for (const column of SEALED_COLUMNS) session.vault.put(column, Buffer.from(`${canary}-${column}`));
  expect(filesWith(canary)).toEqual([]);
  const reader = new Sqlite(join(directory, 'kiosk.db'), { readonly: true });
  const sealed = reader.prepare('SELECT sealed_proof, sealed_full_name FROM sessions').get() as Record<
    string,
    Buffer
  >;
  reader.close();
  const traces = () =>
    readdirSync(directory).filter((name) => {
      const bytes = readFileSync(join(directory, name));
      return Object.values(sealed).some((value) => bytes.includes(value));
    });
  expect(traces()).toEqual(['kiosk.db-wal']);
  session.end('finished');
  expect(traces()).toEqual([]);
  expect(filesWith(canary)).toEqual([]);
});

test('killed in the middle of a session, no word of it is in any file, and the next start wipes the sealed ones', async () => {
  const canary = 'CANARY-9a8b7c6d';
  const child = spawn(process.execPath, [CHILD, directory, canary], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(filesWith(canary)).toEqual([]);
  expect(statSync(join(directory, 'kiosk.db-wal')).size).toBeGreaterThan(0);
  const copyOfDisk = mkdtempSync(join(tmpdir(), 'kiosk-store-copy-'));
  cpSync(directory, copyOfDisk, { recursive: true });
  const reader = new Sqlite(join(copyOfDisk, 'kiosk.db'));
  const sealed = reader.prepare('SELECT sealed_proof FROM sessions').pluck().get() as Buffer;
  reader.close();
  rmSync(copyOfDisk, { recursive: true });
  expect(sealed.length).toBeGreaterThan(28);
  const store = await open();
  expect(store.sessions.newest(1)).toMatchObject([{ epoch: 7, outcome: 'interrupted' }]);
  for (const name of readdirSync(directory)) {
    expect(readFileSync(join(directory, name)).includes(sealed), name).toBe(false);
  }
});

test('the event log is a ring: the newest first, the oldest go, what is a week old goes', async () => {
  let nowMs = 1_790_000_000_000;
  const store = await openStore({
    directory,
    clock: { ...systemClock, wallClockMs: () => nowMs },
    random: systemRandom,
  });
  if (!store.ok) throw new Error(store.error.kind);
  opened.push(store.value);
  const { events } = store.value;
  events.append('old', { number: 0 });
  nowMs += 8 * 24 * 3_600_000;
  for (let number = 1; number <= 120; number += 1) events.append('new', { number, ok: true });
  const kept = events.newest(10_000);
  expect(kept).toHaveLength(120);
  expect(kept[0]).toEqual({ atMs: nowMs, type: 'new', data: { number: 120, ok: true } });
});

test("the centre's time only ever goes up, over restarts", async () => {
  const first = await open();
  expect(first.serverTimeFloor.get()).toBeNull();
  first.serverTimeFloor.raise(1_790_000_000_000);
  first.serverTimeFloor.raise(1_780_000_000_000);
  close(first);
  expect((await open()).serverTimeFloor.get()).toBe(1_790_000_000_000);
});
