import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import type { ScanFrame, Symbology } from './framing/scan-framing.ts';

/** Why a transmission is no code. */
export type ScanRejection = 'too-long' | 'incomplete' | 'charset' | 'empty' | 'symbology';

/** A code that was read. */
export interface ScanContent {
  readonly text: string;
  readonly symbology: Symbology;
}

const AIM_FLAG = 0x5d; // ]
const AIM_QR = 0x51; // Q
/** `]`, the letter of the symbology, its modifier (ISO/IEC 15424). */
const AIM_LENGTH = 3;

/**
 * The text of a transmission, or why it is none.
 *
 * Accepted is printable ASCII, 0x20–0x7E: URLs, Base32, Base45, Base64, hexadecimal and JSON all live in it, and it means the
 * same in every encoding a scanner can be set to (GBK, UTF-8, Latin-1). Anything else is either text for people (a name, an
 * advertisement), a scanner in a wrong mode, damage on the line, or an attempt to smuggle control characters through a screen or
 * a log: none of it can be a code that this kiosk is meant to read. Blanks and line ends around it come from scanners, not from codes.
 *
 * With `aimPrefix` the scanner is set to send the AIM identifier: `]Q0` … `]Q6` is removed (the modifier is of no interest),
 * any other symbology is refused. Text without an identifier is accepted as it is.
 */
export function contentOf(frame: ScanFrame, aimPrefix: boolean): Result<ScanContent, ScanRejection> {
  if (frame.kind !== 'complete') return err(frame.kind);
  let content: Uint8Array = frame.bytes;
  let { symbology } = frame;
  if (aimPrefix && content[0] === AIM_FLAG) {
    symbology = symbologyOfAim(content);
    content = content.subarray(AIM_LENGTH);
  }
  if (symbology === 'other') return err('symbology');
  content = withoutBlanksAround(content);
  if (content.length === 0) return err('empty');
  if (content.some((byte) => byte < 0x20 || byte > 0x7e)) return err('charset');
  return ok({ text: String.fromCharCode(...content), symbology });
}

/** What an AIM identifier says, whatever its modifier; `unknown` where there is none. */
export function symbologyOfAim(aim: Uint8Array): Symbology {
  if (aim[0] !== AIM_FLAG) return 'unknown';
  return aim[1] === AIM_QR ? 'qr' : 'other';
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
