import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import type { KioskOutside } from './kiosk-outside.ts';
import { filesHolding } from './residue.ts';

const DIES_WITHIN_MS = 5_000;
const COMES_BACK_WITHIN_MS = 30_000;

/** A row of the kiosk's journal, read from its file by a process that is not the agent. */
export interface JournalOnDisk {
  readonly opId: string;
  readonly kind: string;
  readonly state: string;
  readonly delivery: string | null;
  readonly paperDebt: string;
}

/** What a killed agent left behind, before anybody started it again. */
interface Remains {
  readonly journal: readonly JournalOnDisk[];
  /** Files of the kiosk that hold one of the personal texts; must be none. */
  readonly personal: readonly string[];
}

/**
 * SIGKILL from outside. Returns when the process is dead and its files are copied, without ever giving way to the event loop:
 * so whoever starts the agent again has not begun yet.
 */
export function killAgent(kiosk: KioskOutside, personalTexts: readonly string[]): Remains {
  const { pid } = kiosk.stack.agent;
  if (pid === undefined || isDead(pid)) throw new Error('no living agent to kill');
  kiosk.stack.agent.kill();
  const deadline = systemClock.monotonicMs() + DIES_WITHIN_MS;
  const nap = new Int32Array(new SharedArrayBuffer(4));
  while (!isDead(pid)) {
    if (systemClock.monotonicMs() > deadline) throw new Error('the agent survives SIGKILL');
    Atomics.wait(nap, 0, 0, 1);
  }
  return {
    journal: journalOnDisk(kiosk.stack.dataDirectory),
    personal: personalFiles(kiosk, personalTexts),
  };
}

/** Waits until another agent than the given one answers its probe; returns which. */
export async function agentAfter(kiosk: KioskOutside, instance: string): Promise<string> {
  const deadline = systemClock.monotonicMs() + COMES_BACK_WITHIN_MS;
  while (systemClock.monotonicMs() < deadline) {
    const next = await agentInstance(kiosk).catch(() => instance);
    if (next !== instance) return next;
    await sleep(systemClock, 25);
  }
  throw new Error('the agent does not come back');
}

/** Which life of the agent answers now. */
export async function agentInstance(kiosk: KioskOutside): Promise<string> {
  const answer = await fetch(`${kiosk.stack.kioskUrl}/health`);
  const health = (await answer.json()) as { instance: string };
  return health.instance;
}

/** The journal as it lies on disk: copies of the database and its log, opened apart. The log first, or a checkpoint between the two loses rows. */
export function journalOnDisk(dataDirectory: string): readonly JournalOnDisk[] {
  const directory = mkdtempSync(path.join(tmpdir(), 'journal-'));
  try {
    for (const name of ['kiosk.db-wal', 'kiosk.db']) {
      const file = path.join(dataDirectory, name);
      if (existsSync(file)) copyFileSync(file, path.join(directory, name));
    }
    const database = new Database(path.join(directory, 'kiosk.db'));
    try {
      return database
        .prepare<[], JournalOnDisk>(
          'SELECT op_id AS opId, kind, state, delivery, paper_debt AS paperDebt FROM journal ORDER BY rowid',
        )
        .all();
    } finally {
      database.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Files of the kiosk (data, log, runtime directory) that hold one of the texts. */
export function personalFiles(kiosk: KioskOutside, texts: readonly string[]): readonly string[] {
  const { dataDirectory, directory, agentLog } = kiosk.stack;
  const log = readFileSync(agentLog, 'utf8');
  return [
    ...filesHolding(dataDirectory, texts),
    ...filesHolding(path.join(directory, 'run'), texts),
    ...(texts.some((text) => log.includes(text)) ? ['agent.log'] : []),
  ];
}

function isDead(pid: number): boolean {
  try {
    // After the program's name in brackets; a zombie runs no more code.
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
