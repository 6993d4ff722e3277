import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Clock } from '../platform/clock.ts';
import type { Result } from '../platform/result.ts';
import { err, ok } from '../platform/result.ts';
import type { RandomSource } from '../platform/random.ts';
import { createDeviceFindings } from './device-findings.ts';
import type { DeviceFindingsStore } from './device-findings.ts';
import { createDirectoryCache } from './directory-cache.ts';
import type { DirectoryCache } from './directory-cache.ts';
import { createEventLog } from './event-log.ts';
import type { EventLog } from './event-log.ts';
import { createJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { migrate, schemaOf } from './migrations.ts';
import { applyPragmas } from './pragmas.ts';
import { createServerTimeFloor } from './server-time-floor.ts';
import type { ServerTimeFloor } from './server-time-floor.ts';
import { createSessions } from './sessions.ts';
import type { Sessions } from './sessions.ts';

const DATABASE_FILE = 'kiosk.db';
const LOCK_FILE = 'kiosk.lock';
/** Says that a database was lost, until what that means has been done. */
const LOSS_MARKER = 'kiosk.db-lost';
const SIDE_FILES = ['', '-wal', '-shm'] as const;

/** Why the store could not be opened. `in-use`: another agent has it. `newer`: written by a newer program. */
export type StoreFault =
  | { readonly kind: 'in-use'; readonly directory: string }
  | { readonly kind: 'newer'; readonly found: number; readonly known: number }
  /** A required pragma did not take: this SQLite cannot keep what it promises. */
  | { readonly kind: 'unsafe'; readonly pragmas: readonly string[] }
  /** The directory or the disk refuses; `code` is SQLite's or the system's (`EACCES`, `SQLITE_IOERR`, `SQLITE_FULL`, …). */
  | { readonly kind: 'unavailable'; readonly code: string };

/** A damaged database that was moved out of the way. Its unfinished operations are known to the centre only. */
export interface DamageReport {
  readonly movedTo: string;
  /** SQLite's code, or `quick_check`. */
  readonly code: string;
}

export interface StoreOptions {
  /** Made when missing, readable by this user alone. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly onDamaged?: (report: DamageReport) => void;
}

/** The kiosk's own database, for one process at a time. */
export interface Store {
  readonly journal: Journal;
  readonly sessions: Sessions;
  readonly events: EventLog;
  readonly deviceFindings: DeviceFindingsStore;
  readonly serverTimeFloor: ServerTimeFloor;
  readonly directory: DirectoryCache;
  /**
   * Present when the last database is not there any more (it was damaged and moved aside, or it has vanished) and nobody has
   * called `accountedFor` since, in this run or an earlier one. A directory that never held one is not a loss.
   */
  readonly lost?: { accountedFor(): void };
  /** Number of the newest migration the file has. */
  readonly schemaVersion: number;
  /** True when the file passes `PRAGMA quick_check` now. */
  healthy(): boolean;
  close(): void;
}

/** Opens (or makes) the store. The Node version must have been checked before: the native module crashes on an old one. */
export async function openStore(options: StoreOptions): Promise<Result<Store, StoreFault>> {
  const { default: Sqlite } = await import('better-sqlite3');
  const open = (file: string) => new Sqlite(join(options.directory, file), { timeout: 0 });
  const schema = schemaBy(() => new Sqlite(':memory:'));
  const usedBefore = existsSync(join(options.directory, LOCK_FILE));
  const lock = takeLock(options.directory, open);
  if (!lock.ok) return lock;
  if (usedBefore && !existsSync(join(options.directory, DATABASE_FILE))) {
    const marked = markLoss(options.directory);
    if (!marked.ok) {
      lock.value.close();
      return marked;
    }
  }
  const opened = openDatabase(options, () => tryDatabase(open, schema));
  if (!opened.ok) {
    lock.value.close();
    return opened;
  }
  return ok(assemble(opened.value, lock.value, options));
}

/**
 * Holds an exclusive lock on a file of its own for as long as the process lives: the kernel gives it back even after SIGKILL,
 * and it stays with us while a damaged database is moved aside.
 */
function takeLock(directory: string, open: (file: string) => Database): Result<Database, StoreFault> {
  let lock: Database | null = null;
  try {
    makeDirectory(resolve(directory));
    lock = open(LOCK_FILE);
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE');
    return ok(lock);
  } catch (error) {
    lock?.close();
    const code = errorCode(error);
    return err(
      code.startsWith('SQLITE_BUSY') ? { kind: 'in-use', directory } : { kind: 'unavailable', code },
    );
  }
}

/** SQLite syncs the names in its directory; that the directory itself is there after a power cut is up to who made it. */
function makeDirectory(directory: string): void {
  const first = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) syncNames(dirname(made));
}

function syncNames(directory: string): void {
  const names = openSync(directory, 'r');
  try {
    fsyncSync(names);
  } finally {
    closeSync(names);
  }
}

function openDatabase(options: StoreOptions, tryToOpen: () => Tried): Result<Database, StoreFault> {
  let tried = tryToOpen();
  // A disk that could not be read for a moment looks the same; damage is what is there again.
  if (isDamaged(tried)) tried = tryToOpen();
  if (tried.ok || tried.error.kind !== 'damaged') return tried as Result<Database, StoreFault>;
  const stamp = new Date(options.clock.wallClockMs()).toISOString().replaceAll(/[:.]/g, '-');
  const movedTo = freePath(join(options.directory, `${DATABASE_FILE}.damaged-${stamp}`));
  // Before anything is moved: if the power goes now, the next start still knows.
  const marked = markLoss(options.directory);
  if (!marked.ok) return marked;
  try {
    for (const side of SIDE_FILES) {
      const from = join(options.directory, DATABASE_FILE + side);
      if (existsSync(from)) renameSync(from, movedTo + side);
    }
  } catch (error) {
    return err({ kind: 'unavailable', code: errorCode(error) });
  }
  options.onDamaged?.({ movedTo, code: tried.error.code });
  const fresh = tryToOpen();
  if (fresh.ok) return fresh;
  return err(fresh.error.kind === 'damaged' ? { kind: 'unavailable', code: fresh.error.code } : fresh.error);
}

/** On disk when it returns. */
function markLoss(directory: string): Result<void, StoreFault> {
  try {
    const file = openSync(join(directory, LOSS_MARKER), 'w', 0o600);
    fsyncSync(file);
    closeSync(file);
    syncNames(directory);
    return ok(undefined);
  } catch (error) {
    return err({ kind: 'unavailable', code: errorCode(error) });
  }
}

function freePath(wanted: string): string {
  for (let count = 0; ; count += 1) {
    const path = count === 0 ? wanted : `${wanted}-${count}`;
    if (!existsSync(path)) return path;
  }
}

/**
 * What else no restart mends: no database at all, a sector that cannot be read and never will be, a schema that the statements of
 * pragmas and migrations do not fit.
 */
const DAMAGES: ReadonlySet<string> = new Set(['SQLITE_NOTADB', 'SQLITE_IOERR_CORRUPTFS', 'SQLITE_ERROR']);

type Damaged = { readonly kind: 'damaged'; readonly code: string };

type Tried = Result<Database, StoreFault | Damaged>;

function isDamaged(tried: Tried): boolean {
  return !tried.ok && tried.error.kind === 'damaged';
}

function tryDatabase(open: (file: string) => Database, schema: string): Tried {
  let database: Database | null = null;
  try {
    database = open(DATABASE_FILE);
    const fault = prepare(database, schema);
    if (fault === null) return ok(database);
    database.close();
    return err(fault);
  } catch (error) {
    closeQuietly(database);
    const code = errorCode(error);
    return err({ kind: isDamage(code) ? 'damaged' : 'unavailable', code });
  }
}

/** Read the file before trusting it, then set and assert the pragmas, then bring the schema forward, which must be `schema` then. */
function prepare(database: Database, schema: string): StoreFault | Damaged | null {
  const pragmas = applyPragmas(database);
  if (pragmas.length > 0) return { kind: 'unsafe', pragmas };
  if (!passesQuickCheck(database)) return { kind: 'damaged', code: 'quick_check' };
  const { found, known } = migrate(database);
  if (found > known) return { kind: 'newer', found, known };
  // A trigger that reads otherwise passes every check of SQLite, and refuses the journal's next move for ever.
  return schemaOf(database) === schema ? null : { kind: 'damaged', code: 'schema' };
}

/** What all migrations make of an empty database. */
function schemaBy(empty: () => Database): string {
  const database = empty();
  try {
    migrate(database);
    return schemaOf(database);
  } finally {
    database.close();
  }
}

function passesQuickCheck(database: Database): boolean {
  return database.pragma('quick_check(1)', { simple: true }) === 'ok';
}

function isDamage(code: string): boolean {
  return code.startsWith('SQLITE_CORRUPT') || DAMAGES.has(code);
}

function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}

function closeQuietly(database: Database | null): void {
  try {
    database?.close();
  } catch (error) {
    errorCode(error);
  }
}

function assemble(database: Database, lock: Database, options: StoreOptions): Store {
  const marker = join(options.directory, LOSS_MARKER);
  const lost = existsSync(marker) && {
    accountedFor: () => {
      rmSync(marker, { force: true });
    },
  };
  return {
    ...(lost && { lost }),
    journal: createJournal(database, options.clock),
    sessions: createSessions(database, options.clock, options.random),
    events: createEventLog(database, options.clock),
    deviceFindings: createDeviceFindings(database, options.clock),
    serverTimeFloor: createServerTimeFloor(database),
    directory: createDirectoryCache(database, options.clock),
    schemaVersion: Number(database.pragma('user_version', { simple: true })),
    healthy: () => {
      try {
        return passesQuickCheck(database);
      } catch (error) {
        errorCode(error);
        return false;
      }
    },
    close() {
      database.close();
      lock.close();
    },
  };
}
