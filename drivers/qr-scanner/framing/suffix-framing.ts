import { INCOMPLETE_AFTER_MS } from './scan-framing.ts';
import type { ScanFrame, ScanFramer } from './scan-framing.ts';

/** What a scanner puts behind each code. `none`: only the pause tells that a code is over. */
export type ScanSuffix = 'CR' | 'CRLF' | 'TAB' | 'none';

const SUFFIX_BYTES: Record<ScanSuffix, readonly number[]> = {
  CR: [0x0d],
  CRLF: [0x0d, 0x0a],
  TAB: [0x09],
  none: [],
};

const LINE_FEED = 0x0a;

/** Makes a framer that looks for a suffix; `maxLength` in bytes, without it; `gapMs` the pause that ends a code without one. */
export function createSuffixFramer(suffix: ScanSuffix, maxLength: number, gapMs: number): ScanFramer {
  const ending = SUFFIX_BYTES[suffix];
  // Room for the suffix itself, which is looked for at the end of what was collected.
  const buffer = new Uint8Array(maxLength + ending.length);
  let filled = 0;
  let overflowed = false;
  let startedAtMs: number | undefined;
  /** The last bytes, for a suffix that comes after an overflow. */
  let tail: number[] = [];

  const restart = () => {
    buffer.fill(0, 0, filled);
    filled = 0;
    overflowed = false;
    startedAtMs = undefined;
    tail = [];
  };
  const finish = (complete: boolean, suffixLength: number): ScanFrame[] => {
    const began = startedAtMs ?? 0;
    const length = filled - suffixLength;
    const tooLong = overflowed || length > maxLength;
    const bytes = complete && !tooLong ? Uint8Array.from(buffer.subarray(0, length)) : undefined;
    restart();
    if (tooLong) return [{ kind: 'too-long', startedAtMs: began }];
    if (!bytes) return [{ kind: 'incomplete', startedAtMs: began }];
    // A lone suffix: a stray key code of the scanner, not a code.
    if (bytes.length === 0) return [];
    return [{ kind: 'complete', bytes, symbology: 'unknown', startedAtMs: began }];
  };
  const endsWithSuffix = () =>
    ending.length > 0 && ending.every((byte, index) => tail.at(index - ending.length) === byte);

  const take = (byte: number, atMs: number): ScanFrame[] => {
    // A scanner that sends CRLF where CR is set: the rest of the suffix is no part of the next code.
    if (startedAtMs === undefined && byte === LINE_FEED && suffix === 'CR') return [];
    startedAtMs ??= atMs;
    if (filled < buffer.length) buffer[filled++] = byte;
    else overflowed = true;
    tail.push(byte);
    if (tail.length > 2) tail.shift();
    return endsWithSuffix() ? finish(true, overflowed ? 0 : ending.length) : [];
  };

  return {
    push(bytes, atMs) {
      const frames: ScanFrame[] = [];
      for (const byte of bytes) frames.push(...take(byte, atMs));
      return frames;
    },
    silence: () => (startedAtMs === undefined ? [] : finish(suffix === 'none', 0)),
    get waitsMs() {
      if (startedAtMs === undefined) return undefined;
      return suffix === 'none' ? gapMs : INCOMPLETE_AFTER_MS;
    },
    counting: false,
  };
}
