const format = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' });

/** The day in Asia/Shanghai, `YYYY-MM-DD`, at `epochMs` (milliseconds since 1970). For people to read; the centre decides dates. */
export function shanghaiDay(epochMs: number): string {
  return format.format(epochMs);
}
