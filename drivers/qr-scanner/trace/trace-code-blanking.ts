/** What stands for every character of a code. */
const X = 0x58;
/** What stands for control characters, and for bytes that are no ASCII: neither can be in a code. */
const CONTROL = 0x01;
const NO_ASCII = 0x80;
const SPACE = 0x20;
const LAST_ASCII = 0x7e;
/** Tab and line ends: they frame codes. */
const FRAMING: readonly number[] = [0x09, 0x0d, 0x0a];
const AIM_FLAG = 0x5d;
const AIM_BYTES = 3;
/** GM6x frames: `03 LEN_H LEN_L data`. */
const GM_START = 0x03;
const GM_HEADER_BYTES = 3;

/**
 * Takes codes out of a stream: every printable character becomes X, whatever else is no code stays no code. What frames a code
 * stays, so do blanks before it and an AIM identifier at its beginning.
 */
export interface CodeBlanker {
  blank(byte: number): number;
  /** The line was silent: what comes begins a code. */
  begin(): void;
  /** The next byte is part of a frame whose length was told. */
  readonly counting: boolean;
}

/** Makes a blanker of codes; `counted`: they come in GM6x frames. */
export function createCodeBlanker(counted: boolean): CodeBlanker {
  /** Bytes of the code so far, blanks before it left out. */
  let seen = 0;
  let aim = false;
  let header = 0;
  let length = 0;
  let left = 0;

  const begin = () => {
    seen = 0;
    aim = false;
    header = 0;
    left = 0;
  };
  const blankInCode = (byte: number): number => {
    if (byte === SPACE && seen === 0) return byte;
    if (seen === 0) aim = byte === AIM_FLAG;
    const identifies = aim && seen < AIM_BYTES && (seen === 0 || isLetterOrDigit(byte));
    if (!identifies) aim = false;
    seen += 1;
    return identifies ? byte : harmless(byte);
  };
  const blankStream = (byte: number): number => {
    if (!FRAMING.includes(byte)) return blankInCode(byte);
    begin();
    return byte;
  };
  const blankFrame = (byte: number): number => {
    if (left > 0) {
      left -= 1;
      return FRAMING.includes(byte) ? byte : blankInCode(byte);
    }
    if (header === 0 && byte !== GM_START) return harmless(byte);
    length = header === 0 ? 0 : (length << 8) | byte;
    header += 1;
    if (header === GM_HEADER_BYTES) {
      const frame = length;
      begin();
      left = frame;
    }
    return byte;
  };
  return {
    blank: counted ? blankFrame : blankStream,
    begin,
    get counting() {
      return counted && (left > 0 || header > 0);
    },
  };
}

/** A byte that means nothing, of the same sort as this one. */
export function harmless(byte: number): number {
  if (FRAMING.includes(byte)) return byte;
  if (byte < SPACE || byte === LAST_ASCII + 1) return CONTROL;
  return byte > LAST_ASCII ? NO_ASCII : X;
}

function isLetterOrDigit(byte: number): boolean {
  return /[0-9A-Za-z]/.test(String.fromCharCode(byte));
}
