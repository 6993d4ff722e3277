import type { Database } from 'better-sqlite3';
import type { Clock } from '../platform/clock.ts';

/** One event of the typed catalogue (src/logging), which alone decides what may be in it: never personal data. */
interface StoredEvent {
  /** Milliseconds since 1970 by this machine's clock. */
  readonly atMs: number;
  readonly type: string;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}

/** The newest events, for technicians; a ring. */
export interface EventLog {
  append(type: string, data: StoredEvent['data']): void;
  /** In one transaction: all of them or none. */
  appendAll(events: readonly StoredEvent[]): void;
  /** Newest first. */
  newest(count: number): readonly StoredEvent[];
}

const KEPT_EVENTS = 5_000;
const KEPT_MS = 7 * 24 * 3_600_000;
/** Trimming costs a scan, so not at each event. */
const TRIM_EVERY = 50;

/** The event ring over an open database: at most 5,000 events and 7 days. */
export function createEventLog(database: Database, clock: Clock): EventLog {
  const insert = database.prepare('INSERT INTO events (at_ms, type, data) VALUES (?, ?, ?)');
  const trim = database.prepare(
    'DELETE FROM events WHERE at_ms < ? OR id <= (SELECT max(id) FROM events) - ?',
  );
  const newest = database.prepare<[number], { atMs: number; type: string; data: string }>(
    'SELECT at_ms AS atMs, type, data FROM events ORDER BY id DESC LIMIT ?',
  );
  let untilTrim = 0;

  const keep = ({ atMs, type, data }: StoredEvent) => {
    insert.run(atMs, type, JSON.stringify(data));
    if (untilTrim === 0) trim.run(clock.wallClockMs() - KEPT_MS, KEPT_EVENTS);
    untilTrim = (untilTrim + 1) % TRIM_EVERY;
  };
  const keepAll = database.transaction((events: readonly StoredEvent[]) => {
    for (const event of events) keep(event);
  });

  return {
    append(type, data) {
      keep({ atMs: clock.wallClockMs(), type, data });
    },
    appendAll(events) {
      keepAll.immediate(events);
    },
    newest: (count) =>
      newest.all(count).map((row) => ({
        atMs: row.atMs,
        type: row.type,
        data: JSON.parse(row.data) as StoredEvent['data'],
      })),
  };
}
