import type { ReactNode } from 'react';
import type { Choice } from '../../view/kiosk-view.ts';
import { Icon, type IconName } from '../icon.tsx';
import { PressButton } from '../press-button.tsx';
import { useKiosk } from '../kiosk-context.ts';

/** One key of a screen: what it does and what it says. */
export interface KeyOfScreen {
  readonly choice: Choice;
  readonly label: string;
  /** A smaller second line. */
  readonly sub?: string | undefined;
  readonly icon?: IconName;
}

/** A key over the whole width. `primary`: the one that most people want. */
function BigButton(props: KeyOfScreen & { tone: 'primary' | 'secondary' }): ReactNode {
  return (
    <PressButton choice={props.choice} className={`key big-button ${props.tone}`}>
      {props.icon !== undefined && <Icon name={props.icon} className="big-button-icon" />}
      <span className="big-button-text">
        <span className="big-button-label">{props.label}</span>
        {props.sub !== undefined && <span className="big-button-sub">{props.sub}</span>}
      </span>
    </PressButton>
  );
}

/**
 * A screen's keys, at the bottom of its action zone. Only what the view offers is drawn; `main` is the main one, without it the
 * first that is left. `shape`: `stack` one above the other; `pair` the main one above, the others side by side; `menu` large and
 * alike; `aside` no main one: the screen waits for something else than a touch; `pages` as `pair`, for a list that is turned;
 * `turn` one beside the other, to turn a page; `titles` what can be read, one above the other.
 */
export function KeyList(props: {
  keys: readonly KeyOfScreen[];
  shape?: 'stack' | 'pair' | 'menu' | 'aside' | 'pages' | 'turn' | 'titles';
  main?: Choice | 'none';
}): ReactNode {
  const { offered } = useKiosk();
  const keys = props.keys.filter((key) => offered.has(key.choice));
  if (keys.length === 0) return null;
  const main = props.main ?? (props.shape === 'aside' ? 'none' : keys[0]?.choice);
  return (
    <div className={`keys keys-${props.shape ?? 'stack'}`}>
      {keys.map((key) => (
        <BigButton key={key.choice} {...key} tone={key.choice === main ? 'primary' : 'secondary'} />
      ))}
    </div>
  );
}
