const SHANGHAI_AHEAD_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** The day in Asia/Shanghai, `YYYY-MM-DD`, at `ms` since 1970 (UTC+8 without summer time since 1992). */
export function shanghaiDate(ms: number): string {
  return new Date(ms + SHANGHAI_AHEAD_MS).toISOString().slice(0, 10);
}

/** Day and time in Asia/Shanghai for people, `YYYY-MM-DD HH:MM`. */
export function shanghaiDateTime(ms: number): string {
  return new Date(ms + SHANGHAI_AHEAD_MS).toISOString().slice(0, 16).replace('T', ' ');
}

/** Milliseconds since 1970 at which `date` begins in Asia/Shanghai. */
export function shanghaiMidnightMs(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) - SHANGHAI_AHEAD_MS;
}

/** RFC 3339, UTC. */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** `date` and `days` more, both `YYYY-MM-DD`. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/**
 * Whether somebody born on `birthDate` has completed `years` years on `today`. Who was born on 29 February completes a
 * year of life on 1 March when the year has no such day.
 */
export function hasAge(birthDate: string, years: number, today: string): boolean {
  const year = Number(birthDate.slice(0, 4)) + years;
  return `${year}${birthDate.slice(4)}` <= today;
}
