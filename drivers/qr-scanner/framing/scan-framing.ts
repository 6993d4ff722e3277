/**
 * What tells one code from the next, as set in the scanner itself: a suffix, `none` only the pause, `GM` a length before each
 * code (GM6x, zone 0x0060), `SSI` packets that are acknowledged.
 */
export type ScanFraming = 'CR' | 'CRLF' | 'TAB' | 'none' | 'GM' | 'SSI';

/** What kind of symbol was read, where the scanner says so; `unknown`: it says nothing, or something nobody has published. */
export type Symbology = 'qr' | 'other' | 'unknown';

/** One transmission of the scanner: its bytes without what frames it, or what went wrong with it. */
export type ScanFrame = {
  /** When its first byte came in, monotonic ms. */
  readonly startedAtMs: number;
} & (
  | {
      readonly kind: 'complete';
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly symbology: Symbology;
      /** The AIM identifier that came beside the data (HID POS), e.g. `]Q1`. */
      readonly aim?: string;
    }
  /** Longer than allowed; its bytes were not kept. */
  | { readonly kind: 'too-long' }
  /** It broke off, or a part of it is damaged or missing. */
  | { readonly kind: 'incomplete' }
);

/** Cuts a scanner's stream into transmissions, in any split. Never throws, never holds more than the longest code. */
export interface ScanFramer {
  /** Takes what came in at `atMs` (monotonic). */
  push(bytes: Uint8Array, atMs: number): ScanFrame[];
  /** To be called after `waitsMs` of silence: ends what has begun. */
  silence(): ScanFrame[];
  /** So much silence would change something, ms: a transmission has begun and would end. Undefined: nothing waits. */
  readonly waitsMs: number | undefined;
  /** The length of what comes is known: whatever the next bytes look like, they are part of a code. */
  readonly counting: boolean;
}

/** Silence after which a code that waits for its end counts as broken off, ms: far longer than any pause inside one. */
export const INCOMPLETE_AFTER_MS = 500;
