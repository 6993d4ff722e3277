import Printer from 'escpos';
import type { PaperStrip } from '../composer/compose-document.ts';

/** Bytes that `escpos` makes of some calls: it is the builder, this project's own line is the way to the printer. */
function build(calls: (printer: Printer) => void): Uint8Array {
  const chunks: Uint8Array[] = [];
  const printer = new Printer({ write: (data) => chunks.push(Uint8Array.from(data)) });
  calls(printer);
  printer.flush();
  return Buffer.concat(chunks);
}

/** `GS a` mask: online/offline, errors, paper. Drawer and panel changes are nobody's business. */
const ASB_MASK = 0x0e;

/** `GS a n`: automatic status for what the mask says; 0 off. Answered with a status at once unless it is 0. */
export function setAutomaticStatus(mask: number): Uint8Array {
  return Uint8Array.of(0x1d, 0x61, mask);
}

/** The automatic status that is on while the printer works. */
export const automaticStatusOn: Uint8Array = setAutomaticStatus(ASB_MASK);

/** Custom's `GS E0 0F`: all four bytes of full status at each change, and none at once (KPM300 manual). */
export const automaticFullStatusOn: Uint8Array = Uint8Array.of(0x1d, 0xe0, 0x0f);

/**
 * Before each job and after each purge: `ESC @` (modes back to default; it does not empty the receive buffer), automatic status
 * (which `ESC @` may have switched off), and left alignment.
 */
export function initialise(automaticStatus: Uint8Array): Uint8Array {
  return build((printer) => {
    printer.hardware('INIT').raw(Buffer.from(automaticStatus)).align('LT');
  });
}

/** `DLE DC4` fn 8: empties receive and print buffer; answered `37 25 00`. Only ever sent by a purge. */
export const clearBuffers: Uint8Array = Uint8Array.of(0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8);

/** `DLE ENQ 2`: recover from an error and drop what was to be printed. Never `DLE ENQ 1`: it resumes, half a slip twice. */
export const recoverAndClear: Uint8Array = Uint8Array.of(0x10, 0x05, 2);

/** `GS r 1`: paper status, one byte, when everything before it has been processed. */
export const askPaperInOrder: Uint8Array = Uint8Array.of(0x1d, 0x72, 1);

/** `GS I n`: 1 model, 2 type, 3 ROM as one byte; 65 firmware, 66 maker, 67 model, 68 serial, 69 character set as `5F text 00`. */
export function askIdentity(n: IdentityQuestion): Uint8Array {
  return Uint8Array.of(0x1d, 0x49, n);
}

export type IdentityQuestion = 1 | 2 | 3 | 65 | 66 | 67 | 68 | 69;

/** `GS ( H` fn 48: the printer echoes `37 22 id 00` when everything before it has been printed. @param id 4 characters 0x20–0x7E */
export function askProcessId(id: string): Uint8Array {
  const text = Buffer.from(id, 'latin1');
  return Uint8Array.of(0x1d, 0x28, 0x48, 6, 0, 0x30, 0x30, ...text);
}

/** NULs finish a raster that was cut off in the middle and print nothing by themselves. */
export function finishHalfParsedCommand(byteCount: number): Uint8Array {
  return new Uint8Array(byteCount);
}

/** `ESC J n` as often as needed; 1 unit is taken as 1 dot. */
export function feedDots(dots: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = dots; rest > 0; rest -= 255) bytes.push(0x1b, 0x4a, Math.min(rest, 255));
  return Uint8Array.from(bytes);
}

/** `GS v 0` for a raster (m = 3 when the printer is to double it), `ESC J` for a feed. Always at the beginning of a line. */
export function stripBytes(strip: PaperStrip): Uint8Array {
  if (strip.kind === 'text') return strip.bytes;
  if (strip.kind === 'feed') return feedDots(strip.dots);
  const { widthBytes, rows, data } = strip.bitmap;
  const mode = strip.scale === 2 ? 3 : 0;
  const header = [0x1d, 0x76, 0x30, mode, widthBytes & 0xff, widthBytes >> 8, rows & 0xff, rows >> 8];
  return Buffer.concat([Uint8Array.from(header), data]);
}
