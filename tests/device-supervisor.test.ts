import { expect, test } from 'vitest';
import type { ConnectionEnd, DeviceConnection, DeviceDriver } from '../src/devices/contract.ts';
import type { DeviceFault, DeviceStatus } from '../src/devices/status.ts';
import { superviseDevice } from '../src/devices/supervisor.ts';
import type { SupervisorEvent } from '../src/devices/supervisor.ts';
import { err, ok } from '../src/platform/result.ts';
import { createManualClock } from './fixtures/manual-clock.ts';

const missing: DeviceFault = { code: 'link.port-missing', action: 'maintenance' };
const lost: DeviceFault = { code: 'link.lost', action: 'suspend' };

interface LiveDevice {
  lose(): void;
  say(status: DeviceStatus): void;
  readonly closed: boolean;
}

/** A driver whose device is there or not, as the test says. */
function createBench() {
  const clock = createManualClock();
  const bench = {
    present: true,
    attempts: 0,
    attemptTimes: [] as number[],
    live: undefined as LiveDevice | undefined,
  };
  const driver: DeviceDriver<DeviceConnection> = {
    connect() {
      bench.attempts += 1;
      bench.attemptTimes.push(clock.monotonicMs());
      return Promise.resolve(bench.present ? ok(connect()) : err(missing));
    },
  };
  const connect = (): DeviceConnection => {
    const { promise: ended, resolve } = Promise.withResolvers<ConnectionEnd>();
    let status: DeviceStatus = { device: 'online', faults: [] };
    let listener: (status: DeviceStatus) => void = () => undefined;
    let closed = false;
    bench.live = {
      lose: () => {
        resolve({ kind: 'lost', fault: lost });
      },
      say: (next) => {
        status = next;
        listener(next);
      },
      get closed() {
        return closed;
      },
    };
    return {
      ended,
      identity: () => ({}),
      checkHealth: (level) => Promise.resolve({ level, passed: true, steps: [] }),
      status: () => status,
      onStatus(next) {
        listener = next;
        return () => {
          listener = () => undefined;
        };
      },
      close() {
        closed = true;
        resolve({ kind: 'closed' });
        return Promise.resolve();
      },
    };
  };
  const events: SupervisorEvent[] = [];
  const states: string[] = [];
  const plugIn: { current: (() => void) | undefined } = { current: undefined };
  const start = () => {
    const supervisor = superviseDevice<DeviceStatus, DeviceConnection>({
      driver,
      clock,
      random: { bytes: (count) => new Uint8Array(count), uuid: () => '', fraction: () => 0.999 },
      initialStatus: { device: 'starting', faults: [] },
      onEvent: (event) => events.push(event),
      onPluggedIn: (listener) => {
        plugIn.current = listener;
        return () => {
          plugIn.current = undefined;
        };
      },
    });
    supervisor.onStatus((status) => states.push(status.device));
    return supervisor;
  };
  return { clock, bench, events, states, plugIn, start };
}

test('a device is starting until it answers, and its own status is shown from then on', async () => {
  const { clock, bench, states, start } = createBench();
  const supervisor = start();
  expect(supervisor.status()).toEqual({ device: 'starting', faults: [] });
  expect(supervisor.connection()).toBeUndefined();
  await clock.settle();
  expect(supervisor.connection()).toBeDefined();
  bench.live?.say({ device: 'userError', faults: [{ code: 'printer.paper-out', action: 'clear' }] });
  expect(supervisor.status().faults[0]?.code).toBe('printer.paper-out');
  expect(states).toEqual(['online', 'userError']);
});

test('a device that never answered is missing after three attempts, not before', async () => {
  const { clock, bench, states, start } = createBench();
  bench.present = false;
  const supervisor = start();
  await clock.advance(299);
  expect([bench.attempts, supervisor.status().device]).toEqual([2, 'starting']);
  await clock.advance(200);
  expect([bench.attempts, supervisor.status().device]).toEqual([3, 'noDevice']);
  expect(supervisor.status().faults).toEqual([missing]);
  await clock.advance(60_000);
  expect(states).toEqual(['starting', 'noDevice']);
});

test('a device that was online is offline only after three failed attempts to get it back', async () => {
  const { clock, bench, states, start } = createBench();
  const supervisor = start();
  await clock.advance(60_000);
  bench.present = false;
  bench.live?.lose();
  await clock.settle();
  expect(supervisor.status()).toEqual({ device: 'starting', faults: [lost] });
  expect(supervisor.connection()).toBeUndefined();
  await clock.advance(2000);
  expect(states).toEqual(['online', 'starting', 'starting', 'offline']);
  const firstOffline = bench.attempts;
  expect(firstOffline).toBeGreaterThanOrEqual(4);
});

test('a short loss is over in a moment and nobody is told that the device is gone', async () => {
  const { clock, bench, states, start } = createBench();
  start();
  await clock.advance(60_000);
  bench.live?.lose();
  await clock.advance(120);
  expect(states).toEqual(['online', 'starting', 'online']);
});

test('when something is plugged in it is looked for at once, again soon after, and nobody is told anything before it is found', async () => {
  const { clock, bench, states, plugIn, start } = createBench();
  bench.present = false;
  const supervisor = start();
  await clock.advance(3_600_000);
  const before = bench.attempts;
  plugIn.current?.();
  await clock.settle();
  expect(bench.attempts).toBe(before + 1);
  // Its permissions come a moment after the plug.
  bench.present = true;
  await clock.advance(130);
  expect(supervisor.status().device).toBe('online');
  expect(states).toEqual(['starting', 'noDevice', 'online']);
  await supervisor.stop();
  expect(plugIn.current).toBeUndefined();
});

test('a device is back within 3 s of being plugged in again, even after a day', async () => {
  const { clock, bench, start } = createBench();
  bench.present = false;
  const supervisor = start();
  await clock.advance(3_600_000);
  const pauses = bench.attemptTimes.map((time, index) => time - (bench.attemptTimes[index - 1] ?? 0));
  expect(Math.max(...pauses)).toBeLessThanOrEqual(2000);
  bench.present = true;
  await clock.advance(2000);
  expect(supervisor.status().device).toBe('online');
});

test('a line that opens and dies at once is backed away from and counts as gone', async () => {
  const { clock, bench, start } = createBench();
  const supervisor = start();
  const flap = () => bench.live?.lose();
  for (let second = 0; second < 60; second += 1) {
    flap();
    await clock.advance(1000);
  }
  expect(bench.attempts).toBeLessThan(60);
  flap();
  await clock.settle();
  expect(supervisor.status().device).toBe('offline');
});

test('stopping closes the connection, ends every wait and leaves no timer', async () => {
  const { clock, bench, start } = createBench();
  const supervisor = start();
  await clock.settle();
  await supervisor.stop();
  expect(bench.live?.closed).toBe(true);
  expect(supervisor.connection()).toBeUndefined();

  const waiting = createBench();
  waiting.bench.present = false;
  const second = waiting.start();
  await waiting.clock.advance(1000);
  const attempts = waiting.bench.attempts;
  await Promise.all([second.stop(), second.stop()]);
  await waiting.clock.advance(10_000);
  expect(waiting.bench.attempts).toBe(attempts);
  expect(waiting.clock.pendingTasks()).toBe(0);
});

test('what happened is told in events with attempts and pauses', async () => {
  const { clock, bench, events, start } = createBench();
  bench.present = false;
  start();
  await clock.settle();
  bench.present = true;
  await clock.advance(200);
  bench.live?.lose();
  await clock.settle();
  expect(events.map((event) => event.kind)).toEqual(['connect-failed', 'connected', 'lost']);
  expect(events[0]).toMatchObject({ attempts: 1, fault: missing });
  expect(events[1]).toEqual({ kind: 'connected', afterAttempts: 2 });
});
