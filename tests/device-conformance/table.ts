import type { CableName, DriverName } from './bench.ts';
import { CASES } from './cases.ts';

/** One line of the table: a driver over a cable, and where that can be tried. */
export interface Row {
  readonly driver: DriverName;
  readonly cable: CableName;
  /** `lab`: needs a kernel with USB, so it runs in the virtual machine. */
  readonly where: 'here' | 'lab';
}

/** Every way in which a driver can be connected (`kiosk.toml`), none left out. */
export const ROWS: readonly Row[] = [
  { driver: 'id-card-reader', cable: 'pty', where: 'here' },
  { driver: 'id-card-reader', cable: 'tcp', where: 'here' },
  { driver: 'id-card-reader', cable: 'cdc', where: 'lab' },
  { driver: 'id-card-reader', cable: 'usb', where: 'lab' },
  { driver: 'id-card-reader', cable: 'usb-split', where: 'lab' },
  { driver: 'qr-scanner', cable: 'pty', where: 'here' },
  { driver: 'qr-scanner', cable: 'tcp', where: 'here' },
  { driver: 'qr-scanner', cable: 'cdc', where: 'lab' },
  { driver: 'qr-scanner', cable: 'hid', where: 'lab' },
  { driver: 'receipt-printer', cable: 'pty', where: 'here' },
  { driver: 'receipt-printer', cable: 'tcp', where: 'here' },
  { driver: 'receipt-printer', cable: 'cdc', where: 'lab' },
  { driver: 'receipt-printer', cable: 'usb', where: 'lab' },
  { driver: 'receipt-printer', cable: 'usblp', where: 'lab' },
];

/** `receipt-printer over usb`. */
export function rowName({ driver, cable }: Row): string {
  return `${driver} over ${cable}`;
}

/** What every row is asked for beside the cases. */
export const UNPLUG_EVERYWHERE = 'unplug at frame boundaries and at random places';

/** The columns of the table. */
export const TEST_NAMES: readonly string[] = [...CASES.map(({ name }) => name), UNPLUG_EVERYWHERE];

/** The cells of these rows for which there is no result: each of them is a failure. */
export function missingResults(
  rows: readonly Row[],
  results: readonly { readonly suite: string; readonly test: string }[],
): readonly { readonly suite: string; readonly test: string }[] {
  const there = new Set(results.map(({ suite, test }) => `${suite} › ${test}`));
  return rows
    .flatMap((row) => TEST_NAMES.map((test) => ({ suite: rowName(row), test })))
    .filter(({ suite, test }) => !there.has(`${suite} › ${test}`));
}
