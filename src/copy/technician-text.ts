import { createInstance, type TFunction } from 'i18next';
import { technician as english } from './en/technician.ts';
import { technician as chinese } from './zh-cn/technician.ts';

/** Languages in which technicians are spoken to. */
export type TechnicianLanguage = 'zh-CN' | 'en';

/** Sentences for technicians. */
export interface TechnicianText {
  /** Typed keys of `src/copy/zh-cn/technician.ts`, e.g. `t('status.queue', { open, voiding, confirming })`. */
  readonly t: TFunction<'technician'>;
  /** What a device fault's code (`printer.paper-out`) means; the code itself when nobody has written about it. */
  fault(code: string): string;
}

/** The language that `LANG` (or the like) asks for: Chinese where it says so, else English. */
export function technicianLanguage(locale: string | undefined): TechnicianLanguage {
  return locale?.toLowerCase().startsWith('zh') === true ? 'zh-CN' : 'en';
}

/** The texts in one language; a sentence it lacks is shown in zh-CN. */
export function createTechnicianText(language: TechnicianLanguage): TechnicianText {
  const texts = createInstance();
  void texts.init({
    lng: language,
    fallbackLng: 'zh-CN',
    defaultNS: 'technician',
    ns: ['technician'],
    resources: { 'zh-CN': { technician: chinese }, en: { technician: english } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  const t = texts.getFixedT(language, 'technician');
  const faults: Readonly<Record<string, Readonly<Record<string, string>>>> =
    language === 'en' ? english.fault : chinese.fault;
  return {
    t,
    fault: (code) => {
      const [family = '', ...rest] = code.split('.');
      return faults[family]?.[rest.join('.')] ?? code;
    },
  };
}
