import { SerialPort } from 'serialport';
import { createIdCardReaderDriver } from '../../drivers/id-card-reader/id-card-reader.ts';
import type { ByteTransport } from '../../drivers/transport/byte-link.ts';
import { serialTransport } from '../../drivers/transport/serial-transport.ts';
import { tcpTransport } from '../../drivers/transport/tcp-transport.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { startSimulator } from '../fixtures/simulator-program.ts';
import type { SimulatorProgram } from '../fixtures/simulator-program.ts';
import { rounded, spreadOf } from './figures.ts';
import type { Spread } from './figures.ts';

const BAUD = 115_200;
/** Select 10 out, 19 in; read 10 out, 1295 in (device-protocols 1.2, 1.3). */
const BYTES_AFTER_FIND = 10 + 19 + 10 + 1295;
const WIRE_MS = BYTES_AFTER_FIND / (BAUD / 10_000);

/** What reading a card costs beyond the wire. The chip of the simulator answers at once. */
export interface CardReadReport {
  /** From "card found" (9F) to the card, over a pty at 115200 baud. */
  readonly serialMs: Spread;
  readonly wireMs: number;
  /**
   * The same bytes sent and awaited without any driver: what pty, pacing and timers of the simulator make of the wire's time. The
   * simulator is a millisecond or two too fast after each turn of the line.
   */
  readonly bareMs: Spread;
  /** (median − median of bare) / wire: the driver alone. Target: below 0.05. */
  readonly driverOverhead: number;
  /** From "card found" to the card over TCP, as fast as it goes. */
  readonly tcpMs: Spread;
}

const CARD = {
  name: '测试一',
  sex: '1',
  ethnicCode: '01',
  birthDate: '19491231',
  address: '',
  idNumber: '11010519491231002X',
  issuer: '示例公安局',
  validFrom: '20200101',
  validTo: '长期',
};

/** Reads the same invented card again and again. */
export async function benchCardReading(reads: number): Promise<CardReadReport> {
  const serialMs = await driverReads('pty', reads);
  const bareMs = await bareReads(reads);
  const tcpMs = await driverReads('tcp', reads);
  return {
    serialMs,
    wireMs: rounded(WIRE_MS),
    bareMs,
    driverOverhead: rounded((serialMs.median - bareMs.median) / WIRE_MS),
    tcpMs,
  };
}

async function driverReads(line: 'pty' | 'tcp', reads: number): Promise<Spread> {
  const reader = await startSimulator('id-card-reader', line, ['--chip-ms', '0']);
  const found = { atMs: 0 };
  const driver = createIdCardReaderDriver({
    lines: [noting(transportTo(reader, line), found)],
    clock: systemClock,
    timings: { findIntervalMs: 20, repetitionMs: 1 },
  });
  const connected = await driver.connect(new AbortController().signal);
  if (!connected.ok) throw new Error(connected.error.code);
  const times: number[] = [];
  for (let read = -3; read < reads; read += 1) {
    await reader.tell('lay-card', { card: CARD });
    await connected.value.readCard(new AbortController().signal, (event) => {
      if (event.kind === 'card' && read >= 0) times.push(performance.now() - found.atMs);
    });
    await reader.tell('lift-card');
    // One look without a card, so that the next one counts as another.
    await emptyLook(connected.value);
  }
  await connected.value.close();
  await reader.stop();
  return spreadOf(times);
}

async function emptyLook(connection: {
  readCard(signal: AbortSignal, onEvent: () => void): Promise<void>;
}): Promise<void> {
  await connection.readCard(AbortSignal.timeout(60), () => undefined);
}

function transportTo(reader: SimulatorProgram, line: 'pty' | 'tcp'): ByteTransport {
  return line === 'pty'
    ? serialTransport({ path: reader.device, baudRate: BAUD, clock: systemClock })
    : tcpTransport({ host: '127.0.0.1', port: Number(reader.device), clock: systemClock });
}

/** SW3 of "card found", where it stands in a reply. */
const FOUND = 0x9f;
const SW3_AT = 9;
const FOUND_REPLY_BYTES = 15;

/** The same line; notes when the answer "card found" had come in whole. */
function noting(transport: ByteTransport, found: { atMs: number }): ByteTransport {
  let frame: number[] = [];
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
            frame = [];
            return link.write(bytes);
          },
          onData: (listener) =>
            link.onData((bytes) => {
              if (frame.length < FOUND_REPLY_BYTES) frame.push(...bytes.subarray(0, FOUND_REPLY_BYTES));
              if (frame.length >= FOUND_REPLY_BYTES && frame[SW3_AT] === FOUND && frame[6] === 0x08) {
                found.atMs = performance.now();
                frame = [];
              }
              listener(bytes);
            }),
        },
      };
    },
  };
}

const FIND = Buffer.from('aaaaaa96690003200122', 'hex');
const SELECT = Buffer.from('aaaaaa96690003200221', 'hex');
const READ = Buffer.from('aaaaaa96690003300132', 'hex');

/** Sends and waits for so many bytes, and understands nothing. */
async function bareReads(reads: number): Promise<Spread> {
  const reader = await startSimulator('id-card-reader', 'pty', ['--chip-ms', '0']);
  const port = new SerialPort({ path: reader.device, baudRate: BAUD, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
  let wanted = 0;
  let come = () => {};
  port.on('data', (bytes: Buffer) => {
    wanted -= bytes.length;
    if (wanted <= 0) come();
  });
  const exchange = (command: Buffer, replyBytes: number) =>
    new Promise<void>((resolve) => {
      wanted = replyBytes;
      come = resolve;
      port.write(command);
    });
  const times: number[] = [];
  for (let read = -3; read < reads; read += 1) {
    await reader.tell('lay-card', { card: CARD });
    await exchange(FIND, FOUND_REPLY_BYTES);
    const foundAtMs = performance.now();
    await exchange(SELECT, 19);
    await exchange(READ, 1295);
    if (read >= 0) times.push(performance.now() - foundAtMs);
    await reader.tell('lift-card');
  }
  await new Promise<void>((resolve) => port.close(() => resolve()));
  await reader.stop();
  return spreadOf(times);
}
