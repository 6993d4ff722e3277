import type { ReceiptPrinterStatus } from '../devices/status.ts';
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
  let couldPrint = canPayDebts(printer.status());
  printer.onStatus((status) => {
    const canPrint = canPayDebts(status);
    if (canPrint && !couldPrint) issuance.printerReady();
    couldPrint = canPrint;
  });
}

/** What the sensor sees at the exit may be the very body that hangs there uncut and waits for its mark. */
function canPayDebts(status: ReceiptPrinterStatus): boolean {
  const obstacle = obstacleOf(status);
  return obstacle === undefined || obstacle === 'slip-at-exit';
}
