import type { JournalPort, JournalRow } from '../../src/issuance/ports.ts';
import type { JournalState } from '../../src/issuance/transitions.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { OpenSession } from '../../src/store/sessions.ts';
import type { SealedColumn, Vault } from '../../src/store/vault.ts';
import type { WriteFault } from './faults.ts';

/** Commits that a checkpoint has not synced yet, at most, when each commit is not synced by itself. */
const UNSYNCED_MOST = 8;

export interface DiskEvents {
  /** Before a write. What is to happen to it; null: it succeeds. */
  readonly write: (
    opId: string,
    from: JournalState | 'NONE',
    to: JournalState | 'CLOSED',
  ) => WriteFault | null;
  /** After a write is on disk. */
  readonly written: (opId: string, from: JournalState | 'NONE', to: JournalState | 'CLOSED') => void;
  readonly sessionBegun: (epoch: number, vaultsOpen: number) => void;
  readonly sessionEnded: (outcome: string) => void;
  /** The process ends here. */
  readonly die: () => never;
}

/** The disk of one kiosk. Full: what a call has written survives a power cut. Normal: the last commits may not. */
export class Disk {
  readonly rows = new Map<string, JournalRow>();
  synchronous: 'full' | 'normal' = 'full';
  /** The newest operation that was written about. */
  newest: string | null = null;
  /** There, as the store says it, from the loss of a database until what that means was done. */
  lost: { accountedFor(): void } | undefined;
  #lastEpoch = 0;
  #unsynced: (readonly [opId: string, before: JournalRow | undefined])[] = [];

  journal(alive: () => boolean, events: DiskEvents): JournalPort {
    const write = (opId: string, from: JournalState | 'NONE', after: JournalRow | undefined) => {
      if (!alive()) throw new Error('the process is gone');
      const to = after?.state ?? 'CLOSED';
      const fault = events.write(opId, from, to);
      if (fault === 'killed-before-write') events.die();
      if (fault === 'write-fails') throw new Error('SQLITE_IOERR');
      this.#commit(opId, after);
      events.written(opId, from, to);
      if (fault === 'killed-after-write') events.die();
      if (fault === 'write-fails-kept') throw new Error('SQLITE_IOERR_FSYNC');
    };
    return {
      insert: (row) => {
        write(row.opId, 'NONE', row);
      },
      move: (opId, from, to, patch) => {
        const row = this.rows.get(opId);
        if (row?.state !== from)
          throw new Error(`journal: operation is in ${String(row?.state)}, not in ${from}`);
        write(opId, from, { ...row, ...patch, state: to });
      },
      close: (opId) => {
        const row = this.rows.get(opId);
        if (row === undefined) throw new Error('journal: no such operation');
        write(opId, row.state, undefined);
      },
      unfinished: () => [...this.rows.values()],
      // For alarms only, and these are in no rule that is looked at here.
      ageMs: () => 0,
    };
  }

  #commit(opId: string, after: JournalRow | undefined): void {
    if (this.synchronous === 'normal') {
      this.#unsynced.push([opId, this.rows.get(opId)]);
      if (this.#unsynced.length > UNSYNCED_MOST) this.#unsynced = [];
    }
    this.newest = opId;
    this.#put(opId, after);
  }

  #put(opId: string, row: JournalRow | undefined): void {
    if (row === undefined) this.rows.delete(opId);
    else this.rows.set(opId, row);
  }

  /** The machine loses its power; `how` in [0, 1): how many of the commits that may be lost are. */
  powerCut(how: number): void {
    const lost = this.#unsynced.slice(Math.floor(how * (this.#unsynced.length + 1)));
    for (const [opId, before] of lost.toReversed()) this.#put(opId, before);
    this.#unsynced = [];
  }

  /** The database is gone, or was damaged and moved aside. Returns what it knew. */
  lose(): readonly JournalRow[] {
    const known = [...this.rows.values()];
    this.rows.clear();
    this.#lastEpoch = 0;
    this.#unsynced = [];
    this.lost = {
      accountedFor: () => {
        this.lost = undefined;
      },
    };
    return known;
  }

  sessions(alive: () => boolean, events: DiskEvents) {
    let open = 0;
    return {
      lastEpoch: () => this.#lastEpoch,
      begin: (epoch: number): OpenSession => {
        if (!alive()) throw new Error('the process is gone');
        events.sessionBegun(epoch, open);
        this.#lastEpoch = Math.max(this.#lastEpoch, epoch);
        open += 1;
        const values = new Map<SealedColumn, Buffer>();
        let ended = false;
        const get: Vault['get'] = (column) => {
          const value = values.get(column);
          if (ended) return err('ended');
          return value === undefined ? err('absent') : ok(Buffer.from(value));
        };
        const end = () => {
          ended = true;
          values.clear();
        };
        return {
          sessionId: '',
          vault: {
            put: (column, value) => {
              if (!ended) values.set(column, Buffer.from(value));
              return !ended;
            },
            get,
            use: (column, work) => {
              const value = get(column);
              return value.ok ? ok(work(value.value)) : value;
            },
            drop: (column) => {
              values.delete(column);
            },
            end,
          },
          setMethod: () => undefined,
          setOperation: () => undefined,
          end: (outcome) => {
            if (ended) return;
            end();
            open -= 1;
            if (alive()) events.sessionEnded(outcome);
          },
        };
      },
    };
  }
}
