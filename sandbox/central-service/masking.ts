/**
 * The one rule by which names are masked, on screen and on paper, in whatever script: two characters keep the first, more keep
 * the first and the last; 张*, 张*三, 欧**平. Counts characters as people see them (a rare character outside the basic plane is
 * one). What parts a name stays where it is, and no more than three stars stand together, so that long names keep their shape
 * and fit: 古丽米热·吐尔逊 is 古***·**逊, MARTIN, JOHN CHRISTOPHER is M***, *** ***R.
 */
export function maskName(name: string): string {
  const characters = Array.from(new Intl.Segmenter('zh').segment(name), ({ segment }) => segment);
  const last = characters.length - 1;
  if (last <= 0) return '*';
  const masked = characters.map((character, index) => {
    if (index === 0 || (index === last && characters.length > 2)) return character;
    return parts(character) ? character : '*';
  });
  return masked.join('').replaceAll(/\*{4,}/g, '***');
}

/** The dot of a transcribed name; space, comma, hyphen, apostrophe and full stop of an English one. */
function parts(character: string): boolean {
  return "·•．.,-'’ ".includes(character);
}

/** 310***********1234: the first three and the last four, of eighteen or of a foreigner's fifteen. */
export function maskIdNumber(idNumber: string): string {
  return `${idNumber.slice(0, 3)}${'*'.repeat(Math.max(0, idNumber.length - 7))}${idNumber.slice(-4)}`;
}
