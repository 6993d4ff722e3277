import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { PluggedDevice } from './plugged-devices.ts';

/** Interface, port on it, `tty`, name: deeper below its USB device no port is. */
const DEEPEST = 6;

/**
 * On which USB device a node of /sys hangs, as `bus/address`; undefined: on none. Numbers and serial number do not say it: a
 * converter has several ports, and two without serial numbers look alike. Never throws.
 * @param node `/sys/class/tty/ttyUSB0`, a link or not
 */
export async function usbPlaceOf(node: string): Promise<string | undefined> {
  let directory = await realpath(path.join(node, 'device')).catch(() => '/');
  for (let left = DEEPEST; left > 0 && directory !== '/'; left -= 1) {
    const [bus, address] = await Promise.all(
      ['busnum', 'devnum'].map(async (file) => numberIn(path.join(directory, file))),
    );
    if (bus !== undefined && address !== undefined) return `${bus}/${address}`;
    directory = path.dirname(directory);
  }
  return undefined;
}

async function numberIn(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^\d+\n?$/.test(text) ? Number.parseInt(text, 10) : undefined;
}

/** A serial port of a unit. */
export interface UnitPort {
  readonly path: string;
  /** What the udev rules call it. */
  readonly names: readonly string[];
  readonly forbidden: boolean;
}

/**
 * A unit with each of its serial ports as a thing of its own, since each can lead to another device. Pure.
 * @param place bus and address
 */
export function onePortEach(
  unit: PluggedDevice,
  place: string,
  ports: readonly UnitPort[],
): readonly PluggedDevice[] {
  const [first, ...further] = ports.toSorted((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
  if (first === undefined) return [unit];
  const withPort = (device: PluggedDevice, port: UnitPort): PluggedDevice => ({
    ...device,
    serialPorts: [port.path, ...port.names],
    forbidden: [...device.forbidden, ...(port.forbidden ? [port.path] : [])],
  });
  if (further.length === 0) return [withPort(unit, first)];
  return [
    { ...withPort(unit, first), unit: { place, port: 0 } },
    ...further.map((port, index) => ({
      ...withPort({ ...unit, interfaces: [], usages: [], printerPorts: [], forbidden: [] }, port),
      unit: { place, port: index + 1 },
    })),
  ];
}
