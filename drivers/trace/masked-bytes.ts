/** Bytes of which some are not told: how many there were is known, what they were is not. */
export interface MaskedBytes {
  /** Zero wherever `hidden` is 1. */
  readonly bytes: Uint8Array;
  /** As long as `bytes`; 1: not told. */
  readonly hidden: Uint8Array;
}

/** Bytes that are told as they are; copied. */
export function plainBytes(bytes: Uint8Array): MaskedBytes {
  return { bytes: Uint8Array.from(bytes), hidden: new Uint8Array(bytes.length) };
}

/** The bytes of which `tells` says 1; the others are hidden. */
export function maskedBytes(bytes: Uint8Array, tells: Uint8Array): MaskedBytes {
  const hidden = Uint8Array.from(bytes, (_, index) => (tells[index] === 1 ? 0 : 1));
  return { bytes: Uint8Array.from(bytes, (byte, index) => (hidden[index] === 1 ? 0 : byte)), hidden };
}

/** So many alike in a row are written as `00*9`. */
const RUN_AT_LEAST = 8;

/**
 * `1b40 xx*18360 00*64 1b4a10`: hexadecimal, `xx` what is hidden, `*N` so many alike in a row. Hidden bytes are always written as
 * a run.
 */
export function formatMasked({ bytes, hidden }: MaskedBytes): string {
  const words: string[] = [];
  let plain = '';
  const endPlain = () => {
    if (plain !== '') words.push(plain);
    plain = '';
  };
  for (let at = 0; at < bytes.length;) {
    const length = runAt(bytes, hidden, at);
    const digits = hidden[at] === 1 ? 'xx' : (bytes[at] ?? 0).toString(16).padStart(2, '0');
    if (hidden[at] === 1 || length >= RUN_AT_LEAST) {
      endPlain();
      words.push(`${digits}*${length}`);
    } else plain += digits.repeat(length);
    at += length;
  }
  endPlain();
  return words.join(' ');
}

function runAt(bytes: Uint8Array, hidden: Uint8Array, at: number): number {
  let end = at + 1;
  while (end < bytes.length && bytes[end] === bytes[at] && hidden[end] === hidden[at]) end += 1;
  return end - at;
}

/** More than any driver writes in one piece; a line that claims more is no trace. */
const MOST_BYTES = 1 << 16;

/** Reads what `formatMasked` writes; undefined when it is something else. Never throws. */
export function parseMasked(text: string): MaskedBytes | undefined {
  const bytes: number[] = [];
  const hidden: number[] = [];
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const run = /^([0-9a-f]{2}|xx)\*([1-9]\d{0,6})$/.exec(word);
    if (run === null && !/^(?:[0-9a-f]{2})+$/.test(word)) return undefined;
    const [, digits = '', count = ''] = run ?? [];
    const more = run === null ? [...Buffer.from(word, 'hex')] : undefined;
    const length = more?.length ?? Number(count);
    if (bytes.length + length > MOST_BYTES) return undefined;
    const value = digits === 'xx' || digits === '' ? 0 : Number.parseInt(digits, 16);
    for (let index = 0; index < length; index += 1) {
      bytes.push(more?.[index] ?? value);
      hidden.push(digits === 'xx' ? 1 : 0);
    }
  }
  return { bytes: Uint8Array.from(bytes), hidden: Uint8Array.from(hidden) };
}
