import { afterEach, expect, test } from 'vitest';
import { createHidQrScannerDriver } from '../drivers/qr-scanner/qr-scanner.ts';
import type { HidQrScannerOptions } from '../drivers/qr-scanner/qr-scanner.ts';
import type { ScannerConnection } from '../drivers/qr-scanner/scanner-connection.ts';
import type { RunningSimulator } from '../drivers/simulators/program.ts';
import { startHidQrScanner } from '../drivers/simulators/qr-scanner/simulator.ts';
import type { FamilyName } from '../drivers/simulators/qr-scanner/simulated-scanner.ts';
import type { ScanEvent } from '../src/devices/contract.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { createReportCable } from './fixtures/report-cable.ts';
import type { LooseReportCable } from './fixtures/report-cable.ts';

type Layout = HidQrScannerOptions['layout'];

let cable: LooseReportCable;
let simulator: RunningSimulator;
let connection: ScannerConnection;
let warnings: string[];

/** A simulated scanner and the driver, with nothing between them but reports. */
async function start(
  layout: Layout,
  family: FamilyName = 'passive',
  {
    marksContinuation = false,
    ...options
  }: Partial<HidQrScannerOptions> & { marksContinuation?: boolean } = {},
): Promise<void> {
  cable = createReportCable({ maker: 'SIMULATED', model: 'QR', serialNumber: 'SIM1' });
  simulator = await startHidQrScanner(
    { controlPort: 0, family, make: { layout, marksContinuation } },
    (onOutput) => {
      cable.onOutput = onOutput;
      return Promise.resolve(cable.device);
    },
    systemClock,
    systemRandom,
  );
  warnings = [];
  const outcome = await createHidQrScannerDriver({
    transport: cable.transport,
    clock: systemClock,
    layout,
    family,
    onWarning: (warning) => warnings.push(warning),
    ...options,
  }).connect(new AbortController().signal);
  if (!outcome.ok) throw new Error(outcome.error.code);
  connection = outcome.value;
}
afterEach(async () => {
  await connection.close();
  await simulator.stop();
});

async function tell(command: string, details: object = {}): Promise<void> {
  const answer = await fetch(`${simulator.controlUrl}/commands`, {
    method: 'POST',
    body: JSON.stringify({ command, ...details }),
  });
  if (answer.status !== 200) throw new Error(await answer.text());
}
interface State {
  readonly settings: Readonly<Record<string, string>>;
  readonly commands: readonly { readonly name: string; readonly permanence: string }[];
  readonly triggered: boolean;
  readonly beeps: number;
}
const state = async () => (await (await fetch(`${simulator.controlUrl}/state`)).json()) as State;
const settled = { timeout: 15_000, interval: 20 };

/** What is told of a code, or of codes, shown while somebody scans. */
async function scanned(count: number, show: () => Promise<unknown>): Promise<readonly ScanEvent[]> {
  const events: ScanEvent[] = [];
  const abort = new AbortController();
  const done = connection.scan(abort.signal, (event) => events.push(event));
  await show();
  await expect.poll(() => events.length, settled).toBeGreaterThanOrEqual(count);
  abort.abort();
  await done;
  return events;
}

test.each(['standard', 'newland', 'microscan'] as const)(
  'in the %s layout codes of one, several and exactly full reports are read, together or with pauses',
  async (layout) => {
    await start(layout);
    for (const length of [1, 55, 56, 57, 62, 112, 124, 500]) {
      const text = 'OC1-'.repeat(125).slice(0, length);
      expect(await scanned(1, () => tell('show-code', { text, split: length % 2 === 1 }))).toEqual([
        { kind: 'code', text },
      ]);
    }
    expect(cable.delivered.every((report) => report.every((byte) => byte === 0))).toBe(true);
  },
);

test('a Newland that marks its reports is read without waiting, and a missing report is noticed', async () => {
  await start('newland', 'passive', { marksContinuation: true });
  const text = 'N'.repeat(200);
  expect(await scanned(1, () => tell('show-code', { text }))).toEqual([{ kind: 'code', text }]);
  expect(await scanned(1, () => tell('show-code', { text, withoutLastPart: true }))).toEqual([
    { kind: 'unreadable', reason: 'incomplete' },
  ]);
});

test('a missing continuation makes a code incomplete and does not spoil the next one', async () => {
  await start('standard');
  const events = await scanned(2, async () => {
    await tell('show-code', { text: 'X'.repeat(150), withoutLastPart: true });
    await new Promise((resolve) => setTimeout(resolve, 800));
    await tell('show-code', { text: 'OC1NEXT' });
  });
  expect(events).toEqual([
    { kind: 'unreadable', reason: 'incomplete' },
    { kind: 'code', text: 'OC1NEXT' },
  ]);
});

test('another symbology is refused by its identifier, whatever the modifier of a QR code', async () => {
  await start('standard');
  for (const aim of [']Q0', ']Q1', ']Q2', ']Q6'])
    expect(await scanned(1, () => tell('show-code', { text: 'OC1', aim }))).toEqual([
      { kind: 'code', text: 'OC1' },
    ]);
  expect(await scanned(1, () => tell('show-code', { text: '5901234123457', aim: ']E0' }))).toEqual([
    { kind: 'unreadable', reason: 'symbology' },
  ]);
});

test('two codes within 50 ms are two, a storm of one code is one, 3 kB are refused, junk is passed over', async () => {
  await start('standard');
  expect(await scanned(2, () => tell('show-burst', { texts: ['OC1ONE', 'OC1TWO'] }))).toEqual([
    { kind: 'code', text: 'OC1ONE' },
    { kind: 'code', text: 'OC1TWO' },
  ]);
  const storm = scanned(1, () => tell('show-code', { text: 'OC1STORM', hold: true, repeatMs: 20 }));
  await new Promise((resolve) => setTimeout(resolve, 500));
  await tell('remove-code');
  expect(await storm).toEqual([{ kind: 'code', text: 'OC1STORM' }]);
  expect(await scanned(1, () => tell('show-code', { text: 'Y'.repeat(3000) }))).toEqual([
    { kind: 'unreadable', reason: 'too-long' },
  ]);
  const events = await scanned(1, async () => {
    await tell('send-raw', { hex: '05 00'.replace(' ', '') });
    await tell('show-code', { text: 'OC1JUNK' });
  });
  expect(events).toEqual([{ kind: 'code', text: 'OC1JUNK' }]);
});

test('a cable pulled in the middle of a code loses the scan and ends the connection', async () => {
  await start('standard');
  const events = await scanned(1, () => tell('show-code', { text: 'Z'.repeat(300), unplugAfterBytes: 128 }));
  expect(events).toEqual([{ kind: 'lost', fault: { code: 'link.lost', action: 'suspend' } }]);
  expect(await connection.ended).toMatchObject({ kind: 'lost' });
});

test.each([
  ['newland', 'newland', { SCNMOD: '0', GRBENA: '0', RRDDUR: '2000' }],
  ['newland', 'gm6x', { '0000': 'D5', '0003': '02' }],
  ['standard', 'honeywell', { TRGMOD: '0', BEPBEP: '0', TRGSTO: '10000' }],
] as const)(
  'over reports of the %s layout a %s is set for the time it has power, triggered, and reads',
  async (layout, family, made) => {
    await start(layout, family);
    await expect.poll(async () => (await state()).settings, settled).toMatchObject(made);
    const events = await scanned(1, async () => {
      await expect.poll(async () => (await state()).triggered, settled).toBe(true);
      await tell('show-code', { text: 'OC1OVER-HID', hold: true });
    });
    expect(events).toEqual([{ kind: 'code', text: 'OC1OVER-HID' }]);
    await tell('remove-code');
    await expect.poll(async () => (await state()).triggered, settled).toBe(false);
    const { commands } = await state();
    expect(commands.filter(({ permanence }) => permanence === 'permanent')).toEqual([]);
    expect(warnings).toEqual([]);
  },
);

test('what a Honeywell tells of itself over several reports is understood, and never taken for a code', async () => {
  await start('standard', 'honeywell');
  const events = await scanned(0, async () => {
    await expect.poll(() => connection.identity().firmware, settled).toBeDefined();
  });
  expect(events).toEqual([]);
  // The cable's own words go before what the scanner says.
  expect(connection.identity()).toEqual({
    maker: 'SIMULATED',
    model: 'QR',
    serialNumber: 'SIM1',
    firmware: '$ProjectRevision: 16345',
  });
  const report = await connection.checkHealth(
    'external',
    { onStep: () => undefined, prompt: () => undefined, question: () => Promise.resolve(undefined) },
    new AbortController().signal,
  );
  expect(report.passed).toBe(true);
  expect((await state()).beeps).toBe(1);
});

test('where no way to carry a family’s commands is known, that is warned of and the scanner is listened to', async () => {
  await start('microscan', 'newland');
  expect(warnings).toEqual(['scanner.commands-not-carried']);
  expect(connection.provision).toBeUndefined();
  expect(await scanned(1, () => tell('show-code', { text: 'OC1' }))).toEqual([{ kind: 'code', text: 'OC1' }]);
  expect((await state()).commands).toEqual([]);
});
