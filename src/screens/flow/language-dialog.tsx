import type { ReactNode } from 'react';
import { Heading } from 'react-aria-components';
import { CITIZEN_LANGUAGES, LANGUAGE_NAMES } from '../../copy/citizen-languages.ts';
import { spoken } from '../../copy/spoken-slots.ts';
import type { Adjustments } from '../adjustments.ts';
import { Icon } from '../icon.tsx';
import { useCitizenText } from '../parts/citizen-text.ts';
import { OpaqueDialog } from '../parts/opaque-dialog.tsx';
import { PressKey } from '../press-button.tsx';
import { recordedDialects } from '../voice/voice-files.ts';

export const LANGUAGE_SPOKEN = spoken('language.title');

type Chosen = Pick<Adjustments, 'language' | 'dialect'>;

/** Each language by its own name, and 上海话 where people have recorded it; one touch, and the screen is back in that language. */
export function LanguageDialog(props: {
  adjustments: Adjustments;
  onChoose: (what: Chosen) => void;
  onBack: () => void;
}): ReactNode {
  const t = useCitizenText();
  const { language, dialect } = props.adjustments;
  const key = (name: string, label: ReactNode, what: Chosen) => {
    const current = what.language === language && what.dialect === dialect;
    return (
      <PressKey
        key={name}
        name={name}
        className="key big-button secondary"
        current={current}
        onPress={() => {
          props.onChoose(what);
        }}
      >
        {current && <Icon name="check" className="language-current" />}
        {label}
      </PressKey>
    );
  };
  return (
    <OpaqueDialog name="language" urgent={false}>
      <div className="lead">
        <Heading slot="title" level={1} className="title">
          {t('language.title')}
        </Heading>
      </div>
      <Icon name="globe" className="overlay-picture" />
      <div className="keys">
        {CITIZEN_LANGUAGES.map((one) =>
          key(one, <span lang={one}>{LANGUAGE_NAMES[one].full}</span>, {
            language: one,
            dialect: 'mandarin',
          }),
        )}
        {recordedDialects.includes('wuu') &&
          key('wuu', t('language.shanghainese'), {
            language: language === 'en' ? 'zh-CN' : language,
            dialect: 'wuu',
          })}
        <PressKey name="back" className="key big-button secondary" onPress={props.onBack}>
          {t('choice.back')}
        </PressKey>
      </div>
    </OpaqueDialog>
  );
}
