import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';

/** Why a transmission is no code. */
export type ScanRejection = 'charset' | 'empty' | 'symbology';

const AIM_FLAG = 0x5d; // ]
const AIM_QR = 0x51; // Q
const AIM_LENGTH = 3;

/**
 * The text of a scanned code, or why it is none.
 *
 * Accepted is printable ASCII, 0x20–0x7E: URLs, Base32, Base45, Base64, hexadecimal and JSON all live in it, and it means the
 * same in every encoding a scanner can be set to (GBK, UTF-8, Latin-1). Anything else is either text for people (a name, an
 * advertisement), a scanner in a wrong mode, damage on the line, or an attempt to smuggle control characters through a screen or
 * a log: none of it can be a code that this kiosk is meant to read. Blanks and line ends around it come from scanners, not from codes.
 *
 * With `aimPrefix` the scanner is set to send the AIM identifier: `]Q0` … `]Q6` is removed (the modifier is of no interest),
 * any other symbology is refused. Text without an identifier is accepted as it is.
 */
export function scanTextOf(bytes: Uint8Array, aimPrefix: boolean): Result<string, ScanRejection> {
  let content = bytes;
  if (aimPrefix && bytes[0] === AIM_FLAG) {
    if (bytes[1] !== AIM_QR) return err('symbology');
    content = bytes.subarray(AIM_LENGTH);
  }
  content = withoutBlanksAround(content);
  if (content.length === 0) return err('empty');
  if (content.some((byte) => byte < 0x20 || byte > 0x7e)) return err('charset');
  return ok(String.fromCharCode(...content));
}

/** Spaces, tabs and line ends. */
const BLANKS = [0x20, 0x09, 0x0d, 0x0a];

function withoutBlanksAround(bytes: Uint8Array): Uint8Array {
  let start = 0;
  let end = bytes.length;
  while (start < end && BLANKS.includes(bytes[start] ?? 0)) start += 1;
  while (end > start && BLANKS.includes(bytes[end - 1] ?? 0)) end -= 1;
  return bytes.subarray(start, end);
}
