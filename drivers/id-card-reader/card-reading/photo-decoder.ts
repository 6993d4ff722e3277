import type { CardPhoto } from '../../../src/devices/id-card.ts';
import type { Result } from '../../../src/platform/result.ts';

/**
 * Makes a picture of a chip's portrait. WLT is proprietary (102 × 126 dots, 24-bit BGR, from 1024 bytes) and no open decoder
 * is known, so this is where a maker's library is plugged in. Without one the bytes are overwritten unread.
 */
export interface PhotoDecoder {
  /** `wlt` is the decoder's for the length of the call only; it is overwritten afterwards. */
  decode(wlt: Uint8Array): Result<CardPhoto, 'undecodable'>;
}
