import type { Database } from 'better-sqlite3';

/** The latest time the centre has ever told, so that a dead clock battery cannot take the kiosk back before it. */
export interface ServerTimeFloor {
  /** Milliseconds since 1970; null before the first answer. */
  get(): number | null;
  /** Keeps the later one of what is known and `serverTimeMs`. */
  raise(serverTimeMs: number): void;
}

const NAME = 'serverTimeFloorMs';

/** The floor over an open database. */
export function createServerTimeFloor(database: Database): ServerTimeFloor {
  const select = database.prepare<[string], { value: number }>('SELECT value FROM settings WHERE name = ?');
  const upsert = database.prepare(`INSERT INTO settings (name, value) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)`);
  return {
    get: () => select.get(NAME)?.value ?? null,
    raise(serverTimeMs) {
      upsert.run(NAME, Math.trunc(serverTimeMs));
    },
  };
}
