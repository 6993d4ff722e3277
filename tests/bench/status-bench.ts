import { loadProfile } from '../../drivers/receipt-printer/printer-profile.ts';
import { createReceiptPrinterDriver } from '../../drivers/receipt-printer/receipt-printer.ts';
import type { ByteTransport } from '../../drivers/transport/byte-link.ts';
import { serialTransport } from '../../drivers/transport/serial-transport.ts';
import { tcpTransport } from '../../drivers/transport/tcp-transport.ts';
import type { ReceiptPrinterConnection } from '../../src/devices/contract.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { startSimulator } from '../fixtures/simulator-program.ts';
import type { SimulatorProgram } from '../fixtures/simulator-program.ts';
import { benchLines, benchSlip } from './bench-slip.ts';
import { spreadOf } from './figures.ts';
import type { Spread } from './figures.ts';

/** How soon the state of a printer is known while it prints. Target: p50 and p95 at most 300 ms. */
export interface StatusReport {
  /** One question on the line (`DLE EOT n`) and its answer. */
  readonly questionMs: Spread;
  /** `refreshStatus`: all questions of the family one after the other, each in its turn between the bands. */
  readonly roundMs: Spread;
  /** From something that happens to the printer to its automatic status at the driver's listener. */
  readonly toldMs: Spread;
  /** From the first byte to the proof of the slip, ms: what the line leaves of the time. */
  readonly slipMs: number;
  readonly bytesOnWire: number;
}

const PAUSE_MS = 100;

/** A slow head and a small buffer behind a network: what is sent too early waits where nobody sees it. */
const SLOW_TCP = { speedMmPerSecond: 60, bufferBytes: 4096 } as const;

/** Prints a drawn slip over a paced pty at each speed, and over TCP to a slow printer, and asks all the time. */
export async function benchStatus(bauds: readonly number[]): Promise<Readonly<Record<string, StatusReport>>> {
  const reports: [string, StatusReport][] = [];
  for (const baud of bauds) reports.push([String(baud), await statusAt(baud)]);
  reports.push(['tcp', await statusAt('tcp')]);
  return Object.fromEntries(reports);
}

async function statusAt(line: number | 'tcp'): Promise<StatusReport> {
  const { speedMmPerSecond, bufferBytes } = SLOW_TCP;
  const printer =
    line === 'tcp'
      ? await startSimulator('receipt-printer', 'tcp', [
          '--speed-mm',
          String(speedMmPerSecond),
          '--buffer',
          String(bufferBytes),
        ])
      : await startSimulator('receipt-printer', 'pty', ['--baud', String(line)]);
  const questions: number[] = [];
  const connection = await connect(printer, line, questions);
  questions.length = 0;
  const before = await bytesOf(printer);
  const startedMs = performance.now();
  let printing = true;
  const slip = printSlip(connection).finally(() => {
    printing = false;
  });
  const [rounds, told] = await Promise.all([
    askWhile(connection, () => printing),
    disturbWhile(printer, connection, () => printing),
  ]);
  await slip;
  const slipMs = Math.round(performance.now() - startedMs);
  const bytesOnWire = (await bytesOf(printer)) - before;
  await connection.close();
  await printer.stop();
  return {
    questionMs: spreadOf(questions),
    roundMs: spreadOf(rounds),
    toldMs: spreadOf(told),
    slipMs,
    bytesOnWire,
  };
}

async function connect(
  printer: SimulatorProgram,
  where: number | 'tcp',
  questions: number[],
): Promise<ReceiptPrinterConnection> {
  const profile = loadProfile('generic-80mm');
  if (!profile.ok) throw new Error(profile.error.code);
  const transport =
    where === 'tcp'
      ? tcpTransport({
          host: '127.0.0.1',
          port: Number(printer.device),
          clock: systemClock,
          atEnd: 'discard',
        })
      : serialTransport({ path: printer.device, baudRate: where, clock: systemClock });
  const driver = createReceiptPrinterDriver({
    transport: timing(transport, questions),
    clock: systemClock,
    profile: where === 'tcp' ? { ...profile.value, ...SLOW_TCP } : profile.value,
    line:
      where === 'tcp'
        ? benchLines.tcp
        : { bytesPerSecond: where / 10, flowControl: 'none', backPressure: 'paced' },
  });
  const connected = await driver.connect(new AbortController().signal);
  if (!connected.ok) throw new Error(connected.error.code);
  return connected.value;
}

/** The same line; notes how long each `DLE EOT` waits for its one byte. */
function timing(transport: ByteTransport, times: number[]): ByteTransport {
  let askedAtMs: number | undefined;
  return {
    ...transport,
    async open(signal) {
      const opened = await transport.open(signal);
      if (!opened.ok) return opened;
      const link = opened.value;
      return {
        ok: true,
        value: {
          ...link,
          write(bytes) {
            if (bytes.length === 3 && bytes[0] === 0x10 && bytes[1] === 0x04) askedAtMs = performance.now();
            return link.write(bytes);
          },
          onData: (listener) =>
            link.onData((bytes) => {
              if (askedAtMs !== undefined && bytes.some((byte) => (byte & 0x93) === 0x12)) {
                times.push(performance.now() - askedAtMs);
                askedAtMs = undefined;
              }
              listener(bytes);
            }),
        },
      };
    },
  };
}

async function printSlip(connection: ReceiptPrinterConnection): Promise<void> {
  for (const [index, document] of benchSlip().entries()) {
    const outcome = await connection.print({
      document,
      cut: document.part === 'footer',
      processId: `B00${index}`,
    });
    if (outcome.kind !== 'printed') throw new Error(`the slip was ${outcome.kind}`);
  }
}

async function askWhile(
  connection: ReceiptPrinterConnection,
  printing: () => boolean,
): Promise<readonly number[]> {
  const times: number[] = [];
  while (printing()) {
    const startedMs = performance.now();
    await connection.refreshStatus();
    if (printing()) times.push(performance.now() - startedMs);
    await sleep(systemClock, PAUSE_MS);
  }
  return times;
}

/** The roll runs low and is full again: nothing that stops a slip. */
async function disturbWhile(
  printer: SimulatorProgram,
  connection: ReceiptPrinterConnection,
  printing: () => boolean,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let low = true; printing(); low = !low) {
    const changed = Promise.withResolvers<number>();
    const cancel = connection.onStatus(({ paper }) => {
      if (paper === (low ? 'low' : 'full')) changed.resolve(performance.now());
    });
    const startedMs = performance.now();
    await printer.tell('paper', { state: low ? 'low' : 'full' });
    const toldAtMs = await Promise.race([changed.promise, sleep(systemClock, 3000).then(() => undefined)]);
    cancel();
    if (toldAtMs !== undefined && printing()) times.push(toldAtMs - startedMs);
    await sleep(systemClock, PAUSE_MS * 3);
  }
  return times;
}

async function bytesOf(printer: SimulatorProgram): Promise<number> {
  return Number((await printer.state())['bytesReceived']);
}
