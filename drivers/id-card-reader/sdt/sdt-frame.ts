/**
 * Frames of the SAM_V module in a second-generation ID-card reader ("SDT" protocol, interface of GA 467-2004):
 * `AA AA AA 96 69 | LEN_H LEN_L | body | CHK`. LEN counts body and CHK; CHK is the XOR of everything from LEN_H to the end
 * of the body.
 */
const PREAMBLE = Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x69);
const HEADER_BYTES = PREAMBLE.length + 2;

/** A reply has at least SW1 SW2 SW3 and CHK. The longest known one is 2321 bytes (text, photo, fingerprints). */
const SHORTEST_LENGTH = 4;
const LONGEST_LENGTH = 4096;

/** A command as it goes over the wire. */
export function encodeSdtCommand(
  command: number,
  parameter: number,
  data: Uint8Array = new Uint8Array(),
): Uint8Array {
  const length = data.length + 3;
  const frame = new Uint8Array(HEADER_BYTES + length);
  frame.set(PREAMBLE);
  frame[5] = length >> 8;
  frame[6] = length & 0xff;
  frame[7] = command;
  frame[8] = parameter;
  frame.set(data, 9);
  frame[frame.length - 1] = xorOf(frame.subarray(PREAMBLE.length, frame.length - 1));
  return frame;
}

/** A reply with a correct check byte. `data` belongs to the receiver, who wipes it when it holds card data. */
export interface SdtReply {
  /** The card's APDU status, forwarded; 00 00 in every known capture and never decided on. */
  readonly sw1: number;
  readonly sw2: number;
  /** The reader's own status; see `sdt-status.ts`. */
  readonly sw3: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What a decoder found in a stream: a reply, or something that began like one and is none. */
export type SdtDecoded =
  | { readonly kind: 'reply'; readonly reply: SdtReply }
  | { readonly kind: 'damaged'; readonly reason: 'length' | 'checksum' | 'truncated' };

/**
 * Finds replies in a stream of bytes in any split. Noise between frames is skipped; a frame that is damaged costs one byte and the search
 * goes on behind it, so a good frame inside or after it is still found. Never throws, never holds more than one frame.
 */
export interface SdtFrameDecoder {
  /** Takes what came in. */
  push(bytes: Uint8Array): SdtDecoded[];
  /**
   * To be called when the line has been silent for the inter-byte limit: gives up a frame that began and did not go on (at
   * least one reader library fabricates a reply with a wrong length), and finds what lies behind its beginning.
   */
  abandon(): SdtDecoded[];
  /** A frame has begun (its whole preamble is there) and is not complete. */
  readonly midFrame: boolean;
  /** Forgets and overwrites everything. */
  reset(): void;
}

/** Makes a decoder with an empty buffer. */
export function createSdtFrameDecoder(): SdtFrameDecoder {
  const buffer = new Uint8Array(HEADER_BYTES + LONGEST_LENGTH);
  let filled = 0;

  /** Moves the rest to the front and overwrites what it left. */
  const drop = (count: number) => {
    buffer.copyWithin(0, count, filled);
    buffer.fill(0, filled - count, filled);
    filled -= count;
  };

  const takeAll = (): SdtDecoded[] => {
    const found: SdtDecoded[] = [];
    for (;;) {
      drop(noiseBefore(buffer.subarray(0, filled)));
      if (filled < HEADER_BYTES) return found;
      const length = lengthAt(buffer);
      if (length < SHORTEST_LENGTH || length > LONGEST_LENGTH) {
        found.push({ kind: 'damaged', reason: 'length' });
        drop(1);
        continue;
      }
      const end = HEADER_BYTES + length;
      if (filled < end) return found;
      // The check byte is part of the XOR, so a good frame sums to zero.
      if (xorOf(buffer.subarray(PREAMBLE.length, end)) === 0) {
        found.push({ kind: 'reply', reply: replyIn(buffer.subarray(HEADER_BYTES, end - 1)) });
        drop(end);
      } else {
        found.push({ kind: 'damaged', reason: 'checksum' });
        drop(1);
      }
    }
  };

  return {
    push(bytes) {
      const found: SdtDecoded[] = [];
      let taken = 0;
      while (taken < bytes.length) {
        const part = bytes.subarray(taken, taken + buffer.length - filled);
        buffer.set(part, filled);
        filled += part.length;
        taken += part.length;
        found.push(...takeAll());
      }
      return found;
    },
    abandon() {
      const found: SdtDecoded[] = [];
      // Nothing more is coming, so whatever still waits for a rest is a fragment too.
      for (;;) {
        if (filled === 0) return found;
        if (filled >= PREAMBLE.length) found.push({ kind: 'damaged', reason: 'truncated' });
        drop(1);
        found.push(...takeAll());
      }
    },
    get midFrame() {
      return filled >= PREAMBLE.length;
    },
    reset() {
      buffer.fill(0);
      filled = 0;
    },
  };
}

/** How many bytes at the front cannot be the beginning of a frame. */
function noiseBefore(bytes: Uint8Array): number {
  for (let start = 0; start < bytes.length; start += 1) {
    const compared = Math.min(PREAMBLE.length, bytes.length - start);
    let same = 0;
    while (same < compared && bytes[start + same] === PREAMBLE[same]) same += 1;
    if (same === compared) return start;
  }
  return bytes.length;
}

function lengthAt(bytes: Uint8Array): number {
  return ((bytes[5] ?? 0) << 8) | (bytes[6] ?? 0);
}

function replyIn(body: Uint8Array): SdtReply {
  return { sw1: body[0] ?? 0, sw2: body[1] ?? 0, sw3: body[2] ?? 0, data: Uint8Array.from(body.subarray(3)) };
}

function xorOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
}
