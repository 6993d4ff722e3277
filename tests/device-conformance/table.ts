import type { CableName, DriverName } from './bench.ts';

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
