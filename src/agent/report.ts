import { statSync } from 'node:fs';
import path from 'node:path';
import type { AgentReport, DeviceReport } from '../bridge/ports.ts';
import type { DeviceStatus } from '../devices/status.ts';
import type { KioskDevices, DeviceKind } from './kiosk-devices.ts';

/** How one device is, in the words of the device contract. */
export function deviceReport(kind: DeviceKind, devices: KioskDevices): DeviceReport {
  const status: DeviceStatus = devices[kind].status();
  const { device, faults, ...parts } = status;
  return {
    kind,
    link: devices.link(kind),
    device,
    faults,
    parts: Object.fromEntries(Object.entries(parts).map(([part, state]) => [part, String(state)])),
  };
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
