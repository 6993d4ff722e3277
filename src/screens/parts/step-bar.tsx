import type { ReactNode } from 'react';
import { useCitizenText } from './citizen-text.ts';

const STEPS = [1, 2, 3] as const;

/** Where the person is on the way of three steps: 放身份证 (or 扫码) → 核对 → 取纸. */
export function StepBar(props: { step: (typeof STEPS)[number] }): ReactNode {
  const t = useCitizenText();
  return (
    <div className="steps">
      <span className="steps-words">{t('step.position', { step: props.step })}</span>
      <span className="steps-dots" aria-hidden="true">
        {STEPS.map((step) => (
          <span key={step} className={step <= props.step ? 'step-dot is-reached' : 'step-dot'} />
        ))}
      </span>
    </div>
  );
}
