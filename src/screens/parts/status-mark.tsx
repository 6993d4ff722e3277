import type { ReactNode } from 'react';
import { Icon } from '../icon.tsx';
import { useCitizenText } from './citizen-text.ts';

/** How something stands. Told apart by symbol and word, never by hue alone. */
export type Tone = 'good' | 'attention' | 'stopped';

const SYMBOL = { good: 'check', attention: 'attention', stopped: 'stopped' } as const;

/** ✓ 好了 · ! 请注意 · × 没办成; of a code's state: ✓ 能用 · × 不能用. */
export function StatusMark(props: { tone: Tone; of?: 'outcome' | 'code' }): ReactNode {
  const t = useCitizenText();
  return (
    <div className={`mark mark-${props.tone}`}>
      <Icon name={SYMBOL[props.tone]} className="mark-icon" />
      {t(`screen.codeStatus.${props.of === 'code' ? 'codeBadge' : 'badge'}.${props.tone}`)}
    </div>
  );
}
