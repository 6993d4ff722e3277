import { err, ok } from '../../../src/platform/result.ts';
import type { Result } from '../../../src/platform/result.ts';

/** The text block of a read reply has this size on every kind of card, bytes. */
export const TEXT_BLOCK_BYTES = 256;

/** The blocks of a read reply; views into it, not copies. */
export interface CardBlocks {
  readonly text: Uint8Array;
  /** WLT, 1024 bytes on every known card. */
  readonly photo: Uint8Array;
}

/**
 * Finds the blocks in the data of a read reply: two big-endian lengths (text, photo) in the answer to 30 01, three (with
 * fingerprints: 0, 512 or 1024 bytes) in that to 30 10, then the blocks. Works by the lengths, which must add up, never by fixed
 * offsets. Fingerprints are not handed out.
 */
export function cardBlocksOf(data: Uint8Array, lengths: 2 | 3): Result<CardBlocks, 'malformed-reply'> {
  const header = lengths * 2;
  if (data.length < header) return err('malformed-reply');
  const textBytes = lengthAt(data, 0);
  const photoBytes = lengthAt(data, 1);
  const fingerprintBytes = lengths === 3 ? lengthAt(data, 2) : 0;
  if (header + textBytes + photoBytes + fingerprintBytes !== data.length) return err('malformed-reply');
  if (textBytes !== TEXT_BLOCK_BYTES) return err('malformed-reply');
  const photoAt = header + textBytes;
  return ok({ text: data.subarray(header, photoAt), photo: data.subarray(photoAt, photoAt + photoBytes) });
}

function lengthAt(data: Uint8Array, index: number): number {
  return ((data[index * 2] ?? 0) << 8) | (data[index * 2 + 1] ?? 0);
}
