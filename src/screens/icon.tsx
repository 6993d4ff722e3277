import type { ReactNode } from 'react';
import sprite from '../../assets/icons.svg?no-inline';

/** The symbols drawn in `assets/icons.svg`. */
export type IconName =
  | 'check'
  | 'attention'
  | 'stopped'
  | 'id-card'
  | 'phone'
  | 'slip'
  | 'renew'
  | 'look'
  | 'question'
  | 'back'
  | 'home'
  | 'help'
  | 'person'
  | 'clock'
  | 'hand'
  | 'speaker'
  | 'letters'
  | 'globe'
  | 'place'
  | 'read';

/** One symbol in the colour of the text; it is never the only carrier of a meaning, so assistive technology skips it. */
export function Icon(props: { name: IconName; className?: string }): ReactNode {
  return (
    <svg className={props.className ?? 'icon'} aria-hidden="true" focusable="false">
      <use href={`${sprite}#${props.name}`} />
    </svg>
  );
}
