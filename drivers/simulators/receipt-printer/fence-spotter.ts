const PROCESS_ID = [0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30];
const TRANSMIT_PAPER = [0x1d, 0x72, 0x01];

/** For a printer that lies: sees completion questions in the raw stream, before anything is printed. */
export class FenceSpotter {
  #last: number[] = [];

  /** The false answer to a question completed by this byte. */
  push(byte: number): Uint8Array | undefined {
    this.#last = [...this.#last.slice(-10), byte];
    const asked = this.#last.slice(0, 7);
    if (this.#last.length === 11 && PROCESS_ID.every((expected, index) => asked[index] === expected)) {
      return Uint8Array.of(0x37, 0x22, ...this.#last.slice(7), 0);
    }
    const tail = this.#last.slice(-3);
    return TRANSMIT_PAPER.every((expected, index) => tail[index] === expected) ? Uint8Array.of(0) : undefined;
  }
}
