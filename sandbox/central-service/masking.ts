/**
 * The one rule by which names are masked, on screen and on paper: two characters keep the first, more keep the first and
 * the last; 张*, 张*三, 欧**平. Counts characters as people see them (a rare character outside the basic plane is one); the
 * dot of a name stays where it is, so that 古丽米热·吐尔逊 keeps its shape.
 */
export function maskName(name: string): string {
  const characters = Array.from(new Intl.Segmenter('zh').segment(name), ({ segment }) => segment);
  const last = characters.length - 1;
  if (last <= 0) return '*';
  return characters
    .map((character, index) => {
      if (index === 0 || (index === last && characters.length > 2)) return character;
      return isDot(character) ? character : '*';
    })
    .join('');
}

function isDot(character: string): boolean {
  return character === '·' || character === '•' || character === '．';
}

/** 310***********1234: the first three and the last four of eighteen. */
export function maskIdNumber(idNumber: string): string {
  return `${idNumber.slice(0, 3)}${'*'.repeat(Math.max(0, idNumber.length - 7))}${idNumber.slice(-4)}`;
}
