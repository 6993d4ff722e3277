/** What a computer may ask at any time, also of a printer that is busy, offline or full (device-protocols 3.4). */
export type RealTimeCommand =
  | { readonly kind: 'status'; readonly n: number }
  /** DLE ENQ: 1 recover and resume, 2 recover and clear the buffers. */
  | { readonly kind: 'recover'; readonly n: number }
  /** DLE DC4 fn 8. */
  | { readonly kind: 'clear-buffers' };

const ANY = -1;
const PATTERNS: readonly {
  readonly bytes: readonly number[];
  readonly command: (last: number) => RealTimeCommand;
}[] = [
  { bytes: [0x10, 0x04, ANY], command: (n) => ({ kind: 'status', n }) },
  { bytes: [0x10, 0x05, ANY], command: (n) => ({ kind: 'recover', n }) },
  {
    bytes: [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08],
    command: () => ({ kind: 'clear-buffers' }),
  },
];

/**
 * Picks real-time commands out of the stream before it enters the receive buffer. It knows nothing of what they stand
 * in, so one inside image data is executed too, as by real printers.
 */
export class RealTimeCommandSpotter {
  #seen: number[] = [];

  /** Commands completed by this byte. */
  push(byte: number): RealTimeCommand | undefined {
    this.#seen.push(byte);
    for (const { bytes, command } of PATTERNS) {
      if (!this.#fits(bytes)) continue;
      if (this.#seen.length < bytes.length) return undefined;
      this.#seen = [];
      return command(byte);
    }
    // None of the patterns begins again inside itself, so only this byte can start a new one.
    this.#seen = byte === 0x10 ? [byte] : [];
    return undefined;
  }

  #fits(bytes: readonly number[]): boolean {
    return this.#seen.every((seen, index) => bytes[index] === ANY || bytes[index] === seen);
  }
}
