import { SerialPort } from 'serialport';
import type { DeviceFault } from '../../src/devices/status.ts';
import { withTimeLimit } from '../../src/platform/clock.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import type { ByteLink, ByteTransport } from './byte-link.ts';
import { linkFaults } from './link-faults.ts';
import { createLinkLifetime } from './link-lifetime.ts';
import type { LinkLifetime } from './link-lifetime.ts';
import { mendLinuxTty } from './linux-tty-mending.ts';

/** A configured serial line. */
export interface SerialLine {
  /** The device node, best a stable one (`/dev/serial/by-id/…`). */
  readonly path: string;
  /** Bits per second; USB CDC devices ignore it. */
  readonly baudRate: number;
  readonly clock: Clock;
}

/** The kernel waits up to 30 s for a dead UART to send its rest before a close returns; nobody else should. */
const CLOSE_LIMIT_MS = 2000;

/** Opening a tty takes milliseconds; a driver in the kernel that hangs must not hang the supervisor. */
const OPEN_LIMIT_MS = 5000;

/**
 * A serial port: 8 data bits, no parity, 1 stop bit, no flow control by the kernel, locked against other programs (`flock`).
 * Linux knows no DTR/DSR handshake, so a driver that needs it asks for DSR itself (`dataSetReady`).
 */
export function serialTransport({ path, baudRate, clock }: SerialLine): ByteTransport {
  return {
    description: `serial ${path} ${baudRate}`,
    async open(signal) {
      if (signal.aborted) return err(linkFaults.closed);
      const port = new SerialPort({
        path,
        baudRate,
        dataBits: 8,
        parity: 'none',
        stopBits: 1,
        lock: true,
        autoOpen: false,
      });
      // An 'error' without a listener would end the process; what it means for the line, 'close' tells.
      port.on('error', () => undefined);
      const abandoned = Promise.withResolvers<'aborted'>();
      const onAbort = () => {
        abandoned.resolve('aborted');
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const opening = openPort(port);
      const outcome = await withTimeLimit(clock, OPEN_LIMIT_MS, Promise.race([opening, abandoned.promise]));
      signal.removeEventListener('abort', onAbort);
      if (outcome === 'aborted' || outcome === 'timed-out') {
        void closeWhenOpen(port, opening);
        return err(outcome === 'aborted' ? linkFaults.closed : linkFaults.timedOut);
      }
      return outcome === 'open' ? ok(serialLink(port, clock)) : err(outcome);
    },
  };
}

function openPort(port: SerialPort): Promise<'open' | DeviceFault> {
  return new Promise((resolve) => {
    port.open((error) => {
      resolve(error ? faultOfOpenError(error.message) : 'open');
    });
  });
}

/** An opening that nobody waits for any more must not keep the port locked. */
async function closeWhenOpen(port: SerialPort, opening: Promise<'open' | DeviceFault>): Promise<void> {
  if ((await opening) === 'open') port.close();
}

/** The binding reports errors as text only, made by strerror(3). */
function faultOfOpenError(message: string): DeviceFault {
  if (/No such (file|device)/i.test(message)) return linkFaults.portMissing;
  if (/Cannot lock|busy|temporarily unavailable/i.test(message)) return linkFaults.portBusy;
  if (/Permission denied|Operation not permitted/i.test(message)) return linkFaults.portDenied;
  // A pty or a USB port that went away between finding and opening it.
  if (/Input\/output error|No such device/i.test(message)) return linkFaults.portMissing;
  return linkFaults.portUnusable;
}

function serialLink(port: SerialPort, clock: Clock): ByteLink {
  const lifetime = createLinkLifetime();
  let unsent = 0;
  let closing: Promise<void> | undefined;
  mendLinuxTty(port);

  port.on('data', (chunk: Buffer) => {
    lifetime.deliver(chunk);
  });
  const lose = () => {
    lifetime.end({ kind: 'lost', fault: linkFaults.lost });
    closing ??= closePort(port, clock, false);
  };
  // An unplug comes as 'close' without 'error', a failed write as 'error' with or without 'close'.
  port.on('close', lose);
  port.on('error', lose);
  port.on('end', lose);

  return {
    ended: lifetime.ended,
    onData: (listener) => lifetime.onData(listener),
    dataSetReady: dataSetReadyOf(port),
    async write(bytes) {
      unsent += 1;
      const outcome = await lifetime.unlessEnded(writeAndDrain(port, lifetime, bytes));
      unsent -= 1;
      return outcome;
    },
    async close() {
      // What could not be sent must not come out later, for somebody else.
      closing ??= closePort(port, clock, unsent > 0);
      lifetime.end({ kind: 'closed' });
      await closing;
    },
  };
}

/** Asks for DSR; a pseudo-terminal has no modem lines and is not asked again. */
function dataSetReadyOf(port: SerialPort): () => Promise<boolean | undefined> {
  let refused = false;
  return () =>
    new Promise((resolve) => {
      if (refused || !port.isOpen) {
        resolve(undefined);
        return;
      }
      port.get((error, lines) => {
        refused = error !== null;
        resolve(lines?.dsr);
      });
    });
}

function writeAndDrain(
  port: SerialPort,
  lifetime: LinkLifetime,
  bytes: Uint8Array,
): Promise<Result<void, DeviceFault>> {
  return new Promise((resolve) => {
    // A write or drain on a closed port waits for its next opening, and this port is never opened twice.
    if (lifetime.over || !port.isOpen) {
      resolve(err(linkFaults.lost));
      return;
    }
    port.write(bytes, undefined, (writeError) => {
      if (writeError) {
        resolve(err(linkFaults.lost));
        return;
      }
      port.drain((drainError) => {
        resolve(drainError ? err(linkFaults.lost) : ok(undefined));
      });
    });
  });
}

async function closePort(port: SerialPort, clock: Clock, discardUnsent: boolean): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    const close = () => {
      port.close(() => {
        resolve();
      });
    };
    if (discardUnsent && port.isOpen) port.flush(close);
    else close();
  });
  await withTimeLimit(clock, CLOSE_LIMIT_MS, closed);
}
