import type { ReactNode } from 'react';
import type { PagePosition } from '../../view/directory-view.ts';
import { useCitizenText } from './citizen-text.ts';
import { Title } from './title.tsx';

/** 第 2 页，共 3 页; of one page alone nothing is to be said. */
export function PageNumber(props: { at: PagePosition }): ReactNode {
  const t = useCitizenText();
  const { page, pages } = props.at;
  if (pages < 2) return null;
  return <p className="page-number">{t('screen.nearby.position', { page, pages })}</p>;
}

/** A title and, beside it, which page this is. */
export function PageTitle(props: { at: PagePosition; children: string }): ReactNode {
  return (
    <div className="page-title">
      <Title>{props.children}</Title>
      <PageNumber at={props.at} />
    </div>
  );
}
