import type { ReactNode } from 'react';
import type { SignInMethod } from '../../view/kiosk-view.ts';
import { useCitizenText } from '../parts/citizen-text.ts';
import { KeyList } from '../parts/big-button.tsx';
import { Lessons } from '../parts/lessons.tsx';
import { DevicePicture } from '../parts/device-picture.tsx';
import { inFrame } from '../parts/kiosk-frame.tsx';
import { StepBar } from '../parts/step-bar.tsx';
import { Title } from '../parts/title.tsx';
import { Sentences } from '../sentences.tsx';

/** S3a */
export function PresentIdCardScreen(): ReactNode {
  const t = useCitizenText();
  return inFrame({
    lead: (
      <>
        <StepBar step={1} />
        <Title>{t('screen.presentIdCard.title')}</Title>
        <Sentences text={t('screen.presentIdCard.body')} />
      </>
    ),
    middle: <DevicePicture scene="lay-card" />,
    keys: (
      <KeyList shape="aside" keys={[{ choice: 'use-suishen-code', label: t('choice.use-suishen-code') }]} />
    ),
  });
}

/** S3b */
export function PresentSuishenCodeScreen(): ReactNode {
  const t = useCitizenText();
  return inFrame({
    lead: (
      <>
        <StepBar step={1} />
        <Title>{t('screen.presentSuishenCode.title')}</Title>
        <Sentences text={t('screen.presentSuishenCode.body')} />
      </>
    ),
    middle: <DevicePicture scene="hold-code" />,
    keys: (
      <KeyList
        shape="aside"
        keys={[
          { choice: 'teach-suishen-code', label: t('choice.teach-suishen-code') },
          { choice: 'use-id-card', label: t('choice.use-id-card') },
        ]}
      />
    ),
  });
}

/** S3b 不会打开，教教我 */
export function SuishenCodeHelpScreen(): ReactNode {
  const t = useCitizenText();
  const lessons = [
    { text: t('screen.suishenCodeHelp.first'), scene: 'phone-apps' },
    { text: t('screen.suishenCodeHelp.second'), scene: 'phone' },
    { text: t('screen.suishenCodeHelp.third'), scene: 'hold-code' },
  ] as const;
  return inFrame({
    lead: <Title>{t('screen.suishenCodeHelp.title')}</Title>,
    middle: <Lessons lessons={lessons} />,
    keys: (
      <KeyList
        keys={[
          { choice: 'back', label: t('key.learned') },
          { choice: 'use-id-card', label: t('choice.use-id-card') },
        ]}
      />
    ),
    drawnAbove: ['back'],
  });
}

/** Something is being done; it moves slowly, and says nothing of how far it is. */
export function Working(): ReactNode {
  return (
    <div className="working" role="progressbar" aria-hidden="true">
      <span className="working-bar" />
    </div>
  );
}

/** S4 */
export function IdentifyingScreen({ method }: { method: SignInMethod }): ReactNode {
  const t = useCitizenText();
  const body =
    method === 'id-card' ? t('screen.identifying.idCardBody') : t('screen.identifying.suishenCodeBody');
  return inFrame({
    lead: (
      <>
        <StepBar step={1} />
        <Title>{t('screen.identifying.title')}</Title>
        <Sentences text={body} />
      </>
    ),
    middle: (
      <>
        <DevicePicture scene={method === 'id-card' ? 'read-card' : 'read-code'} />
        <Working />
      </>
    ),
    keys: <KeyList shape="aside" keys={[{ choice: 'cancel', label: t('choice.cancel') }]} />,
  });
}
