import { useTranslation } from 'react-i18next';
import { spellDate } from '../../copy/calendar-date.ts';
import { spellDistance } from '../../copy/distance.ts';
import { CITIZEN_LANGUAGES, citizenLanguage, type CitizenLanguage } from '../../copy/citizen-languages.ts';

/** The screens' way to their sentences: typed keys of `src/copy/zh-cn/citizen.ts`. */
export function useCitizenText() {
  return useTranslation('citizen').t;
}

/** The language that the screen is in. */
export function useCitizenLanguage(): CitizenLanguage {
  return citizenLanguage(useTranslation('citizen').i18n.language) ?? CITIZEN_LANGUAGES[0];
}

/** Spells distances with the units of the screen's language. */
export function useSpelledDistance(): (metres: number) => string {
  const t = useCitizenText();
  const units = { metres: t('screen.nearby.metres'), kilometres: t('screen.nearby.kilometres') };
  return (metres) => spellDistance(metres, units);
}

/** Spells dates as people write them in the screen's language. */
export function useSpelledDate(): (date: string) => string {
  const language = useCitizenLanguage();
  return (date) => spellDate(date, language);
}
