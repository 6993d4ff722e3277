import { faultText, wordFor } from '../copy/technician-text.ts';
import type { HealthStep } from '../maintenance/technician-events.ts';
import type { Texts } from './diagnosis.ts';
import { indented, remedyLines, type Mark, type Terminal } from './terminal.ts';

const MARKS: Readonly<Record<HealthStep['outcome'], Mark>> = {
  passed: 'well',
  failed: 'bad',
  notSupported: 'plain',
  unanswered: 'watch',
};
/** As wide as the names of most steps: they come one by one, and stand under each other all the same. Columns. */
const NAME_COLUMNS = 24;

/**
 * One step of a health check: how it went, what was measured, and of a failed one why and what to do.
 * @param explained codes that were explained before, and need not be again; this one's is added
 */
export function showHealthStep(
  step: HealthStep,
  { technician, kioskctl }: Texts,
  out: Terminal,
  explained: Set<string>,
): void {
  const { checks } = technician;
  const name = wordFor(checks.steps, step.step);
  const outcome = step.outcome === 'passed' ? '' : wordFor(checks.outcomes, step.outcome);
  const text = [outcome, measuredText(step.measured ?? {}, checks)].filter((part) => part !== '').join(' · ');
  // On a narrow screen the text stands under the name.
  const columns = out.columns < 2 * NAME_COLUMNS + 10 ? 2 : NAME_COLUMNS;
  const before = `  ${out.mark(MARKS[step.outcome])} `;
  if (columns === 2 || text === '') out.line(`${before}${name}`);
  else indented(name, columns, text, before, out);
  if (columns === 2 && text !== '') indented('', 2, text, '    ', out);
  if (step.fault === undefined) return;
  const { what, why, remedy } = faultText(technician, step.fault.code);
  out.line(`      ${what}  ${out.faint(`[${step.fault.code}]`)}`);
  if (explained.has(step.fault.code)) return;
  explained.add(step.fault.code);
  remedyLines({ why, remedy }, kioskctl.label, out, '      ');
}

/** `12 毫秒 · 证件 居民身份证`; what is not worth a word is left out. */
function measuredText(
  measured: Readonly<Record<string, string | number>>,
  checks: Texts['technician']['checks'],
): string {
  return Object.entries(measured)
    .filter(([key, value]) => key !== 'warnings' || value !== 'none')
    .map(([key, value]) => {
      const name = wordFor(checks.measured, key);
      if (key === 'ms') return `${value} ${name}`;
      return `${name} ${wordFor(checks.words, String(value))}`;
    })
    .join(' · ');
}
