/** Year, month and day of `2027-05-20`, as numbers; undefined: written otherwise. */
export function dateParts(
  date: string,
): { readonly year: number; readonly month: number; readonly day: number } | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  return parts === null
    ? undefined
    : { year: Number(parts[1]), month: Number(parts[2]), day: Number(parts[3]) };
}

/** `2027-05-20` → `2027年5月20日`, the way dates are written on screen and paper. Anything else comes back unchanged. */
export function spellDate(date: string): string {
  const parts = dateParts(date);
  return parts === undefined ? date : `${parts.year}年${parts.month}月${parts.day}日`;
}
