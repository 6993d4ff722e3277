/**
 * The characters that a Chinese printer has in its memory: those of GB 2312 alone, or those of GBK, which is what manuals call
 * GB18030: none of these memories knows the four-byte characters (device-protocols §3.2).
 */
export type ChineseRom = 'gb18030' | 'gb2312';

/** Encodes text for the printer's own font. */
export interface RomCharacters {
  /** The text as the printer wants it, one byte below 80 or two bytes a character; undefined if it lacks one of them. */
  encode(text: string): Uint8Array | undefined;
}

/** Lead bytes from–to, trail bytes from–to, inclusive. */
type Block = readonly [leadFrom: number, leadTo: number, trailFrom: number, trailTo: number];

/** GB 2312-80, bytes with their high bits set: rows 1–9 (682 signs), 16–55 and 56–87 (6763 hanzi of levels 1 and 2). */
const GB2312_SIGNS: readonly Block[] = [
  [0xa1, 0xa1, 0xa1, 0xfe],
  [0xa2, 0xa2, 0xb1, 0xe2],
  [0xa2, 0xa2, 0xe5, 0xee],
  [0xa2, 0xa2, 0xf1, 0xfc],
  [0xa3, 0xa3, 0xa1, 0xfe],
  [0xa4, 0xa4, 0xa1, 0xf3],
  [0xa5, 0xa5, 0xa1, 0xf6],
  [0xa6, 0xa6, 0xa1, 0xb8],
  [0xa6, 0xa6, 0xc1, 0xd8],
  [0xa7, 0xa7, 0xa1, 0xc1],
  [0xa7, 0xa7, 0xd1, 0xf1],
  [0xa8, 0xa8, 0xa1, 0xba],
  [0xa8, 0xa8, 0xc5, 0xe9],
  [0xa9, 0xa9, 0xa4, 0xef],
];
const GB2312_HANZI: readonly Block[] = [
  [0xb0, 0xd6, 0xa1, 0xfe],
  [0xd7, 0xd7, 0xa1, 0xf9],
  [0xd8, 0xf7, 0xa1, 0xfe],
];

/**
 * GBK 1.0 beyond GB 2312: every hanzi of U+4E00–U+9FA5, 21 compatibility hanzi, and signs. Left out on purpose, for the canvas to
 * draw: what GB 18030 moved or put in later (`A2E3` €, `A8BF` ǹ, `A989`–`A995`, the radicals from `FE50` on), which older memories
 * have as something else or not at all.
 */
const GBK_ADDITIONS: readonly Block[] = [
  [0x81, 0xa0, 0x40, 0xfe],
  [0xaa, 0xfd, 0x40, 0xa0],
  [0xfe, 0xfe, 0x40, 0x4f],
  [0xa2, 0xa2, 0xa1, 0xaa],
  [0xa6, 0xa6, 0xe0, 0xeb],
  [0xa6, 0xa6, 0xee, 0xf2],
  [0xa6, 0xa6, 0xf4, 0xf5],
  [0xa8, 0xa8, 0xbb, 0xbb],
  [0xa8, 0xa8, 0xbd, 0xbe],
  [0xa8, 0xa8, 0xc0, 0xc0],
  [0xa8, 0xa8, 0x40, 0x95],
  [0xa9, 0xa9, 0x40, 0x57],
  [0xa9, 0xa9, 0x59, 0x5a],
  [0xa9, 0xa9, 0x5c, 0x5c],
  [0xa9, 0xa9, 0x60, 0x88],
  [0xa9, 0xa9, 0x96, 0x96],
];

/** No trail byte of any Chinese encoding: it is DEL. */
const DEL = 0x7f;
/** ￥ is the yuan sign of these memories; U+00A5 has only a four-byte code, of which they print four wrong letters. */
const SAME_SIGN: ReadonlyMap<string, string> = new Map([['\u00a5', '\uffe5']]);

/** The characters of one kind of memory. Built once per printer: some milliseconds. */
export function romCharacters(rom: ChineseRom): RomCharacters {
  const blocks = [...GB2312_SIGNS, ...GB2312_HANZI, ...(rom === 'gb18030' ? GBK_ADDITIONS : [])];
  const codes = codesOf(blocks);
  return {
    encode(text) {
      const bytes: number[] = [];
      for (const character of text) {
        if (isHalfWidth(character)) {
          bytes.push(character.charCodeAt(0));
          continue;
        }
        const code = codes.get(SAME_SIGN.get(character) ?? character);
        if (code === undefined) return undefined;
        bytes.push(code >> 8, code & 0xff);
      }
      return Uint8Array.from(bytes);
    },
  };
}

/** ASCII without controls and DEL: one byte, half as wide as a hanzi. */
export function isHalfWidth(character: string): boolean {
  return character >= ' ' && character <= '~';
}

/** Turns the decoder of the platform around: each code of the blocks is decoded once. */
function codesOf(blocks: readonly Block[]): ReadonlyMap<string, number> {
  const list: number[] = [];
  for (const [leadFrom, leadTo, trailFrom, trailTo] of blocks) {
    for (let lead = leadFrom; lead <= leadTo; lead++) {
      for (let trail = trailFrom; trail <= trailTo; trail++) {
        if (trail !== DEL) list.push((lead << 8) | trail);
      }
    }
  }
  // A line feed behind each code: one that is not assigned can't swallow its neighbour.
  const bytes = Uint8Array.from(list.flatMap((code) => [code >> 8, code & 0xff, 0x0a]));
  const characters = new TextDecoder('gb18030').decode(bytes).split('\n');
  return new Map(list.map((code, index) => [characters[index] ?? '', code]));
}
