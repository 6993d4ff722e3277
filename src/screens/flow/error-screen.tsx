import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import type { Choice, Screen } from '../../view/kiosk-view.ts';
import { ERROR_PLANS, type ErrorPlan } from '../error-plans.ts';
import { useCitizenText, useSpelledDate } from '../parts/citizen-text.ts';
import { KeyList, type KeyOfScreen } from '../parts/big-button.tsx';
import { DevicePicture } from '../parts/device-picture.tsx';
import { inFrame } from '../parts/kiosk-frame.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { Title } from '../parts/title.tsx';
import { Sentences } from '../sentences.tsx';

function keyOf(t: TFunction, entry: ErrorPlan['keys'][number]): KeyOfScreen {
  if (typeof entry === 'string') return { choice: entry, label: t(`choice.${entry}`) };
  const [choice, label] = entry;
  return { choice, label: t(`key.${label}`) };
}

/** Choices that the footer draws, or that are no key of an error. */
const ELSEWHERE: readonly Choice[] = ['back', 'home', 'call-help', 'close-help', 'still-here', 'start'];

/** E01 … E21: what happened, what to do, whom to ask. A way out that the view offers beyond the plan is drawn too. */
export function ErrorScreen(props: {
  screen: Extract<Screen, { name: 'error' }>;
  offered: readonly Choice[];
}): ReactNode {
  const t = useCitizenText();
  const spellDate = useSpelledDate();
  const { screen, offered } = props;
  const plan = ERROR_PLANS[screen.code];
  const planned = plan.keys.map((entry) => keyOf(t, entry));
  const others = offered
    .filter((choice) => !ELSEWHERE.includes(choice) && planned.every((key) => key.choice !== choice))
    .map((choice) => ({ choice, label: t(`choice.${choice}`) }));
  const keys = [...planned, ...others].slice(0, 4);
  return inFrame({
    lead: (
      <>
        <StatusMark tone={plan.tone} />
        <Title>{t(`error.${screen.code}.title`)}</Title>
        {screen.validUntil !== undefined && (
          <Sentences text={t('validUntil', { date: spellDate(screen.validUntil) })} />
        )}
        <Sentences text={t(`error.${screen.code}.body`)} />
        {screen.reference !== undefined && (
          <p className="reference">{t('reference', { reference: screen.reference })}</p>
        )}
      </>
    ),
    middle: <DevicePicture scene={plan.picture} />,
    keys: <KeyList keys={keys} />,
    drawnAbove: keys.map((key) => key.choice).filter((choice) => choice !== 'call-help'),
  });
}
