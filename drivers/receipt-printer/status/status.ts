import type { DeviceFault, DeviceState, ReceiptPrinterStatus } from '../../../src/devices/status.ts';
import type { PrinterFlags } from './printer-flags.ts';

export { noFlags } from './printer-flags.ts';
export type { PrinterFlags } from './printer-flags.ts';

/** All that is wrong, what people at the kiosk can mend first. Empty: the printer can print. */
export function faultsOf(flags: PrinterFlags): readonly DeviceFault[] {
  const faults: DeviceFault[] = [];
  if (flags.coverOpen) faults.push({ code: 'printer.cover-open', action: 'clear' });
  if (flags.paperEnd) faults.push({ code: 'printer.paper-out', action: 'clear' });
  if (flags.mechanicalError) faults.push({ code: 'printer.paper-jam', action: 'maintenance' });
  if (flags.jamAtExit) faults.push({ code: 'printer.exit-jam', action: 'maintenance' });
  if (flags.presenterError) faults.push({ code: 'printer.presenter-fault', action: 'maintenance' });
  if (flags.cutterError) faults.push({ code: 'printer.cutter-fault', action: 'maintenance' });
  if (flags.voltageError) faults.push({ code: 'printer.voltage-fault', action: 'maintenance' });
  if (flags.unrecoverableError) faults.push({ code: 'printer.unrecoverable', action: 'reset' });
  if (flags.recoverableError && !flags.coverOpen) {
    faults.push({ code: 'printer.head-hot', action: 'suspend' });
  }
  if (flags.offline && faults.length === 0) faults.push({ code: 'printer.offline', action: 'suspend' });
  return faults;
}

/** What ends a job at once: nothing more comes out of this printer before somebody has been there. */
export function jobEndingFault(flags: PrinterFlags): DeviceFault | undefined {
  return faultsOf(flags).find((fault) => fault.action !== 'suspend');
}

/** True when nothing stands against printing. */
export function canPrint(flags: PrinterFlags): boolean {
  return faultsOf(flags).length === 0;
}

/** The flags as the kiosk's vocabulary has them. @param media what is known of the exit; `unknown` without a sensor */
export function statusOf(
  flags: PrinterFlags,
  working: boolean,
  media: ReceiptPrinterStatus['media'],
): ReceiptPrinterStatus {
  const faults = faultsOf(flags);
  return {
    device: deviceState(faults, working),
    faults,
    paper: paperState(flags),
    cover: flags.coverOpen ? 'open' : 'closed',
    cutter: flags.cutterError ? 'fault' : 'ok',
    media: flags.jamAtExit ? 'jammed' : media,
  };
}

/** A printer that says nothing. */
export function statusOfSilence(device: DeviceState, faults: readonly DeviceFault[]): ReceiptPrinterStatus {
  return { device, faults, paper: 'unknown', cover: 'unknown', cutter: 'unknown', media: 'unknown' };
}

function deviceState(faults: readonly DeviceFault[], working: boolean): DeviceState {
  if (faults.some((fault) => fault.action === 'maintenance' || fault.action === 'reset'))
    return 'hardwareError';
  if (faults.some((fault) => fault.action === 'clear')) return 'userError';
  if (faults.length > 0) return 'hardwareError';
  return working ? 'busy' : 'online';
}

function paperState(flags: PrinterFlags): ReceiptPrinterStatus['paper'] {
  if (flags.paperEnd) return 'out';
  if (flags.mechanicalError) return 'jammed';
  return flags.paperNearEnd ? 'low' : 'full';
}
