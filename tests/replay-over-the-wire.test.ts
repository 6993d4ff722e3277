import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createIdCardReaderDriver } from '../drivers/id-card-reader/id-card-reader.ts';
import { createReaderTraceBlanker } from '../drivers/id-card-reader/trace-blanking.ts';
import { createQrScannerDriver, type QrScannerOptions } from '../drivers/qr-scanner/qr-scanner.ts';
import { createScannerTraceBlanker } from '../drivers/qr-scanner/trace/trace-blanking.ts';
import { createReceiptPrinterDriver } from '../drivers/receipt-printer/receipt-printer.ts';
import { createPrinterTraceBlanker } from '../drivers/receipt-printer/trace-blanking.ts';
import type { ByteTransport } from '../drivers/transport/byte-link.ts';
import type {
  CardReaderEvent,
  DeviceConnection,
  DeviceDriver,
  PrintOutcome,
  ReceiptPrinterConnection,
  ScanEvent,
} from '../src/devices/contract.ts';
import { systemClock } from '../src/platform/clock.ts';
import { lineTo, recordedLine, replayOf, replayState } from './fixtures/recorded-line.ts';
import { fastLine, givenProfile } from './fixtures/scripted-printer.ts';
import { slipOf } from './fixtures/simulated-family.ts';
import { type SimulatorProgram, startSimulator } from './fixtures/simulator-program.ts';

const TRACES = path.join(import.meta.dirname, 'fixtures/traces');
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function program(starting: Promise<SimulatorProgram>): Promise<SimulatorProgram> {
  const started = await starting;
  cleanups.push(() => started.stop());
  return started;
}

async function connect<C extends DeviceConnection>(driver: DeviceDriver<C>): Promise<C> {
  const connected = await driver.connect(new AbortController().signal);
  if (!connected.ok) throw new Error(connected.error.code);
  cleanups.push(() => connected.value.close());
  return connected.value;
}

/** A trace that is kept; RECORD_TRACES=1 keeps this one instead. */
function kept(name: string, recorded?: string): string {
  const file = path.join(TRACES, name);
  if (recorded !== undefined && process.env['RECORD_TRACES'] === '1') writeFileSync(file, recorded);
  return readFileSync(file, 'utf8');
}

const SECRETS = ['王小明', '上海市某路', '440524188001010014', 'OC1ABCDEFGHJK', '13800138000'];
const hasSecrets = (trace: string) =>
  SECRETS.some((secret) =>
    (['utf8', 'utf16le'] as const).some((encoding) =>
      trace.includes(Buffer.from(secret, encoding).toString('hex')),
    ),
  );

describe('a reader', () => {
  const card = {
    name: '王小明',
    sex: '2',
    ethnicCode: '02',
    birthDate: '19491231',
    address: '上海市某路9号',
    idNumber: '440524188001010014',
    issuer: '某公安局',
    validFrom: '20200101',
    validTo: '20400101',
  };

  /** Reads until there is a card. */
  async function read(transport: ByteTransport, act: () => Promise<unknown>): Promise<CardReaderEvent[]> {
    const connection = await connect(createIdCardReaderDriver({ lines: [transport], clock: systemClock }));
    const enough = new AbortController();
    const events: CardReaderEvent[] = [];
    const limit = setTimeout(() => {
      enough.abort();
    }, 15_000);
    const reading = connection.readCard(enough.signal, (event) => {
      events.push(event);
      if (event.kind === 'card') enough.abort();
    });
    await act();
    await reading;
    clearTimeout(limit);
    return events;
  }
  const kinds = (events: readonly CardReaderEvent[]) => events.map(({ kind }) => kind);

  test('whose answer was damaged once is played again: the same happens, to somebody invented', async () => {
    const simulator = await program(startSimulator('id-card-reader', 'tcp', ['--chip-ms', '20']));
    const line = recordedLine('idCardReader', simulator, createReaderTraceBlanker);
    await simulator.tell('fault', { fault: 'wrong-checksum', count: 1, on: '3001' });
    const events = await read(line.transport, () => simulator.tell('lay-card', { card }));
    expect(kinds(events)).toEqual(['reading', 'card']);
    const trace = line.text();
    expect(hasSecrets(trace)).toBe(false);
    // Both answers to 30 01 are in it: the damaged one and the good one.
    expect(trace.match(/"hex":"aaaaaa96690508/g)).toHaveLength(2);

    for (const [text, wire] of [
      [trace, 'tcp'],
      [kept('reader-damaged-answer.jsonl', trace), 'pty'],
    ] as const) {
      const replay = await program(replayOf(text, wire));
      const again = await read(lineTo(replay), () => Promise.resolve());
      expect(kinds(again)).toEqual(kinds(events));
      expect(again.at(-1)).toMatchObject({ card: { name: '测试一', idNumber: '11010519491231002X' } });
      const { of, mismatches, steps, played } = await replayState(replay);
      expect({ of, mismatches }).toEqual({ of: 'idCardReader', mismatches: [] });
      expect(played).toBe(steps);
    }
  }, 60_000);

  test('that says something else is told from the trace, and does not hang the replay', async () => {
    const replay = await program(replayOf(kept('reader-damaged-answer.jsonl')));
    const computer = await replay.open();
    computer.send('AA AA AA 96 69 00 03 30 03 30');
    await expect
      .poll(async () => (await replayState(replay)).mismatches, { timeout: 10_000 })
      .toMatchObject([{ afterStep: 0, expected: 'aaaaaa9669000311ffed', got: 'aaaaaa96690003300330' }]);
    computer.send('AA AA AA 96 69 00 03 11 FF ED');
    expect(await computer.receive(11)).toBe('aaaaaa9669000400009094');
    // Asked once more than was recorded, it is answered once more.
    computer.send('AA AA AA 96 69 00 03 11 FF ED');
    expect(await computer.receive(11)).toBe('aaaaaa9669000400009094');
    await computer.close();
  }, 30_000);
});

describe('a scanner', () => {
  async function scan(
    options: Partial<QrScannerOptions>,
    transport: ByteTransport,
    act: () => Promise<unknown>,
  ): Promise<ScanEvent[]> {
    const connection = await connect(
      createQrScannerDriver({ transport, clock: systemClock, framing: 'CR', gapMs: 50, ...options }),
    );
    const enough = new AbortController();
    const events: ScanEvent[] = [];
    const limit = setTimeout(() => {
      enough.abort();
    }, 15_000);
    const scanning = connection.scan(enough.signal, (event) => {
      events.push(event);
      if (event.kind === 'code') enough.abort();
    });
    await act();
    await scanning;
    clearTimeout(limit);
    return events;
  }
  async function provision(transport: ByteTransport): Promise<void> {
    const driver = createQrScannerDriver({
      transport,
      clock: systemClock,
      framing: 'CR',
      gapMs: 50,
      family: 'gm6x',
    });
    const connection = await connect(driver);
    expect(await connection.provision?.(new AbortController().signal)).toMatchObject({ complete: true });
    await connection.close();
  }
  const lengths = (events: readonly ScanEvent[]) =>
    events.map((event) => (event.kind === 'code' ? event.text.length : event.kind));

  test.each([
    ['passive', 'CR'],
    ['newland', 'CR'],
    ['gm6x', 'GM'],
    ['ssi', 'SSI'],
  ] as const)(
    'of the family %s is played again: a code of the same length, and the same answers',
    async (family, framing) => {
      const simulator = await program(startSimulator('qr-scanner', 'tcp', ['--family', family]));
      const line = recordedLine('qrScanner', simulator, () => createScannerTraceBlanker({ family, framing }));
      // Only a provisioned one sends its codes in frames, with an identifier before each.
      const aimPrefix = family === 'gm6x';
      if (aimPrefix) await provision(lineTo(simulator));
      const show = async () => {
        // A scanner that takes commands is still being set up; a person is not quicker.
        await new Promise((resolve) => setTimeout(resolve, 800));
        await simulator.tell('show-code', { text: 'OC1ABCDEFGHJK-13800138000', hold: true });
      };
      const events = await scan({ family, framing, aimPrefix }, line.transport, show);
      expect(lengths(events)).toEqual([25]);
      const trace = line.text();
      expect(hasSecrets(trace)).toBe(false);
      const again = family === 'newland' ? kept('scanner-newland.jsonl', trace) : trace;
      for (const text of [trace, again]) {
        const replay = await program(replayOf(text));
        const played = await scan({ family, framing, aimPrefix }, lineTo(replay), () => Promise.resolve());
        expect(played).toEqual([{ kind: 'code', text: 'X'.repeat(25) }]);
        expect((await replayState(replay)).mismatches).toEqual([]);
      }
    },
    60_000,
  );
});

describe('a printer', () => {
  const profile = givenProfile('generic-80mm');
  const document = slipOf('OC1ABCDEFGHJKMNPQRSTVWXYZ234567ABCD');

  const driverAt = (transport: ByteTransport) =>
    createReceiptPrinterDriver({ transport, clock: systemClock, profile, line: fastLine });
  const what = (outcome: PrintOutcome) =>
    outcome.kind === 'printed' ? [outcome.kind, outcome.grade] : [outcome.kind, outcome.fault.code];

  /** A slip in whose middle the paper ends, and another when there is paper again. */
  async function twoSlips(
    connection: ReceiptPrinterConnection,
    refill: () => Promise<unknown>,
  ): Promise<unknown[]> {
    const first = await connection.print({ document, cut: true, processId: 'P001' });
    const { paper } = connection.status();
    await refill();
    await expect.poll(() => connection.status().device, { timeout: 20_000 }).toBe('online');
    const second = await connection.print({ document, cut: true, processId: 'P002' });
    return [what(first), paper, what(second)];
  }

  test('that ran out of paper in the middle of a slip is played again: in doubt, then printed', async () => {
    const simulator = await program(startSimulator('receipt-printer', 'tcp', [], { out: true }));
    const line = recordedLine('receiptPrinter', simulator, () =>
      createPrinterTraceBlanker({ language: 'esc-pos', begins: 'at-a-command' }),
    );
    const connection = await connect(driverAt(line.transport));
    await simulator.tell('stop-after-dots', { n: 120, reason: 'paper-out' });
    const happened = await twoSlips(connection, () => simulator.tell('paper', { state: 'full' }));
    expect(happened).toEqual([['unknown', 'printer.paper-out'], 'out', ['printed', 'E2']]);
    const trace = line.text();
    expect(trace).toMatch(/1d7630[0-9a-f]{10} xx\*\d+/);
    for (const text of [trace, kept('printer-paper-out.jsonl', trace)]) {
      const replay = await program(replayOf(text));
      const again = await connect(driverAt(lineTo(replay)));
      expect(await twoSlips(again, () => Promise.resolve())).toEqual(happened);
      expect((await replayState(replay)).mismatches).toEqual([]);
    }
  }, 90_000);
});

test('a file that is no trace, or one of HID reports, is refused with a sentence', async () => {
  await expect(replayOf('{"trace":1}\n')).rejects.toThrow('ended before it was ready');
  const reports = '{"trace":1,"device":"qrScanner","link":"hid 1eab:0d10","unit":"reports"}\n';
  await expect(replayOf(reports)).rejects.toThrow('ended before it was ready');
}, 30_000);
