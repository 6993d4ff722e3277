/**
 * Loaded into the agent under test before its own code (`node --import`): at the journal's commits the process sends itself SIGKILL
 * when it has been told to. **Nothing in `src` knows of this**: what is watched is better-sqlite3, where the journal's statements are
 * told by their SQL and by what is bound to them. A point that has been used is used up, so the next life is not killed by it.
 */
import { readFileSync, rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import {
  BESIDE_VARIABLE,
  ORDER_FILE_VARIABLE,
  type CrashPoint,
  type JournalWrite,
  type KillOrder,
} from './points.ts';

/** What is bound to the journal's INSERT and UPDATE; its DELETE is given the id alone. */
interface BoundRow {
  readonly from?: string;
  readonly state: JournalWrite;
  readonly delivery: string | null;
  readonly centreSettled: 0 | 1;
}

type Run = (...bound: readonly unknown[]) => unknown;
type Transaction = ((...given: readonly unknown[]) => unknown) & Record<string, unknown>;

const orderFile = process.env[ORDER_FILE_VARIABLE] ?? '';
const beside = process.env[BESIDE_VARIABLE] === undefined ? undefined : startBeside();
/** Writes of a transaction that has not committed. */
let written: JournalWrite[] = [];

const database = Sqlite.prototype as unknown as {
  prepare: (sql: string) => { run: Run };
  transaction: (work: Run) => Transaction;
  readonly inTransaction: boolean;
};
const { prepare, transaction } = database;

database.prepare = function watchedPrepare(this: typeof database, sql) {
  const statement = prepare.call(this, sql);
  const kind = journalStatement(sql);
  if (kind === undefined) return statement;
  const run: Run = statement.run.bind(statement);
  statement.run = (...bound) => {
    const write = kind === 'DELETE' ? 'CLOSED' : writeOf(bound[0] as BoundRow);
    reach(`${write}.before`);
    const result = run(...bound);
    if (this.inTransaction) written.push(write);
    else reach(`${write}.after`);
    return result;
  };
  return statement;
};

database.transaction = function watchedTransaction(this: typeof database, work) {
  const real = transaction.call(this, work);
  const watched = (variant: Run): Run => {
    const call: Run = (...given) => {
      const result = variant(...given);
      if (!this.inTransaction) {
        const committed = written;
        written = [];
        for (const write of committed) reach(`${write}.after`);
      }
      return result;
    };
    return call;
  };
  const variants = Object.fromEntries(
    ['default', 'deferred', 'immediate', 'exclusive'].map((name) => [name, watched(real[name] as Run)]),
  );
  return Object.assign(watched(real), variants);
};

function journalStatement(sql: string): 'INSERT' | 'UPDATE' | 'DELETE' | undefined {
  const [, verb] = /^(INSERT|UPDATE|DELETE)(?: INTO| FROM)? journal\b/.exec(sql) ?? [];
  return verb as 'INSERT' | 'UPDATE' | 'DELETE' | undefined;
}

function writeOf({ from, state, delivery, centreSettled }: BoundRow): JournalWrite {
  if (from !== state) return state;
  if (state === 'DONE' && delivery !== null) return 'delivered';
  return centreSettled === 1 ? 'settled' : 'paper-cleared';
}

function reach(point: CrashPoint): void {
  const order = orderNow();
  if (order?.points.includes(point) !== true) return;
  rmSync(orderFile, { force: true });
  if (order.afterUs === undefined) process.kill(process.pid, 'SIGKILL');
  else beside?.(order.afterUs);
}

function orderNow(): KillOrder | undefined {
  let text: string;
  try {
    text = readFileSync(orderFile, 'utf8');
  } catch {
    return undefined;
  }
  return JSON.parse(text) as KillOrder;
}

/** A thread that sleeps until it is told a time, and then kills the process it lives in, whatever its other thread is doing. */
function startBeside(): (afterUs: number) => void {
  const told = new Int32Array(new SharedArrayBuffer(8));
  const thread = new Worker(new URL('./kill-from-beside.ts', import.meta.url), {
    workerData: told,
    execArgv: [],
  });
  thread.unref();
  return (afterUs) => {
    told[1] = afterUs;
    Atomics.store(told, 0, 1);
    Atomics.notify(told, 0);
  };
}
