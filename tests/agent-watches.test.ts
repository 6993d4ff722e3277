import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CentreWatch } from '../src/agent/centre-watch.ts';
import { EventRing } from '../src/agent/event-ring.ts';
import { payPaperWhenPrinterIsBack } from '../src/agent/paper-debts.ts';
import { keepServerTime } from '../src/agent/server-time.ts';
import type { CentralClient } from '../src/central-api/client.ts';
import { initialStatus } from '../src/devices/initial-status.ts';
import type { ReceiptPrinterStatus } from '../src/devices/status.ts';
import { createLogger } from '../src/logging/logger.ts';
import { systemRandom } from '../src/platform/random.ts';
import { openStore, type Store } from '../src/store/open-store.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

/** A centre that answers the probe, or does not. */
function centreThatAnswers(answers: { now: boolean }) {
  const asked = { times: 0 };
  const central: Pick<CentralClient, 'reachable'> = {
    reachable: () => {
      asked.times += 1;
      return Promise.resolve(answers.now);
    },
  };
  return { central: central as CentralClient, asked };
}

async function withStore(work: (store: Store) => void | Promise<void>, clock = createManualClock()) {
  const directory = mkdtempSync(path.join(tmpdir(), 'watches-'));
  const opened = await openStore({ directory, clock, random: systemRandom });
  if (!opened.ok) throw new Error(opened.error.kind);
  try {
    await work(opened.value);
  } finally {
    opened.value.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const quiet = () => createLogger({ destination: { write: () => true } });

test('the centre is asked at once when another call tells something new, and else in its turn', async () => {
  const clock = createManualClock();
  const answers = { now: true };
  const { central, asked } = centreThatAnswers(answers);
  const watch = new CentreWatch(central, clock);
  const heard: boolean[] = [];
  watch.onChange((reachable) => heard.push(reachable));
  watch.heard(false);
  expect([watch.reachable, asked.times]).toEqual([undefined, 0]);

  await watch.start();
  watch.heard(true);
  expect(asked.times).toBe(1);
  answers.now = false;
  watch.heard(false);
  watch.heard(false);
  await clock.settle();
  expect([asked.times, watch.reachable]).toEqual([2, false]);
  answers.now = true;
  await clock.advance(1_000);
  expect([asked.times, watch.reachable]).toEqual([3, true]);
  await clock.advance(9_999);
  expect(asked.times).toBe(3);
  await clock.advance(1);
  expect(asked.times).toBe(4);
  expect(heard).toEqual([true, false, true]);
  watch.stop();
  watch.heard(false);
  expect([clock.pendingTasks(), asked.times]).toEqual([0, 4]);
});

test('what is owed to the paper is printed when the printer is back, not each time it has done a job', () => {
  let listener: (status: ReceiptPrinterStatus) => void = () => {};
  let paid = 0;
  const say = (change: Partial<ReceiptPrinterStatus>) => {
    listener({
      ...initialStatus.receiptPrinter,
      device: 'online',
      paper: 'full',
      cover: 'closed',
      ...change,
    });
  };
  payPaperWhenPrinterIsBack(
    {
      status: () => initialStatus.receiptPrinter,
      onStatus: (given) => {
        listener = given;
        return () => {};
      },
    },
    { printerReady: () => (paid += 1) },
  );
  say({});
  expect(paid).toBe(1);
  say({ device: 'busy' });
  say({});
  say({ paper: 'low' });
  expect(paid).toBe(1);
  say({ cover: 'open' });
  say({ paper: 'out' });
  expect(paid).toBe(1);
  say({});
  expect(paid).toBe(2);
});

test('technicians find every event in the ring, those from before the store was open included', async () => {
  const clock = createManualClock();
  await withStore(async (store) => {
    const logger = quiet();
    const ring = new EventRing(logger, clock);
    logger.emit('configuration.loaded', { production: true });
    await clock.advance(60_000);
    ring.into(store.events);
    logger.emit('centre.call', { route: 'identify', ms: 3 });
    logger.emit('session.begin', { epoch: 4 });
    expect(store.events.newest(9)).toEqual([]);
    await clock.advance(2_000);
    expect(store.events.newest(9)).toMatchObject([
      { type: 'session.begin', data: { epoch: 4 }, atMs: clock.wallClockMs() - 2_000 },
      { type: 'configuration.loaded', atMs: clock.wallClockMs() - 62_000 },
    ]);
    logger.emit('agent.stopping', {});
    ring.stop();
    logger.emit('agent.stopped', { ms: 1 });
    expect(store.events.newest(1)).toMatchObject([{ type: 'agent.stopping' }]);
    expect(clock.pendingTasks()).toBe(0);
  }, clock);
});

test('a machine whose clock fell back behind the centre’s says so at its next start', async () => {
  await withStore((store) => {
    const said: unknown[] = [];
    const logger = quiet();
    logger.onEvent((id, fields) => said.push([id, fields]));
    const clock = createManualClock();
    const first = keepServerTime(store.serverTimeFloor, clock, logger);
    expect(first.known()).toBe(false);
    first.heard(clock.wallClockMs());
    first.heard(clock.wallClockMs() + 59_000);
    expect(first.known()).toBe(true);
    expect(store.serverTimeFloor.get()).toBe(clock.wallClockMs());
    keepServerTime(store.serverTimeFloor, clock, logger);
    expect(said).toEqual([]);
    keepServerTime(store.serverTimeFloor, createManualClock(0), logger);
    expect(said).toEqual([['clock.behind', { days: 20_779 }]]);
  });
});
