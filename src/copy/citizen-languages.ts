import type { CitizenPack } from './citizen-pack.ts';
import { citizen as english } from './en/citizen.ts';
import { citizen as simplified } from './zh-cn/citizen.ts';
import { citizen as traditional } from './zh-hant/citizen.ts';

/** Languages of the touchscreen (BCP 47). Everybody begins with the first. */
export const CITIZEN_LANGUAGES = ['zh-CN', 'en', 'zh-Hant'] as const;
export type CitizenLanguage = (typeof CITIZEN_LANGUAGES)[number];

/** How those who read a language call it: in full, and as short as on a small key. */
export const LANGUAGE_NAMES: Readonly<
  Record<CitizenLanguage, { readonly full: string; readonly short: string }>
> = {
  'zh-CN': { full: '简体中文', short: '简体中文' },
  en: { full: 'English', short: 'English' },
  'zh-Hant': { full: '繁體中文', short: '繁體' },
};

/** Languages that the kiosk speaks; 繁體 is another script for the same Mandarin. */
export const SPOKEN_LANGUAGES = ['zh-CN', 'en'] as const;
export type SpokenLanguage = (typeof SPOKEN_LANGUAGES)[number];

/** What is spoken to somebody who reads this. */
export function spokenLanguage(language: CitizenLanguage): SpokenLanguage {
  return language === 'zh-Hant' ? 'zh-CN' : language;
}

/** A language by its name; undefined: none of ours. */
export function citizenLanguage(name: string): CitizenLanguage | undefined {
  return CITIZEN_LANGUAGES.find((language) => language === name);
}

export const CITIZEN_PACKS: Readonly<Record<CitizenLanguage, CitizenPack>> = {
  'zh-CN': simplified,
  en: english,
  'zh-Hant': traditional,
};
