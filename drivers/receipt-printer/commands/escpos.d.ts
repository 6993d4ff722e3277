/**
 * The part of escpos 3.0.0-alpha.6 that is used here (it ships no types). Its QR, image, table and status functions are wrong
 * or slow and stay undeclared on purpose; see README.md.
 */
declare module 'escpos' {
  interface Adapter {
    write(data: Uint8Array, callback?: (error?: Error) => void): unknown;
  }
  class Printer {
    constructor(adapter: Adapter);
    /** `INIT`: `ESC @`. */
    hardware(command: 'INIT'): this;
    /** `ESC a n`: left, centre, right. */
    align(position: 'LT' | 'CT' | 'RT'): this;
    /** Bytes as they are. */
    raw(data: Buffer): this;
    /** Hands everything built so far to the adapter. */
    flush(callback?: (error?: Error) => void): this;
  }
  export = Printer;
}
