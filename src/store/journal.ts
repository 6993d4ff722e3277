import type { Database } from 'better-sqlite3';
import type { Clock } from '../platform/clock.ts';

/** Where an operation stands. The same states as the issuance room's table; the database's trigger holds the moves. */
type JournalState =
  | 'INTENT'
  | 'RESERVED'
  | 'PRINTING'
  | 'PRINTED'
  | 'ACTIVATING'
  | 'ACTIVE'
  | 'FOOTER'
  | 'DONE'
  | 'DONE_U'
  | 'VOIDING';

/** One unfinished operation: nothing personal. */
export interface JournalRow {
  readonly opId: string;
  readonly kind: 'apply' | 'reissue';
  readonly state: JournalState;
  readonly baseEpoch: number | null;
  /** Keyed hash, hexadecimal. */
  readonly tokenHash: string | null;
  readonly processId: string | null;
  readonly evidence: 'E0' | 'E1' | 'E2' | 'E3' | null;
  readonly reason:
    | 'reserve-unknown'
    | 'print-failed'
    | 'print-unknown'
    | 'evidence-too-weak'
    | 'activation-refused'
    | 'activation-unknown'
    | 'footer-not-printed'
    | 'retracted'
    | 'cancelled'
    | 'interrupted'
    | 'orphan'
    | null;
  readonly delivery: 'unconfirmed' | 'cut' | 'taken' | 'scanned' | null;
  readonly paperDebt: 'none' | 'void-mark' | 'cut';
  readonly centreSettled: boolean;
}

type JournalPatch = Partial<Omit<JournalRow, 'opId' | 'kind' | 'state'>>;

/**
 * The durable journal of unfinished operations. Each call is one transaction, on disk when it returns. A throw (an I/O error,
 * a full disk, a move that the protocol does not have) means that nobody knows what is on disk: end the process and recover.
 */
export interface Journal {
  insert(row: JournalRow): void;
  /** Throws when the row is not in state `from`. */
  move(opId: string, from: JournalState, to: JournalState, patch: JournalPatch): void;
  close(opId: string): void;
  /** Oldest first. */
  unfinished(): readonly JournalRow[];
  /** Since the row was written first, by the wall clock, ms; never negative, 0 for one that is not there. */
  ageMs(opId: string): number;
}

interface StoredRow extends Omit<JournalRow, 'centreSettled'> {
  readonly centreSettled: 0 | 1;
}

const SELECT = `SELECT op_id AS opId, kind, state, base_epoch AS baseEpoch, token_hash AS tokenHash,
  process_id AS processId, evidence, reason, delivery, paper_debt AS paperDebt, centre_settled AS centreSettled
  FROM journal`;

/** The journal over an open database. */
export function createJournal(database: Database, clock: Clock): Journal {
  const insert = database.prepare(`INSERT INTO journal VALUES (@opId, @kind, @state, @baseEpoch, @tokenHash,
    @processId, @evidence, @reason, @delivery, @paperDebt, @centreSettled, @nowMs, @nowMs)`);
  const update = database.prepare(`UPDATE journal SET state = @state, base_epoch = @baseEpoch,
    token_hash = @tokenHash, process_id = @processId, evidence = @evidence, reason = @reason, delivery = @delivery,
    paper_debt = @paperDebt, centre_settled = @centreSettled, updated_at_ms = @nowMs
    WHERE op_id = @opId AND state = @from`);
  const remove = database.prepare('DELETE FROM journal WHERE op_id = ?');
  const one = database.prepare<[string], StoredRow>(`${SELECT} WHERE op_id = ?`);
  const beganAt = database
    .prepare<[string], number>('SELECT created_at_ms FROM journal WHERE op_id = ?')
    .pluck();
  const all = database.prepare<[], StoredRow>(`${SELECT} ORDER BY created_at_ms, rowid`);

  function bind(row: JournalRow): Record<string, unknown> {
    return { ...row, centreSettled: row.centreSettled ? 1 : 0, nowMs: clock.wallClockMs() };
  }

  const move = database.transaction(
    (opId: string, from: JournalState, to: JournalState, patch: JournalPatch) => {
      const stored = one.get(opId);
      if (stored === undefined) throw new Error(`journal: no operation in ${from}`);
      const row: JournalRow = { ...read(stored), ...patch, opId, state: to };
      const { changes } = update.run({ ...bind(row), from });
      if (changes !== 1) throw new Error(`journal: operation is in ${stored.state}, not in ${from}`);
    },
  );

  return {
    insert(row) {
      insert.run(bind(row));
    },
    move(opId, from, to, patch) {
      move.immediate(opId, from, to, patch);
    },
    close(opId) {
      if (remove.run(opId).changes !== 1) throw new Error('journal: no such operation');
    },
    unfinished: () => all.all().map(read),
    ageMs(opId) {
      const nowMs = clock.wallClockMs();
      return Math.max(0, nowMs - (beganAt.get(opId) ?? nowMs));
    },
  };
}

function read(stored: StoredRow): JournalRow {
  return { ...stored, centreSettled: stored.centreSettled === 1 };
}
