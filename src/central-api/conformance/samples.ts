/** Something of the form of a paper code's token that no centre ever made: 128 zero bits, and no right check. */
export const NIL_TOKEN = `OC1${'A'.repeat(28)}`;

/** A day, and the time in which leases, subject tokens and living codes end, with a second to spare; ms. */
export const DAY_MS = 86_400_000;
export const LEASE_AND_A_SECOND_MS = 601_000;
export const LIVING_CODE_AND_A_SECOND_MS = 61_000;

/** The day in Asia/Shanghai (UTC+8 all year) of a moment, YYYY-MM-DD. */
export function shanghaiDay(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** The moment at which a day in Asia/Shanghai is over. */
export function endOfShanghaiDay(day: string): number {
  return Date.parse(`${day}T16:00:00Z`);
}

/** The day so many days after another. */
export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
