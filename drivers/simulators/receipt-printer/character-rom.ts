/** Which Chinese characters are in the printer's memory. */
export type ChineseRom = 'gb18030' | 'gb2312' | 'none';

/** What one or two bytes of text put on paper: so many characters of one width. */
export interface PrintedCharacter {
  readonly text: string;
  readonly twoByte: boolean;
}

const gbk = new TextDecoder('gb18030');
const latin = new TextDecoder('latin1');
/** A place of the memory that holds nothing prints as white. */
const NOTHING = '\u3000';

/** Places (位) that are taken in the rows (区) of signs, GB 2312-80; all other rows of signs are empty, those of hanzi full. */
const SIGNS: Readonly<Record<number, readonly (readonly [first: number, last: number])[]>> = {
  1: [[1, 94]],
  2: [
    [17, 66],
    [69, 78],
    [81, 92],
  ],
  3: [[1, 94]],
  4: [[1, 83]],
  5: [[1, 86]],
  6: [
    [1, 24],
    [33, 56],
  ],
  7: [
    [1, 33],
    [49, 81],
  ],
  8: [
    [1, 26],
    [37, 73],
  ],
  9: [[4, 79]],
};

/**
 * The characters that come out for the bytes of one character. A memory of GB 2312 alone takes two bytes outside of its rows
 * for two letters, as every printer without a Chinese memory does.
 */
export function printedCharacters(bytes: Uint8Array, rom: ChineseRom): readonly PrintedCharacter[] {
  const [lead = 0, trail = 0] = bytes;
  // Control characters that no command took print nothing.
  const letters = () =>
    Array.from(latin.decode(bytes.filter((byte) => byte >= 0x20)), (text) => ({ text, twoByte: false }));
  if (bytes.length < 2 || rom === 'none') return letters();
  if (rom === 'gb2312') {
    if (lead < 0xa1 || lead > 0xf7 || trail < 0xa1) return letters();
    if (!isInGb2312(lead - 0xa0, trail - 0xa0)) return [{ text: NOTHING, twoByte: true }];
  }
  return [{ text: isUserDefined(lead, trail) ? NOTHING : gbk.decode(bytes), twoByte: true }];
}

function isInGb2312(row: number, place: number): boolean {
  if (row >= 16) return row !== 55 || place <= 89;
  return (SIGNS[row] ?? []).some(([first, last]) => place >= first && place <= last);
}

/** The three areas of GBK that are left to the user, and empty. */
function isUserDefined(lead: number, trail: number): boolean {
  if (trail >= 0xa1) return (lead >= 0xaa && lead <= 0xaf) || lead >= 0xf8;
  return lead >= 0xa1 && lead <= 0xa7;
}
