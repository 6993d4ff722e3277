import type { ConnectionEnd } from '../../src/devices/contract.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { withTimeLimit } from '../../src/platform/clock.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import type { ByteLink, ByteTransport } from './byte-link.ts';
import { linkFaults } from './link-faults.ts';
import { createLinkLifetime } from './link-lifetime.ts';
import type { LinkLifetime } from './link-lifetime.ts';
import { closeUsbDevice, describeAddress, endTransfers, findUsbDevice, openUsbDevice } from './usb-device.ts';
import type { OpenUsbDevice, UsbAddress, UsbDevice, UsbPipeChoice } from './usb-device.ts';
import { printerClassRequests } from './usb-printer-class.ts';

export interface UsbLine {
  readonly address: UsbAddress;
  readonly pipes: UsbPipeChoice;
  readonly clock: Clock;
}

/** Opening takes milliseconds; a device that hangs in enumeration must not hang the supervisor. */
const OPEN_LIMIT_MS = 5_000;
/** Ending what is under way takes milliseconds; a device that hangs must not hang the supervisor. */
const CLOSE_LIMIT_MS = 2_000;
/**
 * Nothing is given up while the link lasts: a device answers when it has something to say, and takes data when it has room. What
 * a transfer has when its time is over would be lost.
 */
const NO_LIMIT_MS = 0x7fff_ffff;
/** Bytes of a bulk packet at full speed, where the descriptor says nothing. */
const PACKET_BYTES = 64;

/** A USB device's bulk pipes as a line of bytes, found by its numbers wherever it is plugged in. */
export function usbTransport({ address, pipes, clock }: UsbLine): ByteTransport {
  return {
    description: `usb ${describeAddress(address)}`,
    async open(signal) {
      if (signal.aborted) return err(linkFaults.closed);
      const found = await findUsbDevice(address);
      if (!found.ok) return found;
      const opening = openUsbDevice(found.value, pipes);
      const opened = await withTimeLimit(clock, OPEN_LIMIT_MS, opening);
      if (opened === 'timed-out') {
        void closeWhenOpen(opening);
        return err(linkFaults.timedOut);
      }
      if (!opened.ok) return opened;
      if (signal.aborted) {
        await closeUsbDevice(opened.value.device);
        return err(linkFaults.closed);
      }
      return ok(usbLink(opened.value, clock));
    },
  };
}

function usbLink(open: OpenUsbDevice, clock: Clock): ByteLink {
  const { device, pipes, identity } = open;
  const lifetime = createLinkLifetime();
  const writing = oneAfterTheOther();
  const asking = oneAfterTheOther();
  let closing: Promise<void> | undefined;

  const reading = pipes.in.map((endpoint) => readOn(open, endpoint, lifetime));
  const closeNow = async () => {
    // The library closes nothing while a transfer is under way.
    await endTransfers(open);
    await Promise.all([...reading, writing.idle(), asking.idle()]);
    await closeUsbDevice(device);
  };
  const finish = (end: ConnectionEnd) => {
    lifetime.end(end);
    return (closing ??= closeNow());
  };
  void Promise.race(reading).then(() => finish({ kind: 'lost', fault: linkFaults.lost }));

  return {
    identity,
    printerClass: printerClassRequests(device, pipes.interfaceNumber, (work) => asking.run(work)),
    ended: lifetime.ended,
    onData: (listener) => lifetime.onData(listener),
    write: (bytes, signal) => lifetime.unlessEnded(writing.run(() => send(open, bytes, lifetime, signal))),
    async close() {
      await withTimeLimit(clock, CLOSE_LIMIT_MS, finish({ kind: 'closed' }));
    },
  };
}

/** An endpoint that is busy refuses a second transfer. */
function oneAfterTheOther() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run<T>(work: () => Promise<T>): Promise<T> {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
    idle: () => last,
  };
}

/** Each transfer is one packet, so that a write can be stopped between two while the device has no room. */
async function send(
  { device, pipes, packetBytes }: OpenUsbDevice,
  bytes: Uint8Array,
  lifetime: LinkLifetime,
  signal: AbortSignal | undefined,
): Promise<Result<void, DeviceFault>> {
  for (const part of pipes.split(bytes)) {
    const most = packetBytes.get(part.endpoint) ?? PACKET_BYTES;
    for (let at = 0; at < part.bytes.length; at += most) {
      if (signal?.aborted === true) return err(linkFaults.closed);
      if (lifetime.over) return err(linkFaults.lost);
      try {
        await device.nativeTransferOut(part.endpoint, NO_LIMIT_MS, part.bytes.subarray(at, at + most));
      } catch {
        return err(linkFaults.lost);
      }
    }
  }
  return ok(undefined);
}

/** Reads an endpoint until the link is over or the device gone; resolves then. */
async function readOn(open: OpenUsbDevice, endpoint: number, lifetime: LinkLifetime): Promise<void> {
  const { device, pipes } = open;
  const packetBytes = open.packetBytes.get(endpoint) ?? PACKET_BYTES;
  while (!lifetime.over) {
    const bytes = await readPacket(device, endpoint & 0x7f, packetBytes);
    if (bytes === 'gone') return;
    if (bytes.length === 0 || lifetime.over) continue;
    for (const part of pipes.join?.(endpoint, bytes) ?? [bytes]) lifetime.deliver(part);
  }
}

async function readPacket(
  device: UsbDevice,
  endpointNumber: number,
  packetBytes: number,
): Promise<Uint8Array | 'gone'> {
  try {
    // The WebUSB names of these calls give up after a second.
    const bytes = await device.nativeTransferIn(endpointNumber, NO_LIMIT_MS, packetBytes);
    return bytes ?? new Uint8Array(0);
  } catch (error) {
    if (!String(error).includes('Stall')) return 'gone';
    await device.clearHalt('in', endpointNumber).catch(() => undefined);
    return new Uint8Array(0);
  }
}

async function closeWhenOpen(opening: Promise<Result<OpenUsbDevice, DeviceFault>>): Promise<void> {
  const opened = await opening;
  if (opened.ok) await closeUsbDevice(opened.value.device);
}
