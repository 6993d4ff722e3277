import { err, ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';

/**
 * How a scanner lays out its HID POS input report of 64 bytes (usage page 0x8C, usage 0x02); makers differ:
 *
 * `standard` (HID Point of Sale usage tables; Honeywell, Access-IS): `02 | length 0–56 | AIM 3 | data 56 | vendor's symbology |
 * reserved | bit 0: continues` · `newland` (FM430, FM420, EM2028 manuals): `02 | length 0–56 | data 56 | reserved 4 | Newland's
 * symbology | bit 0: continues, on models that have it` · `microscan`: `01 | length 0–62 | data 62`.
 */
export type HidPosLayout = 'standard' | 'newland' | 'microscan';

/** What one report says. `data` is a view of the report. */
export interface HidPosReport {
  readonly data: Uint8Array;
  /** The AIM identifier's three bytes; undefined where there is none. */
  readonly aim: Uint8Array | undefined;
  /** The maker's own number of the symbology, 0 where there is none. */
  readonly vendorSymbology: number;
  /** The report is marked as one that is continued. */
  readonly continues: boolean;
  /** It has no room left, so that an unmarked continuation may follow. */
  readonly full: boolean;
}

/** `report-id` not a report of scanned data · `short` cut off · `length` more data announced than a report has room for. */
export type HidPosFault = 'report-id' | 'short' | 'length';

interface Shape {
  readonly reportId: number;
  readonly dataAt: number;
  readonly dataBytes: number;
  readonly aimAt?: number;
  readonly symbologyAt?: number;
  readonly continuesAt?: number;
}

const REPORT_BYTES = 64;

const SHAPES: Record<HidPosLayout, Shape> = {
  standard: { reportId: 0x02, aimAt: 2, dataAt: 5, dataBytes: 56, symbologyAt: 61, continuesAt: 63 },
  newland: { reportId: 0x02, dataAt: 2, dataBytes: 56, symbologyAt: 62, continuesAt: 63 },
  microscan: { reportId: 0x01, dataAt: 2, dataBytes: 62 },
};

/** Reads one input report, its report id first. */
export function decodeHidPosReport(
  layout: HidPosLayout,
  report: Uint8Array,
): Result<HidPosReport, HidPosFault> {
  const shape = SHAPES[layout];
  if (report[0] !== shape.reportId) return err('report-id');
  if (report.length < REPORT_BYTES) return err('short');
  const length = report[1] ?? 0;
  if (length > shape.dataBytes) return err('length');
  return ok({
    data: report.subarray(shape.dataAt, shape.dataAt + length),
    aim: aimIn(report, shape),
    vendorSymbology: shape.symbologyAt === undefined ? 0 : (report[shape.symbologyAt] ?? 0),
    continues: shape.continuesAt !== undefined && ((report[shape.continuesAt] ?? 0) & 1) === 1,
    full: length === shape.dataBytes,
  });
}

/** Only what begins with `]` is an identifier: scanners that have none leave zeros. */
function aimIn(report: Uint8Array, { aimAt }: Shape): Uint8Array | undefined {
  if (aimAt === undefined || report[aimAt] !== 0x5d) return undefined;
  return report.subarray(aimAt, aimAt + 3);
}
