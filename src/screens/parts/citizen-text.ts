import { useTranslation } from 'react-i18next';
import { spellDate } from '../../copy/calendar-date.ts';
import { CITIZEN_LANGUAGES, citizenLanguage, type CitizenLanguage } from '../../copy/citizen-languages.ts';

/** The screens' way to their sentences: typed keys of `src/copy/zh-cn/citizen.ts`. */
export function useCitizenText() {
  return useTranslation('citizen').t;
}

/** The language that the screen is in. */
export function useCitizenLanguage(): CitizenLanguage {
  return citizenLanguage(useTranslation('citizen').i18n.language) ?? CITIZEN_LANGUAGES[0];
}

/** Spells dates as people write them in the screen's language. */
export function useSpelledDate(): (date: string) => string {
  const language = useCitizenLanguage();
  return (date) => spellDate(date, language);
}
