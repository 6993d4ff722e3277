import { usb } from 'usb';
import type { ConnectionEnd } from '../../src/devices/contract.ts';
import type { DeviceIdentity } from '../../src/devices/device-findings.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { withTimeLimit } from '../../src/platform/clock.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import type { ByteLink, ByteTransport } from './byte-link.ts';
import { linkFaults } from './link-faults.ts';
import { createLinkLifetime } from './link-lifetime.ts';
import type { LinkLifetime } from './link-lifetime.ts';
import { printerClassRequests } from './usb-printer-class.ts';

/** A device of the `usb` package (WebUSB, with what the system adds). */
type UsbDevice = Awaited<ReturnType<typeof usb.getDevices>>[number];

/** Which USB device is meant: by its numbers, never by its port. */
export interface UsbAddress {
  readonly vendorId: number;
  readonly productId: number;
  /** Needed where two of a kind are plugged in. */
  readonly serialNumber?: string;
}

/** What a driver looks at to choose its pipes: the interfaces of the active configuration. */
export interface UsbInterfaceDescription {
  readonly interfaceNumber: number;
  readonly class: number;
  readonly subclass: number;
  readonly protocol: number;
  /** Addresses with the direction bit: 81 is IN 1. Bulk and interrupt only. */
  readonly endpoints: readonly number[];
}

/** The pipes that carry a driver's bytes. */
export interface UsbPipes {
  readonly interfaceNumber: number;
  /** IN endpoint addresses, each read all the time. */
  readonly in: readonly number[];
  /** Which pipe each part of a write goes to, in order. */
  readonly split: (bytes: Uint8Array) => readonly { readonly endpoint: number; readonly bytes: Uint8Array }[];
  /** Puts the bytes of several IN pipes into one stream; absent: they come as they are. */
  readonly join?: (endpoint: number, bytes: Uint8Array) => readonly Uint8Array[];
}

/** Looks over the interfaces of a device; undefined when it is none of this driver's. */
export type UsbPipeChoice = (interfaces: readonly UsbInterfaceDescription[]) => UsbPipes | undefined;

export interface UsbLine {
  readonly address: UsbAddress;
  readonly pipes: UsbPipeChoice;
  readonly clock: Clock;
}

/** Opening takes milliseconds; a device that hangs in enumeration must not hang the supervisor. */
const OPEN_LIMIT_MS = 5_000;
/**
 * A read that waits holds the device: it can only be closed between two reads, so none may wait for long. Each asks for one
 * packet, so that a read that is given up has either all of a packet or nothing of it.
 */
const READ_WAIT_MS = 250;
/** Bytes of a bulk packet at full speed, where the descriptor says nothing. */
const PACKET_BYTES = 64;
/** No write waits longer: a printer whose buffer is full answers NAK until paper has moved. The drivers have limits of their own. */
const WRITE_LIMIT_MS = 600_000;

/** A USB device's bulk pipes as a line of bytes, found by its numbers wherever it is plugged in. */
export function usbTransport({ address, pipes, clock }: UsbLine): ByteTransport {
  return {
    description: `usb ${describeAddress(address)}`,
    async open(signal) {
      if (signal.aborted) return err(linkFaults.closed);
      const found = await findDevice(address);
      if (!found.ok) return found;
      const opening = openDevice(found.value, pipes);
      const opened = await withTimeLimit(clock, OPEN_LIMIT_MS, opening);
      if (opened === 'timed-out') {
        void closeWhenOpen(opening);
        return err(linkFaults.timedOut);
      }
      if (!opened.ok) return opened;
      if (signal.aborted) {
        await closeQuietly(opened.value.device);
        return err(linkFaults.closed);
      }
      return ok(usbLink(opened.value, clock));
    },
  };
}

/** `0400:c35a SERIAL`, as technicians read it from `lsusb`. */
export function describeAddress({ vendorId, productId, serialNumber }: UsbAddress): string {
  const numbers = [vendorId, productId].map((id) => id.toString(16).padStart(4, '0')).join(':');
  return serialNumber === undefined ? numbers : `${numbers} ${serialNumber}`;
}

async function findDevice(address: UsbAddress): Promise<Result<UsbDevice, DeviceFault>> {
  // A machine without a USB bus rejects instead of listing nothing.
  const devices = await usb.getDevices().catch(() => []);
  const matching = devices.filter(
    (device) =>
      device.vendorId === address.vendorId &&
      device.productId === address.productId &&
      (address.serialNumber === undefined || device.serialNumber === address.serialNumber),
  );
  const [device, second] = matching;
  if (device === undefined) return err(linkFaults.portMissing);
  return second === undefined ? ok(device) : err(linkFaults.ambiguous);
}

interface OpenDevice {
  readonly device: UsbDevice;
  readonly pipes: UsbPipes;
  readonly identity: DeviceIdentity;
  /** Bytes of a packet of each IN endpoint. Asked for once: while a read waits, the library lets nobody look at a device. */
  readonly packetBytes: ReadonlyMap<number, number>;
}

async function openDevice(
  device: UsbDevice,
  choose: UsbPipeChoice,
): Promise<Result<OpenDevice, DeviceFault>> {
  try {
    await device.open();
    const pipes = choose(interfacesOf(device));
    if (pipes === undefined) {
      await closeQuietly(device);
      return err(linkFaults.unfit);
    }
    // The kernel's own driver (usblp, cdc_acm) may hold the interface; where there is none, this is refused and no matter.
    await device.detachKernelDriver(pipes.interfaceNumber).catch(() => undefined);
    await device.claimInterface(pipes.interfaceNumber);
    return ok({ device, pipes, identity: identityOf(device), packetBytes: packetBytesOf(device) });
  } catch (error) {
    await closeQuietly(device);
    return err(faultOfError(error));
  }
}

function interfacesOf(device: UsbDevice): readonly UsbInterfaceDescription[] {
  return (device.configuration?.interfaces ?? []).map(({ interfaceNumber, alternate }) => ({
    interfaceNumber,
    class: alternate.interfaceClass,
    subclass: alternate.interfaceSubclass,
    protocol: alternate.interfaceProtocol,
    endpoints: alternate.endpoints
      .filter(({ type }) => type !== 'isochronous')
      .map(({ endpointNumber, direction }) => (direction === 'in' ? endpointNumber | 0x80 : endpointNumber)),
  }));
}

function packetBytesOf(device: UsbDevice): ReadonlyMap<number, number> {
  const endpoints = (device.configuration?.interfaces ?? []).flatMap(({ alternate }) => alternate.endpoints);
  return new Map(
    endpoints
      .filter(({ direction }) => direction === 'in')
      .map(({ endpointNumber, packetSize }) => [endpointNumber | 0x80, packetSize]),
  );
}

function identityOf(device: UsbDevice): DeviceIdentity {
  return {
    ...(device.manufacturerName ? { maker: device.manufacturerName } : {}),
    ...(device.productName ? { model: device.productName } : {}),
    ...(device.serialNumber ? { serialNumber: device.serialNumber } : {}),
  };
}

/** The library's errors are sentences that end with the system's number. */
function faultOfError(error: unknown): DeviceFault {
  const message = String(error);
  if (/errno 1\b|errno 13\b|denied/i.test(message)) return linkFaults.portDenied;
  if (/errno 16\b|busy/i.test(message)) return linkFaults.portBusy;
  if (/errno (?:2|19|71|110)\b|disconnected|not found/i.test(message)) return linkFaults.portMissing;
  return linkFaults.portUnusable;
}

function usbLink(open: OpenDevice, clock: Clock): ByteLink {
  const { device, pipes, identity } = open;
  const lifetime = createLinkLifetime();
  let turn: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;

  const reading = pipes.in.map((endpoint) => readOn(open, endpoint, lifetime));
  const finish = (end: ConnectionEnd) => {
    lifetime.end(end);
    closing ??= (async () => {
      await Promise.all(reading);
      await closeQuietly(device);
    })();
    return closing;
  };
  void Promise.race(reading).then(() => finish({ kind: 'lost', fault: linkFaults.lost }));

  return {
    identity,
    printerClass: printerClassRequests(device, pipes.interfaceNumber),
    ended: lifetime.ended,
    onData: (listener) => lifetime.onData(listener),
    write(bytes) {
      // One transfer at a time: an endpoint that is busy refuses a second one.
      const written = turn.then(() => (lifetime.over ? err(linkFaults.lost) : send(device, pipes, bytes)));
      turn = written;
      return lifetime.unlessEnded(written);
    },
    async close() {
      // What a device does not take must not hold up the end; the transfer is given up when the device is closed.
      await withTimeLimit(clock, 2 * READ_WAIT_MS + 500, finish({ kind: 'closed' }));
    },
  };
}

async function send(
  device: UsbDevice,
  pipes: UsbPipes,
  bytes: Uint8Array,
): Promise<Result<void, DeviceFault>> {
  try {
    for (const part of pipes.split(bytes))
      await device.nativeTransferOut(part.endpoint, WRITE_LIMIT_MS, part.bytes);
    return ok(undefined);
  } catch {
    return err(linkFaults.lost);
  }
}

/** Reads an endpoint until the link is over or the device gone; resolves then. */
async function readOn(open: OpenDevice, endpoint: number, lifetime: LinkLifetime): Promise<void> {
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
    // How a read that waited in vain ends.
    if (/Cancelled/.test(String(error))) return new Uint8Array(0);
    if (!/Stall/.test(String(error))) return 'gone';
    await device.clearHalt('in', endpointNumber).catch(() => undefined);
    return new Uint8Array(0);
  }
}

async function closeQuietly(device: UsbDevice): Promise<void> {
  // A device that is gone refuses to be closed; there is nothing left to do then.
  await device.close().catch(() => undefined);
}

async function closeWhenOpen(opening: Promise<Result<OpenDevice, DeviceFault>>): Promise<void> {
  const opened = await opening;
  if (opened.ok) await closeQuietly(opened.value.device);
}
