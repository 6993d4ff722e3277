import { statSync } from 'node:fs';
import path from 'node:path';
import type { AgentReport, DeviceReport } from '../bridge/ports.ts';
import type { PrinterFindings } from '../../drivers/receipt-printer/printer-findings.ts';
import { unitKey, type DeviceFindings } from '../devices/device-findings.ts';
import type { DeviceStatus, ReceiptPrinterStatus } from '../devices/status.ts';
import type { KioskDevices, DeviceKind } from './kiosk-devices.ts';

/** What is known of printers beside what they say now. */
interface KnownPrinter {
  readonly kept: DeviceFindings<PrinterFindings>;
  readonly minimumEvidence: 'E1' | 'E2';
}

/** How one device is, in the words of the device contract. */
export function deviceReport(kind: DeviceKind, devices: KioskDevices, printer: KnownPrinter): DeviceReport {
  const status: DeviceStatus & Pick<ReceiptPrinterStatus, 'evidence'> = devices[kind].status();
  // Told with the printer, beside what is wanted of it.
  const { device, faults, evidence = 'unknown', ...parts } = status;
  const identity = devices[kind].connection()?.identity();
  const isKnown = identity !== undefined && Object.keys(identity).length > 0;
  return {
    kind,
    link: devices.link(kind),
    device,
    faults,
    parts: Object.fromEntries(Object.entries(parts).map(([part, state]) => [part, String(state)])),
    ...(isKnown ? { identity } : {}),
    ...(kind === 'receiptPrinter' ? printerReport(devices, printer, evidence) : {}),
  };
}

/** How the printer is driven, and what is known of the unit that is connected: what the connection itself goes by. */
function printerReport(
  devices: KioskDevices,
  { kept, minimumEvidence }: KnownPrinter,
  evidence: NonNullable<DeviceReport['printer']>['evidence'],
): Pick<DeviceReport, 'printer'> {
  const profile = devices.printerProfile;
  if (profile === undefined) return {};
  const identity = devices.receiptPrinter.connection()?.identity();
  const findings =
    identity === undefined ? undefined : kept.get(unitKey(identity) ?? devices.link('receiptPrinter'));
  return { printer: { profile: profile.id, evidence, minimumEvidence, probed: findings !== undefined } };
}

/** Where the database lies and how large it is with its log, bytes. */
export function databaseReport(
  directory: string,
  schemaVersion: number,
  movedAside: string | undefined,
): AgentReport['database'] {
  const file = path.join(directory, 'kiosk.db');
  const bytes = [file, `${file}-wal`].reduce((sum, name) => sum + sizeOf(name), 0);
  return { path: file, schemaVersion, bytes, ...(movedAside === undefined ? {} : { movedAside }) };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
