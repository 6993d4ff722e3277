import { kioskctl as kioskctlEn } from './en/kioskctl.ts';
import { technician as technicianEn } from './en/technician.ts';
import type { KioskctlText, TechnicianText } from './technician-text.ts';
import { kioskctl as kioskctlZh } from './zh-cn/kioskctl.ts';
import { technician as technicianZh } from './zh-cn/technician.ts';

/** Languages that technicians' programs speak. */
export type TechnicianLanguage = 'zh-CN' | 'en';

/** The texts of a language. */
export function technicianTexts(language: TechnicianLanguage): {
  readonly technician: TechnicianText;
  readonly kioskctl: KioskctlText;
} {
  return language === 'en'
    ? { technician: technicianEn, kioskctl: kioskctlEn }
    : { technician: technicianZh, kioskctl: kioskctlZh };
}
