/** What a scanner answered. Data are views of what came in: to be read at once. */
export type ScannerReply =
  | { readonly kind: 'accepted'; readonly data: Uint8Array }
  /** `value`: it knows the setting and not this value · `unknown`: it does not know the command. */
  | { readonly kind: 'refused'; readonly reason: 'value' | 'unknown' }
  /** The answer is damaged, or says that our command was: worth another try. */
  | { readonly kind: 'damaged' };

/**
 * What the beginning of some bytes is to a command that waits: no answer, perhaps one that is not yet complete, or an answer of
 * `length` bytes. `other`: a good answer, to another command (one that came too late).
 */
export type ReplyMatch =
  | 'no'
  | 'more'
  | { readonly length: number; readonly reply: ScannerReply | { readonly kind: 'other' } };

/** Looks for an answer at the beginning of `bytes`; `final`: the line is silent, nothing more will come. Pure, never throws. */
export type ReplyMatcher = (bytes: Uint8Array, final: boolean) => ReplyMatch;

/** One thing a scanner can be told or asked. */
export interface ScannerCommand {
  /** As in the maker's manual, for reports and tests: `SCNMOD0`, `zone 0000 = D5`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Undefined: the scanner gives no answer to this one. */
  readonly match?: ReplyMatcher;
  /** What the scanner expects back for its answer. */
  readonly acknowledge?: Uint8Array;
}

/** What a kiosk sets in a scanner. */
export type ScannerSetting =
  /** It reads only when told to. */
  | 'trigger-mode'
  | 'beeper'
  | 'light'
  /** After how long without a code a read ends by itself. */
  | 'read-time-out'
  /** How long the same code counts once. */
  | 'same-code-delay'
  /** Whether printed set-up codes change it: off, or anybody could. */
  | 'setup-codes'
  | 'framing'
  | 'aim-prefix'
  /** USB kind: HID POS, virtual COM port. */
  | 'interface'
  /** Writing what was set into the flash memory, where that is a command of its own. */
  | 'save';
