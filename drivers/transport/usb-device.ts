import { usb } from 'usb';
import type { DeviceIdentity } from '../../src/devices/device-findings.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import { linkFaults } from './link-faults.ts';
import { toldIdentity } from './told-identity.ts';

/** A device of the `usb` package (WebUSB, with what the system adds). */
export type UsbDevice = Awaited<ReturnType<typeof usb.getDevices>>[number];

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

/** `0400:c35a SERIAL`, as technicians read it from `lsusb`. */
export function describeAddress({ vendorId, productId, serialNumber }: UsbAddress): string {
  const numbers = [vendorId, productId].map((id) => id.toString(16).padStart(4, '0')).join(':');
  return serialNumber === undefined ? numbers : `${numbers} ${serialNumber}`;
}

/** The one device with these numbers, wherever it is plugged in. Faults: none there, or several and no serial number to choose by. */
export async function findUsbDevice(address: UsbAddress): Promise<Result<UsbDevice, DeviceFault>> {
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

/** A device that was opened, with the pipes of its driver claimed. */
export interface OpenUsbDevice {
  readonly device: UsbDevice;
  readonly pipes: UsbPipes;
  readonly identity: DeviceIdentity;
  /** Bytes of a packet of each endpoint. Asked for once: while a read waits, the library lets nobody look at a device. */
  readonly packetBytes: ReadonlyMap<number, number>;
  /** Where it is plugged in just now; asked for once as well. */
  readonly bus: string;
  readonly busAddress: number;
}

/** Opens a device and claims the pipes that its driver chooses; the kernel's own driver is told to let go. */
export async function openUsbDevice(
  device: UsbDevice,
  choose: UsbPipeChoice,
): Promise<Result<OpenUsbDevice, DeviceFault>> {
  try {
    await device.open();
    const pipes = choose(interfacesOf(device));
    if (pipes === undefined) {
      await closeUsbDevice(device);
      return err(linkFaults.unfit);
    }
    // The kernel's own driver (usblp, cdc_acm) may hold the interface; where there is none, this is refused and no matter.
    await device.detachKernelDriver(pipes.interfaceNumber).catch(() => undefined);
    await device.claimInterface(pipes.interfaceNumber);
    return ok({
      device,
      pipes,
      identity: identityOf(device),
      packetBytes: packetBytesOf(device),
      bus: device.bus,
      busAddress: device.address,
    });
  } catch (error) {
    await closeUsbDevice(device);
    return err(faultOfError(error));
  }
}

function interfacesOf(device: UsbDevice): readonly UsbInterfaceDescription[] {
  return (device.configuration?.interfaces ?? []).map(({ interfaceNumber, alternate }) => ({
    interfaceNumber,
    class: alternate.interfaceClass,
    subclass: alternate.interfaceSubclass,
    protocol: alternate.interfaceProtocol,
    endpoints: alternate.endpoints.filter(({ type }) => type !== 'isochronous').map(addressOf),
  }));
}

/** With the direction bit. */
function addressOf({ endpointNumber, direction }: USBEndpoint): number {
  return direction === 'in' ? endpointNumber | 0x80 : endpointNumber;
}

function packetBytesOf(device: UsbDevice): ReadonlyMap<number, number> {
  const endpoints = (device.configuration?.interfaces ?? []).flatMap(({ alternate }) => alternate.endpoints);
  return new Map(endpoints.map((endpoint) => [addressOf(endpoint), endpoint.packetSize]));
}

function identityOf({ manufacturerName, productName, serialNumber }: UsbDevice): DeviceIdentity {
  return toldIdentity({ maker: manufacturerName, model: productName, serialNumber });
}

/** The library's errors are sentences that end with the system's number. */
function faultOfError(error: unknown): DeviceFault {
  const message = String(error);
  if (/errno 1\b|errno 13\b|denied/i.test(message)) return linkFaults.portDenied;
  if (/errno 16\b|busy/i.test(message)) return linkFaults.portBusy;
  if (/errno (?:2|19|71|110)\b|disconnected|not found/i.test(message)) return linkFaults.portMissing;
  return linkFaults.portUnusable;
}

/**
 * Ends every transfer that is under way; each of them rejects. The library has no call for that, and a time limit of a transfer
 * loses what arrives in the moment in which it expires. So a second handle of the same device takes the interface away from the
 * first one: the kernel then ends what that has under way (USBDEVFS_DISCONNECT). Of a device that is gone, everything has ended.
 */
export async function endTransfers({ bus, busAddress, pipes }: OpenUsbDevice): Promise<void> {
  const devices = await usb.getDevices().catch(() => []);
  const second = devices.find((device) => device.bus === bus && device.address === busAddress);
  if (second === undefined) return;
  try {
    await second.open();
    await second.detachKernelDriver(pipes.interfaceNumber);
  } catch {
    // See above.
  }
  await closeUsbDevice(second);
}

/** A device that is gone refuses to be closed; there is nothing left to do then. The library may refuse by throwing at once. */
export async function closeUsbDevice(device: UsbDevice): Promise<void> {
  try {
    await device.close();
  } catch {
    // See above.
  }
}
