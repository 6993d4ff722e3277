import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { openStore, type Store } from '../src/store/open-store.ts';
import type { JournalRow } from '../src/issuance/ports.ts';
import { LiveKiosk } from './live-kiosk/live-kiosk.ts';
import { agentAfter, agentInstance, journalOnDisk, killAgent } from './live-kiosk/kill.ts';
import { lookAround, violations } from './live-kiosk/invariants.ts';
import { PaperTrail } from './live-kiosk/paper.ts';
import { person } from './live-kiosk/people.ts';
import { operationIn } from './fixtures/journal-operation.ts';

const owedToTheCentre: JournalRow = operationIn('VOIDING', { reason: 'interrupted' }).row;

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'lost-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

async function opened(): Promise<Store> {
  const store = await openStore({ directory, clock: systemClock, random: systemRandom });
  if (!store.ok) throw new Error(store.error.kind);
  return store.value;
}

async function isLost(): Promise<boolean> {
  const store = await opened();
  store.close();
  return store.lost !== undefined;
}

function loseDatabase(): void {
  for (const side of ['', '-wal', '-shm']) rmSync(path.join(directory, `kiosk.db${side}`), { force: true });
}

test('a directory that never held a database has lost none, and neither has one that is opened again', async () => {
  expect([await isLost(), await isLost()]).toEqual([false, false]);
});

test('a database that has vanished is lost until somebody has accounted for it, however often it is opened', async () => {
  (await opened()).close();
  loseDatabase();
  expect([await isLost(), await isLost()]).toEqual([true, true]);
  const store = await opened();
  store.lost?.accountedFor();
  store.close();
  expect(await isLost()).toBe(false);
});

test('a damaged database that was moved aside is lost as well', async () => {
  (await opened()).close();
  writeFileSync(path.join(directory, 'kiosk.db'), Buffer.alloc(8_192, 0x5a));
  expect([await isLost(), await isLost()]).toEqual([true, true]);
  truncateSync(path.join(directory, 'kiosk.db-lost'));
  const store = await opened();
  store.lost?.accountedFor();
  store.close();
  expect(existsSync(path.join(directory, 'kiosk.db-lost'))).toBe(false);
});

test('a body that hangs in the printer when database and lease are gone is marked void and cut at the next start', async () => {
  const kiosk = await LiveKiosk.start();
  try {
    const trail = new PaperTrail(kiosk);
    const citizen = person('wang-guilan');
    const instance = await agentInstance(kiosk);
    await kiosk.central.post('/hold', { operation: 'activate', when: 'before', drop: false });
    await kiosk.signIn(citizen, 'apply');
    await kiosk.confirm();
    await expect
      .poll(async () => (await kiosk.central.get<{ waiting: unknown[] }>('/hold')).waiting.length, {
        timeout: 15_000,
      })
      .toBe(1);
    expect((await trail.pieces()).at(-1)?.blank).toBe(false);
    killAgent(kiosk, []);
    directory = kiosk.stack.dataDirectory;
    loseDatabase();
    // The centre forgets as well: nobody but the paper knows of the body any more.
    await kiosk.central.post('/clock', { offsetMs: 700_000 });
    await kiosk.central.post('/release', {});
    await agentAfter(kiosk, instance);
    await kiosk.ready();
    await expect.poll(() => journalOnDisk(kiosk.stack.dataDirectory).length, { timeout: 15_000 }).toBe(0);
    const world = await lookAround(kiosk, trail, [citizen]);
    expect(violations(world, 'kiosk-sandbox-1')).toEqual([]);
    expect(world.pieces.map(({ marks, blank }) => [marks.join(), blank])).toEqual([
      ['void', false],
      ['', true],
    ]);
    expect(existsSync(path.join(kiosk.stack.dataDirectory, 'kiosk.db-lost'))).toBe(false);
    expect((await kiosk.issue(citizen, 'apply')).name).toBe('take-slip');
  } finally {
    await kiosk.stop();
  }
}, 60_000);

test('with twenty operations that the centre has not heard the end of nobody new is begun, and the home screen says so', async () => {
  const kiosk = await LiveKiosk.start({ issuance: { outboxFirstMs: 200, outboxLongestMs: 500 } });
  try {
    const shell = await kiosk.shell();
    await kiosk.stack.agent.stop();
    directory = kiosk.stack.dataDirectory;
    const store = await opened();
    for (let count = 0; count < 20; count += 1) {
      store.journal.insert({ ...owedToTheCentre, opId: systemRandom.uuid() });
    }
    store.close();
    await kiosk.central.post('/hold', { operation: 'void', when: 'before', drop: true, ms: 0, count: 1_000 });
    await kiosk.stack.agent.start();
    await expect.poll(() => shell.view().readiness.obstacles, { timeout: 10_000 }).toEqual(['backlog']);
    expect(shell.view().readiness).toMatchObject({ issue: false, check: true });
    await kiosk.central.post('/release', {});
    await expect.poll(() => shell.view().readiness.issue, { timeout: 20_000 }).toBe(true);
  } finally {
    await kiosk.stop();
  }
}, 60_000);
