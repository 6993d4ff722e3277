import { expect, test } from 'vitest';
import type { DeviceConnection } from '../src/devices/contract.ts';
import type { DeviceBench, WorkOutcome } from './device-conformance/bench.ts';
import { CASES } from './device-conformance/cases.ts';
import { unplugAt } from './device-conformance/unplug-everywhere.ts';

/** A device without a driver: what the table must not let through. `backMs`: from plugging in until it is online. */
function benchThat(work: () => Promise<WorkOutcome>, backMs = 0): DeviceBench {
  let there = true;
  const connection = { ended: Promise.resolve({ kind: 'lost' }) } as unknown as DeviceConnection;
  return {
    supervisor: {
      connection: () => (there ? connection : undefined),
      status: () => ({ device: there ? 'online' : 'offline' }),
    },
    limits: { workMs: 20, silentMs: 20, noticedMs: 20 },
    work: async (options?: { readonly meanwhile?: () => Promise<void> }) => {
      await options?.meanwhile?.();
      return work();
    },
    inOrder: () => Promise.resolve(),
    unplug: () => {
      there = false;
      return Promise.resolve();
    },
    unplugAt: () => Promise.resolve(),
    conversation: () => ({ in: [1], out: [1] }),
    replug: () => {
      setTimeout(() => {
        there = true;
      }, backMs);
      return Promise.resolve();
    },
    spoil: () => Promise.resolve(),
    calm: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  } as unknown as DeviceBench;
}

const settingOf = (bench: DeviceBench) => ({
  bench,
  beside: () => Promise.reject(new Error('none')),
  notes: { unplugged: () => undefined, replugged: () => undefined },
  patience: 1,
});
const never = () => new Promise<WorkOutcome>(() => undefined);
const done = () => Promise.resolve<WorkOutcome>({ kind: 'done', times: 1 });
const caseOf = (name: string) => {
  const found = CASES.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

test('work that is done and a device that is soon back pass', async () => {
  await unplugAt(settingOf(benchThat(done)), { in: 1 });
});

test.each<[string, () => Promise<WorkOutcome>, string]>([
  ['never ends', never, 'took longer than'],
  ['ends only because nobody waits any more', () => Promise.resolve({ kind: 'overdue' }), 'by itself'],
])('work that %s when the cable is pulled is a failure', async (_name, work, message) => {
  await expect(unplugAt(settingOf(benchThat(work)), { in: 1 })).rejects.toThrow(message);
  const inWork = caseOf('unplug in the middle of work');
  await expect(inWork.run(settingOf(benchThat(work)))).rejects.toThrow(message);
  const stale = caseOf('stale replies');
  await expect(stale.run(settingOf(benchThat(work)))).rejects.toThrow(message);
});

test('a device that is back later than 3 s after it was plugged in is a failure', async () => {
  await expect(unplugAt(settingOf(benchThat(done, 3_800)), { in: 1 })).rejects.toThrow('waited 3000 ms');
});
