import { dateParts } from './calendar-date.ts';
import { citizen } from './zh-cn/citizen.ts';

/** One recording: a text of the copy table by its path (with `-n` where it stands around a value), or a piece of a date or number. */
export type SpokenSlot = string;

/** What a sentence with a gap is filled with. */
export type SpokenValue = { readonly date: string } | { readonly number: number };

/** The parts of the copy table that are spoken; keys are read by whoever presses them. */
const SPOKEN = ['screen', 'overlay', 'adjust', 'obstacle', 'error', 'validUntil'] as const;
/** Names of facts, keys, and marks that stand beside a title which says the same. */
const SILENT =
  /\.(?:name|idNumber|photo|noPhoto|(?:badge|codeBadge)\.\w+)$|^adjust\.(?!title$|body$|sample$)/;
const GAP = /\{\{\w+\}\}/;
/** Something that can be said: a hanzi or a number. */
const SAYABLE = /[\p{Script=Han}\d]/u;

/** A code lasts 180 days; the years that dates can have while this agent is in use. */
const YEARS = { first: 2026, last: 2036 };
const MOST_DAYS = 180;

function textsOf(value: unknown, path: string): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return SILENT.test(path) ? [] : [[path, value]];
  return Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([key, inner]) =>
    textsOf(inner, `${path}.${key}`),
  );
}

const TEXTS = new Map(SPOKEN.flatMap((section) => textsOf(citizen[section], section)));

function partsOf(path: string, text: string): readonly (readonly [SpokenSlot, string])[] {
  const parts = text.split(GAP);
  if (parts.length === 1) return [[path, text]];
  return parts.map((part, at) => [`${path}-${at}`, part]);
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** Every recording there must be, and what it says. */
export function spokenSlots(): ReadonlyMap<SpokenSlot, string> {
  const sentences = Array.from(TEXTS, ([path, text]) => partsOf(path, text)).flat();
  return new Map([
    ...sentences.filter(([, text]) => SAYABLE.test(text)),
    ...range(YEARS.first, YEARS.last).map((year) => [`date.year.${year}`, `${year}年`] as const),
    ...range(1, 12).map((month) => [`date.month.${month}`, `${month}月`] as const),
    ...range(1, 31).map((day) => [`date.day.${day}`, `${day}日`] as const),
    ...range(1, MOST_DAYS).map((number) => [`number.${number}`, String(number)] as const),
  ]);
}

/**
 * How a sentence is said. Empty when it holds a value that nobody has spoken (a year far away, nonsense from a centre): half a
 * sentence would be worse than none.
 *
 * @param path of the copy table, e.g. `screen.takeSlip.validUntil`
 */
export function spoken(path: string, value?: SpokenValue): readonly SpokenSlot[] {
  const text = TEXTS.get(path);
  if (text === undefined) return [];
  const parts = partsOf(path, text);
  if (parts.length === 1) return [path];
  const filling = value === undefined ? [] : slotsOf(value);
  if (filling.length === 0) return [];
  return parts.flatMap(([slot, part], at) => [
    ...(at > 0 ? filling : []),
    ...(SAYABLE.test(part) ? [slot] : []),
  ]);
}

function slotsOf(value: SpokenValue): readonly SpokenSlot[] {
  if ('number' in value) {
    const { number } = value;
    return Number.isInteger(number) && number >= 1 && number <= MOST_DAYS ? [`number.${number}`] : [];
  }
  const date = dateParts(value.date);
  if (date === undefined) return [];
  const { year, month, day } = date;
  const known =
    year >= YEARS.first && year <= YEARS.last && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return known ? [`date.year.${year}`, `date.month.${month}`, `date.day.${day}`] : [];
}

/** A piece of a sentence, which the next one follows at once: what stands around a value, and the pieces of the value. */
export function isPiece(slot: SpokenSlot): boolean {
  return /^(?:date|number)\.|-\d+$/.test(slot);
}
