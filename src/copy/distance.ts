/** `350 米` to 10 m, from 1 km on `1.2 公里`; a no-break space keeps number and unit together. */
export function spellDistance(metres: number, units = { metres: '米', kilometres: '公里' }): string {
  if (metres < 995) return `${Math.max(10, Math.round(metres / 10) * 10)}\u00a0${units.metres}`;
  const kilometres = metres / 1000;
  const rounded = kilometres < 10 ? Number(kilometres.toFixed(1)) : Math.round(kilometres);
  return `${rounded}\u00a0${units.kilometres}`;
}
