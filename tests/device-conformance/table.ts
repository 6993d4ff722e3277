import type { CableName, DriverName, UnitName } from './bench.ts';
import { CASES } from './cases.ts';

/** One line of the table: a driver over a cable, and where that can be tried. */
export interface Row {
  readonly driver: DriverName;
  readonly cable: CableName;
  /** `lab`: needs a kernel with USB, so it runs in the virtual machine. */
  readonly where: 'here' | 'lab';
}

/** A line of the table for a unit that speaks otherwise than the plainest one of its kind. */
export interface UnitRow extends Row {
  readonly unit: UnitName;
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

/** Languages that differ most: commands in frames and packets, proof by `GS r` and by a counter. The cable makes no difference to them. */
export const UNIT_ROWS: readonly UnitRow[] = [
  { driver: 'qr-scanner', unit: 'gm6x', cable: 'tcp', where: 'here' },
  { driver: 'qr-scanner', unit: 'ssi', cable: 'tcp', where: 'here' },
  { driver: 'receipt-printer', unit: 'custom-vkp80', cable: 'tcp', where: 'here' },
  { driver: 'receipt-printer', unit: 'star-tup900', cable: 'tcp', where: 'here' },
];

/** `receipt-printer over usb`, `qr-scanner ssi over tcp`. */
export function rowName({ driver, cable, unit }: Row & { readonly unit?: UnitName }): string {
  return `${unit === undefined ? driver : `${driver} ${unit}`} over ${cable}`;
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
