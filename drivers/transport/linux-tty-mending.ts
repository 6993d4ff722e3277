import { read } from 'node:fs';
import type { SerialPort } from 'serialport';

/** The parts of serialport's Linux binding (13.0) that are touched here; other platforms have no `poller`. */
interface LinuxPort {
  readonly fd: number | null;
  readonly isOpen: boolean;
  readonly poller: {
    poll(events: number): void;
    once(event: 'readable', listener: (error: Error | null) => void): unknown;
    listenerCount(event: string): number;
  };
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>;
}

const UV_READABLE = 1;
const UV_WRITABLE = 2;

/**
 * Mends two faults of serialport 13 on Linux ttys. Call it once, after opening and before the first read.
 *
 * 1. A tty whose device went away reads as zero bytes for ever. The binding tries again at once, without end: a full CPU
 *    core and no 'close' until the next write. Here zero bytes are the end (VMIN is 1, so they can mean nothing else).
 * 2. Waiting until the port takes more bytes replaces waiting for bytes that come in: a printer that has stopped to take
 *    data could no longer say why. Here both are waited for together.
 */
export function mendLinuxTty(port: SerialPort): void {
  const tty = port.port as unknown as LinuxPort | undefined;
  if (!tty || !('poller' in tty)) return;
  const { poller } = tty;
  const poll = poller.poll.bind(poller);
  poller.poll = (events) => {
    const reading = poller.listenerCount('readable') > 0 ? UV_READABLE : 0;
    const writing = poller.listenerCount('writable') > 0 ? UV_WRITABLE : 0;
    poll(events | reading | writing);
  };
  tty.read = (buffer, offset, length) => readSome(tty, buffer, offset, length);
}

/** One or more bytes, or a rejection as serialport's stream expects it: `canceled` when we closed, otherwise the line died. */
async function readSome(tty: LinuxPort, buffer: Buffer, offset: number, length: number) {
  for (;;) {
    if (!tty.isOpen || tty.fd === null)
      throw Object.assign(new Error('Port is not open'), { canceled: true });
    const outcome = await readOnce(tty.fd, buffer, offset, length);
    if (outcome === 0) throw new Error('the line hung up');
    if (typeof outcome === 'number') return { buffer, bytesRead: outcome };
    const nothingYet =
      outcome.code === 'EAGAIN' || outcome.code === 'EWOULDBLOCK' || outcome.code === 'EINTR';
    if (!tty.isOpen) throw Object.assign(outcome, { canceled: true });
    if (!nothingYet) throw outcome;
    await readable(tty);
  }
}

function readOnce(
  fd: number,
  buffer: Buffer,
  offset: number,
  length: number,
): Promise<number | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    read(fd, buffer, offset, length, null, (error, bytesRead) => {
      resolve(error ?? bytesRead);
    });
  });
}

function readable(tty: LinuxPort): Promise<void> {
  return new Promise((resolve, reject) => {
    tty.poller.once('readable', (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
