import { z } from 'zod';

/** UTF-16 code units of the longest texts on a card (device-protocols 1.5). */
const NAME = 15;
const ADDRESS = 35;
const LONG_ENGLISH_NAME = 60;
/** 35 in its place and 11 more where it goes on. */
const SPLIT_ENGLISH_NAME = 46;

function text(most: number, least = 1) {
  return z.string().min(least).max(most, `at most ${most} UTF-16 units`);
}

const date = z
  .string()
  .regex(/^(\d{8}|\d{4}-\d{2}-\d{2})$/, 'YYYYMMDD or YYYY-MM-DD')
  .transform((value) => value.replaceAll('-', ''));

const sex = z
  .enum(['0', '1', '2', '9', '男', '女', 'male', 'female'])
  .transform((value) => ({ 男: '1', male: '1', 女: '2', female: '2' })[value as string] ?? value);

const twoDigits = z.string().regex(/^\d{2}$/, 'two digits');
const nationality = z.string().regex(/^[A-Z]{3}$/, 'three letters (GB/T 2659)');

const everyCard = {
  sex,
  birthDate: date,
  validFrom: date,
  validTo: z.union([z.enum(['长期', 'long-term']).transform(() => '长期'), date]),
  /** The letter at 248, where it is to be another than this kind of card has. */
  flag: z.string().length(1).optional(),
};

const withAddress = {
  address: text(ADDRESS, 0).default(''),
  /** What answers 30 03; without it the card has no additional address. */
  newestAddress: text(ADDRESS, 0).optional(),
};

const resident = z.strictObject({
  /** Callers that know no other kind leave it out. */
  kind: z.literal('resident').optional(),
  name: text(NAME),
  ethnicCode: z.string().regex(/^\d{2}$/, 'two digits (GB/T 3304)'),
  idNumber: z.string().regex(/^[1-9]\d{16}[\dX]$/, '18 characters (GB 11643)'),
  issuer: text(NAME),
  ...everyCard,
  ...withAddress,
});

const residencePermit = z.strictObject({
  kind: z.literal('residence-permit'),
  name: text(NAME),
  idNumber: z.string().regex(/^[1-9]\d{16}[\dX]$/, '18 characters, 81…, 82… or 83…'),
  issuer: text(NAME),
  travelPermitNumber: text(9, 0).default('H00000000'),
  issueCount: twoDigits.default('01'),
  ...everyCard,
  ...withAddress,
});

const foreignResident2017 = z.strictObject({
  kind: z.literal('foreign-resident-2017'),
  englishName: text(LONG_ENGLISH_NAME),
  chineseName: text(NAME, 0).default(''),
  idNumber: z.string().regex(/^[A-Z]{3}\d{12}$/, '3 letters and 12 digits'),
  nationality,
  cardVersion: text(2, 0).default('01'),
  acceptingAuthority: text(4, 0).default('0000'),
  ...everyCard,
});

const foreignResident2023 = z.strictObject({
  kind: z.literal('foreign-resident-2023'),
  englishName: text(SPLIT_ENGLISH_NAME),
  chineseName: text(NAME, 0).default(''),
  idNumber: z.string().regex(/^[1-9]\d{16}[\dX]$/, '18 characters, 9…'),
  nationality,
  renewalCount: twoDigits.default('01'),
  previousVersionLink: text(3, 0).default(''),
  ...everyCard,
});

/** A card as it is laid on the reader. Check digits are not looked at: a card with a wrong one can be laid too. */
export const card = z.discriminatedUnion('kind', [
  resident,
  residencePermit,
  foreignResident2017,
  foreignResident2023,
]);

/** A card's contents, checked. */
export type Card = z.output<typeof card>;
export type Resident = z.output<typeof resident>;
export type ResidencePermit = z.output<typeof residencePermit>;
export type ForeignResident2017 = z.output<typeof foreignResident2017>;
export type ForeignResident2023 = z.output<typeof foreignResident2023>;

/** For people who ask what is allowed. */
export const CARD_USAGE =
  '{"card":{"kind":"resident"?,"name","sex":"1|2","ethnicCode","birthDate","address"?,"idNumber","issuer","validFrom","validTo","newestAddress"?,"flag"?}' +
  ' or {"kind":"residence-permit","name","sex","birthDate","address"?,"idNumber","issuer","validFrom","validTo","travelPermitNumber"?,"issueCount"?,"newestAddress"?,"flag"?}' +
  ' or {"kind":"foreign-resident-2017","englishName","sex","idNumber","nationality","chineseName"?,"validFrom","validTo","birthDate","cardVersion"?,"acceptingAuthority"?,"flag"?}' +
  ' or {"kind":"foreign-resident-2023","chineseName"?,"sex","renewalCount"?,"birthDate","englishName","idNumber","nationality","validFrom","validTo","previousVersionLink"?,"flag"?}}';
