const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/**
 * Whether an 18-character number has its check character (GB 11643-1999, ISO 7064 MOD 11-2). A chip writes X in upper case
 * only. Regions are not looked up: abolished ones stay on valid cards, new ones come.
 */
export function hasCheckCharacter(idNumber: string): boolean {
  if (!/^\d{17}[\dX]$/.test(idNumber)) return false;
  let sum = 0;
  for (const [index, weight] of WEIGHTS.entries()) sum += weight * Number(idNumber[index]);
  return idNumber[17] === CHECK_CHARACTERS[sum % 11];
}

/**
 * Whether the 15-character number of a foreigner's card of 2017 has its check digit: values (A = 10 … Z = 35) weighted 7, 3, 1,
 * modulo 10. The rule rests on one source, so it is good for a warning only.
 */
export function hasForeignCheckDigit(idNumber: string): boolean {
  if (!/^[A-Z]{3}\d{12}$/.test(idNumber)) return false;
  let sum = 0;
  for (let index = 0; index < 14; index += 1) {
    sum += Number.parseInt(idNumber[index] ?? '', 36) * ([7, 3, 1][index % 3] ?? 0);
  }
  return Number(idNumber[14]) === sum % 10;
}
