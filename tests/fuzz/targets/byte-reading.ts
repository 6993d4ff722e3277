/** Takes choices from an input, byte by byte, so that changed inputs give other worlds; what is missing at its end counts as zeros. */
export class ByteReading {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get over(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  /** Little-endian, as in descriptors. */
  word(): number {
    return this.byte() | (this.byte() << 8);
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[this.byte() % from.length] ?? from[0];
  }

  /** So many of something, `most` at most. */
  list<T>(most: number, one: () => T): readonly T[] {
    return Array.from({ length: this.byte() % (most + 1) }, one);
  }

  /** As string descriptors have it: units of UTF-16, whatever they are. */
  text(most: number): string {
    return String.fromCharCode(...this.list(most, () => this.word()));
  }
}
