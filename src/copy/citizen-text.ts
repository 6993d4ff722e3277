import { createInstance, type i18n } from 'i18next';
import { citizen } from './zh-cn/citizen.ts';

/**
 * The texts of the touchscreen. Another language is another entry of `resources` with the same shape; a sentence it lacks is
 * shown in zh-CN.
 */
export function createCitizenText(): i18n {
  const texts = createInstance();
  void texts.init({
    lng: 'zh-CN',
    fallbackLng: 'zh-CN',
    defaultNS: 'citizen',
    ns: ['citizen'],
    resources: { 'zh-CN': { citizen } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return texts;
}

/** Every character the touchscreen can show, to have its font at hand before the first screen. */
export function citizenCharacters(): string {
  return [...new Set(JSON.stringify(citizen))].join('');
}
