import { plainBytes } from '../../trace/masked-bytes.ts';
import type { TraceBlanker } from '../../trace/trace-blanker.ts';
import { decodeHidPosReport } from '../framing/hid-pos-report.ts';
import type { HidPosLayout, HidPosReport } from '../framing/hid-pos-report.ts';
import type { ScannerFamilyName } from '../families/scanner-family.ts';
import { createCodeBlanker } from './trace-code-blanking.ts';
import { replyExpectedTo } from './trace-replies.ts';
import type { ExpectedReply } from './trace-replies.ts';

/** How a HID POS scanner is set; as its driver is told. */
export interface TracedReportScanner {
  readonly family: ScannerFamilyName | 'passive';
  readonly layout: HidPosLayout;
}

/** Output reports carry a command behind their id and its length. */
const COMMAND_AT = 2;
/** What stands behind the data of a report: symbology, reserved, continuation. Microscan's has nothing there. */
const TRAILER_AT = 61;
/** So much of what is read must look like an answer before it is believed to be one. */
const LEAST_OF_A_REPLY: Readonly<Record<ScannerFamilyName, number>> = {
  newland: 6,
  gm6x: 4,
  ssi: 4,
  honeywell: 6,
};
/** Honeywell's scanners speak of themselves with identifiers that no code has. */
const AIM_OF_ITSELF: readonly (number | undefined)[] = [0x58, 0x5a];

/**
 * Blanks the reports of a HID POS scanner: every character of a code becomes X. Report id, length, AIM identifier and what stands
 * behind the data stay; so do answers to commands. Whatever lies in a report behind its data, of an earlier code perhaps, is zero.
 */
export function createReportTraceBlanker({ family, layout }: TracedReportScanner): TraceBlanker {
  const codes = createCodeBlanker(false);
  let expected: ExpectedReply | undefined;
  /** What was read of one message so far, while it may be an answer. */
  let message: number[] = [];
  let continued = false;

  const isAnswer = ({ data, aim }: HidPosReport): boolean => {
    if (family === 'passive') return false;
    if (family === 'honeywell' && AIM_OF_ITSELF.includes(aim?.[1])) return true;
    if (expected === undefined) return false;
    message.push(...data);
    const match = expected.match(Uint8Array.from(message), false);
    return match === 'more' ? message.length >= LEAST_OF_A_REPLY[family] : match !== 'no';
  };
  const blanked = (report: Uint8Array): Uint8Array => {
    const told = new Uint8Array(report.length);
    const decoded = decodeHidPosReport(layout, report);
    const known = decoded.ok || decoded.error !== 'report-id';
    told.set(report.subarray(0, known ? 2 : 1));
    if (!decoded.ok) return told;
    const { data, aim, continues, full } = decoded.value;
    if (!continued) {
      codes.begin();
      message = [];
    }
    continued = continues || full;
    if (layout !== 'microscan') told.set(report.subarray(TRAILER_AT), TRAILER_AT);
    if (aim) told.set(aim, aim.byteOffset - report.byteOffset);
    const at = data.byteOffset - report.byteOffset;
    told.set(isAnswer(decoded.value) ? data : data.map((byte) => codes.blank(byte)), at);
    return told;
  };

  return {
    out(report) {
      const command = report.subarray(COMMAND_AT, COMMAND_AT + (report[1] ?? 0));
      expected = (family === 'passive' ? undefined : replyExpectedTo(family, command)) ?? expected;
      return plainBytes(report);
    },
    in: (report) => blanked(report),
    flush: () => new Uint8Array(),
  };
}
