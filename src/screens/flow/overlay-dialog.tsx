import type { ReactNode } from 'react';
import { Heading } from 'react-aria-components';
import type { Overlay } from '../../view/kiosk-view.ts';
import { useSecondsLeft } from '../countdown.ts';
import { useCitizenText } from '../parts/citizen-text.ts';
import { KeyList } from '../parts/big-button.tsx';
import { DevicePicture } from '../parts/device-picture.tsx';
import { OpaqueDialog } from '../parts/opaque-dialog.tsx';
import { Icon } from '../icon.tsx';
import { Sentences } from '../sentences.tsx';

/** S13: opaque, so that nothing of the person is to be seen while nobody may be there. */
function TimeoutDialog(props: { deadlineMs: number | undefined }): ReactNode {
  const t = useCitizenText();
  const seconds = useSecondsLeft(props.deadlineMs);
  return (
    <OpaqueDialog name="still-there" urgent>
      <div className="lead">
        <Heading slot="title" level={1} className="title">
          {t('overlay.stillThere.title')}
        </Heading>
        <Sentences text={t('overlay.stillThere.body')} />
        {seconds !== undefined && (
          <Sentences className="body time-left" text={t('overlay.stillThere.remaining', { seconds })} />
        )}
      </div>
      <Icon name="clock" className="overlay-picture" />
      <KeyList
        keys={[
          { choice: 'still-here', label: t('choice.still-here') },
          { choice: 'cancel', label: t('choice.cancel') },
        ]}
      />
    </OpaqueDialog>
  );
}

/** S14 */
function HelpDialog({ call }: Extract<Overlay, { name: 'help' }>): ReactNode {
  const t = useCitizenText();
  return (
    <OpaqueDialog name="help" urgent={false}>
      <div className="lead" role="status">
        <Heading slot="title" level={1} className="title">
          {t(`overlay.help.${call}Title`)}
        </Heading>
        <Sentences text={t(`overlay.help.${call}Body`)} />
      </div>
      <DevicePicture scene="service-window" />
      <KeyList keys={[{ choice: 'close-help', label: t('choice.close-help') }]} />
    </OpaqueDialog>
  );
}

/** What lies over a screen; the screen beneath is not drawn meanwhile. */
export function OverlayDialog(props: { overlay: Overlay; deadlineMs: number | undefined }): ReactNode {
  const { overlay } = props;
  switch (overlay.name) {
    case 'still-there':
      return <TimeoutDialog deadlineMs={props.deadlineMs} />;
    case 'help':
      return <HelpDialog {...overlay} />;
    default:
      return overlay satisfies never;
  }
}
