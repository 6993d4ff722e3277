import { z } from 'zod';

/** UTF-16 code units of the fields of a resident's card, in order (device-protocols 1.5; 256 bytes in all). */
const NAME = 15;
const ADDRESS = 35;
const ISSUER = 15;
const RESERVED = 18;
const RECORD_UNITS = 128;

function text(most: number) {
  return z.string().min(1).max(most, `at most ${most} UTF-16 units`);
}

const date = z
  .string()
  .regex(/^(\d{8}|\d{4}-\d{2}-\d{2})$/, 'YYYYMMDD or YYYY-MM-DD')
  .transform((value) => value.replaceAll('-', ''));

const sex = z
  .enum(['0', '1', '2', '9', '男', '女', 'male', 'female'])
  .transform((value) => ({ 男: '1', male: '1', 女: '2', female: '2' })[value as string] ?? value);

/** A resident's card as it is laid on the reader. */
export const residentCard = z.strictObject({
  name: text(NAME),
  sex,
  ethnicCode: z.string().regex(/^\d{2}$/, 'two digits (GB/T 3304)'),
  birthDate: date,
  address: text(ADDRESS),
  idNumber: z.string().regex(/^[1-9]\d{16}[\dX]$/, '18 characters (GB 11643)'),
  issuer: text(ISSUER),
  validFrom: date,
  validTo: z.union([z.enum(['长期', 'long-term']).transform(() => '长期'), date]),
  /** What answers 30 03; without it the card has no additional address. */
  newestAddress: text(ADDRESS).optional(),
});

/** A card's contents, checked. */
export type ResidentCard = z.output<typeof residentCard>;

/** The 256 bytes of text: UTF-16LE, fields padded with spaces. */
export function residentRecord(card: ResidentCard): Uint8Array {
  const units =
    card.name.padEnd(NAME) +
    card.sex +
    card.ethnicCode +
    card.birthDate +
    card.address.padEnd(ADDRESS) +
    card.idNumber +
    card.issuer.padEnd(ISSUER) +
    card.validFrom +
    card.validTo.padEnd(8) +
    ' '.repeat(RESERVED);
  if (units.length !== RECORD_UNITS) throw new RangeError('a card record has 128 UTF-16 units');
  return utf16(units);
}

/** The 70 bytes of an additional address. */
export function newestAddressRecord(address: string): Uint8Array {
  return utf16(address.padEnd(ADDRESS));
}

/** A stand-in for the proprietary portrait: nobody without the maker's library can tell (device-protocols 1.8). */
export function opaquePhoto(): Uint8Array {
  return Uint8Array.from({ length: 1024 }, (_, index) => index & 0xff);
}

function utf16(units: string): Uint8Array {
  return new Uint8Array(Buffer.from(units, 'utf16le'));
}
