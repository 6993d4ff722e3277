import type { Database } from 'better-sqlite3';

/**
 * What every connection must have. `synchronous` comes after WAL and is set on every open: better-sqlite3 is built with
 * SQLITE_DEFAULT_WAL_SYNCHRONOUS=1, so the second open of a WAL file is NORMAL by itself and loses acknowledged commits in a
 * power cut. `secure_delete` overwrites what is deleted.
 */
const REQUIRED: readonly (readonly [name: string, set: string, reads: string | number])[] = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['secure_delete', 'ON', 1],
  ['foreign_keys', 'ON', 1],
  ['trusted_schema', 'OFF', 0],
  ['temp_store', 'MEMORY', 2],
  ['cell_size_check', 'ON', 1],
];

/** Sets every required pragma and reads each back; the names of those that did not take. */
export function applyPragmas(database: Database): readonly string[] {
  for (const [name, set] of REQUIRED) database.pragma(`${name} = ${set}`);
  return REQUIRED.filter(([name, , reads]) => database.pragma(name, { simple: true }) !== reads).map(
    ([name]) => name,
  );
}
