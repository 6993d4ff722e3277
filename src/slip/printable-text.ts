/**
 * What must not reach paper: C0 and C1 controls (a printer would execute them), bidi controls and invisible joiners (they make
 * a line read otherwise than its characters say), line and paragraph separators, lone surrogates and noncharacters.
 * Source: Unicode 16 chapter 23, UAX #9.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;

/** The text without anything that is not to be seen. LF stays: it is where a paragraph breaks. Never throws. */
export function printableText(text: string): string {
  return text.replace(UNPRINTABLE, (character) => (character === '\n' ? '\n' : ''));
}

/** The same, for what belongs on one line, such as a name: LF goes too, runs of spaces become one. */
export function printableLine(text: string): string {
  return printableText(text).replace(/\s+/gu, ' ').trim();
}
