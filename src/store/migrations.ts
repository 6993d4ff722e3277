import { readdirSync, readFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';

const FOLDER = new URL('./migrations/', import.meta.url);

interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** The numbered files of `migrations/`, in order; their numbers have no gaps. */
function knownMigrations(): readonly Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort()
    .map((name, index) => {
      const version = Number.parseInt(name, 10);
      if (version !== index + 1) throw new Error(`migration ${name} is out of order`);
      return { version, sql: readFileSync(new URL(name, FOLDER), 'utf8') };
    });
}

/** Which version the database has, and the newest this program knows. */
export interface SchemaVersions {
  readonly found: number;
  readonly known: number;
}

/**
 * Brings the schema forward, each step in its own transaction. A database from a newer program is left alone: `found` is then
 * greater than `known`, and it must not be used.
 */
export function migrate(database: Database): SchemaVersions {
  const migrations = knownMigrations();
  const found = Number(database.pragma('user_version', { simple: true }));
  for (const { version, sql } of migrations) {
    if (version <= found) continue;
    database
      .transaction(() => {
        database.exec(sql);
        database.pragma(`user_version = ${version}`);
      })
      .exclusive();
  }
  return { found, known: migrations.length };
}

/** All tables, indexes and triggers of a database, in words: the same for the same migrations. */
export function schemaOf(database: Database): string {
  const rows = database
    .prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name')
    .raw()
    .all();
  return JSON.stringify(rows);
}
