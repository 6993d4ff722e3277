import nzh from 'nzh/cn';
import { customPinyin, pinyin } from 'pinyin-pro';

/** What the library says otherwise: a date keeps the tone of its number. */
customPinyin({ 一日: 'yī rì' });

/** As it is read aloud, in pinyin with the tones as numbers; a punctuation mark is a pause. For espeak-ng's `cmn-latn-pinyin`. */
export function spellAloud(text: string): string {
  const words = text
    .replaceAll(/["“”\u00a0\u200b ]/g, '')
    .replaceAll(/\d+/g, (digits, at: number, all: string) =>
      // Years and telephone numbers digit by digit.
      digits.length > 3 || all[at + digits.length] === '年'
        ? Array.from(digits, (digit) => nzh.encodeS(digit)).join('')
        : nzh.encodeS(digits, { tenMin: true }),
    );
  return pinyin(words, { toneType: 'num', toneSandhi: true, v: true, nonZh: 'consecutive' });
}
