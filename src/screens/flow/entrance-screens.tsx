import type { ReactNode } from 'react';
import type { KioskView, Obstacle, Readiness } from '../../view/kiosk-view.ts';
import { Icon } from '../icon.tsx';
import { useCitizenText } from '../parts/citizen-text.ts';
import { KeyList } from '../parts/big-button.tsx';
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

/** The order in which obstacles are told: the one sentence is about the one that stops most. */
const TOLD_FIRST: readonly Obstacle[] = [
  'out-of-service',
  'starting',
  'centre-unreachable',
  'no-sign-in-device',
  'no-paper',
  'cover-open',
  'slip-at-exit',
  'printer-fault',
];

/** The one thing to say about what cannot be finished now; undefined when all can. */
function mostImportantObstacle(readiness: Readiness): Obstacle | 'noIdCard' | 'noSuishenCode' | undefined {
  const told = TOLD_FIRST.find((obstacle) => readiness.obstacles.includes(obstacle));
  if (told !== undefined) return told;
  if (!readiness.methods.includes('id-card')) return 'noIdCard';
  return readiness.methods.includes('suishen-code') ? undefined : 'noSuishenCode';
}

function Notice(props: { text: string }): ReactNode {
  return (
    <div className="notice" role="note">
      <Icon name="attention" className="notice-icon" />
      {props.text}
    </div>
  );
}

/** S1: only what can be finished now, and in one sentence why something is missing. */
export function HomeScreen({ view }: { view: KioskView }): ReactNode {
  const t = useCitizenText();
  const obstacle = mostImportantObstacle(view.readiness);
  const open = (['apply', 'reissue', 'check'] as const).some((choice) => view.choices.includes(choice));
  const starting = !open && obstacle === 'starting';
  const title = open
    ? t('screen.home.title')
    : starting
      ? t('screen.preparing.title')
      : t('screen.home.closedTitle');
  return inFrame({
    lead: (
      <>
        <Title>{title}</Title>
        {obstacle !== undefined && !starting && <Notice text={t(`obstacle.${obstacle}`)} />}
        {starting && <Sentences text={t('screen.preparing.body')} />}
        {!open && !starting && <Sentences text={t('screen.home.closedBody')} />}
        {open && obstacle === undefined && <DevicePicture scene="card-to-slip" />}
      </>
    ),
    middle: !open && !starting && <DevicePicture scene="service-window" />,
    keys: (
      <KeyList
        shape="menu"
        keys={[
          { choice: 'apply', label: t('choice.apply'), sub: t('key.applySub'), icon: 'slip' },
          { choice: 'reissue', label: t('choice.reissue'), sub: t('key.reissueSub'), icon: 'renew' },
          { choice: 'check', label: t('choice.check'), sub: t('key.checkSub'), icon: 'look' },
        ]}
      />
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
        {withCard && <DevicePicture scene="id-card" />}
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
