/** SDT frames from the reader's side: requests in, replies out (device-protocols 1.1). Layout by length fields, XOR check. */
const PREAMBLE = [0xaa, 0xaa, 0xaa, 0x96, 0x69] as const;
const SHORTEST_LENGTH = 3;
/** No request is longer than a handful of bytes; anything else is noise. */
const LONGEST_LENGTH = 64;

/** What a computer sent: a request, or something that looked like one. */
export type SdtRequest =
  | { readonly kind: 'command'; readonly code: number; readonly data: Uint8Array }
  | { readonly kind: 'wrong-checksum' }
  | { readonly kind: 'wrong-length' };

/** Finds requests in a stream that may begin anywhere and come in any split. */
export class SdtRequestScanner {
  #held: number[] = [];

  /** Requests completed by these bytes. */
  push(bytes: Uint8Array): SdtRequest[] {
    this.#held.push(...bytes);
    const found: SdtRequest[] = [];
    for (;;) {
      this.#dropNoise();
      if (this.#held.length < 7) return found;
      const length = (this.#at(5) << 8) | this.#at(6);
      if (length < SHORTEST_LENGTH || length > LONGEST_LENGTH) {
        this.#held.shift();
        found.push({ kind: 'wrong-length' });
        continue;
      }
      if (this.#held.length < 7 + length) return found;
      found.push(requestOf(this.#held.splice(0, 7 + length)));
    }
  }

  /** The sender fell silent in mid-frame: forgets the rest. True if there was one. */
  abandon(): boolean {
    const partial = this.#held.length > 0;
    this.#held = [];
    return partial;
  }

  #at(index: number): number {
    return this.#held[index] ?? 0;
  }

  #dropNoise(): void {
    while (this.#held.length > 0) {
      const seen = Math.min(PREAMBLE.length, this.#held.length);
      if (PREAMBLE.slice(0, seen).every((byte, index) => byte === this.#held[index])) return;
      this.#held.shift();
    }
  }
}

function requestOf(frame: number[]): SdtRequest {
  const body = frame.slice(5);
  if (xorOf(body) !== 0) return { kind: 'wrong-checksum' };
  const [, , command = 0, parameter = 0] = body;
  return { kind: 'command', code: (command << 8) | parameter, data: Uint8Array.from(body.slice(4, -1)) };
}

/**
 * A reply: SW1 SW2 (what the card said) are 00 00 as in every public capture unless told otherwise, SW3 is the reader's status.
 */
export function sdtReply(sw3: number, data: Uint8Array = new Uint8Array(0), cardStatus = 0): Uint8Array {
  const length = 3 + data.length + 1;
  const body = [length >> 8, length & 0xff, cardStatus >> 8, cardStatus & 0xff, sw3, ...data];
  return Uint8Array.from([...PREAMBLE, ...body, xorOf(body)]);
}

function xorOf(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum ^ byte, 0);
}
