import { createInstance, type i18n } from 'i18next';
import {
  CITIZEN_LANGUAGES,
  CITIZEN_PACKS,
  LANGUAGE_NAMES,
  type CitizenLanguage,
} from './citizen-languages.ts';

/** The texts of the touchscreen, in zh-CN at first; `changeLanguage` has them in another language at once. */
export function createCitizenText(): i18n {
  const texts = createInstance();
  void texts.init({
    lng: CITIZEN_LANGUAGES[0],
    fallbackLng: false,
    defaultNS: 'citizen',
    ns: ['citizen'],
    resources: Object.fromEntries(
      CITIZEN_LANGUAGES.map((language) => [language, { citizen: CITIZEN_PACKS[language] }]),
    ),
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return texts;
}

/** Every character that the touchscreen can show in a language, with the names of the others; values bring their own. */
export function citizenCharacters(language: CitizenLanguage): string {
  return [...new Set(JSON.stringify([CITIZEN_PACKS[language], LANGUAGE_NAMES]))].join('');
}
