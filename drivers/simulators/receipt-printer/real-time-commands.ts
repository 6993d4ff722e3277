/** What a computer may ask at any time, also of a printer that is busy, offline or full (device-protocols 3.4). */
export type RealTimeCommand =
  | { readonly kind: 'status'; readonly n: number }
  /** DLE ENQ: 1 recover and resume, 2 recover and clear the buffers. */
  | { readonly kind: 'recover'; readonly n: number }
  /** DLE DC4 fn 8; CAN of Star. */
  | { readonly kind: 'clear-buffers' }
  /** ESC ACK SOH of Star. */
  | { readonly kind: 'star-status' };

/** Picks real-time commands out of the stream before it enters the receive buffer. */
export interface RealTimeSpotter {
  /** The command completed by this byte. */
  push(byte: number): RealTimeCommand | undefined;
}

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

/** Those of ESC/POS. It knows nothing of what they stand in, so one inside image data is executed too, as by real printers. */
export class RealTimeCommandSpotter implements RealTimeSpotter {
  #seen: number[] = [];

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

const ESC = 0x1b;
const CAN = 0x18;
const ROW = [0x62, 0x6b];

/**
 * Those of Star. Its real-time commands are so short that they would stand in every picture: rows of raster are left alone, by
 * their counts.
 */
export class StarRealTimeSpotter implements RealTimeSpotter {
  #command: number[] = [];
  #raster = false;
  #dataLeft = 0;

  push(byte: number): RealTimeCommand | undefined {
    if (this.#dataLeft > 0) {
      this.#dataLeft -= 1;
      return undefined;
    }
    this.#command.push(byte);
    const [first, second, third, fourth] = this.#command;
    if (first === CAN) return this.#done({ kind: 'clear-buffers' });
    if (this.#raster && first !== undefined && ROW.includes(first)) return this.#row(second, third);
    if (first !== ESC) return this.#done(undefined);
    if (second === undefined) return undefined;
    if (second === 0x06 && third === undefined) return undefined;
    if (second === 0x06) return this.#done(third === 0x01 ? { kind: 'star-status' } : undefined);
    if (second !== 0x2a || (third !== undefined && third !== 0x72)) return this.#done(undefined);
    if (fourth === undefined) return undefined;
    if (fourth === 0x41 || fourth === 0x42) this.#raster = fourth === 0x41;
    return this.#done(undefined);
  }

  #row(low: number | undefined, high: number | undefined): undefined {
    if (low === undefined || high === undefined) return;
    this.#dataLeft = low | (high << 8);
    this.#command = [];
  }

  #done(command: RealTimeCommand | undefined): RealTimeCommand | undefined {
    this.#command = [];
    if (command?.kind === 'clear-buffers') this.#raster = false;
    return command;
  }
}
