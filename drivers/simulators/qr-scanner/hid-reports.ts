/** How a scanner's maker has laid out the HID POS input report (device-protocols 2.2). */
export type ReportLayout = 'standard' | 'newland' | 'microscan';

const REPORT_BYTES = 64;
const ROOM: Record<ReportLayout, number> = { standard: 56, newland: 56, microscan: 62 };
/** Of QR, as makers number it; nobody has published these numbers. */
const VENDOR_SYMBOLOGY = 0x73;

/** How one scanner makes its reports. */
export interface ReportMake {
  readonly layout: ReportLayout;
  /** Newland only: bit 0 of the last byte says that more follows. Some models have it, the FM430 has not. */
  readonly marksContinuation: boolean;
}

/** The input reports of one code, first to last. An empty code is one empty report. */
export function reportsOf(make: ReportMake, data: Uint8Array, aim: string): Uint8Array[] {
  const room = ROOM[make.layout];
  const parts = Math.max(1, Math.ceil(data.length / room));
  return Array.from({ length: parts }, (_, index) =>
    reportOf(make, data.subarray(index * room, (index + 1) * room), aim, index < parts - 1),
  );
}

function reportOf(make: ReportMake, part: Uint8Array, aim: string, continued: boolean): Uint8Array {
  const report = Buffer.alloc(REPORT_BYTES);
  report[1] = part.length;
  if (make.layout === 'microscan') {
    report[0] = 0x01;
    report.set(part, 2);
    return report;
  }
  report[0] = 0x02;
  if (make.layout === 'newland') {
    report.set(part, 2);
    report[62] = VENDOR_SYMBOLOGY;
    report[63] = continued && make.marksContinuation ? 1 : 0;
    return report;
  }
  report.write(aim.slice(0, 3), 2, 'latin1');
  report.set(part, 5);
  report[61] = VENDOR_SYMBOLOGY;
  report[63] = continued ? 1 : 0;
  return report;
}

/** The command in an output report: `04` (Newland) or `FD` (Honeywell), length, bytes. Undefined: no such report. */
export function commandIn(report: Uint8Array): Uint8Array | undefined {
  if (report[0] !== 0x04 && report[0] !== 0xfd) return undefined;
  return report.slice(2, 2 + (report[1] ?? 0));
}
