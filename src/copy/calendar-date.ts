/** `2027-05-20` → `2027年5月20日`, the way dates are written on screen and paper. Anything else comes back unchanged. */
export function spellDate(date: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (parts === null) return date;
  return `${Number(parts[1])}年${Number(parts[2])}月${Number(parts[3])}日`;
}
