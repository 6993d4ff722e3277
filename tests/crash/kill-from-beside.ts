import { workerData } from 'node:worker_threads';

/** [told, how long to wait then in µs] */
const told = workerData as Int32Array;

const AWAKE_MS = 2;

Atomics.wait(told, 0, 0);
const deadlineUs = performance.now() * 1000 + (told[1] ?? 0);
// A wait is a hundred times coarser than what is to be hit: its last part is gone through awake.
const asleepMs = (told[1] ?? 0) / 1000 - AWAKE_MS;
if (asleepMs > 0) Atomics.wait(told, 0, 1, asleepMs);
while (performance.now() * 1000 < deadlineUs);
process.kill(process.pid, 'SIGKILL');
