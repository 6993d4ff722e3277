import { access, constants, readFile, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { devicesAsync, type Device as HidDevice } from 'node-hid';
import { SerialPort } from 'serialport';
import { usb } from 'usb';
import { onePortEach, usbPlaceOf } from './serial-ports.ts';
import { toldTexts } from './told-texts.ts';

/** One interface of a USB device, by its class. */
export interface PluggedInterface {
  readonly class: number;
  readonly subclass: number;
  readonly protocol: number;
  /** Data can go in both directions. */
  readonly bothWays: boolean;
}

/** One thing that is plugged into this machine, with every name the system has for it; each serial port is one of its own. */
export interface PluggedDevice {
  /** `usb`: found on the bus. `hid`: only its reports are known (Bluetooth, virtual). `serial`: a port of the machine itself. */
  readonly bus: 'usb' | 'hid' | 'serial';
  readonly vendorId?: number;
  readonly productId?: number;
  readonly serialNumber?: string;
  readonly maker?: string;
  readonly product?: string;
  readonly interfaces: readonly PluggedInterface[];
  /** HID collections: usage page and usage. */
  readonly usages: readonly { readonly page: number; readonly usage: number }[];
  /** `/dev/ttyACM0`, and the names udev gave it below /dev/kiosk: one port. */
  readonly serialPorts: readonly string[];
  /** Of a unit with several: where that is, and which of its ports this is, from 0. Whatever else it is, it is with port 0. */
  readonly unit?: { readonly place: string; readonly port: number };
  /** `/dev/usb/lp0`, likewise. */
  readonly printerPorts: readonly string[];
  /** Nodes that this process may not read and write. */
  readonly forbidden: readonly string[];
}

/**
 * Everything plugged in that could be a device of a kiosk: USB devices (hubs left out), HID devices, serial ports. Opens
 * nothing, so it disturbs nobody. What one of the three libraries cannot list is left out, never thrown.
 */
export async function pluggedDevices(): Promise<readonly PluggedDevice[]> {
  const [usbDevices, hidDevices, serialPorts, printerPorts, names] = await Promise.all([
    usb.getDevices().catch(() => []),
    devicesAsync().catch(() => []),
    listSerialPorts(),
    listPrinterPorts(),
    stableNames(),
  ]);
  const taken = { hid: new Set<HidDevice>(), serial: new Set<string>() };
  const isForbidden = async (node: string) => (await forbiddenOf([node])).length > 0;
  const found: PluggedDevice[] = [];
  for (const device of usbDevices.filter(({ deviceClass }) => deviceClass !== USB_HUB)) {
    const numbers = { vendorId: device.vendorId, productId: device.productId };
    const serialNumber = device.serialNumber ?? undefined;
    const same = (other: { vendorId: number; productId: number; serialNumber?: string | undefined }) =>
      other.vendorId === numbers.vendorId &&
      other.productId === numbers.productId &&
      (other.serialNumber ?? '') === (serialNumber ?? '');
    const hid = hidDevices.filter((one) => same(one));
    for (const one of hid) taken.hid.add(one);
    const place = `${Number(device.bus)}/${device.address}`;
    const ports = serialPorts.filter((port) => port.place === place);
    for (const port of ports) taken.serial.add(port.path);
    const printers = printerPorts.filter((port) => same(port));
    const nodes = [
      `/dev/bus/usb/${device.bus.padStart(3, '0')}/${String(device.address).padStart(3, '0')}`,
      ...hid.map((one) => one.path ?? ''),
      ...printers.map((port) => port.path),
    ];
    const unit: PluggedDevice = {
      bus: 'usb',
      ...numbers,
      ...toldTexts({ serialNumber, maker: device.manufacturerName, product: device.productName }),
      interfaces: interfacesOf(device),
      usages: usagesOf(hid),
      serialPorts: [],
      printerPorts: printers.flatMap((port) => [port.path, ...(names.get(port.path) ?? [])]),
      forbidden: await forbiddenOf(nodes),
    };
    const unitPorts = ports.map(async ({ path: port }) => ({
      path: port,
      names: names.get(port) ?? [],
      forbidden: await isForbidden(port),
    }));
    found.push(...onePortEach(unit, place, await Promise.all(unitPorts)));
  }
  found.push(...(await lonelyHid(hidDevices.filter((one) => !taken.hid.has(one)))));
  found.push(...(await ownSerialPorts(serialPorts.filter((port) => !taken.serial.has(port.path)))));
  return found;
}

type UsbDevice = Awaited<ReturnType<typeof usb.getDevices>>[number];

const USB_HUB = 0x09;

function interfacesOf(device: UsbDevice): readonly PluggedInterface[] {
  return (device.configuration?.interfaces ?? []).map(({ alternate }) => ({
    class: alternate.interfaceClass,
    subclass: alternate.interfaceSubclass,
    protocol: alternate.interfaceProtocol,
    bothWays: (['in', 'out'] as const).every((way) =>
      alternate.endpoints.some(({ direction }) => direction === way),
    ),
  }));
}

function usagesOf(hid: readonly HidDevice[]) {
  return hid.map(({ usagePage = 0, usage = 0 }) => ({ page: usagePage, usage }));
}

/** Every serial port, and the USB device that it is on. */
async function listSerialPorts() {
  const ports = await SerialPort.list().catch(() => []);
  return Promise.all(
    ports.map(async (port) => ({
      path: port.path,
      place: await usbPlaceOf(path.join('/sys/class/tty', path.basename(port.path))),
    })),
  );
}

/** HID devices without a USB device: Bluetooth, or made by a program. Collections of one device are put together. */
async function lonelyHid(devices: readonly HidDevice[]): Promise<readonly PluggedDevice[]> {
  const byIdentity = Map.groupBy(devices, ({ vendorId, productId, serialNumber }) =>
    [vendorId, productId, serialNumber].join(' '),
  );
  return Promise.all(
    Array.from(byIdentity.values(), async ([first, ...rest]): Promise<PluggedDevice> => ({
      bus: 'hid',
      vendorId: first?.vendorId ?? 0,
      productId: first?.productId ?? 0,
      ...toldTexts({
        serialNumber: first?.serialNumber,
        maker: first?.manufacturer,
        product: first?.product,
      }),
      interfaces: [],
      usages: usagesOf(first === undefined ? [] : [first, ...rest]),
      serialPorts: [],
      printerPorts: [],
      forbidden: await forbiddenOf([first?.path ?? '']),
    })),
  );
}

/** Ports of the machine itself. Linux lists some that no chip is behind: those have the type 0. */
async function ownSerialPorts(
  ports: readonly { readonly path: string }[],
): Promise<readonly PluggedDevice[]> {
  const found: PluggedDevice[] = [];
  for (const port of ports) {
    const type = await textOf(`/sys/class/tty/${path.basename(port.path)}/type`);
    if (type.trim() === '0') continue;
    found.push({
      bus: 'serial',
      interfaces: [],
      usages: [],
      serialPorts: [port.path],
      printerPorts: [],
      forbidden: await forbiddenOf([port.path]),
    });
  }
  return found;
}

async function listPrinterPorts() {
  const ports = await readdir('/sys/class/usbmisc').catch(() => []);
  return Promise.all(
    ports
      .filter((name) => name.startsWith('lp'))
      .map(async (name) => {
        // The port hangs on an interface, and the interface on the device with the numbers.
        const device = path.join('/sys/class/usbmisc', name, 'device/..');
        const number = async (file: string) => Number.parseInt(await textOf(path.join(device, file)), 16);
        const serial = (await textOf(path.join(device, 'serial'))).trim();
        return {
          path: `/dev/usb/${name}`,
          vendorId: await number('idVendor'),
          productId: await number('idProduct'),
          ...(serial === '' ? {} : { serialNumber: serial }),
        };
      }),
  );
}

/** The names that the udev rules gave to nodes, by node. */
async function stableNames(): Promise<ReadonlyMap<string, readonly string[]>> {
  const directory = '/dev/kiosk';
  const names = new Map<string, string[]>();
  for (const name of await readdir(directory).catch(() => [])) {
    const link = path.join(directory, name);
    const node = await realpath(link).catch(() => link);
    names.set(node, [...(names.get(node) ?? []), link]);
  }
  return names;
}

async function forbiddenOf(nodes: readonly string[]): Promise<readonly string[]> {
  const forbidden: string[] = [];
  for (const node of nodes) {
    if (node === '') continue;
    const allowed = await access(node, constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    );
    if (!allowed) forbidden.push(node);
  }
  return forbidden;
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
