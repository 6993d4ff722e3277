import type { ReactNode } from 'react';
import type { CalendarDate, PersonView, TakeAway } from '../../view/kiosk-view.ts';
import { Icon } from '../icon.tsx';
import { useSecondsLeft } from '../countdown.ts';
import { useCitizenText, useSpelledDate } from '../parts/citizen-text.ts';
import { KeyList } from '../parts/big-button.tsx';
import { DevicePicture } from '../parts/device-picture.tsx';
import { InfoCard } from '../parts/info-card.tsx';
import { inFrame } from '../parts/kiosk-frame.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { StepBar } from '../parts/step-bar.tsx';
import { Title } from '../parts/title.tsx';
import type { Portrait } from '../personal-data.ts';
import { Sentences } from '../sentences.tsx';
import { Working } from './sign-in-screens.tsx';

/** S5 */
export function ConfirmIdentityScreen(facts: {
  person: PersonView;
  kind: 'apply' | 'reissue';
  /** They came for 补领, and hold no code that it could replace. */
  nothingToReplace: boolean;
  portrait: Portrait;
  fullName: string | undefined;
}): ReactNode {
  const t = useCitizenText();
  const yes = facts.kind === 'reissue' ? t('key.confirmReissue') : t('choice.confirm');
  return inFrame({
    lead: (
      <>
        <StepBar step={2} />
        <Title>{t('screen.confirmIdentity.title')}</Title>
        {facts.nothingToReplace && <Sentences text={t('screen.confirmIdentity.nothingToReplace')} />}
      </>
    ),
    middle: (
      <InfoCard
        portrait={facts.portrait}
        maskedName={facts.person.maskedName}
        fullName={facts.fullName}
        maskedIdNumber={facts.person.maskedIdNumber}
      />
    ),
    keys: (
      <KeyList
        shape="pair"
        keys={[
          { choice: 'confirm', label: yes, icon: 'check' },
          { choice: 'not-me', label: t('choice.not-me') },
          { choice: 'show-full-name', label: t('choice.show-full-name'), sub: t('key.fullNameSub') },
        ]}
      />
    ),
  });
}

/** S6: the paper comes out on the screen as it does below it. */
export function PrintingScreen(): ReactNode {
  const t = useCitizenText();
  return inFrame({
    lead: (
      <>
        <StepBar step={3} />
        <Title>{t('screen.printing.title')}</Title>
        <Sentences text={t('screen.printing.body')} />
      </>
    ),
    middle: (
      <>
        <DevicePicture scene="slip-comes" />
        <Working />
      </>
    ),
  });
}

function TakeAwayList(props: { items: readonly string[] }): ReactNode {
  return (
    <ol className="take-away">
      {props.items.map((item, index) => (
        <li key={item}>
          <span className="lesson-number">{index + 1}</span>
          {item}
        </li>
      ))}
    </ol>
  );
}

const TAKE_AWAY = { slip: 'screen.takeSlip.slip', 'id-card': 'screen.takeSlip.idCard' } as const;

/** S7 */
export function TakeSlipScreen(facts: { validUntil: CalendarDate; toTake: readonly TakeAway[] }): ReactNode {
  const t = useCitizenText();
  const spellDate = useSpelledDate();
  const items = facts.toTake.map((item) => t(TAKE_AWAY[item]));
  return inFrame({
    lead: (
      <>
        <StepBar step={3} />
        <Title>{t('screen.takeSlip.title')}</Title>
        {items.length > 1 ? <TakeAwayList items={items} /> : <p className="take-away">{items.join('')}</p>}
      </>
    ),
    middle: (
      <>
        <DevicePicture scene={facts.toTake[0] === 'id-card' ? 'take-card' : 'take-slip'} />
        <div className="result-facts">
          <span className="sentence">
            {t('screen.takeSlip.validUntil', { date: spellDate(facts.validUntil) })}
          </span>
          <span className="sentence">{t('screen.takeSlip.days')}</span>
        </div>
      </>
    ),
    keys: (
      <KeyList
        keys={[
          { choice: 'got-everything', label: items.length > 1 ? t('choice.got-everything') : t('key.gotIt') },
          { choice: 'no-paper-came', label: t('choice.no-paper-came') },
        ]}
      />
    ),
  });
}

/** S7b */
export function ReadBackScreen({ lastScan }: { lastScan: 'other' | 'illegible' | undefined }): ReactNode {
  const t = useCitizenText();
  return inFrame({
    lead: (
      <>
        <StepBar step={3} />
        <Title>{t('screen.readBack.title')}</Title>
        {lastScan === undefined ? (
          <Sentences text={t('screen.readBack.body')} />
        ) : (
          <div className="notice" role="alert">
            <Icon name="attention" className="notice-icon" />
            <Sentences
              className="notice-text"
              text={t(lastScan === 'other' ? 'screen.readBack.otherCode' : 'screen.readBack.illegible')}
            />
          </div>
        )}
      </>
    ),
    middle: <DevicePicture scene="scan-slip" />,
    keys: (
      <KeyList
        shape="aside"
        keys={[
          { choice: 'cannot-scan', label: t('choice.cannot-scan') },
          { choice: 'skip-read-back', label: t('choice.skip-read-back') },
        ]}
      />
    ),
  });
}

/** S8 */
export function FinishedScreen(facts: {
  deadlineMs: number | undefined;
  /** The slip was read back. */
  readBack: boolean;
}): ReactNode {
  const t = useCitizenText();
  const seconds = useSecondsLeft(facts.deadlineMs);
  return inFrame({
    lead: (
      <>
        <StatusMark tone="good" />
        <Title>{t('screen.finished.title')}</Title>
        {facts.readBack && <Sentences text={t('screen.finished.readBack')} />}
        <Sentences text={t('screen.finished.body')} />
      </>
    ),
    middle: <DevicePicture scene="done" />,
    keys: (
      <KeyList
        keys={[
          {
            choice: 'home',
            label: t('choice.home'),
            sub: seconds === undefined ? undefined : t('key.homeInSeconds', { seconds }),
          },
        ]}
      />
    ),
    drawnAbove: ['home'],
  });
}

/** S16. `seen`: the reader sees the card lying there. */
export function TakeIdCardScreen({ seen }: { seen: boolean }): ReactNode {
  const t = useCitizenText();
  return inFrame({
    lead: (
      <>
        <StatusMark tone="attention" />
        <Title>{t('screen.takeIdCard.title')}</Title>
        <Sentences changing text={t(seen ? 'screen.takeIdCard.seenBody' : 'screen.takeIdCard.body')} />
      </>
    ),
    middle: <DevicePicture scene="take-card" />,
    keys: <KeyList keys={[{ choice: 'home', label: t('choice.home') }]} />,
    drawnAbove: ['home'],
  });
}
