import { dateParts, ENGLISH_MONTHS } from './calendar-date.ts';
import { CITIZEN_PACKS, type SpokenLanguage } from './citizen-languages.ts';

/** One recording: a text of the copy table by its path (with `-n` where it stands around a value), or a piece of a date or number. */
export type SpokenSlot = string;

/** What a sentence with a gap is filled with. */
export type SpokenValue = { readonly date: string } | { readonly number: number };

/** One text of the copy table that is said, whatever the language. */
export interface SpokenLine {
  /** Of the copy table, e.g. `screen.takeSlip.validUntil`. */
  readonly path: string;
  readonly value?: SpokenValue | undefined;
}

/** The parts of the copy table that are spoken; keys are read by whoever presses them. */
const SPOKEN = ['screen', 'overlay', 'adjust', 'language', 'obstacle', 'error', 'validUntil'] as const;
/** Names of facts, keys, marks that stand beside a title which says the same, and the list of terminals. */
const SILENT =
  /\.(?:name|idNumber|photo|noPhoto|(?:badge|codeBadge)\.\w+)$|^screen\.home\.nearest(?:Walk)?$|^screen\.nearby\.(?!title$|mapTitle$)|^screen\.notices\.(?:guide|announcement)$|^adjust\.(?!title$|body$|sample$)|^language\.(?!title$)/;
const GAP = /\{\{\w+\}\}/;
/** Something that can be said: a letter, a hanzi or a number. */
const SAYABLE = /[\p{L}\d]/u;

/** A code lasts 180 days; the years that dates can have while this agent is in use. */
const YEARS = { first: 2026, last: 2036 };
const MOST_DAYS = 180;

/** The pieces of a date: what each says, and which comes first. */
const DATES = {
  'zh-CN': {
    order: ['year', 'month', 'day'],
    year: (year: number) => `${year}年`,
    month: (month: number) => `${month}月`,
    day: (day: number) => `${day}日`,
  },
  en: {
    order: ['day', 'month', 'year'],
    year: String,
    month: (month: number) => ENGLISH_MONTHS[month - 1] ?? '',
    day: String,
  },
} as const;

function textsOf(value: unknown, path: string): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return SILENT.test(path) ? [] : [[path, value]];
  return Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([key, inner]) =>
    textsOf(inner, `${path}.${key}`),
  );
}

function textsIn(language: SpokenLanguage): ReadonlyMap<string, string> {
  return new Map(SPOKEN.flatMap((section) => textsOf(CITIZEN_PACKS[language][section], section)));
}

const TEXTS: Readonly<Record<SpokenLanguage, ReadonlyMap<string, string>>> = {
  'zh-CN': textsIn('zh-CN'),
  en: textsIn('en'),
};

function partsOf(path: string, text: string): readonly (readonly [SpokenSlot, string])[] {
  const parts = text.split(GAP);
  if (parts.length === 1) return [[path, text]];
  return parts.map((part, at) => [`${path}-${at}`, part]);
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** Every recording there must be in a language, and what it says. */
export function spokenSlots(language: SpokenLanguage): ReadonlyMap<SpokenSlot, string> {
  const sentences = Array.from(TEXTS[language], ([path, text]) => partsOf(path, text)).flat();
  const dates = DATES[language];
  return new Map([
    ...sentences.filter(([, text]) => SAYABLE.test(text)),
    ...range(YEARS.first, YEARS.last).map((year) => [`date.year.${year}`, dates.year(year)] as const),
    ...range(1, 12).map((month) => [`date.month.${month}`, dates.month(month)] as const),
    ...range(1, 31).map((day) => [`date.day.${day}`, dates.day(day)] as const),
    ...range(1, MOST_DAYS).map((number) => [`number.${number}`, String(number)] as const),
  ]);
}

/**
 * A text to be said; none where the copy table has none that is spoken.
 *
 * @param path of the copy table, e.g. `screen.takeSlip.validUntil`
 */
export function spoken(path: string, value?: SpokenValue): readonly SpokenLine[] {
  return TEXTS['zh-CN'].has(path) ? [{ path, value }] : [];
}

/**
 * How texts are said in a language. One that holds a value which nobody has spoken (a year far away, nonsense from a centre) is
 * left out: half a sentence would be worse than none.
 */
export function slotsOf(lines: readonly SpokenLine[], language: SpokenLanguage): readonly SpokenSlot[] {
  return lines.flatMap((line) => slotsOfLine(line, language));
}

const RECORDING = 'recording:';

/** Something that was recorded elsewhere, under the name that the agent has for it; the same in every language. */
export function recordedLine(name: string): SpokenLine {
  return { path: `${RECORDING}${name}` };
}

/** Of such a slot the name; undefined: it is a slot of the copy table. */
export function recordingOf(slot: SpokenSlot): string | undefined {
  return slot.startsWith(RECORDING) ? slot.slice(RECORDING.length) : undefined;
}

function slotsOfLine({ path, value }: SpokenLine, language: SpokenLanguage): readonly SpokenSlot[] {
  if (recordingOf(path) !== undefined) return [path];
  const text = TEXTS[language].get(path);
  if (text === undefined) return [];
  const parts = partsOf(path, text);
  if (parts.length === 1) return [path];
  const filling = value === undefined ? [] : slotsOfValue(value, language);
  if (filling.length === 0) return [];
  return parts.flatMap(([slot, part], at) => [
    ...(at > 0 ? filling : []),
    ...(SAYABLE.test(part) ? [slot] : []),
  ]);
}

function slotsOfValue(value: SpokenValue, language: SpokenLanguage): readonly SpokenSlot[] {
  if ('number' in value) {
    const { number } = value;
    return Number.isInteger(number) && number >= 1 && number <= MOST_DAYS ? [`number.${number}`] : [];
  }
  const date = dateParts(value.date);
  if (date === undefined) return [];
  const { year, month, day } = date;
  const known =
    year >= YEARS.first && year <= YEARS.last && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return known ? DATES[language].order.map((piece) => `date.${piece}.${date[piece]}`) : [];
}

/** A piece of a sentence, which the next one follows at once: what stands around a value, and the pieces of the value. */
export function isPiece(slot: SpokenSlot): boolean {
  return /^(?:date|number)\.|-\d+$/.test(slot);
}
