import { READER_BAUD_RATES } from '../../drivers/id-card-reader/reach-reader.ts';
import { createReaderTraceBlanker } from '../../drivers/id-card-reader/trace-blanking.ts';
import { readerPipes } from '../../drivers/id-card-reader/usb-pipes.ts';
import { createScannerTraceBlanker } from '../../drivers/qr-scanner/trace/trace-blanking.ts';
import { createReportTraceBlanker } from '../../drivers/qr-scanner/trace/trace-report-blanking.ts';
import type { PrinterLine } from '../../drivers/receipt-printer/protocol/printer-line.ts';
import { createPrinterTraceBlanker } from '../../drivers/receipt-printer/trace-blanking.ts';
import { printerPipes } from '../../drivers/receipt-printer/usb-pipes.ts';
import { createTracePoint } from '../../drivers/trace/trace-point.ts';
import type { TracePoint } from '../../drivers/trace/trace-point.ts';
import type { ByteTransport } from '../../drivers/transport/byte-link.ts';
import { hidTransport } from '../../drivers/transport/hid-transport.ts';
import { printerPortTransport } from '../../drivers/transport/printer-port-transport.ts';
import type { ReportTransport } from '../../drivers/transport/report-link.ts';
import { serialTransport } from '../../drivers/transport/serial-transport.ts';
import { tcpTransport } from '../../drivers/transport/tcp-transport.ts';
import type { UsbAddress } from '../../drivers/transport/usb-device.ts';
import { usbTransport } from '../../drivers/transport/usb-transport.ts';
import type { KioskConfiguration } from '../configuration/configuration.ts';
import type { Clock } from '../platform/clock.ts';

/** TCP and USB carry far more than most receipt printers take in: USB makes us wait, the driver paces TCP to the printer's speed. */
const FAST_BYTES_PER_SECOND = 100_000;
/** 8N1: ten bits on the line for each byte. */
const BITS_PER_BYTE = 10;

/** How a device is reached, and where a technician may listen. */
interface TracedLine {
  /** The line, for technicians. */
  readonly link: string;
  readonly trace: TracePoint;
}

/** The lines on which the reader may be: one, or a serial port at each speed. */
export function readerLines(
  reader: KioskConfiguration['idCardReader'],
  clock: Clock,
): TracedLine & { readonly transports: readonly ByteTransport[] } {
  const trace = createTracePoint(clock, createReaderTraceBlanker);
  const traced = (...transports: readonly ByteTransport[]) => transports.map((one) => trace.bytes(one));
  switch (reader.transport) {
    case 'tcp':
      return lined(trace, traced(tcpTransport({ ...reader, clock })));
    case 'usb':
      return lined(trace, traced(usbTransport({ address: usbAddress(reader), pipes: readerPipes, clock })));
    case 'serial': {
      const { path, baudRate } = reader;
      if (baudRate !== 'auto') return lined(trace, traced(serialTransport({ path, baudRate, clock })));
      const each = READER_BAUD_RATES.map((speed) => serialTransport({ path, baudRate: speed, clock }));
      return { link: `serial ${path} auto`, trace, transports: traced(...each) };
    }
  }
}

function lined(trace: TracePoint, transports: readonly ByteTransport[]) {
  return { link: transports[0]?.description ?? '', trace, transports };
}

type ScannerConfiguration = KioskConfiguration['qrScanner'];

/** The line of a HID POS scanner. */
export function reportScannerLine(
  scanner: Extract<ScannerConfiguration, { readonly transport: 'hid' }>,
  clock: Clock,
): TracedLine & { readonly transport: ReportTransport } {
  const trace = createTracePoint(clock, () => createReportTraceBlanker(scanner));
  const transport = trace.reports(hidTransport({ address: usbAddress(scanner), clock }));
  return { link: transport.description, trace, transport };
}

/** The line of any other scanner. */
export function byteScannerLine(
  scanner: Exclude<ScannerConfiguration, { readonly transport: 'hid' }>,
  clock: Clock,
): TracedLine & { readonly transport: ByteTransport } {
  const trace = createTracePoint(clock, () => createScannerTraceBlanker(scanner));
  const transport = trace.bytes(
    scanner.transport === 'tcp'
      ? tcpTransport({ ...scanner, clock })
      : serialTransport({ ...scanner, clock }),
  );
  return { link: transport.description, trace, transport };
}

/** The printer's line, and what it is like for whoever writes to it. */
export function printerLine(
  printer: KioskConfiguration['receiptPrinter'],
  language: 'esc-pos' | 'star-line',
  clock: Clock,
): TracedLine & { readonly transport: ByteTransport; readonly line: PrinterLine } {
  const { line, transport } = printerTransport(printer, clock);
  // Only a line that can be held up is written to in pieces that are no whole commands.
  const wholeCommands = line.flowControl === 'none';
  const trace = createTracePoint(clock, (midway) =>
    createPrinterTraceBlanker({ language, begins: midway && !wholeCommands ? 'anywhere' : 'at-a-command' }),
  );
  return { link: transport.description, trace, transport: trace.bytes(transport), line };
}

function printerTransport(
  printer: KioskConfiguration['receiptPrinter'],
  clock: Clock,
): { readonly transport: ByteTransport; readonly line: PrinterLine } {
  const fast = { bytesPerSecond: FAST_BYTES_PER_SECOND, flowControl: 'none' } as const;
  switch (printer.transport) {
    case 'serial':
      return {
        transport: serialTransport({ ...printer, clock }),
        line: {
          bytesPerSecond: printer.baudRate / BITS_PER_BYTE,
          flowControl: printer.flowControl,
          backPressure: 'paced',
        },
      };
    case 'tcp':
      return {
        transport: tcpTransport({ ...printer, clock, atEnd: 'discard' }),
        line: { ...fast, backPressure: 'window' },
      };
    case 'usb':
      return {
        transport: usbTransport({ address: usbAddress(printer), pipes: printerPipes, clock }),
        line: { ...fast, backPressure: 'nak' },
      };
    case 'usblp':
      return {
        transport: printerPortTransport({ ...printer, clock }),
        line: { ...fast, backPressure: 'nak' },
      };
  }
}

function usbAddress(device: {
  readonly vendorId: string;
  readonly productId: string;
  readonly serialNumber?: string | undefined;
}): UsbAddress {
  const { vendorId, productId, serialNumber } = device;
  return {
    vendorId: Number.parseInt(vendorId, 16),
    productId: Number.parseInt(productId, 16),
    ...(serialNumber === undefined ? {} : { serialNumber }),
  };
}
