import { createIdCardReaderDriver } from '../../drivers/id-card-reader/id-card-reader.ts';
import { createQrScannerDriver } from '../../drivers/qr-scanner/qr-scanner.ts';
import { generic58mm, generic80mm } from '../../drivers/receipt-printer/printer-profile.ts';
import { createReceiptPrinterDriver } from '../../drivers/receipt-printer/receipt-printer.ts';
import type { ByteTransport } from '../../drivers/transport/byte-link.ts';
import { serialTransport } from '../../drivers/transport/serial-transport.ts';
import { tcpTransport } from '../../drivers/transport/tcp-transport.ts';
import type { KioskConfiguration, LineConfiguration } from '../configuration/configuration.ts';
import type {
  IdCardReaderConnection,
  QrScannerConnection,
  ReceiptPrinterConnection,
} from '../devices/contract.ts';
import { initialStatus } from '../devices/initial-status.ts';
import type { IdCardReaderStatus, QrScannerStatus, ReceiptPrinterStatus } from '../devices/status.ts';
import { superviseDevice, type DeviceSupervisor, type SupervisorEvent } from '../devices/supervisor.ts';
import type { Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';

/** TCP carries far more than any receipt printer takes in; the printer's own speed is the limit. */
const TCP_BYTES_PER_SECOND = 100_000;
/** 8N1: ten bits on the line for each byte. */
const BITS_PER_BYTE = 10;

export type DeviceKind = 'idCardReader' | 'qrScanner' | 'receiptPrinter';

/** The kiosk's three devices, each kept connected for ever. */
export interface KioskDevices {
  readonly idCardReader: DeviceSupervisor<IdCardReaderStatus, IdCardReaderConnection>;
  readonly qrScanner: DeviceSupervisor<QrScannerStatus, QrScannerConnection>;
  readonly receiptPrinter: DeviceSupervisor<ReceiptPrinterStatus, ReceiptPrinterConnection>;
  /** The configured line of a device, for technicians. */
  link(kind: DeviceKind): string;
  stop(): Promise<void>;
}

/** Starts to supervise what the configuration names. */
export function startDevices(
  configuration: KioskConfiguration,
  platform: { clock: Clock; random: RandomSource },
  onEvent: (kind: DeviceKind, event: SupervisorEvent) => void,
): KioskDevices {
  const { clock, random } = platform;
  const transports = {
    idCardReader: transportOf(configuration.idCardReader, clock),
    qrScanner: transportOf(configuration.qrScanner, clock),
    receiptPrinter: transportOf(configuration.receiptPrinter, clock),
  };
  const printerDriver = createReceiptPrinterDriver({
    transport: transports.receiptPrinter,
    clock,
    random,
    profile: profileOf(configuration.receiptPrinter),
  });
  // What is missing (fonts) comes back as the fault of each attempt to connect.
  printerDriver.warmUp();
  const idCardReader = superviseDevice({
    driver: createIdCardReaderDriver({ transport: transports.idCardReader, clock, random }),
    clock,
    random,
    initialStatus: initialStatus.idCardReader,
    onEvent: (event) => {
      onEvent('idCardReader', event);
    },
  });
  const qrScanner = superviseDevice({
    driver: createQrScannerDriver({
      transport: transports.qrScanner,
      clock,
      framing: { suffix: configuration.qrScanner.suffix, gapMs: configuration.qrScanner.gapMs },
    }),
    clock,
    random,
    initialStatus: initialStatus.qrScanner,
    onEvent: (event) => {
      onEvent('qrScanner', event);
    },
  });
  const receiptPrinter = superviseDevice({
    driver: printerDriver,
    clock,
    random,
    initialStatus: initialStatus.receiptPrinter,
    onEvent: (event) => {
      onEvent('receiptPrinter', event);
    },
  });
  return {
    idCardReader,
    qrScanner,
    receiptPrinter,
    link: (kind) => transports[kind].description,
    stop: async () => {
      await Promise.all([idCardReader.stop(), qrScanner.stop(), receiptPrinter.stop()]);
    },
  };
}

function transportOf(line: LineConfiguration, clock: Clock): ByteTransport {
  return line.transport === 'tcp'
    ? tcpTransport({ host: line.host, port: line.port, clock })
    : serialTransport({ path: line.path, baudRate: line.baudRate, clock });
}

function profileOf(printer: KioskConfiguration['receiptPrinter']) {
  return {
    ...(printer.widthDots === generic58mm.widthDots ? generic58mm : generic80mm),
    speedMmPerSecond: printer.speedMmPerSecond,
    cutterDistanceMm: printer.cutterDistanceMm,
    bytesPerSecond: printer.transport === 'tcp' ? TCP_BYTES_PER_SECOND : printer.baudRate / BITS_PER_BYTE,
  };
}
