import type { ReactNode } from 'react';
import type { Screen } from '../../view/kiosk-view.ts';
import { Icon } from '../icon.tsx';
import { KeyList } from '../parts/big-button.tsx';
import { useCitizenText } from '../parts/citizen-text.ts';
import { inFrame } from '../parts/kiosk-frame.tsx';
import { PageTitle, PageNumber } from '../parts/page-title.tsx';
import { Title } from '../parts/title.tsx';
import { Sentences } from '../sentences.tsx';

const NTH = ['open-first', 'open-second', 'open-third'] as const;

/** S12b: what there is to read; each is a key. */
export function NoticesScreen({ notices, at }: Extract<Screen, { name: 'notices' }>): ReactNode {
  const t = useCitizenText();
  const keys = NTH.flatMap((choice, index) => {
    const notice = notices[index];
    return notice === undefined
      ? []
      : [{ choice, label: notice.title, sub: t(`screen.notices.${notice.kind}`) }];
  });
  return inFrame({
    lead: (
      <>
        <PageTitle at={at}>{t('screen.notices.title')}</PageTitle>
        <Sentences text={t('screen.notices.body')} />
      </>
    ),
    middle: <Icon name="read" className="wide-picture" />,
    keys: (
      <KeyList
        shape="titles"
        main="none"
        keys={[
          ...keys,
          { choice: 'next-page', label: t('choice.next-page') },
          { choice: 'first-page', label: t('choice.first-page') },
        ]}
      />
    ),
  });
}

/** S12c: one paragraph a page, in large type. */
export function NoticeScreen({ title, content, at }: Extract<Screen, { name: 'notice' }>): ReactNode {
  const t = useCitizenText();
  return inFrame({
    lead: <Title className="notice-title">{title}</Title>,
    middle: (
      <div className="notice-page">
        <h2 className="notice-heading">
          <span className="lesson-number">{content.section}</span>
          {content.heading}
        </h2>
        <p className="notice-body">{content.text}</p>
      </div>
    ),
    keys: (
      <>
        <PageNumber at={at} />
        <KeyList
          shape="turn"
          main="next-page"
          keys={[
            { choice: 'previous-page', label: t('choice.previous-page') },
            { choice: 'next-page', label: t('choice.next-page') },
          ]}
        />
      </>
    ),
  });
}
