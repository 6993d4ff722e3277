import type { UsbForm, UsbRole } from '../line.ts';
import { printerClass, type PrinterClassAnswers, type UsbNames } from '../usb/kinds.ts';

/** A printer on USB: a device of the printer class. */
export function printerOnUsb(
  role: Exclude<UsbRole, 'cdc'>,
  names: UsbNames,
  answers: PrinterClassAnswers,
): UsbForm | undefined {
  return role === 'printer' ? { device: printerClass(names, answers) } : undefined;
}
