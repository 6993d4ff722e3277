import type { CheckResult, ConformanceReport } from './suite.ts';

/** Language of the report. */
export type ReportLanguage = 'zh' | 'en';

const WORDS = {
  zh: { passed: '通过', failed: '不符', 'not-run': '未执行' },
  en: { passed: 'passed', failed: 'FAILED', 'not-run': 'not run' },
} as const;

const MARKS = { passed: '✓', failed: '✗', 'not-run': '-' } as const;

/** One check in one line, or two when there is a reason. */
export function resultLine({ id, title, outcome, why }: CheckResult, language: ReportLanguage): string {
  const line = `${MARKS[outcome]} ${WORDS[language][outcome]}  ${title[language]}  [${id}]`;
  return why ? `${line}\n    ${why[language]}` : line;
}

/** The last lines: how many of each, and the verdict. */
export function summaryLines(
  { passed, failed, notRun }: ConformanceReport,
  language: ReportLanguage,
): string {
  if (language === 'zh') {
    const verdict = failed > 0 ? '不符合约定。' : passed === 0 ? '什么也没有检查。' : '检查过的都符合约定。';
    return `\n通过 ${passed}，不符 ${failed}，未执行 ${notRun}\n${verdict}`;
  }
  const verdict =
    failed > 0 ? 'Not conforming.' : passed === 0 ? 'Nothing was checked.' : 'What was checked conforms.';
  return `\n${passed} passed, ${failed} failed, ${notRun} not run\n${verdict}`;
}
