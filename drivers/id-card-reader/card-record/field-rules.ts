import { hasCheckCharacter } from './check-digits.ts';

/** What a field must look like: the value as the contract has it, or undefined. */
export type FieldRule = (value: string) => string | undefined;

/** No control characters and no code points that are no characters; anything else is somebody's name. */
const UNPRINTABLE = /[\p{Cc}\p{Noncharacter_Code_Point}]/u;

/** Text that a person could read. */
export const printable: FieldRule = (value) => (value !== '' && !UNPRINTABLE.test(value) ? value : undefined);

/** The same, or nothing at all. */
export const printableOrEmpty: FieldRule = (value) => (UNPRINTABLE.test(value) ? undefined : value);

/** GB/T 2261.1. */
export const sexCode: FieldRule = matching(/^[0129]$/);

/** A two-digit code or count. */
export const twoDigits: FieldRule = matching(/^\d\d$/);

/** The same, or nothing at all: a count that decides nothing does not make a broken card of one without it. */
export const twoDigitsOrEmpty: FieldRule = matching(/^(?:\d\d)?$/);

/** GB/T 2659 (ISO 3166-1 alpha-3). */
export const nationalityCode: FieldRule = matching(/^[A-Z]{3}$/);

/** 18 characters with a good check character. */
export const citizenNumber: FieldRule = (value) => (hasCheckCharacter(value) ? value : undefined);

/** 15 characters of the card of 2017: three letters, twelve digits. */
export const foreignNumber: FieldRule = matching(/^[A-Z]{3}\d{12}$/);

/** YYYYMMDD, a day that exists. */
export const calendarDate: FieldRule = (value) => {
  const parts = /^(\d{4})(\d\d)(\d\d)$/.exec(value);
  if (!parts) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (year < 1850 || year > 2199) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? value : undefined;
};

/** The same, or 长期. */
export const expiryDate: FieldRule = (value) => (value === '长期' ? 'long-term' : calendarDate(value));

function matching(pattern: RegExp): FieldRule {
  return (value) => (pattern.test(value) ? value : undefined);
}
