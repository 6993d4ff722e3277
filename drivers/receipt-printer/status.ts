import type { DeviceFault, DeviceState, ReceiptPrinterStatus } from '../../src/devices/status.ts';
import type { StatusQuestion } from './commands.ts';

/** What the printer's bits say, whichever way they came (`DLE EOT` or automatic status). */
export interface PrinterFlags {
  readonly offline: boolean;
  readonly coverOpen: boolean;
  readonly paperEnd: boolean;
  readonly paperNearEnd: boolean;
  /** Mechanical error, jam or missing black mark, by model. */
  readonly mechanicalError: boolean;
  readonly cutterError: boolean;
  readonly unrecoverableError: boolean;
  /** Head too hot, or cover opened while printing: passes by itself. */
  readonly recoverableError: boolean;
}

/** A printer without any complaint. */
export const noFlags: PrinterFlags = {
  offline: false,
  coverOpen: false,
  paperEnd: false,
  paperNearEnd: false,
  mechanicalError: false,
  cutterError: false,
  unrecoverableError: false,
  recoverableError: false,
};

/** The flags after a 4-byte automatic status (TM-L60II, CT-S2000, BTP-R880NP manuals, `GS a`). */
export function flagsOfAutomaticStatus(bytes: readonly [number, number, number, number]): PrinterFlags {
  const [first, second, third] = bytes;
  return {
    offline: (first & 0x08) !== 0,
    coverOpen: (first & 0x20) !== 0,
    mechanicalError: (second & 0x04) !== 0,
    cutterError: (second & 0x08) !== 0,
    unrecoverableError: (second & 0x20) !== 0,
    recoverableError: (second & 0x40) !== 0,
    paperNearEnd: (third & 0x03) !== 0,
    paperEnd: (third & 0x0c) !== 0,
  };
}

/** The flags after the reply to `DLE EOT question`. */
export function withRealTimeReply(flags: PrinterFlags, question: StatusQuestion, byte: number): PrinterFlags {
  if (question === 1) return { ...flags, offline: (byte & 0x08) !== 0 };
  if (question === 2) {
    return { ...flags, coverOpen: (byte & 0x04) !== 0, paperEnd: flags.paperEnd || (byte & 0x20) !== 0 };
  }
  if (question === 3) {
    return {
      ...flags,
      mechanicalError: (byte & 0x04) !== 0,
      cutterError: (byte & 0x08) !== 0,
      unrecoverableError: (byte & 0x20) !== 0,
      recoverableError: (byte & 0x40) !== 0,
    };
  }
  return { ...flags, paperNearEnd: (byte & 0x0c) !== 0, paperEnd: (byte & 0x60) !== 0 };
}

/** All that is wrong, what people at the kiosk can mend first. Empty: the printer can print. */
export function faultsOf(flags: PrinterFlags): readonly DeviceFault[] {
  const faults: DeviceFault[] = [];
  if (flags.coverOpen) faults.push({ code: 'printer.cover-open', action: 'clear' });
  if (flags.paperEnd) faults.push({ code: 'printer.paper-out', action: 'clear' });
  if (flags.mechanicalError) faults.push({ code: 'printer.paper-jam', action: 'maintenance' });
  if (flags.cutterError) faults.push({ code: 'printer.cutter-fault', action: 'maintenance' });
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

/** The flags as the kiosk's vocabulary has them. */
export function statusOf(flags: PrinterFlags, working: boolean): ReceiptPrinterStatus {
  const faults = faultsOf(flags);
  return {
    device: deviceState(faults, working),
    faults,
    paper: paperState(flags),
    cover: flags.coverOpen ? 'open' : 'closed',
    cutter: flags.cutterError ? 'fault' : 'ok',
    // No exit sensor in the common command set.
    media: 'unknown',
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
