import type { CitizenLanguage } from './citizen-languages.ts';

/** Year, month and day of `2027-05-20`, as numbers; undefined: written otherwise. */
export function dateParts(
  date: string,
): { readonly year: number; readonly month: number; readonly day: number } | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  return parts === null
    ? undefined
    : { year: Number(parts[1]), month: Number(parts[2]), day: Number(parts[3]) };
}

/** The month before the year, in words: no two countries read numbers alike. */
export const ENGLISH_MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/**
 * `2027-05-20` → `2027年5月20日`, the way dates are written on screen and paper, or `20 May 2027`, on one line. Anything else
 * comes back unchanged.
 */
export function spellDate(date: string, language: CitizenLanguage = 'zh-CN'): string {
  const parts = dateParts(date);
  if (parts === undefined) return date;
  const { year, month, day } = parts;
  if (language !== 'en') return `${year}年${month}月${day}日`;
  return `${day}\u00a0${ENGLISH_MONTHS[month - 1] ?? month}\u00a0${year}`;
}
