import { setTimeout as pause } from 'node:timers/promises';
import type { DeviceBench, Spoiling, WorkOutcome } from './bench.ts';

/** What is noted while a case runs, for the report. */
export interface CaseNotes {
  /** A cable was put back, and the device was online again after so many ms. */
  replugged(ms: number): void;
  unplugged(): void;
}

/** What a case may use. */
export interface CaseSetting {
  readonly bench: DeviceBench;
  /** Another device of the same kind, plugged in beside the first. */
  readonly beside: () => Promise<DeviceBench>;
  readonly notes: CaseNotes;
  /** A machine so many times slower than a quiet one gets so many times longer. */
  readonly patience: number;
}

/** One column of the conformance table. Rejects when the driver does not do what it should. */
export interface Case {
  readonly name: string;
  readonly run: (setting: CaseSetting) => Promise<void>;
}

/** DESIGN: a device that was plugged in again is back within so many ms. */
export const RECONNECT_MS = 3_000;
/** No wait lasts longer than its limit and this, ms. */
const GRACE_MS = 1_000;
/** Long enough for an event that should not come to come, ms. */
const SILENCE_MS = 400;

/** Every driver passes all of them over every cable. */
export const CASES: readonly Case[] = [
  { name: 'work is done once each time it is asked for', run: works },
  { name: 'unplug', run: unplugs },
  { name: 'unplug in the middle of work', run: unplugsInWork },
  { name: 'replug on another port', run: replugs },
  { name: 'garbage', run: withSpoiling('garbage') },
  { name: 'split frames', run: withSpoiling('split') },
  { name: 'merged frames', run: withSpoiling('merged') },
  { name: 'stale replies', run: staleReplies },
  { name: 'slow device', run: withSpoiling('slow') },
  { name: 'two of a kind', run: twoOfAKind },
  { name: 'close twice', run: closesTwice },
  { name: 'time-out', run: timesOut },
  { name: 'cancel', run: cancels },
];

async function works({ bench, patience }: CaseSetting): Promise<void> {
  await online(bench, patience);
  for (let round = 0; round < 3; round += 1) await doneOnce(bench, patience);
}

async function unplugs(setting: CaseSetting): Promise<void> {
  const { bench, patience, notes } = setting;
  await online(bench, patience);
  const connection = bench.supervisor.connection();
  await bench.unplug();
  notes.unplugged();
  const end = await within(2 * GRACE_MS * patience, 'the end of the connection', connection?.ended);
  if (end?.kind !== 'lost') throw new Error(`the connection ended as ${end?.kind}, not as lost`);
  await until(
    () => bench.supervisor.status().device === 'offline',
    RECONNECT_MS * patience,
    () => `offline, not ${bench.supervisor.status().device}`,
  );
  await backAgain(setting);
  await doneOnce(bench, patience);
}

async function unplugsInWork(setting: CaseSetting): Promise<void> {
  const { bench, patience, notes } = setting;
  await online(bench, patience);
  const outcome = await workWithin(setting, 'work whose device goes', { meanwhile: () => bench.unplug() });
  notes.unplugged();
  if (outcome.kind === 'done') throw new Error('work was called done although the device had gone');
  await backAgain(setting);
  await doneOnce(bench, patience);
  await bench.inOrder();
}

async function replugs(setting: CaseSetting): Promise<void> {
  const { bench, patience, notes } = setting;
  await online(bench, patience);
  for (let round = 0; round < 3; round += 1) {
    await bench.unplug();
    notes.unplugged();
    await gone(bench, patience);
    await backAgain(setting);
    await doneOnce(bench, patience);
  }
}

function withSpoiling(how: Spoiling): Case['run'] {
  return async ({ bench, patience }) => {
    await online(bench, patience);
    await bench.spoil(how);
    await doneOnce(bench, patience);
    await bench.calm();
    await doneOnce(bench, patience);
    await bench.inOrder();
  };
}

/** An answer that comes too late is nobody's: work may be given up because of it, but never be wrong. */
async function staleReplies(setting: CaseSetting): Promise<void> {
  const { bench, patience } = setting;
  await online(bench, patience);
  await bench.spoil('stale');
  const outcome = await workWithin(setting, 'work with stale replies');
  if (outcome.kind === 'done' && outcome.times !== 1) throw new Error(`done ${outcome.times} times`);
  await bench.calm();
  await online(bench, patience);
  await doneOnce(bench, patience);
  await doneOnce(bench, patience);
  await bench.inOrder();
}

async function twoOfAKind({ bench, beside, patience }: CaseSetting): Promise<void> {
  await online(bench, patience);
  const second = await beside();
  try {
    await online(second, patience);
    await doneOnce(second, patience);
    await doneOnce(bench, patience);
    await second.unplug();
    await until(
      () => second.supervisor.connection() === undefined,
      RECONNECT_MS * patience,
      () => 'the second device is gone',
    );
    await doneOnce(bench, patience);
  } finally {
    await second.stop();
  }
}

async function closesTwice(setting: CaseSetting): Promise<void> {
  const { bench, patience } = setting;
  await online(bench, patience);
  const connection = bench.supervisor.connection();
  if (connection === undefined) throw new Error('online without a connection');
  const closing = Promise.all([connection.close(), connection.close()]);
  await within(3 * GRACE_MS * patience, 'two closes', closing);
  const end = await connection.ended;
  if (end.kind !== 'closed') throw new Error(`closed by us, and yet ${end.kind}`);
  await within(GRACE_MS * patience, 'a third close', connection.close());
  // Closed behind its back, the supervisor opens it anew.
  await until(
    () => bench.supervisor.connection() !== undefined && bench.supervisor.connection() !== connection,
    RECONNECT_MS * patience,
    () => 'a new connection',
  );
  await doneOnce(bench, patience);
}

async function timesOut(setting: CaseSetting): Promise<void> {
  const { bench, patience } = setting;
  await online(bench, patience);
  await bench.spoil('silent');
  const { silentMs, noticedMs } = bench.limits;
  const outcome = await within((silentMs + GRACE_MS) * patience, 'work with a silent device', bench.work());
  if (outcome.kind === 'done') throw new Error('work was called done although the device said nothing');
  if (Number.isFinite(noticedMs)) {
    await until(
      () => bench.supervisor.status().device !== 'online',
      (noticedMs + GRACE_MS) * patience,
      () => 'a silent device is no longer called online',
    );
  }
  await bench.calm();
  await online(bench, patience);
  await doneOnce(bench, patience);
  await bench.inOrder();
}

async function cancels({ bench, patience }: CaseSetting): Promise<void> {
  await online(bench, patience);
  const abort = new AbortController();
  const cancelled = bench.work({
    signal: abort.signal,
    meanwhile: () => {
      abort.abort();
      return Promise.resolve();
    },
  });
  const outcome = await within(GRACE_MS * patience + bench.limits.workMs, 'cancelled work', cancelled);
  if (outcome.kind === 'done' && outcome.times !== 1) throw new Error(`done ${outcome.times} times`);
  await pause(SILENCE_MS);
  await online(bench, patience);
  await doneOnce(bench, patience);
  await bench.inOrder();
}

/** Plugs the device in, and waits until it is online. */
async function backAgain({ bench, patience, notes }: CaseSetting): Promise<void> {
  const sinceMs = performance.now();
  await bench.replug();
  const pluggedMs = performance.now();
  await online(bench, patience, RECONNECT_MS);
  notes.replugged(Math.round(performance.now() - Math.max(sinceMs, pluggedMs)));
}

/** Waits until the driver has noticed that its device was unplugged. */
export async function gone(bench: DeviceBench, patience: number): Promise<void> {
  await until(
    () => bench.supervisor.connection() === undefined,
    RECONNECT_MS * patience,
    () => 'the connection is gone',
  );
}

/** Waits until the device is online. */
export async function online(bench: DeviceBench, patience: number, limitMs = 10_000): Promise<void> {
  await until(
    () => bench.supervisor.status().device === 'online' && bench.supervisor.connection() !== undefined,
    limitMs * patience,
    () => `online, not ${JSON.stringify(bench.supervisor.status())}`,
  );
}

async function doneOnce(bench: DeviceBench, patience: number): Promise<void> {
  const limitMs = (bench.limits.workMs + GRACE_MS) * patience;
  const outcome: WorkOutcome = await within(limitMs, 'work', bench.work());
  if (outcome.kind !== 'done') throw new Error(`work was ${outcome.kind}`);
  if (outcome.times !== 1) throw new Error(`done ${outcome.times} times for one time asked`);
}

/** One piece of work that may be lost; that it does not end, or only because the bench gave up waiting, is a failure. */
export async function workWithin(
  { bench, patience }: CaseSetting,
  what: string,
  options?: Parameters<DeviceBench['work']>[0],
): Promise<WorkOutcome> {
  const { workMs, silentMs } = bench.limits;
  const limitMs = (Math.max(workMs, silentMs) + GRACE_MS) * patience;
  const outcome = await within(limitMs, what, bench.work(options));
  if (outcome.kind === 'overdue') throw new Error(`${what} did not end by itself`);
  return outcome;
}

async function within<T>(limitMs: number, what: string, work: Promise<T> | undefined): Promise<T> {
  if (work === undefined) throw new Error(`there is no ${what}`);
  const abort = new AbortController();
  const outcome = await Promise.race([
    work.then((value) => ({ value })),
    pause(limitMs, 'late' as const, { signal: abort.signal }),
  ]);
  abort.abort();
  if (outcome === 'late') throw new Error(`${what} took longer than ${Math.round(limitMs)} ms`);
  return outcome.value;
}

/** Asks again and again; rejects with what was waited for. */
async function until(holds: () => boolean, limitMs: number, what: () => string): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited ${Math.round(limitMs)} ms for: ${what()}`);
    await pause(10);
  }
}
