import type { Chance } from '../chance.ts';

/** Bytes of hexadecimal text, blanks allowed. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}

/** Bytes of a text. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/** Several pieces as one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(pieces));
}

/** A text of characters from `alphabet`. */
export function textOf(chance: Chance, length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet.charAt(chance.below(alphabet.length))).join('');
}

/** True when the piece stands somewhere in the bytes. */
export function contains(bytes: Uint8Array, piece: Uint8Array): boolean {
  return Buffer.from(bytes).includes(Buffer.from(piece));
}

/** C0 and C1 controls and DEL, by their numbers. */
export function hasControl(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}
