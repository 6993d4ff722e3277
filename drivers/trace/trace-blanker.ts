import type { MaskedBytes } from './masked-bytes.ts';

/**
 * Takes everything personal out of what goes over one line, so that what is left can still be decoded: lengths, structure and
 * check sums stay (right ones right, wrong ones wrong). Stateful, fed in any split; what comes out does not depend on the split. Times
 * are monotonic, ms. Keeps copies of personal bytes for no longer than it needs them, and overwrites them.
 */
export interface TraceBlanker {
  /** What leaves for the device. */
  out(bytes: Uint8Array, atMs: number): MaskedBytes;
  /** What came from the device; less than was given while something is held back until it is known what it is. */
  in(bytes: Uint8Array, atMs: number): Uint8Array;
  /**
   * Gives up what is held back, because a command is about to leave or because the line has ended; a device that may be in the
   * middle of something else when a command leaves keeps holding it. What comes out is blanked for sure.
   */
  flush(because: 'command' | 'end'): Uint8Array;
}
