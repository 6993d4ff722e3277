import { useTranslation } from 'react-i18next';

/** The screens' way to their sentences: typed keys of `src/copy/zh-cn/citizen.ts`. */
export function useCitizenText() {
  return useTranslation('citizen').t;
}
