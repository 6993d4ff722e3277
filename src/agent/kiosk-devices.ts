import { onPluggedIn } from '../../drivers/discovery/plug-events.ts';
import type { ScannerConnection } from '../../drivers/qr-scanner/scanner-connection.ts';
import type { ProbedPrinterConnection } from '../../drivers/receipt-printer/printer-connection.ts';
import type { ReceiptPrinterProfile } from '../../drivers/receipt-printer/printer-profile.ts';
import type { TracePoint } from '../../drivers/trace/trace-point.ts';
import type { KioskConfiguration } from '../configuration/configuration.ts';
import type { IdCardReaderConnection } from '../devices/contract.ts';
import { initialStatus } from '../devices/initial-status.ts';
import type { IdCardReaderStatus, QrScannerStatus, ReceiptPrinterStatus } from '../devices/status.ts';
import { superviseDevice, type DeviceSupervisor, type SupervisorEvent } from '../devices/supervisor.ts';
import {
  configuredPrinter,
  configuredReader,
  configuredScanner,
  type DriverParts,
} from './device-drivers.ts';

export type DeviceKind = 'idCardReader' | 'qrScanner' | 'receiptPrinter';

/** Every device of a kiosk, in the order in which technicians read of them. */
export const DEVICE_KINDS = ['idCardReader', 'qrScanner', 'receiptPrinter'] as const;

/** The kiosk's three devices, each kept connected for ever. */
export interface KioskDevices {
  readonly idCardReader: DeviceSupervisor<IdCardReaderStatus, IdCardReaderConnection>;
  readonly qrScanner: DeviceSupervisor<QrScannerStatus, ScannerConnection>;
  readonly receiptPrinter: DeviceSupervisor<ReceiptPrinterStatus, ProbedPrinterConnection>;
  /** The configured line of a device, for technicians. */
  link(kind: DeviceKind): string;
  /** Where a technician may listen to a device's line, and in what the line is counted. */
  traced(kind: DeviceKind): { readonly trace: TracePoint; readonly unit: 'bytes' | 'reports' };
  /** What the printer is driven as; undefined when its profile cannot be used. */
  readonly printerProfile: ReceiptPrinterProfile | undefined;
  stop(): Promise<void>;
}

/**
 * Starts to supervise what the configuration names. @param onOdd told of codes that are odd and no fault
 */
export function startDevices(
  configuration: KioskConfiguration,
  parts: DriverParts,
  onEvent: (kind: DeviceKind, event: SupervisorEvent) => void,
  onOdd: (kind: DeviceKind, code: string) => void = () => undefined,
): KioskDevices {
  const { clock, random } = parts;
  const onWarning = (kind: DeviceKind) => (code: string) => {
    onOdd(kind, code);
  };
  const supervision = (kind: DeviceKind) => ({
    clock,
    random,
    onPluggedIn,
    onEvent: (event: SupervisorEvent) => {
      onEvent(kind, event);
    },
  });
  const configured = {
    idCardReader: configuredReader(configuration.idCardReader, parts, onWarning('idCardReader')),
    qrScanner: configuredScanner(configuration.qrScanner, parts, onWarning('qrScanner')),
    receiptPrinter: configuredPrinter(configuration.receiptPrinter, parts),
  };
  const idCardReader = superviseDevice({
    ...supervision('idCardReader'),
    driver: configured.idCardReader.driver,
    initialStatus: initialStatus.idCardReader,
  });
  const qrScanner = superviseDevice({
    ...supervision('qrScanner'),
    driver: configured.qrScanner.driver,
    initialStatus: initialStatus.qrScanner,
  });
  const receiptPrinter = superviseDevice({
    ...supervision('receiptPrinter'),
    driver: configured.receiptPrinter.driver,
    initialStatus: initialStatus.receiptPrinter,
  });
  return {
    idCardReader,
    qrScanner,
    receiptPrinter,
    link: (kind) => configured[kind].link,
    traced: (kind) => configured[kind],
    printerProfile: configured.receiptPrinter.profile,
    stop: async () => {
      await Promise.all([idCardReader.stop(), qrScanner.stop(), receiptPrinter.stop()]);
    },
  };
}
