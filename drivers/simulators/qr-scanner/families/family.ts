/** One thing a computer asked of a scanner, whatever its language. */
export type Request =
  /** `permanent`: to be kept without power. */
  | {
      readonly kind: 'set';
      readonly name: string;
      readonly address: string;
      readonly value: string;
      readonly permanent: boolean;
    }
  | { readonly kind: 'get'; readonly name: string; readonly address: string }
  | { readonly kind: 'trigger'; readonly name: string; readonly on: boolean }
  /** Keeps what was set so far. */
  | { readonly kind: 'save'; readonly name: string }
  /** Back to what the maker has set. */
  | { readonly kind: 'factory-reset'; readonly name: string }
  | { readonly kind: 'beep'; readonly name: string }
  | { readonly kind: 'identity'; readonly name: string }
  /** Something of this language that the scanner does not know. */
  | { readonly kind: 'unknown'; readonly name: string }
  /** It came with a wrong check sum. */
  | { readonly kind: 'damaged'; readonly name: string }
  /** What the computer says to a code it was sent (SSI). */
  | { readonly kind: 'code-taken' | 'code-again'; readonly name: string };

/** What the scanner says to a request: `done` with what was asked for, if anything. */
export type Verdict =
  | { readonly kind: 'done'; readonly value?: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unknown' };

/** Bytes of an answer. `text` goes before it, where a scanner first tells and then answers. */
export interface Answer {
  readonly bytes: Uint8Array;
  readonly text?: Uint8Array;
}

/** How the scanner behaves by its present settings. */
export interface Behaviour {
  readonly mode: 'continuous' | 'trigger';
  /** A read without a code ends after this, ms; 0: never. */
  readonly readTimeoutMs: number;
  /** The same code in view is read again after this, ms. */
  readonly sameCodeMs: number;
  /** Printed set-up codes change settings. */
  readonly setUpCodes: boolean;
  readonly beeper: boolean;
  readonly framing: 'suffix' | 'GM' | 'SSI';
  readonly aimPrefix: boolean;
}

/** A language of commands and the scanner that speaks it. */
export interface ScannerLanguage {
  /** Takes bytes in any split; gives each request once it is whole. */
  readonly parser: () => { push(bytes: Uint8Array): Request[] };
  readonly answer: (request: Request, verdict: Verdict) => Answer | undefined;
  /** An answer as a bad line would deliver it. */
  readonly spoil: (answer: Answer) => Answer;
  /** What the maker has set, by address. */
  readonly factory: Readonly<Record<string, string>>;
  readonly behaviour: (settings: ReadonlyMap<string, string>) => Behaviour;
}

/** Hexadecimal in capitals, two digits a byte. */
export function hexOf(value: number, bytes = 1): string {
  return value
    .toString(16)
    .toUpperCase()
    .padStart(bytes * 2, '0');
}
