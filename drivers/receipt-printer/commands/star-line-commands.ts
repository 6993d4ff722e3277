import type { PaperStrip } from '../composer/compose-document.ts';
import type { Bitmap } from '../composer/bitmap.ts';

/*
 * Star Line Mode, as the "STAR Line Mode Command Specifications" for thermal printers (Star Micronics, Rev. 1.12 and later) have
 * it; sections in brackets. Raster, ETB and status are used the same way by receiptio 5. No unit has confirmed any of it yet.
 */

/** `ETB` [3.3.14]: when everything before it is on paper, the printer counts it and sends a status. */
export const askEtb: Uint8Array = Uint8Array.of(0x17);

/** `ESC @` modes to default, `ESC RS a 1` automatic status on, `ESC RS E 0` counter of `ETB` to 0 [3.3.14, 3.3.16]. */
export const prepareStar: Uint8Array = bytesOf('1b 40', '1b 1e 61 01', '1b 1e 45 00');

/** `CAN` [3.3.16]: real-time, clears receive and line buffer. */
export const cancelPrintData: Uint8Array = Uint8Array.of(0x18);

/**
 * `ESC * r A`, then page length 0 (continuous) and, for the end of a document and of a page, mode 1: nothing but the rest of the
 * picture, no cut and no feed to the cutter [3.4].
 */
export const beginRaster: Uint8Array = bytesOf(
  '1b 2a 72 41',
  '1b 2a 72 50 30 00',
  '1b 2a 72 45 31 00',
  '1b 2a 72 46 31 00',
);

/** `ESC * r B`: prints what is left of the picture, back to line mode. */
export const endRaster: Uint8Array = Uint8Array.of(0x1b, 0x2a, 0x72, 0x42);

/**
 * Rows as `b n1 n2 d…`, white as `ESC * r Y n NUL` with n in decimal digits [3.4]. Star has no doubling: dots of scale 2 are doubled
 * here. Rows are put together up to `pieceBytes`, one at least. Text strips are ESC/POS and are never composed for this language.
 */
export function starStripPieces(strip: PaperStrip, pieceBytes: number): readonly Uint8Array[] {
  if (strip.kind === 'text') return [];
  if (strip.kind === 'feed') return strip.dots > 0 ? [moveDown(strip.dots)] : [];
  const pieces: Uint8Array[] = [];
  let rows: Uint8Array[] = [];
  let length = 0;
  for (let row = 0; row < strip.bitmap.rows; row += 1) {
    const command = rowCommand(strip.bitmap, row, strip.scale);
    if (length > 0 && length + command.length * strip.scale > pieceBytes) {
      pieces.push(Buffer.concat(rows));
      rows = [];
      length = 0;
    }
    for (let copy = 0; copy < strip.scale; copy += 1) rows.push(command);
    length += command.length * strip.scale;
  }
  if (rows.length > 0) pieces.push(Buffer.concat(rows));
  return pieces;
}

function moveDown(dots: number): Uint8Array {
  return Uint8Array.of(0x1b, 0x2a, 0x72, 0x59, ...Buffer.from(String(dots), 'latin1'), 0x00);
}

function rowCommand({ widthBytes, data }: Bitmap, row: number, scale: 1 | 2): Uint8Array {
  const dots = data.subarray(row * widthBytes, (row + 1) * widthBytes);
  const bytes = scale === 1 ? dots : doubled(dots);
  return Uint8Array.of(0x62, bytes.length & 0xff, bytes.length >> 8, ...bytes);
}

/** Each dot twice, side by side. */
function doubled(dots: Uint8Array): Uint8Array {
  const wide = new Uint8Array(dots.length * 2);
  for (const [index, byte] of dots.entries()) {
    for (let bit = 0; bit < 8; bit += 1) {
      const at = index * 2 + (bit >> 2);
      if ((byte & (0x80 >> bit)) !== 0) wide[at] = (wide[at] ?? 0) | (0xc0 >> ((bit & 3) * 2));
    }
  }
  return wide;
}

/** Commands in hexadecimal, as manuals print them. */
function bytesOf(...commands: readonly string[]): Uint8Array {
  return Uint8Array.from(Buffer.from(commands.join('').replaceAll(' ', ''), 'hex'));
}
