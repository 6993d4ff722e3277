import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createIdCardReaderDriver } from '../drivers/id-card-reader/id-card-reader.ts';
import { READER_BAUD_RATES } from '../drivers/id-card-reader/reach-reader.ts';
import { serialTransport } from '../drivers/transport/serial-transport.ts';
import type { CardReaderEvent, IdCardReaderConnection } from '../src/devices/contract.ts';
import { systemClock } from '../src/platform/clock.ts';
import { createDialogue } from './fixtures/scripted-reader.ts';
import { startSimulator } from './fixtures/simulator-program.ts';
import type { SimulatorProgram } from './fixtures/simulator-program.ts';

/** The simulated reader compares its own speed with the one that the driver has set on the pty. */
let simulator: SimulatorProgram;

beforeAll(async () => {
  simulator = await startSimulator('id-card-reader', 'pty', ['--chip-ms', '10']);
});
afterAll(() => simulator.stop());
/** Also what a failed test has left open: the port is for one at a time. */
const opened: IdCardReaderConnection[] = [];
afterEach(async () => {
  for (const connection of opened.splice(0)) await connection.close();
  await simulator.tell('lift-card');
  await simulator.tell('habits', { trueBaud: null, atWrongSpeed: 'nothing' });
});

function driverOfEverySpeed(path = simulator.device) {
  const lines = READER_BAUD_RATES.map((baudRate) => serialTransport({ path, baudRate, clock: systemClock }));
  return createIdCardReaderDriver({ lines, clock: systemClock });
}

async function connect(driver: ReturnType<typeof driverOfEverySpeed>): Promise<IdCardReaderConnection> {
  const outcome = await driver.connect(AbortSignal.timeout(15_000));
  if (!outcome.ok) throw new Error(outcome.error.code);
  opened.push(outcome.value);
  return outcome.value;
}

const unheard = async () => Number((await simulator.state())['unheard']);

test('a reader is found at the speed it is set to, a card read at it, and it is found at once the next time', async () => {
  for (const [trueBaud, atWrongSpeed] of [
    [9600, 'nothing'],
    [38_400, 'garbage'],
  ] as const) {
    await simulator.tell('habits', { trueBaud, atWrongSpeed });
    const driver = driverOfEverySpeed();
    const first = await connect(driver);
    const report = await first.checkHealth('internal', createDialogue(), AbortSignal.timeout(5000));
    expect(report.steps[0]?.measured?.['line']).toBe(`serial ${simulator.device} ${trueBaud}`);
    await first.close();

    const before = await unheard();
    expect(before).toBeGreaterThan(0);
    const second = await connect(driver);
    expect(await unheard()).toBe(before);
    await simulator.tell('lay-card', {
      card: {
        name: '测试一',
        sex: '1',
        ethnicCode: '01',
        birthDate: '19491231',
        idNumber: '11010519491231002X',
        issuer: '示例公安局',
        validFrom: '20200101',
        validTo: '长期',
      },
    });
    const events: CardReaderEvent[] = [];
    await second.readCard(AbortSignal.timeout(25_000), (event) => events.push(event));
    expect(events.at(-1)).toMatchObject({ kind: 'card', card: { idNumber: '11010519491231002X' } });
    await second.close();
    await simulator.tell('lift-card');
  }
}, 60_000);

test('a reader that was set to another speed is found again', async () => {
  await simulator.tell('habits', { trueBaud: 9600 });
  const driver = driverOfEverySpeed();
  await (await connect(driver)).close();
  await simulator.tell('habits', { trueBaud: 115_200 });
  const connection = await connect(driver);
  expect(connection.status().device).toBe('online');
  await connection.close();
}, 30_000);

test('a port that is not there is reported at once', async () => {
  const startMs = performance.now();
  const outcome = await driverOfEverySpeed(`${simulator.device}-not-there`).connect(
    AbortSignal.timeout(15_000),
  );
  expect(outcome).toMatchObject({ ok: false, error: { code: 'link.port-missing' } });
  // Far below the second that a single wrong speed costs.
  expect(performance.now() - startMs).toBeLessThan(900);
});

test('the search is given up when it is aborted, and the port is free again', async () => {
  await simulator.tell('habits', { trueBaud: 19_200 });
  const outcome = await driverOfEverySpeed().connect(AbortSignal.timeout(1700));
  expect(outcome).toMatchObject({ ok: false });
  await simulator.tell('habits', { trueBaud: null });
  await (await connect(driverOfEverySpeed())).close();
}, 30_000);
