import type { ReactNode } from 'react';
import { Heading } from 'react-aria-components';
import { spoken } from '../../copy/spoken-slots.ts';
import { nextVolume, type Adjustments, type Volume } from '../adjustments.ts';
import { useCitizenText } from '../parts/citizen-text.ts';
import { OpaqueDialog } from '../parts/opaque-dialog.tsx';
import { PressKey } from '../press-button.tsx';
import { Sentences } from '../sentences.tsx';

/** What is said when it opens, and after each change of the voice. */
export const ADJUST_SPOKEN = [...spoken('adjust.title'), ...spoken('adjust.body')];
export const ADJUST_SAMPLE = spoken('adjust.sample');

/** Three bars, as many filled as the voice is loud. */
function VolumeBars(props: { volume: Volume }): ReactNode {
  const t = useCitizenText();
  return (
    <div className="volume" role="img" aria-label={`${t('adjust.volume')} ${props.volume}`}>
      {[1, 2, 3].map((step) => (
        <span key={step} className={step <= props.volume ? 'volume-bar is-reached' : 'volume-bar'} />
      ))}
    </div>
  );
}

/** 大字大声: larger type, louder or slower voice; each touch changes at once what is seen and heard, and back again. */
export function AdjustDialog(props: {
  adjustments: Adjustments;
  onChange: (what: Partial<Adjustments>) => void;
  onDone: () => void;
}): ReactNode {
  const t = useCitizenText();
  const { size, volume, pace } = props.adjustments;
  const key = (name: string, label: string, what: Partial<Adjustments>) => (
    <PressKey
      name={name}
      className="key big-button secondary"
      onPress={() => {
        props.onChange(what);
      }}
    >
      {label}
    </PressKey>
  );
  return (
    <OpaqueDialog name="adjust" urgent={false}>
      <div className="lead">
        <Heading slot="title" level={1} className="title">
          {t('adjust.title')}
        </Heading>
        <Sentences text={t('adjust.body')} />
      </div>
      <VolumeBars volume={volume} />
      <div className="keys keys-pair">
        <PressKey name="done" className="key big-button primary" onPress={props.onDone}>
          {t('adjust.done')}
        </PressKey>
        {key('size', t(size === 'large' ? 'adjust.standard' : 'adjust.larger'), {
          size: size === 'large' ? 'standard' : 'large',
        })}
        {key('pace', t(pace === 'slow' ? 'adjust.faster' : 'adjust.slower'), {
          pace: pace === 'slow' ? 'normal' : 'slow',
        })}
        {key('louder', t(volume === 3 ? 'adjust.loudest' : 'adjust.louder'), {
          volume: nextVolume(volume, 1),
        })}
        {key('softer', t(volume === 1 ? 'adjust.softest' : 'adjust.softer'), {
          volume: nextVolume(volume, -1),
        })}
      </div>
    </OpaqueDialog>
  );
}
