import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CentreWatch } from '../src/agent/centre-watch.ts';
import { EventRing } from '../src/agent/event-ring.ts';
import { payPaperWhenPrinterIsBack } from '../src/agent/paper-debts.ts';
import { keepServerTime } from '../src/agent/server-time.ts';
import type { CentralClient, CentralError } from '../src/central-api/client.ts';
import { initialStatus } from '../src/devices/initial-status.ts';
import type { ReceiptPrinterStatus } from '../src/devices/status.ts';
import { createLogger } from '../src/logging/logger.ts';
import { sleep, type Clock } from '../src/platform/clock.ts';
import { systemRandom, type RandomSource } from '../src/platform/random.ts';
import { err, ok } from '../src/platform/result.ts';
import { openStore, type Store } from '../src/store/open-store.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

/** A centre that answers the probe, or does not, after `takesMs`. */
function centreThatAnswers(clock: Clock, answers: { now: CentralError['kind'] | true; takesMs?: number }) {
  const askedAtMs: number[] = [];
  const central: Pick<CentralClient, 'probe'> = {
    probe: async () => {
      askedAtMs.push(clock.monotonicMs());
      const { now, takesMs = 0 } = answers;
      if (takesMs > 0) await sleep(clock, takesMs);
      return now === true ? ok(undefined) : err({ kind: now } as CentralError);
    },
  };
  return { central, askedAtMs };
}

/** Chance that always falls the same way. */
const chance = (fraction: number): RandomSource => ({ ...systemRandom, fraction: () => fraction });

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
  const answers: { now: CentralError['kind'] | true } = { now: true };
  const { central, askedAtMs } = centreThatAnswers(clock, answers);
  const watch = new CentreWatch(central, clock, chance(0.5));
  const heard: boolean[] = [];
  watch.onChange((reachable) => heard.push(reachable));
  watch.heard(false);
  expect([watch.reachable, askedAtMs]).toEqual([undefined, []]);

  await watch.start();
  watch.heard(true);
  expect(askedAtMs).toEqual([0]);
  answers.now = 'unreachable';
  watch.heard(false);
  watch.heard(false);
  await clock.settle();
  expect([askedAtMs, watch.reachable]).toEqual([[0, 0], false]);
  answers.now = true;
  await clock.advance(4_999);
  expect(watch.reachable).toBe(false);
  await clock.advance(1);
  expect([askedAtMs, watch.reachable]).toEqual([[0, 0, 5_000], true]);
  await clock.advance(5_000);
  expect(askedAtMs).toEqual([0, 0, 5_000, 10_000]);
  expect(heard).toEqual([true, false, true]);
  watch.stop();
  watch.heard(false);
  expect([clock.pendingTasks(), askedAtMs.length]).toEqual([0, 4]);
});

test.each([
  [0, 4_000],
  [0.5, 5_000],
  [0.999, 5_998],
])('a probe that is swallowed delays the next one by nothing (chance %d)', async (fraction, everyMs) => {
  const clock = createManualClock();
  const answers = { now: 'timeout' as const, takesMs: 3_000 };
  const { central, askedAtMs } = centreThatAnswers(clock, answers);
  const watch = new CentreWatch(central, clock, chance(fraction));
  void watch.start();
  await clock.advance(4 * everyMs);
  expect(askedAtMs).toEqual([0, 1, 2, 3, 4].map((turn) => turn * everyMs));
  watch.stop();
});

test('why the centre is of no use is told apart, and told again when it is another reason', async () => {
  const clock = createManualClock();
  const answers: { now: CentralError['kind'] | true } = { now: 'timeout' };
  const watch = new CentreWatch(centreThatAnswers(clock, answers).central, clock, chance(0.5));
  const told: unknown[] = [];
  watch.onChange((reachable) => told.push([reachable, watch.trouble]));
  await watch.start();
  for (const now of ['unreachable', 'untrusted', 'clock-skew', 'invalid-answer', true] as const) {
    answers.now = now;
    await clock.advance(5_000);
  }
  expect(told).toEqual([
    [false, 'no-answer'],
    [false, 'untrusted'],
    [false, 'clock-skew'],
    [false, 'out-of-order'],
    [true, undefined],
  ]);
  watch.stop();
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
    first.heard(0);
    expect([store.serverTimeFloor.get(), first.floorMs()]).toEqual([
      clock.wallClockMs(),
      clock.wallClockMs(),
    ]);
    keepServerTime(store.serverTimeFloor, clock, logger);
    expect(said).toEqual([]);
    const behind = keepServerTime(store.serverTimeFloor, createManualClock(0), logger);
    expect(behind.floorMs()).toBe(clock.wallClockMs());
    expect(said).toEqual([['clock.behind', { days: 20_779 }]]);
  });
});
