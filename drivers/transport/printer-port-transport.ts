import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { DeviceFault } from '../../src/devices/status.ts';
import { sleep, withTimeLimit, type Clock } from '../../src/platform/clock.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import type { ByteLink, ByteTransport } from './byte-link.ts';
import { linkFaults } from './link-faults.ts';
import { createLinkLifetime } from './link-lifetime.ts';
import type { LinkLifetime } from './link-lifetime.ts';

/** The kernel's printer port (usblp). */
export interface PrinterPort {
  /** `/dev/usb/lp0`, or a name that udev gives it. */
  readonly path: string;
  readonly clock: Clock;
}

/** How often the port is asked whether something came back; it cannot be waited for without holding a thread of Node's. */
const READ_EVERY_MS = 20;
/** A port that takes nothing is tried again after so long. */
const WRITE_AGAIN_MS = 10;
const READ_BYTES = 256;
const OPEN_LIMIT_MS = 5_000;
const CLOSE_LIMIT_MS = 2_000;

/**
 * A printer behind the kernel's own driver, `/dev/usb/lpN` (kernel source, drivers/usb/class/usblp.c): read and write, opened by
 * one program at a time, without CUPS in between. Non-blocking, because a read there waits as long as the printer is silent.
 */
export function printerPortTransport({ path, clock }: PrinterPort): ByteTransport {
  return {
    description: `usblp ${path}`,
    async open(signal) {
      if (signal.aborted) return err(linkFaults.closed);
      const opening = openPort(path);
      const opened = await withTimeLimit(clock, OPEN_LIMIT_MS, opening);
      if (opened === 'timed-out') {
        void opening.then((late) => (late.ok ? late.value.close() : undefined));
        return err(linkFaults.timedOut);
      }
      if (!opened.ok) return opened;
      const link = portLink(opened.value, clock);
      if (!signal.aborted) return ok(link);
      await link.close();
      return err(linkFaults.closed);
    },
  };
}

async function openPort(path: string): Promise<Result<FileHandle, DeviceFault>> {
  try {
    const file = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
    if ((await file.stat()).isCharacterDevice()) return ok(file);
    await file.close();
    return err(linkFaults.portUnusable);
  } catch (error) {
    return err(faultOfOpenError(codeOf(error)));
  }
}

function faultOfOpenError(code: string): DeviceFault {
  switch (code) {
    case 'ENOENT':
    case 'ENODEV':
    case 'ENXIO':
      return linkFaults.portMissing;
    case 'EBUSY':
      return linkFaults.portBusy;
    case 'EACCES':
    case 'EPERM':
      return linkFaults.portDenied;
    default:
      return linkFaults.portUnusable;
  }
}

function portLink(file: FileHandle, clock: Clock): ByteLink {
  const lifetime = createLinkLifetime();
  let turn: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;
  const closeFile = () => {
    closing ??= file.close().catch(() => undefined);
    return closing;
  };
  const lose = () => {
    lifetime.end({ kind: 'lost', fault: linkFaults.lost });
    void closeFile();
  };
  const reading = readOn(file, clock, lifetime).then(lose);
  return {
    ended: lifetime.ended,
    onData: (listener) => lifetime.onData(listener),
    write(bytes, signal) {
      const written = turn.then(() => writeAll(file, bytes, clock, lifetime, signal));
      turn = written;
      return lifetime.unlessEnded(written);
    },
    async close() {
      lifetime.end({ kind: 'closed' });
      await withTimeLimit(clock, CLOSE_LIMIT_MS, Promise.all([reading, closeFile()]));
    },
  };
}

/** Resolves when the port is gone or the link over. */
async function readOn(file: FileHandle, clock: Clock, lifetime: LinkLifetime): Promise<void> {
  const buffer = new Uint8Array(READ_BYTES);
  while (!lifetime.over) {
    const count = await attempt(() =>
      file.read(buffer, 0, READ_BYTES, null).then(({ bytesRead }) => bytesRead),
    );
    if (count === 'gone') return;
    if (count !== 'later' && count > 0) lifetime.deliver(buffer.subarray(0, count));
    else await sleep(clock, READ_EVERY_MS);
  }
}

async function writeAll(
  file: FileHandle,
  bytes: Uint8Array,
  clock: Clock,
  lifetime: LinkLifetime,
  signal: AbortSignal | undefined,
): Promise<Result<void, DeviceFault>> {
  let sent = 0;
  while (sent < bytes.length) {
    if (signal?.aborted === true) return err(linkFaults.closed);
    if (lifetime.over) return err(linkFaults.lost);
    const rest = bytes.subarray(sent);
    const count = await attempt(() =>
      file.write(rest, 0, rest.length, null).then(({ bytesWritten }) => bytesWritten),
    );
    if (count === 'gone') return err(linkFaults.lost);
    if (count === 'later' || count === 0) await sleep(clock, WRITE_AGAIN_MS);
    else sent += count;
  }
  return ok(undefined);
}

/** `later`: nothing can be moved now. `gone`: nothing ever will be. */
async function attempt(work: () => Promise<number>): Promise<number | 'later' | 'gone'> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    return code === 'EAGAIN' || code === 'EINTR' ? 'later' : 'gone';
  }
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? '';
}
