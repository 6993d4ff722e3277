import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createHidQrScannerDriver, type HidQrScannerOptions } from '../drivers/qr-scanner/qr-scanner.ts';
import { createReportTraceBlanker } from '../drivers/qr-scanner/trace/trace-report-blanking.ts';
import type { RunningSimulator } from '../drivers/simulators/program.ts';
import { startHidQrScanner } from '../drivers/simulators/qr-scanner/simulator.ts';
import { startReportReplay } from '../drivers/simulators/replay/simulator.ts';
import { formatTraceEvent, formatTraceHeader, parseTrace } from '../drivers/trace/trace-lines.ts';
import { createTracePoint } from '../drivers/trace/trace-point.ts';
import type { ReportTransport } from '../drivers/transport/report-link.ts';
import type { ScanEvent } from '../src/devices/contract.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { createReportCable } from './fixtures/report-cable.ts';

type Setting = Required<Pick<HidQrScannerOptions, 'family' | 'layout'>>;

const TRACES = path.join(import.meta.dirname, 'fixtures/traces');
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function state(simulator: RunningSimulator): Promise<Record<string, unknown>> {
  return (await (await fetch(`${simulator.controlUrl}/state`)).json()) as Record<string, unknown>;
}

async function tell(simulator: RunningSimulator, command: string, details: object): Promise<void> {
  const body = JSON.stringify({ command, ...details });
  const answer = await fetch(`${simulator.controlUrl}/commands`, { method: 'POST', body });
  if (answer.status !== 200) throw new Error(await answer.text());
}

/** Scans until there is something, or for so long, ms. */
async function scan(
  setting: Setting,
  transport: ReportTransport,
  act: () => Promise<unknown>,
  limitMs = 15_000,
): Promise<readonly ScanEvent[]> {
  const driver = createHidQrScannerDriver({ transport, clock: systemClock, ...setting });
  const connected = await driver.connect(new AbortController().signal);
  if (!connected.ok) throw new Error(connected.error.code);
  cleanups.push(() => connected.value.close());
  const enough = new AbortController();
  const events: ScanEvent[] = [];
  const limit = AbortSignal.any([enough.signal, AbortSignal.timeout(limitMs)]);
  const scanning = connected.value.scan(limit, (event) => {
    events.push(event);
    enough.abort();
  });
  await act();
  await scanning;
  return events;
}

/** What a technician records while `text` is shown to a simulated scanner: the trace, and what the driver made of it. */
async function recorded(setting: Setting, text: string) {
  const cable = createReportCable();
  const simulator = await startHidQrScanner(
    { controlPort: 0, family: setting.family, make: { layout: setting.layout, marksContinuation: false } },
    (onOutput) => {
      cable.onOutput = onOutput;
      return Promise.resolve(cable.device);
    },
    systemClock,
    systemRandom,
  );
  cleanups.push(() => simulator.stop());
  const point = createTracePoint(systemClock, () => createReportTraceBlanker(setting));
  const lines = [formatTraceHeader({ device: 'qrScanner', link: 'hid 1eab:0d10', unit: 'reports' })];
  point.listen((event) => {
    lines.push(formatTraceEvent(event));
  });
  const events = await scan(setting, point.reports(cable.transport), async () => {
    // A scanner that takes commands is still being set up; a person is not quicker.
    if (setting.family !== 'passive')
      await expect.poll(async () => (await state(simulator))['triggered'], { timeout: 10_000 }).toBe(true);
    await tell(simulator, 'show-code', { text, hold: true });
  });
  return { events, trace: `${lines.join('\n')}\n` };
}

/** The driver of today against a trace. */
async function playedAgain(setting: Setting, text: string, limitMs?: number) {
  const trace = parseTrace(text);
  if (!trace.ok) throw new Error(`line ${trace.error.line}`);
  const cable = createReportCable();
  const replay = await startReportReplay(
    { controlPort: 0, trace: trace.value },
    (onOutput) => {
      cable.onOutput = onOutput;
      return Promise.resolve(cable.device);
    },
    systemClock,
  );
  cleanups.push(() => replay.stop());
  const events = await scan(setting, cable.transport, () => Promise.resolve(), limitMs);
  return { events, state: await state(replay) };
}

/** A trace that is kept; RECORD_TRACES=1 keeps this one instead. */
function kept(name: string, trace: string): string {
  const file = path.join(TRACES, name);
  if (process.env['RECORD_TRACES'] === '1') writeFileSync(file, trace);
  return readFileSync(file, 'utf8');
}

test.each<[HidQrScannerOptions['layout'], Setting['family']]>([
  ['standard', 'passive'],
  ['newland', 'newland'],
  ['newland', 'gm6x'],
  ['standard', 'honeywell'],
])(
  'reports of the %s layout, of a %s scanner, are played again: a code of the same length, and the same answers',
  async (layout, family) => {
    const setting = { layout, family };
    // Longer than one report.
    const text = 'OC1ABCDEFGHJK-13800138000'.padEnd(90, '.');
    const { events, trace } = await recorded(setting, text);
    expect(events).toEqual([{ kind: 'code', text }]);
    expect(trace).toContain('"unit":"reports"');
    expect(trace).not.toContain(Buffer.from('13800138000').toString('hex'));
    const traces = family === 'newland' ? [trace, kept('scanner-newland-hid.jsonl', trace)] : [trace];
    for (const played of traces) {
      const again = await playedAgain(setting, played);
      expect(again.events).toEqual([{ kind: 'code', text: 'X'.repeat(90) }]);
      expect(again.state).toMatchObject({ of: 'qrScanner', mismatches: [] });
    }
  },
  60_000,
);

test('a report that nobody recorded is told, and does not hang the replay', async () => {
  const { trace } = await recorded({ layout: 'newland', family: 'newland' }, 'OC1SAMPLE');
  const other = await playedAgain({ layout: 'newland', family: 'gm6x' }, trace, 4_000);
  expect(other.state['mismatches']).not.toEqual([]);
}, 60_000);
