import { execFileSync } from 'node:child_process';
import type { SpokenLanguage } from '../src/copy/citizen-languages.ts';
import { spellAloud } from '../src/directory/spelling.ts';

/** How a text is said. */
export interface Pronunciation {
  /** Of espeak-ng. */
  readonly voice: string;
  /** What espeak-ng is given. */
  readonly said: string;
  /** As it is written down in the manifest, to be looked over by people. */
  readonly written: { readonly pinyin: string } | { readonly ipa: string };
  readonly syllables: number;
}

/** English letters do not tell how Chinese names sound. */
const NAMES: readonly (readonly [written: string, said: string])[] = [
  ['Suishenban', 'Sway shun bahn'],
  ['Suishen', 'Sway shun'],
];
const ENGLISH_VOICE = 'en-gb';
/** A diphthong is one run; a stress mark parts two syllables. */
const IPA_NUCLEUS = /[aeiouyɐɑɒɔəɚɛɜɪɨʊʌæœø]+/g;

/** How a slot's text is said in its language. */
export function pronounce(slot: string, text: string, language: SpokenLanguage): Pronunciation {
  return language === 'en' ? inEnglish(slot, text) : inMandarin(text);
}

/** In pinyin with the tones as numbers; a punctuation mark is a pause. */
function inMandarin(text: string): Pronunciation {
  const said = spellAloud(text);
  const syllables = said.match(/[a-zü]+\d/g)?.length ?? 0;
  return { voice: 'cmn-latn-pinyin', said, written: { pinyin: said }, syllables };
}

function inEnglish(slot: string, text: string): Pronunciation {
  const words = slot.startsWith('date.day.')
    ? `the ${ordinal(Number(text))} of`
    : NAMES.reduce((all, [written, spoken]) => all.replaceAll(written, spoken), text)
        .replaceAll('\u00a0', ' ')
        // Telephone numbers digit by digit; years stand alone.
        .replaceAll(/\d{5,}/g, (digits) => Array.from(digits).join(' '));
  const ipa = execFileSync('espeak-ng', ['-q', '--ipa', '-v', ENGLISH_VOICE, words], { encoding: 'utf8' })
    .trim()
    .replaceAll(/\s+/g, ' ');
  return {
    voice: ENGLISH_VOICE,
    said: words,
    written: { ipa },
    syllables: ipa.match(IPA_NUCLEUS)?.length ?? 0,
  };
}

const SUFFIXES = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' } as const;
const ORDINALS = new Intl.PluralRules('en', { type: 'ordinal' });

function ordinal(number: number): string {
  return `${number}${SUFFIXES[ORDINALS.select(number)]}`;
}
