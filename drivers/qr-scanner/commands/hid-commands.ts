import { err, ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';
import type { HidPosLayout } from '../framing/hid-pos-report.ts';
import type { ScannerFamilyName } from '../families/scanner-family.ts';

const REPORT_BYTES = 64;
const HEADER_BYTES = 2;

/**
 * Output reports that carry commands: `04 | length | command` (Newland's manuals; also for engines with GM6x commands such as the
 * FM30) and `FD | length | command` (Honeywell; found by experiment, HenkVanAsselt/python_hon_usbhid).
 */
const REPORT_IDS: Partial<Record<ScannerFamilyName, number>> = { newland: 0x04, gm6x: 0x04, honeywell: 0xfd };

/** The report id of commands; undefined where no way to carry this family's commands in this layout has been published. */
export function commandReportId(layout: HidPosLayout, family: ScannerFamilyName): number | undefined {
  return layout === 'microscan' ? undefined : REPORT_IDS[family];
}

/** A command in an output report of 64 bytes, filled up with zeros; `too-long` when it has no room there. */
export function encodeCommandReport(reportId: number, command: Uint8Array): Result<Uint8Array, 'too-long'> {
  if (command.length > REPORT_BYTES - HEADER_BYTES) return err('too-long');
  const report = new Uint8Array(REPORT_BYTES);
  report[0] = reportId;
  report[1] = command.length;
  report.set(command, HEADER_BYTES);
  return ok(report);
}
