import type { Card, ForeignResident2017, ForeignResident2023, ResidencePermit, Resident } from './card.ts';

const RECORD_UNITS = 128;
const ADDRESS_UNITS = 35;

/** One field: its text and the UTF-16 code units it takes (device-protocols 1.5). A space for what is reserved. */
type Row = readonly [text: string, units: number];

const reserved = (units: number): Row => ['', units];

/** The 256 bytes of text: UTF-16LE, fields in order, padded with spaces. */
export function cardRecord(card: Card): Uint8Array {
  const units = rowsOf(card)
    .map(([text, length]) => text.padEnd(length))
    .join('');
  if (units.length !== RECORD_UNITS) throw new RangeError('a card record has 128 UTF-16 units');
  return utf16(units);
}

function rowsOf(card: Card): readonly Row[] {
  switch (card.kind) {
    case 'residence-permit':
      return residencePermit(card);
    case 'foreign-resident-2017':
      return foreignResident2017(card);
    case 'foreign-resident-2023':
      return foreignResident2023(card);
    default:
      return resident(card);
  }
}

function resident(card: Resident): readonly Row[] {
  return [
    [card.name, 15],
    [card.sex, 1],
    [card.ethnicCode, 2],
    [card.birthDate, 8],
    [card.address, ADDRESS_UNITS],
    [card.idNumber, 18],
    [card.issuer, 15],
    [card.validFrom, 8],
    [card.validTo, 8],
    reserved(14),
    [card.flag ?? ' ', 1],
    reserved(3),
  ];
}

function residencePermit(card: ResidencePermit): readonly Row[] {
  return [
    [card.name, 15],
    [card.sex, 1],
    reserved(2),
    [card.birthDate, 8],
    [card.address, ADDRESS_UNITS],
    [card.idNumber, 18],
    [card.issuer, 15],
    [card.validFrom, 8],
    [card.validTo, 8],
    [card.travelPermitNumber, 9],
    [card.issueCount, 2],
    reserved(3),
    [card.flag ?? 'J', 1],
    reserved(3),
  ];
}

function foreignResident2017(card: ForeignResident2017): readonly Row[] {
  return [
    [card.englishName, 60],
    [card.sex, 1],
    [card.idNumber, 15],
    [card.nationality, 3],
    [card.chineseName, 15],
    [card.validFrom, 8],
    [card.validTo, 8],
    [card.birthDate, 8],
    [card.cardVersion, 2],
    [card.acceptingAuthority, 4],
    [card.flag ?? 'I', 1],
    reserved(3),
  ];
}

function foreignResident2023(card: ForeignResident2023): readonly Row[] {
  return [
    [card.chineseName, 15],
    [card.sex, 1],
    [card.renewalCount, 2],
    [card.birthDate, 8],
    [card.englishName.slice(0, 35), 35],
    [card.idNumber, 18],
    reserved(15),
    [card.validFrom, 8],
    [card.validTo, 8],
    [card.englishName.slice(35), 11],
    [card.nationality, 3],
    [card.flag ?? 'Y', 1],
    [card.previousVersionLink, 3],
  ];
}

/** The 70 bytes of an additional address. */
export function newestAddressRecord(address: string): Uint8Array {
  return utf16(address.padEnd(ADDRESS_UNITS));
}

/** A stand-in for the proprietary portrait: nobody without the maker's library can tell (device-protocols 1.8). */
export function opaquePhoto(): Uint8Array {
  return Uint8Array.from({ length: 1024 }, (_, index) => index & 0xff);
}

function utf16(units: string): Uint8Array {
  return new Uint8Array(Buffer.from(units, 'utf16le'));
}
