import { readFileSync } from 'node:fs';
import type { CableName, DriverName, Place, SimulatedDevice } from './bench.ts';

/** Where a simulated device can be reached. */
export interface PluggedIn extends SimulatedDevice {
  /** The pty's path or the TCP port; of no interest for USB and HID, which are found by their numbers. */
  readonly address: string;
  /** A GET address of its control interface, as text. */
  read(path: string): Promise<string>;
}

/** Starts simulators, each a program of its own. */
export interface DeviceHost {
  /** `number` tells devices of a kind apart; it is in the serial number. */
  start(driver: DriverName, cable: CableName, number: number, flags?: readonly string[]): Promise<PluggedIn>;
}

/** Which numbers a device has on USB: a reader, a scanner of the HID POS class, a printer, a serial converter. */
export function usbNumbersOf(
  driver: DriverName,
  cable: CableName,
): readonly [vendor: number, product: number] {
  if (cable === 'cdc') return [0x1209, 0x0001];
  if (driver === 'id-card-reader') return [0x0400, 0xc35a];
  return driver === 'qr-scanner' ? [0x1eab, 0x1022] : [0x04b8, 0x0e15];
}

/** The serial number of the nth device of its kind on a cable; no two that are plugged in at once have the same. */
export function serialNumberOf(driver: DriverName, cable: CableName, number: number): string {
  return `${{ 'id-card-reader': 'R', 'qr-scanner': 'S', 'receipt-printer': 'P' }[driver]}-${cable}-${number}`;
}

/** What a program is told about its USB end. */
export function usbFlags(driver: DriverName, cable: CableName, number: number): readonly string[] {
  const [vendor, product] = usbNumbersOf(driver, cable).map((id) => id.toString(16).padStart(4, '0'));
  return ['--usb-id', `${vendor}:${product}`, '--usb-serial', serialNumberOf(driver, cable, number)];
}

/** Where a simulator is to pull its own cable. */
export function bytesAt(place: Place): object {
  return 'in' in place ? { afterBytesIn: place.in } : { afterBytesOut: place.out };
}

/** A program behind a control address. */
export function controlled(
  ready: { readonly device: string; readonly control: string },
  stop: () => Promise<void>,
): PluggedIn {
  return {
    address: ready.device,
    async tell(command, details = {}) {
      const answer = await fetch(`${ready.control}/commands`, {
        method: 'POST',
        body: JSON.stringify({ command, ...details }),
      });
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`the simulator refused ${command}: ${text}`);
    },
    state: async () => (await (await fetch(`${ready.control}/state`)).json()) as Record<string, unknown>,
    read: async (path) => (await fetch(`${ready.control}${path}`)).text(),
    stop,
  };
}

/** The speed of this machine, measured and not guessed: load per core of the last minute, at least 1, at most 5. */
export function patienceNow(): number {
  const load = Number.parseFloat(readFileSync('/proc/loadavg', 'utf8'));
  const cores = readFileSync('/proc/cpuinfo', 'utf8').match(/^processor/gm)?.length ?? 1;
  return Math.min(5, Math.max(1, load / cores));
}
