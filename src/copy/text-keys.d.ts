import 'i18next';
import type { citizen } from './zh-cn/citizen.ts';

/** Keys are checked by the compiler, in every room that asks for a sentence. */
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'citizen';
    resources: { citizen: typeof citizen };
  }
}
