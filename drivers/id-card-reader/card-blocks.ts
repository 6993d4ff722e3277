import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';

/** The text block of a read reply has this size on every kind of card, bytes. */
export const TEXT_BLOCK_BYTES = 256;

/**
 * Finds the text block in the data of a read reply: two or three big-endian lengths (text, photo, and fingerprints if asked for), then
 * the blocks. Works by the lengths, never by fixed offsets. The result is a view into `data`, not a copy; the photo is not
 * handed out at all.
 */
export function textBlockOf(data: Uint8Array): Result<Uint8Array, 'malformed-reply'> {
  for (const count of [2, 3]) {
    const header = count * 2;
    if (data.length < header) break;
    let total = header;
    for (let index = 0; index < count; index += 1) total += lengthAt(data, index);
    if (total !== data.length) continue;
    if (lengthAt(data, 0) !== TEXT_BLOCK_BYTES) break;
    return ok(data.subarray(header, header + TEXT_BLOCK_BYTES));
  }
  return err('malformed-reply');
}

function lengthAt(data: Uint8Array, index: number): number {
  return ((data[index * 2] ?? 0) << 8) | (data[index * 2 + 1] ?? 0);
}
