import type { Database } from 'better-sqlite3';
import type { Clock } from '../platform/clock.ts';

/** The two lists that the centre keeps for people. */
export type DirectoryList = 'terminals' | 'notices';

/** What the centre last said for everybody, kept over restarts and days without network. */
export interface DirectoryCache {
  /** JSON as it was put; undefined: never, or it is no JSON any more. Whoever reads it judges it anew. */
  get(list: DirectoryList): unknown;
  put(list: DirectoryList, content: unknown): void;
  /** Sound by the SHA-256 of its bytes, hexadecimal. */
  readonly recordings: {
    get(sha256: string): Uint8Array | undefined;
    has(sha256: string): boolean;
    put(sha256: string, sound: Uint8Array): void;
    /** Forgets all others. */
    keepOnly(sha256s: readonly string[]): void;
  };
}

/** The cache over an open database. */
export function createDirectoryCache(database: Database, clock: Clock): DirectoryCache {
  const select = database.prepare<[string], { content: string }>(
    'SELECT content FROM directory WHERE name = ?',
  );
  const upsert = database.prepare(`INSERT INTO directory (name, content, fetched_at_ms) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET content = excluded.content, fetched_at_ms = excluded.fetched_at_ms`);
  const sound = database.prepare<[string], { sound: Buffer }>(
    'SELECT sound FROM notice_recordings WHERE sha256 = ?',
  );
  const soundIsThere = database.prepare('SELECT 1 FROM notice_recordings WHERE sha256 = ?');
  const insertSound = database.prepare(
    'INSERT INTO notice_recordings (sha256, sound) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING',
  );
  const forgetOthers = database.prepare(
    'DELETE FROM notice_recordings WHERE sha256 NOT IN (SELECT value FROM json_each(?))',
  );

  return {
    get(list) {
      const row = select.get(list);
      try {
        return row && (JSON.parse(row.content) as unknown);
      } catch {
        return undefined;
      }
    },
    put(list, content) {
      upsert.run(list, JSON.stringify(content), clock.wallClockMs());
    },
    recordings: {
      get: (sha256) => sound.get(sha256)?.sound,
      has: (sha256) => soundIsThere.get(sha256) !== undefined,
      put(sha256, bytes) {
        insertSound.run(sha256, bytes);
      },
      keepOnly(sha256s) {
        forgetOthers.run(JSON.stringify(sha256s));
      },
    },
  };
}
