import type { Issuance } from '../issuance/issuance.ts';
import { obstacleOf } from './issuance-printer.ts';
import type { KioskDevices } from './kiosk-devices.ts';

/**
 * Void marks and cuts that are owed are printed when the printer becomes able to print again, not at each of its reports: a
 * printer that takes them and cannot cut would else print them without end.
 */
export function payPaperWhenPrinterIsBack(
  printer: Pick<KioskDevices['receiptPrinter'], 'status' | 'onStatus'>,
  issuance: Pick<Issuance, 'printerReady'>,
): void {
  let couldPrint = obstacleOf(printer.status()) === undefined;
  printer.onStatus((status) => {
    const canPrint = obstacleOf(status) === undefined;
    if (canPrint && !couldPrint) issuance.printerReady();
    couldPrint = canPrint;
  });
}
