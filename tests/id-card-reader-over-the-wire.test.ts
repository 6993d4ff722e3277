import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createIdCardReaderDriver } from '../drivers/id-card-reader/id-card-reader.ts';
import type { ReaderFindings } from '../drivers/id-card-reader/reader-findings.ts';
import type { ReaderWarning } from '../drivers/id-card-reader/reader-warnings.ts';
import { serialTransport } from '../drivers/transport/serial-transport.ts';
import type { CardReaderEvent, IdCardReaderConnection } from '../src/devices/contract.ts';
import { initialStatus } from '../src/devices/initial-status.ts';
import { superviseDevice } from '../src/devices/supervisor.ts';
import type { DeviceSupervisor } from '../src/devices/supervisor.ts';
import type { IdCardReaderStatus } from '../src/devices/status.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { cardsOfVectors } from './fixtures/card-vectors.ts';
import { createDialogue } from './fixtures/scripted-reader.ts';
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
const kept = new Map<string, ReaderFindings>();
const warnings: ReaderWarning[] = [];

beforeAll(async () => {
  simulator = await startSimulator('id-card-reader', 'pty', ['--chip-ms', '10']);
  const transport = serialTransport({ path: simulator.device, baudRate: 115_200, clock: systemClock });
  supervisor = superviseDevice({
    driver: createIdCardReaderDriver({
      lines: [transport],
      clock: systemClock,
      timings: { repetitionMs: 100 },
      findings: { get: (unit) => kept.get(unit), put: (unit, found) => void kept.set(unit, found) },
      onWarning: (warning) => warnings.push(warning),
    }),
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
  await simulator.tell('habits', { knowsReadText: true, findsReadCardAgain: false });
  warnings.length = 0;
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
    { fault: 'oversize-length', by: 9, count: 1, on: '3001' },
    { fault: 'undersize-length', by: 40, count: 1, on: '3001' },
    { fault: 'fabricated-timeout', count: 1, on: '2002' },
    { fault: 'envelope', count: 3 },
    { fault: 'twice', count: 3 },
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

test.each([
  ['residence permit', cardsOfVectors.residencePermit],
  ['foreigner’s card of 2017', cardsOfVectors.foreign2017],
  ['foreigner’s card of 2023', cardsOfVectors.foreign2023],
  ['resident’s card with a private-use character in a name that fills its place', undefined],
])('a %s is read as it was laid', async (_, other) => {
  const laid = other ?? { ...card, kind: 'resident', name: `测\uE863${'试'.repeat(13)}` };
  const events = await readUntil('card', () => simulator.tell('lay-card', { card: laid }));
  const { validTo, ...rest } = laid;
  const { address: _address, ...said } = { address: '', ...rest };
  expect(events.at(-1)).toEqual({
    kind: 'card',
    card: { ...said, validTo: validTo === '长期' ? 'long-term' : validTo },
  });
  expect(warnings).toEqual([]);
});

test('a foreigner’s card without its letter is refused with a warning, not taken for a resident’s', async () => {
  const laid = { ...cardsOfVectors.foreign2017, flag: ' ' };
  const events = await readUntil('unreadable', () => simulator.tell('lay-card', { card: laid }));
  expect(events.at(-1)).toMatchObject({ fault: { code: 'reader.record-malformed' } });
  expect(warnings.slice(0, 2)).toEqual(['type-flag', 'malformed-sex']);
});

test('a reader that does not know 30 01 is read by 30 10, whatever the size of its fingerprints', async () => {
  for (const fingerprintBytes of [0, 512, 1024]) {
    await simulator.tell('habits', { knowsReadText: false, fingerprintBytes });
    expect(kinds(await readUntil('card', lay)).at(-1)).toBe('card');
    await simulator.tell('lift-card');
  }
});

test('the interactive check finds out whether this reader sees a card that was read, and that holds at once', async () => {
  for (const findsReadCardAgain of [false, true]) {
    await simulator.tell('habits', { findsReadCardAgain });
    const connection = await online();
    const dialogue = createDialogue((what) => {
      if (what === 'reader.lay-card') void lay();
      if (what === 'reader.lift-card') void simulator.tell('lift-card');
    });
    const report = await connection.checkHealth('interactive', dialogue, AbortSignal.timeout(15_000));
    expect(report.passed).toBe(true);
    expect(report.steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      'reader.sam-status passed',
      'reader.sam-id passed',
      'reader.reset passed',
      'reader.sam-status-after-reset passed',
      'reader.read-card passed',
      `reader.presence ${findsReadCardAgain ? 'passed' : 'notSupported'}`,
    ]);
    expect(JSON.stringify(report)).not.toMatch(/测试|110105|示例/);
    expect([...kept.values()]).toMatchObject([{ seesCardThatWasRead: findsReadCardAgain }]);
    expect('whenCardLifted' in connection).toBe(findsReadCardAgain);
  }

  await readUntil('card', lay);
  const connection = await online();
  expect(connection.status().media).toBe('present');
  const lifted = connection.whenCardLifted?.(AbortSignal.timeout(15_000));
  await simulator.tell('lift-card');
  expect(await lifted).toBe(true);
  expect(connection.status().media).toBe('notPresent');
  kept.clear();
});

test('a module that fails its self-test is reset once and well, and a dead one is a hardware error', async () => {
  for (const [firstStatus, device] of [
    ['self-test-failed', 'online'],
    ['dead', 'hardwareError'],
  ]) {
    await online();
    await simulator.tell('unplug');
    await expect.poll(() => supervisor.connection(), { timeout: 10_000 }).toBeUndefined();
    await simulator.tell('habits', { firstStatus });
    await simulator.tell('replug');
    await expect.poll(() => supervisor.status().device, { timeout: 10_000, interval: 10 }).toBe(device);
    await simulator.tell('habits', { firstStatus: 'ready' });
  }
  await online();
});

test('a cable pulled at any place of a record loses the connection, and the reader is back when it is plugged in', async () => {
  for (const afterBytes of [0, 7, 600, 1294]) {
    await online();
    await simulator.tell('fault', { fault: 'unplug-in-reply', afterBytes, count: 1, on: '3001' });
    const events = await readUntil('lost', lay);
    expect([afterBytes, ...kinds(events)]).toEqual([afterBytes, 'reading', 'lost']);
    await expect.poll(() => supervisor.status().device, { timeout: 10_000 }).toBe('offline');
    await simulator.tell('replug');
    await simulator.tell('lift-card');
  }
  expect(kinds(await readUntil('card', lay)).at(-1)).toBe('card');
}, 60_000);
