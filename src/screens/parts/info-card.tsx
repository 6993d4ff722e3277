import type { ReactNode } from 'react';
import { Icon } from '../icon.tsx';
import type { Portrait } from '../personal-data.ts';
import { useCitizenText } from './citizen-text.ts';

/** The stars of a masked name or number, drawn larger than the font has them, so that nobody takes them for dirt. */
function Masked(props: { text: string }): ReactNode {
  const runs = props.text.match(/\*+|[^*]+/gu) ?? [];
  return runs.map((run, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- the runs of one string never move
    <span key={index} className={run.startsWith('*') ? 'mask' : undefined}>
      {run}
    </span>
  ));
}

function nameSize(name: string): string {
  const { length } = Array.from(name);
  if (length <= 4) return 'name-large';
  return length <= 6 ? 'name-medium' : 'name-small';
}

/** Photo, name and number of the person who is signed in. The name is set in the font that has every rare character. */
export function InfoCard(props: {
  portrait: Portrait;
  maskedName: string;
  fullName: string | undefined;
  maskedIdNumber: string;
}): ReactNode {
  const t = useCitizenText();
  const name = props.fullName ?? props.maskedName;
  return (
    <div className="info-card">
      <div className="photo">
        {props.portrait.kind === 'missing' && (
          <>
            <Icon name="person" className="photo-none" />
            {t('screen.confirmIdentity.noPhoto')}
          </>
        )}
        {props.portrait.kind === 'here' && (
          <img src={props.portrait.url} alt={t('screen.confirmIdentity.photo')} draggable={false} />
        )}
      </div>
      <dl className="facts">
        <dt>{t('screen.confirmIdentity.name')}</dt>
        <dd className={`name ${nameSize(name)}`} data-fact="name">
          {props.fullName === undefined ? <Masked text={name} /> : name}
        </dd>
      </dl>
      <dl className="facts id-number">
        <dt>{t('screen.confirmIdentity.idNumber')}</dt>
        <dd data-fact="id-number">
          <Masked text={props.maskedIdNumber} />
        </dd>
      </dl>
    </div>
  );
}
