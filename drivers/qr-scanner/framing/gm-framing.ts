import { INCOMPLETE_AFTER_MS } from './scan-framing.ts';
import type { ScanFrame, ScanFramer } from './scan-framing.ts';

/** Begins a framed code: `03 LEN_H LEN_L data` (GM6x manuals, zone 0x0060 = 0x81). There is no check sum. */
const START = 0x03;
const HEADER_BYTES = 3;

/**
 * Makes a framer for GM6x scanners with framed output. Bytes between frames are noise. A length that is longer than any code is
 * counted to its end, so that the next frame is found; one that was noise itself ends with the silence behind it.
 */
export function createGmFramer(maxLength: number): ScanFramer {
  const buffer = new Uint8Array(maxLength);
  /** Bytes of the frame so far, with its header; 0: none has begun. */
  let seen = 0;
  let length = 0;
  let startedAtMs = 0;

  const finish = (frame: ScanFrame): ScanFrame[] => {
    buffer.fill(0, 0, Math.min(maxLength, Math.max(0, seen - HEADER_BYTES)));
    seen = 0;
    length = 0;
    return [frame];
  };
  const takeHeader = (byte: number, atMs: number): ScanFrame[] => {
    if (seen === 0) {
      if (byte !== START) return [];
      startedAtMs = atMs;
    } else {
      length = (length << 8) | byte;
    }
    seen += 1;
    // An empty frame: nothing was read.
    if (seen === HEADER_BYTES && length === 0) seen = 0;
    return [];
  };
  const takeData = (byte: number): ScanFrame[] => {
    const at = seen - HEADER_BYTES;
    if (at < maxLength) buffer[at] = byte;
    seen += 1;
    if (at + 1 < length) return [];
    if (length > maxLength) return finish({ kind: 'too-long', startedAtMs });
    const bytes = Uint8Array.from(buffer.subarray(0, length));
    return finish({ kind: 'complete', bytes, symbology: 'unknown', startedAtMs });
  };

  return {
    push(bytes, atMs) {
      const frames: ScanFrame[] = [];
      for (const byte of bytes)
        frames.push(...(seen < HEADER_BYTES ? takeHeader(byte, atMs) : takeData(byte)));
      return frames;
    },
    silence() {
      if (seen === 0) return [];
      return finish({ kind: length > maxLength ? 'too-long' : 'incomplete', startedAtMs });
    },
    get waitsMs() {
      return seen === 0 ? undefined : INCOMPLETE_AFTER_MS;
    },
    get counting() {
      return seen > 0;
    },
  };
}
