import { crc32, deflateSync } from 'node:zlib';
import type { DotRow } from './dot-row.ts';

/** 203 dpi in dots per metre, for the pHYs chunk. */
const DOTS_PER_METRE = 7992;
const SIGNATURE = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Draws rows of dots as a greyscale PNG of 1 bit per pixel (ISO/IEC 15948, colour type 0), with blank margins left and
 * right. `marginDots` must be a multiple of 8.
 */
export function pngOfRows(rows: readonly DotRow[], headDots: number, marginDots: number): Uint8Array {
  const width = headDots + 2 * marginDots;
  const rowBytes = width / 8;
  const height = Math.max(1, rows.length);
  const scanlines = new Uint8Array(height * (1 + rowBytes)).fill(0xff);
  for (let y = 0; y < height; y += 1) {
    const at = y * (1 + rowBytes);
    scanlines[at] = 0;
    rows[y]?.forEach((byte, index) => {
      // In PNG 0 is black; on the head 1 is.
      scanlines[at + 1 + marginDots / 8 + index] = ~byte & 0xff;
    });
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const density = Buffer.alloc(9);
  density.writeUInt32BE(DOTS_PER_METRE, 0);
  density.writeUInt32BE(DOTS_PER_METRE, 4);
  density[8] = 1;
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('pHYs', density),
    chunk('IDAT', deflateSync(scanlines)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
