/**
 * GB/T 2260 never gave this code to a district of Shanghai (they run to 310120, and 310151), so no real person's
 * number begins with it.
 */
const UNASSIGNED_REGION = '310199';

/** Permits have 810000, 820000 or 830000 (Hong Kong, Macao, Taiwan) and nothing else behind their first two digits. */
const UNASSIGNED_PERMIT_REGION = '819999';

/** No country has the number 000 (ISO 3166-1); 31 is Shanghai. */
const UNASSIGNED_FOREIGN_REGION = '900031';

/** ISO 3166-1 leaves XXA to whoever wants to use it, so it is no country; 3199 is no district. */
export const UNASSIGNED_NATIONALITY = 'XXA';
const UNASSIGNED_DISTRICT = '3199';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/** The 18th character of a citizen's number (GB 11643, ISO 7064 MOD 11-2) for its first 17 digits. */
export function checkCharacter(first17: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(first17[index]), 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
}

/**
 * An invented citizen's number: an unassigned region, the date of birth (YYYYMMDD), a sequence from 900 up whose last
 * digit is odd for men (sex 1) and even for women (2), and a valid check character. `index` is 0–49, one per person.
 */
export function inventedIdNumber(birthDate: string, sex: '1' | '2', index: number): string {
  return eighteen(UNASSIGNED_REGION, birthDate, sex, index);
}

/** The same on a residence permit: 81 and no region behind it. */
export function inventedPermitNumber(birthDate: string, sex: '1' | '2', index: number): string {
  return eighteen(UNASSIGNED_PERMIT_REGION, birthDate, sex, index);
}

/** The same on a foreigner's card of 2023 (GA 2102-2023): 9 and no country behind it. */
export function inventedForeignNumber(birthDate: string, sex: '1' | '2', index: number): string {
  return eighteen(UNASSIGNED_FOREIGN_REGION, birthDate, sex, index);
}

/**
 * The 15 characters of a foreigner's card of 2017: nationality, district, date of birth without its century, one digit, and a
 * check digit (values with A = 10 … Z = 35, weighted 7, 3, 1, modulo 10).
 */
export function inventedForeignNumber2017(birthDate: string, index: number): string {
  const first14 = `${UNASSIGNED_NATIONALITY}${UNASSIGNED_DISTRICT}${birthDate.slice(2)}${index % 10}`;
  const sum = Array.from(
    first14,
    (character, place) => Number.parseInt(character, 36) * ([7, 3, 1][place % 3] ?? 0),
  );
  return `${first14}${sum.reduce((total, value) => total + value, 0) % 10}`;
}

function eighteen(region: string, birthDate: string, sex: '1' | '2', index: number): string {
  const sequence = 900 + index * 2 + (sex === '1' ? 1 : 0);
  const first17 = `${region}${birthDate}${sequence}`;
  return first17 + checkCharacter(first17);
}
