/** What a scanner puts behind each code, as set in the scanner itself. `none`: only the pause tells that a code is over. */
export type ScanSuffix = 'CR' | 'CRLF' | 'TAB' | 'none';

/** One transmission of the scanner: its bytes without the suffix, or what went wrong with it. */
export type ScanFrame = {
  /** When its first byte came in, monotonic ms. */
  readonly startedAtMs: number;
} & (
  | { readonly kind: 'complete'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Longer than allowed; its bytes were not kept. */
  | { readonly kind: 'too-long' }
  /** The line went silent before the suffix came. */
  | { readonly kind: 'incomplete' }
);

/** Cuts a scanner's stream into transmissions, in any split. Never throws, never holds more than the longest code. */
export interface ScanFramer {
  /** Takes what came in at `atMs` (monotonic). */
  push(bytes: Uint8Array, atMs: number): ScanFrame[];
  /** To be called when the line has been silent long enough: ends what has begun. */
  silence(): ScanFrame[];
  /** A transmission has begun and is not over. */
  readonly midFrame: boolean;
}

const SUFFIX_BYTES: Record<ScanSuffix, readonly number[]> = {
  CR: [0x0d],
  CRLF: [0x0d, 0x0a],
  TAB: [0x09],
  none: [],
};

const LINE_FEED = 0x0a;

/** Makes a framer; `maxLength` in bytes, without suffix. */
export function createScanFramer(suffix: ScanSuffix, maxLength: number): ScanFramer {
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
    return bytes.length === 0 ? [] : [{ kind: 'complete', bytes, startedAtMs: began }];
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
    get midFrame() {
      return startedAtMs !== undefined;
    },
  };
}
