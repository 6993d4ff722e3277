/**
 * GB/T 2260 never gave this code to a district of Shanghai (they run to 310120, and 310151), so no real person's
 * number begins with it.
 */
const UNASSIGNED_REGION = '310199';

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
  const sequence = 900 + index * 2 + (sex === '1' ? 1 : 0);
  const first17 = `${UNASSIGNED_REGION}${birthDate}${sequence}`;
  return first17 + checkCharacter(first17);
}
