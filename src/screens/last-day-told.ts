import type { SpokenValue } from '../copy/spoken-slots.ts';
import type { CurrentCodeView } from '../view/kiosk-view.ts';

/** One sentence of the copy table, and what fills its gap. */
type Told = readonly [
  path:
    | 'validUntil'
    | 'screen.codeStatus.wasValidUntil'
    | 'screen.codeStatus.validUntil'
    | 'screen.codeStatus.lastDay'
    | 'screen.codeStatus.daysLeft',
  value?: SpokenValue,
];

/** Still good, or good no more: how the last day of a code is told, on the glass and aloud. */
export function lastDayTold({ status, validUntil, daysLeft }: CurrentCodeView): readonly Told[] {
  if (validUntil === undefined) return [];
  const date = { date: validUntil };
  if (status === 'expired') return [['screen.codeStatus.wasValidUntil', date]];
  if (status !== 'active' && status !== 'expiring') return [];
  if (daysLeft === undefined) return [['validUntil', date]];
  return [
    ['screen.codeStatus.validUntil', date],
    daysLeft <= 1 ? ['screen.codeStatus.lastDay'] : ['screen.codeStatus.daysLeft', { number: daysLeft }],
  ];
}
