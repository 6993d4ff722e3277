import type { ReactNode } from 'react';
import type { NearbyTerminal } from '../../view/directory-view.ts';
import type { KioskView } from '../../view/kiosk-view.ts';
import { Icon } from '../icon.tsx';
import { homeTold } from '../home-told.ts';
import { useCitizenText } from '../parts/citizen-text.ts';
import { KeyList } from '../parts/big-button.tsx';
import { LanguageKey } from '../parts/language-key.tsx';
import { Lessons } from '../parts/lessons.tsx';
import { ClockFace } from '../parts/clock-face.tsx';
import { DevicePicture } from '../parts/device-picture.tsx';
import { inFrame } from '../parts/kiosk-frame.tsx';
import { Title } from '../parts/title.tsx';
import { PressButton } from '../press-button.tsx';
import { Sentences } from '../sentences.tsx';

/** S0: the whole glass is the key. */
export function AttractScreen(): ReactNode {
  const t = useCitizenText();
  return (
    <PressButton choice="start" className="attract">
      <span className="header">
        <span className="service">{t('service')}</span>
        <ClockFace />
      </span>
      <span className="attract-title" role="heading" aria-level={1}>
        {t('screen.attract.title')}
      </span>
      <span className="attract-body">{t('screen.attract.body')}</span>
      <DevicePicture scene="take-slip" />
      <span className="attract-invitation">
        <Icon name="hand" className="attract-icon" />
        {t('screen.attract.invitation')}
      </span>
    </PressButton>
  );
}

function Notice(props: { text: string }): ReactNode {
  return (
    <div className="notice" role="status">
      <Icon name="attention" className="notice-icon" />
      {props.text}
    </div>
  );
}

/** The next machine, for whoever cannot be served here. */
function Nearest(props: { terminal: NearbyTerminal }): ReactNode {
  const t = useCitizenText();
  const { name, walkMinutes: minutes } = props.terminal;
  return (
    <p className="nearest">
      <span className="sentence">{t('screen.home.nearest', { name })}</span>
      {minutes !== undefined && <span className="sentence">{t('screen.home.nearestWalk', { minutes })}</span>}
    </p>
  );
}

const HOME_TITLE = {
  open: 'screen.home.title',
  starting: 'screen.preparing.title',
  closed: 'screen.home.closedTitle',
} as const;

/** S1: only what can be finished now, and in one sentence why something is missing. */
export function HomeScreen({ view }: { view: KioskView }): ReactNode {
  const t = useCitizenText();
  const { state, obstacle } = homeTold(view);
  return inFrame({
    lead: (
      <>
        <Title>{t(HOME_TITLE[state])}</Title>
        {obstacle !== undefined && state !== 'starting' && <Notice text={t(`obstacle.${obstacle}`)} />}
        {state === 'starting' && <Sentences text={t('screen.preparing.body')} />}
        {state === 'closed' && <Sentences text={t('screen.home.closedBody')} />}
        {state === 'closed' && view.nearest !== undefined && <Nearest terminal={view.nearest} />}
        {state === 'open' && obstacle === undefined && <DevicePicture scene="card-to-slip" />}
      </>
    ),
    middle: state !== 'open' && <DevicePicture scene={state === 'starting' ? 'wait' : 'service-window'} />,
    keys: (
      <>
        <KeyList
          shape={state === 'open' ? 'menu' : 'stack'}
          keys={[
            { choice: 'apply', label: t('choice.apply'), sub: t('key.applySub'), icon: 'slip' },
            { choice: 'reissue', label: t('choice.reissue'), sub: t('key.reissueSub'), icon: 'renew' },
            { choice: 'check', label: t('choice.check'), sub: t('key.checkSub'), icon: 'look' },
            { choice: 'nearby', label: t('choice.nearby'), sub: t('key.nearbySub'), icon: 'place' },
          ]}
        />
        <LanguageKey />
      </>
    ),
  });
}

/** S2 */
export function ChooseMethodScreen({ view }: { view: KioskView }): ReactNode {
  const t = useCitizenText();
  const withCard = view.choices.includes('use-id-card');
  return inFrame({
    lead: (
      <>
        <Title>
          {withCard ? t('screen.chooseMethod.title') : t('screen.chooseMethod.onlySuishenCodeTitle')}
        </Title>
        <Sentences
          text={withCard ? t('screen.chooseMethod.body') : t('screen.chooseMethod.onlySuishenCodeBody')}
        />
        <DevicePicture scene={withCard ? 'id-card' : 'phone'} />
      </>
    ),
    keys: (
      <KeyList
        shape="menu"
        keys={[
          { choice: 'use-id-card', label: t('key.haveIdCard'), icon: 'id-card' },
          { choice: 'use-suishen-code', label: t('key.usePhone'), icon: 'phone' },
          { choice: 'have-neither', label: t('choice.have-neither'), icon: 'stopped' },
        ]}
      />
    ),
  });
}

const LESSONS = [
  ['first', 'lay-card'],
  ['second', 'id-card'],
  ['third', 'take-slip'],
] as const;

/** S12: what will happen, before anything does. */
export function HowToScreen(): ReactNode {
  const t = useCitizenText();
  return inFrame({
    lead: <Title>{t('screen.howTo.title')}</Title>,
    middle: (
      <Lessons lessons={LESSONS.map(([lesson, scene]) => ({ text: t(`screen.howTo.${lesson}`), scene }))} />
    ),
    keys: (
      <KeyList
        keys={[
          { choice: 'apply', label: t('key.applyNow') },
          { choice: 'notices', label: t('choice.notices') },
          { choice: 'back', label: t('choice.back') },
        ]}
      />
    ),
    drawnAbove: ['back'],
  });
}

/** S2x */
export function BringIdCardScreen(): ReactNode {
  const t = useCitizenText();
  return inFrame({
    lead: (
      <>
        <Title>{t('screen.bringIdCard.title')}</Title>
        <Sentences text={t('screen.bringIdCard.body')} />
      </>
    ),
    middle: <DevicePicture scene="service-window" />,
    keys: (
      <KeyList
        keys={[
          { choice: 'call-help', label: t('choice.call-help') },
          { choice: 'home', label: t('choice.home') },
        ]}
      />
    ),
    drawnAbove: ['home'],
  });
}
