import { createHash } from 'node:crypto';
import { PAPER_CODE_PREFIX, SUISHEN_CODE_PREFIX } from '../../src/central-api/schemas.ts';
import type { RandomSource } from '../../src/platform/random.ts';

/** RFC 4648 base32. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Without 0 O 1 I, which people take for each other. */
const SHORT_CODE_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const SHORT_CODE_LENGTH = 12;
const CHECK_LENGTH = 5;
const TOKEN_BODY_LENGTH = 26;

/** What a scanned or typed text is, by its form alone; only the database knows whether it was ever given out. */
export type CodeText =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'short-code'; readonly shortCode: string }
  | { readonly kind: 'suishen-code'; readonly code: string }
  | { readonly kind: 'foreign' };

/** The text of a paper code: prefix, 128 random bits in base32, five check characters. */
export function makeToken(random: RandomSource): string {
  return withCheck(PAPER_CODE_PREFIX + base32(random.bytes(16)));
}

/** The text of a living code, made like a token behind its own prefix. */
export function makeSuishenCode(random: RandomSource): string {
  return withCheck(SUISHEN_CODE_PREFIX + base32(random.bytes(16)));
}

/** Eleven random characters and a check (Luhn mod 32), 55 bits. */
export function makeShortCode(random: RandomSource): string {
  const body = Array.from(random.bytes(SHORT_CODE_LENGTH - 1), (byte) => SHORT_CODE_ALPHABET[byte % 32]).join(
    '',
  );
  return body + luhnCheck(body);
}

/** Reads what somebody scanned or typed; groups, spaces and small letters of a typed short code are forgiven. */
export function readCodeText(text: string): CodeText {
  const trimmed = text.trim();
  if (isWhole(trimmed, PAPER_CODE_PREFIX)) return { kind: 'token', token: trimmed };
  if (isWhole(trimmed, SUISHEN_CODE_PREFIX)) return { kind: 'suishen-code', code: trimmed };
  const typed = trimmed.replaceAll(/[\s-]/g, '').toUpperCase();
  const wellFormed =
    typed.length === SHORT_CODE_LENGTH &&
    Array.from(typed).every((character) => SHORT_CODE_ALPHABET.includes(character));
  if (wellFormed && luhnCheck(typed.slice(0, -1)) === typed.at(-1))
    return { kind: 'short-code', shortCode: typed };
  return { kind: 'foreign' };
}

/** True for anything that begins like a paper code, whole or garbled. */
export function looksLikePaperCode(text: string): boolean {
  return text.trim().startsWith(PAPER_CODE_PREFIX);
}

/** True for a text that somebody typed rather than scanned: it has the length of a short code. */
export function looksTyped(text: string): boolean {
  return !looksLikePaperCode(text) && text.replaceAll(/[\s-]/g, '').length <= SHORT_CODE_LENGTH + 2;
}

function isWhole(text: string, prefix: string): boolean {
  const length = prefix.length + TOKEN_BODY_LENGTH;
  return text.startsWith(prefix) && text === withCheck(text.slice(0, length));
}

function withCheck(text: string): string {
  return text + base32(createHash('sha256').update(text).digest()).slice(0, CHECK_LENGTH);
}

function base32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32.charAt((buffer >> bits) & 31);
    }
  }
  return bits > 0 ? text + BASE32.charAt((buffer << (5 - bits)) & 31) : text;
}

function luhnCheck(body: string): string {
  let sum = 0;
  let factor = 2;
  for (const character of Array.from(body).toReversed()) {
    const product = factor * SHORT_CODE_ALPHABET.indexOf(character);
    sum += Math.floor(product / 32) + (product % 32);
    factor = factor === 2 ? 1 : 2;
  }
  return SHORT_CODE_ALPHABET.charAt((32 - (sum % 32)) % 32);
}
