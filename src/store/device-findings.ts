import type { Database } from 'better-sqlite3';
import type { Clock } from '../platform/clock.ts';

/** Devices that can be probed. */
export type ProbedDevice = 'idCardReader' | 'qrScanner' | 'receiptPrinter';

/** What probes found out about one kind of device, by unit; JSON values. */
export interface FindingsByUnit {
  /** Undefined: this unit was never probed. */
  get(unit: string): unknown;
  put(unit: string, findings: unknown): void;
}

/** What probes found out, kept over restarts. */
export interface DeviceFindingsStore {
  of(device: ProbedDevice): FindingsByUnit;
}

/** Units that were exchanged are forgotten some day: so many are kept of each kind, the newest. */
const KEPT_UNITS = 50;
const LONGEST_UNIT = 400;

/** The findings over an open database. */
export function createDeviceFindings(database: Database, clock: Clock): DeviceFindingsStore {
  const select = database.prepare<[string, string], { findings: string }>(
    'SELECT findings FROM device_findings WHERE device = ? AND unit = ?',
  );
  const upsert =
    database.prepare(`INSERT INTO device_findings (device, unit, findings, found_at_ms) VALUES (?, ?, ?, ?)
    ON CONFLICT (device, unit) DO UPDATE SET findings = excluded.findings, found_at_ms = excluded.found_at_ms`);
  const trim = database.prepare(`DELETE FROM device_findings WHERE device = ? AND unit NOT IN
    (SELECT unit FROM device_findings WHERE device = ? ORDER BY found_at_ms DESC, unit LIMIT ?)`);
  const put = database.transaction((device: ProbedDevice, unit: string, findings: string) => {
    upsert.run(device, unit, findings, clock.wallClockMs());
    trim.run(device, device, KEPT_UNITS);
  });

  return {
    of: (device) => ({
      get(unit) {
        const row = select.get(device, keyOf(unit));
        return row && jsonIn(row.findings);
      },
      put(unit, findings) {
        const key = keyOf(unit);
        if (key !== '') put.immediate(device, key, JSON.stringify(findings));
      },
    }),
  };
}

/** What SQLite takes for JSON ends at a zero byte; what is none is as if it were not there. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What a device says of itself may be of any length. */
function keyOf(unit: string): string {
  return unit.slice(0, LONGEST_UNIT);
}
