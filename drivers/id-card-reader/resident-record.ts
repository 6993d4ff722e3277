import type { IdCard } from '../../src/devices/contract.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import { TEXT_BLOCK_BYTES } from './card-blocks.ts';

/** A field of the resident record that an error can name; the value itself is never part of an error. */
type RecordField =
  | 'name'
  | 'sex'
  | 'ethnicCode'
  | 'birthDate'
  | 'idNumber'
  | 'issuer'
  | 'validFrom'
  | 'validTo';

/**
 * Why a text record is no resident card. `unsupported-card`: a genuine card of another type, by its flag (`I` foreigner 2017,
 * `J` Hong Kong, Macau and Taiwan residence permit, `Y` foreigner 2023).
 */
export type RecordError =
  | { readonly kind: 'wrong-length' }
  | { readonly kind: 'unsupported-card'; readonly cardType: 'I' | 'J' | 'Y' }
  | { readonly kind: 'bad-field'; readonly field: RecordField };

/** Offset and length in bytes of each field (GA/T 490). The address (52, 70) is not read: nothing needs it. */
const LAYOUT = {
  name: [0, 30],
  sex: [30, 2],
  ethnicCode: [32, 4],
  birthDate: [36, 16],
  idNumber: [122, 36],
  issuer: [158, 30],
  validFrom: [188, 16],
  validTo: [204, 16],
} as const satisfies Record<RecordField, readonly [number, number]>;

const TYPE_FLAG_OFFSET = 248;

/**
 * Reads the 256-byte text record of a resident ID card: UTF-16LE, padded with spaces (some makers: with zeros). Strict: what
 * is not well-formed is an error with the field's name, never a guess. Private-use characters in names are kept (old
 * cards carry rare characters there). Birth date and number are not compared: the centre knows the person, the chip only
 * claims to.
 */
export function parseResidentRecord(text: Uint8Array): Result<IdCard, RecordError> {
  if (text.length !== TEXT_BLOCK_BYTES) return err({ kind: 'wrong-length' });
  const cardType = cardTypeOf(text);
  if (cardType !== 'resident') return err({ kind: 'unsupported-card', cardType });

  const fields = {} as Record<RecordField, string>;
  for (const field of Object.keys(LAYOUT) as RecordField[]) {
    const [offset, length] = LAYOUT[field];
    const value = decodeField(text.subarray(offset, offset + length));
    const accepted = value === undefined ? undefined : RULES[field](value);
    if (accepted === undefined) return err({ kind: 'bad-field', field });
    fields[field] = accepted;
  }
  if (fields.validFrom > fields.validTo) return err({ kind: 'bad-field', field: 'validTo' });
  return ok({ kind: 'resident', ...fields });
}

/** The letter at 248 tells the other cards; anything else, a space as a rule, is a resident card. */
function cardTypeOf(text: Uint8Array): 'resident' | 'I' | 'J' | 'Y' {
  if (text[TYPE_FLAG_OFFSET + 1] !== 0) return 'resident';
  switch (text[TYPE_FLAG_OFFSET]) {
    case 0x49:
      return 'I';
    case 0x4a:
      return 'J';
    case 0x59:
      return 'Y';
    default:
      return 'resident';
  }
}

/** Strict UTF-16LE without the padding; undefined for a lone surrogate. */
function decodeField(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/[\0 ]+$/, '');
  } catch {
    return undefined;
  }
}

/** What a field must look like; returns the value as the contract has it, or undefined. */
const RULES: Record<RecordField, (value: string) => string | undefined> = {
  name: printable,
  sex: (value) => (/^[0129]$/.test(value) ? value : undefined),
  ethnicCode: (value) => (/^\d\d$/.test(value) ? value : undefined),
  birthDate: calendarDate,
  idNumber: (value) => (hasValidCheckDigit(value) ? value : undefined),
  issuer: printable,
  validFrom: calendarDate,
  validTo: (value) => (value === '长期' ? 'long-term' : calendarDate(value)),
};

function printable(value: string): string | undefined {
  return value !== '' && !/[\p{Cc}\p{Noncharacter_Code_Point}]/u.test(value) ? value : undefined;
}

function calendarDate(value: string): string | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)$/.exec(value);
  if (!parts) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (year < 1850 || year > 2199) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? value : undefined;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = '10X98765432';

/** GB 11643-1999 with ISO 7064 MOD 11-2. A chip writes the check character X in upper case only. */
function hasValidCheckDigit(idNumber: string): boolean {
  if (!/^\d{17}[\dX]$/.test(idNumber)) return false;
  let sum = 0;
  for (const [index, weight] of WEIGHTS.entries()) sum += weight * Number(idNumber[index]);
  return idNumber[17] === CHECK_DIGITS[sum % 11];
}
