import type { Database } from 'better-sqlite3';
import type { Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';
import type { SignInMethod } from '../view/kiosk-view.ts';
import { createVault, SEALED_COLUMNS } from './vault.ts';
import type { SealedColumn, Vault } from './vault.ts';

/** One person at the kiosk, while it lasts. */
export interface OpenSession {
  readonly sessionId: string;
  readonly vault: Vault;
  setMethod(method: SignInMethod): void;
  setOperation(opId: string): void;
  /**
   * Ends the session: shreds the vault's key, wipes its columns, closes the row with a word for how it went (a fixed word of
   * the session's, never text about the person). A second call does nothing.
   */
  end(outcome: string): void;
}

/** What is left of a session: nothing personal. */
interface SessionRow {
  readonly sessionId: string;
  readonly epoch: number;
  readonly method: SignInMethod | null;
  readonly state: 'open' | 'closed';
  readonly operation: string | null;
  readonly outcome: string | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly durationMs: number | null;
}

export interface Sessions {
  begin(epoch: number): OpenSession;
  /** Sessions that the last run left open and that were closed as `interrupted` when this one started. */
  readonly interrupted: number;
  /** Largest epoch ever given, so that epochs go on after a restart; 0 before the first. */
  lastEpoch(): number;
  /** Newest first. */
  newest(count: number): readonly SessionRow[];
}

const KEPT_MS = 30 * 24 * 3_600_000;

const SQL_NAMES: Record<SealedColumn, string> = {
  proof: 'sealed_proof',
  subjectToken: 'sealed_subject_token',
  identificationId: 'sealed_identification_id',
  token: 'sealed_token',
  shortCode: 'sealed_short_code',
  maskedName: 'sealed_masked_name',
  fullName: 'sealed_full_name',
  photoRef: 'sealed_photo_ref',
};
const WIPE = SEALED_COLUMNS.map((column) => `${SQL_NAMES[column]} = NULL`).join(', ');

/** Sessions over an open database. What a crash left open is closed and wiped at once. */
export function createSessions(database: Database, clock: Clock, random: RandomSource): Sessions {
  const interrupted = closeInterrupted(database, clock);
  const insert = database.prepare(`INSERT INTO sessions (session_id, epoch, state, started_at_ms)
    VALUES (?, ?, 'open', ?)`);
  const setMethod = database.prepare('UPDATE sessions SET method = ? WHERE session_id = ?');
  const setOperation = database.prepare('UPDATE sessions SET operation = ? WHERE session_id = ?');
  const close = database.prepare(`UPDATE sessions SET state = 'closed', outcome = ?, ended_at_ms = ?,
    duration_ms = ?, ${WIPE} WHERE session_id = ? AND state = 'open'`);
  const newest = database.prepare<[number], SessionRow>(`SELECT session_id AS sessionId, epoch, method, state,
    operation, outcome, started_at_ms AS startedAtMs, ended_at_ms AS endedAtMs, duration_ms AS durationMs
    FROM sessions ORDER BY epoch DESC, rowid DESC LIMIT ?`);
  const lastEpoch = database.prepare<[], { epoch: number | null }>(
    'SELECT max(epoch) AS epoch FROM sessions',
  );
  const drop = database.prepare("DELETE FROM sessions WHERE state = 'closed' AND ended_at_ms < ?");
  const columns = sealedColumns(database);

  return {
    interrupted,
    begin(epoch) {
      const sessionId = random.uuid();
      const sinceMs = clock.monotonicMs();
      insert.run(sessionId, epoch, clock.wallClockMs());
      const vault = createVault(sessionId, columns(sessionId), random);
      let ended = false;
      return {
        sessionId,
        vault,
        setMethod(method) {
          setMethod.run(method, sessionId);
        },
        setOperation(opId) {
          setOperation.run(opId, sessionId);
        },
        end(outcome) {
          if (ended) return;
          ended = true;
          // First, so that a disk that fails now leaves nothing readable.
          vault.end();
          const nowMs = clock.wallClockMs();
          close.run(outcome, nowMs, Math.round(clock.monotonicMs() - sinceMs), sessionId);
          drop.run(nowMs - KEPT_MS);
        },
      };
    },
    lastEpoch: () => lastEpoch.get()?.epoch ?? 0,
    newest: (count) => newest.all(count),
  };
}

function closeInterrupted(database: Database, clock: Clock): number {
  const { changes } = database
    .prepare(`UPDATE sessions SET state = 'closed', outcome = 'interrupted', ended_at_ms = ?, ${WIPE}
      WHERE state = 'open'`)
    .run(clock.wallClockMs());
  truncateLog(database);
  return changes;
}

/** Copies the log into the database and cuts it to nothing: deleted pages stay in it until then. */
function truncateLog(database: Database): void {
  database.pragma('wal_checkpoint(TRUNCATE)');
}

function sealedColumns(database: Database) {
  const wipe = database.prepare(`UPDATE sessions SET ${WIPE} WHERE session_id = ?`);
  const statements = Object.fromEntries(
    SEALED_COLUMNS.map((column) => [
      column,
      {
        write: database.prepare(`UPDATE sessions SET ${SQL_NAMES[column]} = ? WHERE session_id = ?`),
        read: database
          .prepare<[string], Buffer | null>(`SELECT ${SQL_NAMES[column]} FROM sessions WHERE session_id = ?`)
          .pluck(),
      },
    ]),
  );
  return (sessionId: string) => ({
    write(column: SealedColumn, sealed: Uint8Array | null) {
      statements[column]?.write.run(sealed, sessionId);
    },
    read: (column: SealedColumn) => statements[column]?.read.get(sessionId) ?? null,
    wipe() {
      wipe.run(sessionId);
      truncateLog(database);
    },
  });
}
