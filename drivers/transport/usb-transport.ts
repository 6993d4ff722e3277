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
import { closeUsbDevice, describeAddress, findUsbDevice, openUsbDevice } from './usb-device.ts';
import type { OpenUsbDevice, UsbAddress, UsbDevice, UsbPipeChoice } from './usb-device.ts';
import { printerClassRequests } from './usb-printer-class.ts';

export interface UsbLine {
  readonly address: UsbAddress;
  readonly pipes: UsbPipeChoice;
  readonly clock: Clock;
}

/** Opening takes milliseconds; a device that hangs in enumeration must not hang the supervisor. */
const OPEN_LIMIT_MS = 5_000;
/** Longer than any transfer that may be under way, ms. */
const CLOSE_LIMIT_MS = 2_000;
/**
 * A read that waits holds the device: it can only be closed between two reads, so none may wait for long. Each asks for one
 * packet, so that a read that is given up has either all of a packet or nothing of it.
 */
const READ_WAIT_MS = 250;
/** Bytes of a bulk packet at full speed, where the descriptor says nothing. */
const PACKET_BYTES = 64;
/**
 * A device whose buffer is full answers NAK until there is room, however long that takes. Each transfer is one packet, which is
 * taken as a whole or not at all, so that one that was given up can be sent again and the device still be closed meanwhile.
 */
const WRITE_WAIT_MS = 1_000;

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
  let turn: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;
  /** One transfer at a time: an endpoint that is busy refuses a second one. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  const reading = pipes.in.map((endpoint) => readOn(open, endpoint, lifetime));
  const finish = (end: ConnectionEnd) => {
    lifetime.end(end);
    // The library closes nothing while a transfer is under way; each ends soon, one way or the other.
    closing ??= Promise.all([...reading, turn]).then(() => closeUsbDevice(device));
    return closing;
  };
  void Promise.race(reading).then(() => finish({ kind: 'lost', fault: linkFaults.lost }));

  return {
    identity,
    printerClass: printerClassRequests(device, pipes.interfaceNumber, inTurn),
    ended: lifetime.ended,
    onData: (listener) => lifetime.onData(listener),
    write: (bytes) => lifetime.unlessEnded(inTurn(() => send(open, bytes, lifetime))),
    async close() {
      await withTimeLimit(clock, CLOSE_LIMIT_MS, finish({ kind: 'closed' }));
    },
  };
}

async function send(
  { device, pipes, packetBytes }: OpenUsbDevice,
  bytes: Uint8Array,
  lifetime: LinkLifetime,
): Promise<Result<void, DeviceFault>> {
  for (const part of pipes.split(bytes)) {
    const most = packetBytes.get(part.endpoint) ?? PACKET_BYTES;
    for (let at = 0; at < part.bytes.length; at += most) {
      const sent = await sendPacket(device, part.endpoint, part.bytes.subarray(at, at + most), lifetime);
      if (!sent) return err(linkFaults.lost);
    }
  }
  return ok(undefined);
}

/** False when the device is gone, or the link over before the device had room. */
async function sendPacket(
  device: UsbDevice,
  endpoint: number,
  packet: Uint8Array,
  lifetime: LinkLifetime,
): Promise<boolean> {
  while (!lifetime.over) {
    try {
      await device.nativeTransferOut(endpoint, WRITE_WAIT_MS, packet);
      return true;
    } catch (error) {
      if (!hasTimedOut(error)) return false;
    }
  }
  return false;
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
    // The WebUSB names of these calls have no time limits of their own.
    const bytes = await device.nativeTransferIn(endpointNumber, READ_WAIT_MS, packetBytes);
    return bytes ?? new Uint8Array(0);
  } catch (error) {
    if (hasTimedOut(error)) return new Uint8Array(0);
    if (!/Stall/.test(String(error))) return 'gone';
    await device.clearHalt('in', endpointNumber).catch(() => undefined);
    return new Uint8Array(0);
  }
}

/** How a transfer that waited in vain ends. */
function hasTimedOut(error: unknown): boolean {
  return String(error).includes('Cancelled');
}

async function closeWhenOpen(opening: Promise<Result<OpenUsbDevice, DeviceFault>>): Promise<void> {
  const opened = await opening;
  if (opened.ok) await closeUsbDevice(opened.value.device);
}
