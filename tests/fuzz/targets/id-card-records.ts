import { parseCardRecord } from '../../../drivers/id-card-reader/card-record/card-record.ts';
import { parseNewestAddress } from '../../../drivers/id-card-reader/card-record/newest-address.ts';
import { parseSamId } from '../../../drivers/id-card-reader/sdt/sam-id.ts';
import type { Chance } from '../chance.ts';
import { whole } from '../fuzz-target.ts';
import { hasControl, textOf } from './wire-bytes.ts';

/** One field of a record, written down from device-protocols 1.5: offset and length in bytes, and what may stand there. */
type Field = readonly [offset: number, bytes: number, value: (chance: Chance) => string];

const HANZI = '测试张王李赵上海市公安局黄浦区示例路龘䶮·㛃';
const LATIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ, -';
const DIGITS = '0123456789';

const hanzi = (most: number) => (chance: Chance) => textOf(chance, chance.between(0, most), HANZI);
const latin = (most: number) => (chance: Chance) => textOf(chance, chance.between(0, most), LATIN);
const digits = (count: number) => (chance: Chance) => textOf(chance, count, DIGITS);
const sex = (chance: Chance) => chance.pick(['1', '2', '0', '9', '3']);
const date = (chance: Chance) =>
  `${chance.between(1849, 2201)}${two(chance.between(0, 13))}${two(chance.between(0, 32))}`;
const goodDate = (chance: Chance) =>
  `${chance.between(1900, 2060)}${two(chance.between(1, 12))}${two(chance.between(1, 28))}`;
const anyDate = (chance: Chance) => (chance.once(5) ? date(chance) : goodDate(chance));
const expiry = (chance: Chance) => (chance.once(3) ? '长期' : anyDate(chance));
const two = (value: number) => String(value).padStart(2, '0');

const number18 = (prefixes: readonly string[]) => (chance: Chance) => {
  const prefix = chance.pick(prefixes);
  const body =
    prefix + textOf(chance, 6 - prefix.length, DIGITS) + goodDate(chance) + textOf(chance, 3, DIGITS);
  return body + (chance.once(6) ? '0' : checkCharacterOf(body));
};

/** ISO 7064 MOD 11-2 by the standard's recursion, not by the table of weights. */
function checkCharacterOf(body: string): string {
  let product = 0;
  for (const digit of body) product = ((product + Number(digit)) * 2) % 11;
  const check = (12 - product) % 11;
  return check === 10 ? 'X' : String(check);
}

const validity: readonly Field[] = [
  [188, 16, goodDate],
  [204, 16, expiry],
];

/** Layouts in the order: resident, J, I, Y; the flag last. */
const LAYOUTS: readonly (readonly Field[])[] = [
  [
    [0, 30, hanzi(15)],
    [30, 2, sex],
    [32, 4, digits(2)],
    [36, 16, anyDate],
    [52, 70, hanzi(35)],
    [122, 36, number18(['31', '11', '65'])],
    [158, 30, hanzi(15)],
    ...validity,
  ],
  [
    [0, 30, hanzi(15)],
    [30, 2, sex],
    [36, 16, anyDate],
    [52, 70, hanzi(35)],
    [122, 36, number18(['810000', '820000', '830000'])],
    [158, 30, hanzi(15)],
    ...validity,
    [220, 18, (chance) => `H${textOf(chance, 8, DIGITS)}`],
    [238, 4, digits(2)],
    [248, 2, () => 'J'],
  ],
  [
    [0, 120, latin(60)],
    [120, 2, sex],
    [122, 30, (chance) => `ZZZ${textOf(chance, 12, DIGITS)}`],
    [152, 6, () => 'ZZZ'],
    [158, 30, hanzi(15)],
    ...validity,
    [220, 16, anyDate],
    [236, 4, digits(2)],
    [240, 8, digits(4)],
    [248, 2, () => 'I'],
  ],
  [
    [0, 30, hanzi(15)],
    [30, 2, sex],
    [32, 4, digits(2)],
    [36, 16, anyDate],
    [52, 70, latin(35)],
    [122, 36, number18(['9'])],
    ...validity,
    [220, 22, latin(11)],
    [242, 6, () => 'ZZZ'],
    [248, 2, () => 'Y'],
    [250, 6, digits(3)],
  ],
];

function recordBy(chance: Chance): Uint8Array {
  const record = Buffer.alloc(256);
  for (let at = 0; at < 256; at += 2) record.writeUInt16LE(0x20, at);
  for (const [offset, bytes, value] of chance.pick(LAYOUTS)) {
    record.set(Buffer.from(value(chance), 'utf16le').subarray(0, bytes), offset);
  }
  return Uint8Array.from(record);
}

/** Random changes make numbers that no check character fits: puts the last one right where seventeen digits stand. */
function withCheckCharacter(input: Uint8Array): Uint8Array {
  const record = Buffer.from(input);
  if (record.length !== 256) return recordOfLength(record);
  const body = record.toString('utf16le', 122, 122 + 34);
  if (/^\d{17}$/.test(body)) record.write(checkCharacterOf(body), 156, 'utf16le');
  return Uint8Array.from(record);
}

function recordOfLength(bytes: Uint8Array): Uint8Array {
  const record = new Uint8Array(256);
  record.set(bytes.subarray(0, 256));
  return record;
}

type Parsed = ReturnType<typeof parseCardRecord>;

function brokenRuleOf(result: Parsed, wantsAddress: boolean): string | undefined {
  if (!result.ok) return undefined;
  const { card } = result.value;
  const texts = Object.values(card).filter((value): value is string => typeof value === 'string');
  if (texts.some(hasControl)) return 'a control character in a text';
  if (texts.some((text) => !text.isWellFormed())) return 'half a character in a text';
  if (texts.some((text) => text.length > 120)) return 'a text longer than the record has room for';
  if (!wantsAddress && 'address' in card) return 'an address nobody asked for';
  for (const day of [card.birthDate, card.validFrom, card.validTo]) {
    if (day !== 'long-term' && !isDay(day)) return 'no day of the calendar';
  }
  if (card.validTo !== 'long-term' && Number(card.validTo) < Number(card.validFrom))
    return 'ends before it begins';
  if (card.kind === 'foreign-resident-2017') {
    return /^[A-Z]{3}\d{12}$/.test(card.idNumber) ? undefined : 'not the number of a card of 2017';
  }
  const { idNumber } = card;
  return idNumber.length === 18 && checkCharacterOf(idNumber.slice(0, 17)) === idNumber[17]
    ? undefined
    : 'a number without its check character';
}

function isDay(day: string): boolean {
  const [year, month, date] = [day.slice(0, 4), day.slice(4, 6), day.slice(6, 8)].map(Number);
  const lengths = [31, 28 + leapDay(year ?? 0), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day.length === 8 && (date ?? 0) >= 1 && (date ?? 99) <= (lengths[(month ?? 0) - 1] ?? 0);
}

const leapDay = (year: number) => Number((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0);

/** Records of all four kinds of cards; two forms: with and without the address. */
export const cardRecord = whole<Parsed>({
  name: 'card-record',
  maxBytes: 260,
  forms: 2,
  decode: (input, form) => parseCardRecord(input, { address: form === 1 }),
  check: (_input, result, form) => brokenRuleOf(result, form === 1),
  bucket: (result) =>
    result.ok ? `${result.value.card.kind} ${result.value.warnings.join(' ')}` : JSON.stringify(result.error),
  grammar: recordBy,
  repair: withCheckCharacter,
});

/** The answer to 30 03. */
export const newestAddress = whole({
  name: 'newest-address',
  maxBytes: 72,
  decode: (input) => parseNewestAddress(input),
  check: (_input, result) => {
    if (!result.ok || result.value === undefined) return undefined;
    if (hasControl(result.value)) return 'a control character in an address';
    return result.value.length > 0 && result.value.length <= 35 ? undefined : 'an address of a wrong length';
  },
  grammar: (chance) => {
    const block = Buffer.alloc(70);
    block.write(textOf(chance, chance.between(0, 35), HANZI).padEnd(35, ' '), 'utf16le');
    return Uint8Array.from(block);
  },
});

/** The answer to 12 FF. */
export const samId = whole({
  name: 'sam-id',
  maxBytes: 20,
  decode: (input) => parseSamId(input),
  check: (input, result) => {
    if (result === undefined) return input.length === 16 ? 'sixteen bytes are a number' : undefined;
    return /^\d{2,3}\.\d{2,3}-\d{1,10}-\d{9,10}-\d{1,10}$/.test(result)
      ? undefined
      : 'not as makers print it';
  },
  bucket: (result) => String(result?.length),
  grammar: (chance) => chance.bytes(16),
});
