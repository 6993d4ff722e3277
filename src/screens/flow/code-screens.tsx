import type { ReactNode } from 'react';
import type { CurrentCodeView } from '../../view/kiosk-view.ts';
import { lastDayTold } from '../last-day-told.ts';
import { useCitizenText, useSpelledDate } from '../parts/citizen-text.ts';
import { KeyList } from '../parts/big-button.tsx';
import { DevicePicture } from '../parts/device-picture.tsx';
import type { DeviceScene } from '../parts/device-scenes.tsx';
import { inFrame } from '../parts/kiosk-frame.tsx';
import { StatusMark, type Tone } from '../parts/status-mark.tsx';
import { Title } from '../parts/title.tsx';
import { Sentences } from '../sentences.tsx';

function ResultPanel(props: { children: ReactNode }): ReactNode {
  return <div className="result-facts">{props.children}</div>;
}

/** S9 */
export function ConfirmReissueScreen({ current }: { current: CurrentCodeView }): ReactNode {
  const t = useCitizenText();
  const spellDate = useSpelledDate();
  return inFrame({
    lead: (
      <>
        <StatusMark tone="attention" />
        <Title>{t('screen.confirmReissue.title')}</Title>
        {current.status === 'unconfirmed' && <Sentences text={t('screen.confirmReissue.unconfirmed')} />}
        <Sentences text={t('screen.confirmReissue.body')} />
      </>
    ),
    middle: (
      <>
        <DevicePicture scene="slip-replaced" />
        {current.validUntil !== undefined && (
          <ResultPanel>
            <span className="sentence">
              {t('screen.confirmReissue.current', { date: spellDate(current.validUntil) })}
            </span>
          </ResultPanel>
        )}
      </>
    ),
    keys: (
      <KeyList
        keys={[
          { choice: 'confirm-reissue', label: t('choice.confirm-reissue') },
          { choice: 'decline-reissue', label: t('choice.decline-reissue') },
        ]}
      />
    ),
  });
}

const TONE: Readonly<Record<CurrentCodeView['status'], Tone>> = {
  none: 'attention',
  active: 'good',
  expiring: 'attention',
  expired: 'stopped',
  revoked: 'stopped',
  superseded: 'stopped',
  unconfirmed: 'attention',
};

/** What the code is good for, or how one comes to one that is. */
const PICTURE: Readonly<Record<CurrentCodeView['status'], DeviceScene>> = {
  none: 'card-to-slip',
  active: 'done',
  expiring: 'card-to-slip',
  expired: 'slip-void',
  revoked: 'card-to-slip',
  superseded: 'card-to-slip',
  unconfirmed: 'card-to-slip',
};

function bodyKey(status: CurrentCodeView['status']) {
  return status === 'active' ? undefined : (`screen.codeStatus.${status}Body` as const);
}

/** S10 */
export function CodeStatusScreen({ current }: { current: CurrentCodeView }): ReactNode {
  const t = useCitizenText();
  const spellDate = useSpelledDate();
  const values = { date: spellDate(current.validUntil ?? ''), days: current.daysLeft ?? 0 };
  const lastDay = lastDayTold(current).map(([path]) => t(path, values));
  const body = bodyKey(current.status);
  const renewable = current.status !== 'active';
  const goHome = { choice: 'home', label: t('choice.home') } as const;
  const renewals = [
    { choice: 'apply-now', label: t('choice.apply-now') },
    { choice: 'confirm-reissue', label: t('choice.confirm-reissue') },
  ] as const;
  return inFrame({
    lead: (
      <>
        <StatusMark tone={TONE[current.status]} of="code" />
        <Title>{t(`screen.codeStatus.${current.status}Title`)}</Title>
        {body !== undefined && <Sentences text={t(body)} />}
      </>
    ),
    middle: (
      <>
        <DevicePicture scene={PICTURE[current.status]} />
        {lastDay.length > 0 && (
          <ResultPanel>
            {lastDay.map((line) => (
              <span className="sentence" key={line}>
                {line}
              </span>
            ))}
          </ResultPanel>
        )}
      </>
    ),
    keys: <KeyList keys={renewable ? [...renewals, goHome] : [goHome, ...renewals]} />,
    drawnAbove: ['home'],
  });
}
