import { afterAll, beforeAll, expect, test } from 'vitest';
import { createQrScannerDriver } from '../drivers/qr-scanner/qr-scanner.ts';
import { serialTransport } from '../drivers/transport/serial-transport.ts';
import type { QrScannerConnection, ScanEvent } from '../src/devices/contract.ts';
import { initialStatus } from '../src/devices/initial-status.ts';
import type { QrScannerStatus } from '../src/devices/status.ts';
import { superviseDevice } from '../src/devices/supervisor.ts';
import type { DeviceSupervisor } from '../src/devices/supervisor.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { startSimulator } from './fixtures/simulator-program.ts';
import type { SimulatorProgram } from './fixtures/simulator-program.ts';

let simulator: SimulatorProgram;
let supervisor: DeviceSupervisor<QrScannerStatus, QrScannerConnection>;

beforeAll(async () => {
  simulator = await startSimulator('qr-scanner', 'pty');
  const transport = serialTransport({ path: simulator.device, baudRate: 115_200, clock: systemClock });
  supervisor = superviseDevice({
    driver: createQrScannerDriver({ transport, clock: systemClock, framing: 'CR', gapMs: 40 }),
    clock: systemClock,
    random: systemRandom,
    initialStatus: initialStatus.qrScanner,
  });
});
afterAll(async () => {
  await supervisor.stop();
  await simulator.stop();
});

async function scanUntil(count: number, act: () => Promise<unknown>): Promise<readonly ScanEvent[]> {
  await expect.poll(() => supervisor.status().device, { timeout: 10_000, interval: 10 }).toBe('online');
  const connection = supervisor.connection();
  if (!connection) throw new Error('online without a connection');
  const events: ScanEvent[] = [];
  const abort = new AbortController();
  const timer = setTimeout(() => {
    abort.abort();
  }, 5000);
  const scanning = connection.scan(abort.signal, (event) => {
    events.push(event);
    if (events.length === count) abort.abort();
  });
  await act();
  await scanning;
  clearTimeout(timer);
  return events;
}
const show = (code: Readonly<Record<string, unknown>>) =>
  simulator.tell('show-code', { suffix: 'CR', ...code });

test('a code shown to the simulated scanner is announced, in one piece or in many', async () => {
  expect(await scanUntil(1, () => show({ text: 'SAMPLE-0001' }))).toEqual([
    { kind: 'code', text: 'SAMPLE-0001' },
  ]);
  const long = 'X'.repeat(500);
  expect(await scanUntil(1, () => show({ text: long, split: true }))).toEqual([{ kind: 'code', text: long }]);
});

test('a code of 3000 bytes and one of other characters are refused', async () => {
  expect(await scanUntil(1, () => show({ text: 'Y'.repeat(3000) }))).toEqual([
    { kind: 'unreadable', reason: 'too-long' },
  ]);
  expect(await scanUntil(1, () => show({ hex: 'b2e2cad4' }))).toEqual([
    { kind: 'unreadable', reason: 'charset' },
  ]);
});

test('a cable pulled in the middle of a code loses the scan, and the scanner is back within 3 s of being plugged in', async () => {
  const events = await scanUntil(1, () => show({ text: 'SAMPLE-0002', unplugAfterBytes: 5 }));
  expect(events).toMatchObject([{ kind: 'lost' }]);
  await expect.poll(() => supervisor.status().device, { timeout: 10_000 }).toBe('offline');
  await simulator.tell('replug');
  const startMs = performance.now();
  await expect.poll(() => supervisor.status().device, { timeout: 10_000, interval: 10 }).toBe('online');
  expect(performance.now() - startMs).toBeLessThan(3000);
  expect(await scanUntil(1, () => show({ text: 'SAMPLE-0003' }))).toEqual([
    { kind: 'code', text: 'SAMPLE-0003' },
  ]);
});
