import { createIdCardReaderDriver } from '../../drivers/id-card-reader/id-card-reader.ts';
import type { ReaderFindings } from '../../drivers/id-card-reader/reader-findings.ts';
import { createHidQrScannerDriver, createQrScannerDriver } from '../../drivers/qr-scanner/qr-scanner.ts';
import type { ScannerConnection } from '../../drivers/qr-scanner/scanner-connection.ts';
import type { ProbedPrinterConnection } from '../../drivers/receipt-printer/printer-connection.ts';
import type { PrinterFindings } from '../../drivers/receipt-printer/printer-findings.ts';
import { loadProfile } from '../../drivers/receipt-printer/printer-profile.ts';
import type { ReceiptPrinterProfile } from '../../drivers/receipt-printer/printer-profile.ts';
import { createReceiptPrinterDriver } from '../../drivers/receipt-printer/receipt-printer.ts';
import type { TracePoint } from '../../drivers/trace/trace-point.ts';
import type { KioskConfiguration } from '../configuration/configuration.ts';
import type { DeviceDriver, IdCardReaderConnection } from '../devices/contract.ts';
import type { DeviceFindings } from '../devices/device-findings.ts';
import type { Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';
import { byteScannerLine, printerLine, readerLines, reportScannerLine } from './device-lines.ts';

/** What drivers work with beside their settings. */
export interface DriverParts {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Where probes keep what they find out; absent: for as long as a connection lives. */
  readonly findings?: {
    readonly idCardReader: DeviceFindings<ReaderFindings>;
    readonly receiptPrinter: DeviceFindings<PrinterFindings>;
  };
}

/** A driver for one configured device, and what technicians want to know of it. */
export interface ConfiguredDriver<D> {
  readonly driver: D;
  /** The line, for technicians. */
  readonly link: string;
  readonly trace: TracePoint;
  readonly unit: 'bytes' | 'reports';
}

/** Told of a code that is odd and no fault. */
type OnWarning = (code: string) => void;

/** The ID-card reader as it is configured. Neither addresses nor portraits are taken from a card. */
export function configuredReader(
  configuration: KioskConfiguration['idCardReader'],
  { clock, random, findings }: DriverParts,
  onWarning: OnWarning,
): ConfiguredDriver<DeviceDriver<IdCardReaderConnection>> {
  const { transports, ...line } = readerLines(configuration, clock);
  const driver = createIdCardReaderDriver({
    lines: transports,
    clock,
    random,
    ...(findings === undefined ? {} : { findings: findings.idCardReader }),
    onWarning,
  });
  return { ...line, driver, unit: 'bytes' };
}

/** The scanner as it is configured. */
export function configuredScanner(
  configuration: KioskConfiguration['qrScanner'],
  { clock }: DriverParts,
  onWarning: OnWarning,
): ConfiguredDriver<DeviceDriver<ScannerConnection>> {
  const { family, aimPrefix } = configuration;
  const common = { clock, family, aimPrefix, onWarning };
  if (configuration.transport === 'hid') {
    const { transport, ...line } = reportScannerLine(configuration, clock);
    const { layout } = configuration;
    return { ...line, unit: 'reports', driver: createHidQrScannerDriver({ ...common, layout, transport }) };
  }
  const { transport, ...line } = byteScannerLine(configuration, clock);
  const { framing, gapMs } = configuration;
  return { ...line, unit: 'bytes', driver: createQrScannerDriver({ ...common, framing, gapMs, transport }) };
}

/** The printer as it is configured; `profile` is absent when its file cannot be used, and then that is its fault. */
export function configuredPrinter(
  configuration: KioskConfiguration['receiptPrinter'],
  { clock, random, findings }: DriverParts,
): ConfiguredDriver<DeviceDriver<ProbedPrinterConnection>> & { readonly profile?: ReceiptPrinterProfile } {
  const profile = loadProfile(configuration.profile, configuration);
  const language = profile.ok ? profile.value.language : 'esc-pos';
  const { transport, line, link, trace } = printerLine(configuration, language, clock);
  if (!profile.ok) return { driver: { connect: () => Promise.resolve(profile) }, link, trace, unit: 'bytes' };
  const driver = createReceiptPrinterDriver({
    transport,
    line,
    clock,
    random,
    profile: profile.value,
    ...(findings === undefined ? {} : { findings: findings.receiptPrinter }),
    nativeText: configuration.text === 'auto' && configuration.transport === 'serial',
  });
  // What is missing (fonts) comes back as the fault of each attempt to connect.
  driver.warmUp();
  return { driver, link, trace, unit: 'bytes', profile: profile.value };
}
