import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createIdCardReaderDriver } from '../drivers/id-card-reader/id-card-reader.ts';
import { serialTransport } from '../drivers/transport/serial-transport.ts';
import type { CardReaderEvent, IdCardReaderConnection } from '../src/devices/contract.ts';
import { initialStatus } from '../src/devices/initial-status.ts';
import { superviseDevice } from '../src/devices/supervisor.ts';
import type { DeviceSupervisor } from '../src/devices/supervisor.ts';
import type { IdCardReaderStatus } from '../src/devices/status.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { startSimulator } from './fixtures/simulator-program.ts';
import type { SimulatorProgram } from './fixtures/simulator-program.ts';

const card = {
  name: '测试一',
  sex: '1',
  ethnicCode: '01',
  birthDate: '19491231',
  address: '北京市朝阳区示例路1号',
  idNumber: '11010519491231002X',
  issuer: '示例公安局',
  validFrom: '20200101',
  validTo: '长期',
};

let simulator: SimulatorProgram;
let supervisor: DeviceSupervisor<IdCardReaderStatus, IdCardReaderConnection>;

beforeAll(async () => {
  simulator = await startSimulator('id-card-reader', 'pty');
  const transport = serialTransport({ path: simulator.device, baudRate: 115_200, clock: systemClock });
  supervisor = superviseDevice({
    driver: createIdCardReaderDriver({ transport, clock: systemClock, timings: { repetitionMs: 100 } }),
    clock: systemClock,
    random: systemRandom,
    initialStatus: initialStatus.idCardReader,
  });
});
afterAll(async () => {
  await supervisor.stop();
  await simulator.stop();
});
afterEach(async () => {
  await simulator.tell('clear-faults');
  await simulator.tell('lift-card');
});

async function online(): Promise<IdCardReaderConnection> {
  await expect.poll(() => supervisor.status().device, { timeout: 10_000, interval: 10 }).toBe('online');
  const connection = supervisor.connection();
  if (!connection) throw new Error('online without a connection');
  return connection;
}

/** Reads until `wanted` of the last event's kind came, then stops. */
async function readUntil(
  wanted: CardReaderEvent['kind'],
  act: () => Promise<unknown>,
): Promise<readonly CardReaderEvent[]> {
  const connection = await online();
  const events: CardReaderEvent[] = [];
  const abort = new AbortController();
  const timer = setTimeout(() => {
    abort.abort();
  }, 8000);
  const reading = connection.readCard(abort.signal, (event) => {
    events.push(event);
    if (event.kind === wanted) abort.abort();
  });
  await act();
  await reading;
  clearTimeout(timer);
  return events;
}
const kinds = (events: readonly CardReaderEvent[]) => events.map((event) => event.kind);
const lay = () => simulator.tell('lay-card', { card });

test('a card laid on the simulated reader is read, and its module’s number is known', async () => {
  await online();
  expect(supervisor.status().samId).toMatch(/^\d\d\.\d\d-\d+-\d{9,}-\d+$/);
  const events = await readUntil('card', lay);
  expect(kinds(events)).toEqual(['reading', 'card']);
  expect(events.at(-1)).toMatchObject({
    card: { name: '测试一', idNumber: '11010519491231002X', birthDate: '19491231', validTo: 'long-term' },
  });
});

test('answers in pieces, behind noise, damaged or much too long still lead to the card', async () => {
  for (const fault of [
    { fault: 'split', count: 10 },
    { fault: 'noise', count: 3, bytes: 20 },
    { fault: 'wrong-checksum', count: 1, on: '3001' },
    { fault: 'oversize-length', count: 1, on: '3001' },
    { fault: 'status', status: '10', count: 1, on: '3001' },
    { fault: 'late', delayMs: 300, count: 1, on: '2001' },
    { fault: 'silent', count: 1, on: '2001' },
  ]) {
    await simulator.tell('fault', { ...fault });
    const events = await readUntil('card', lay);
    expect([fault.fault, kinds(events).at(-1)]).toEqual([fault.fault, 'card']);
    await simulator.tell('clear-faults');
    await simulator.tell('lift-card');
  }
});

test('a card that fails authentication is unreadable, and read after it was lifted and laid again', async () => {
  await simulator.tell('fault', { fault: 'status', status: '31', count: 1, on: '3001' });
  expect(kinds(await readUntil('unreadable', lay))).toEqual(['reading', 'unreadable']);
  await simulator.tell('lift-card');
  expect(kinds(await readUntil('card', lay))).toContain('card');
});

test('a card of another kind is named as no ID card', async () => {
  await simulator.tell('fault', { fault: 'status', status: '40', count: 1, on: '3001' });
  expect(kinds(await readUntil('notAnIdCard', lay))).toEqual(['reading', 'notAnIdCard']);
});

test('a cable pulled in the middle of the record loses the connection, and the reader is back within 3 s of being plugged in', async () => {
  await simulator.tell('fault', { fault: 'unplug-in-reply', afterBytes: 600, count: 1, on: '3001' });
  const events = await readUntil('lost', lay);
  expect(kinds(events)).toEqual(['reading', 'lost']);
  await expect.poll(() => supervisor.status().device, { timeout: 10_000 }).toBe('offline');
  await simulator.tell('replug');
  const startMs = performance.now();
  expect(performance.now() - startMs).toBeLessThan(3000);
  await simulator.tell('lift-card');
  expect(kinds(await readUntil('card', lay)).at(-1)).toBe('card');
});
