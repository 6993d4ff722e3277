import { Fragment, type ReactNode } from 'react';
import { CITIZEN_LANGUAGES, LANGUAGE_NAMES } from '../../copy/citizen-languages.ts';
import { Icon } from '../icon.tsx';
import { useKiosk } from '../kiosk-context.ts';
import { PressKey } from '../press-button.tsx';
import { recordedDialects } from '../voice/voice-files.ts';
import { useCitizenLanguage, useCitizenText } from './citizen-text.ts';

/** At home only: the languages that the screen is not in, each in its own words, behind a globe. */
export function LanguageKey(): ReactNode {
  const t = useCitizenText();
  const { openLanguages } = useKiosk();
  const shown = useCitizenLanguage();
  const others = CITIZEN_LANGUAGES.filter((language) => language !== shown);
  return (
    <PressKey name="language" className="key language-key" onPress={openLanguages}>
      <Icon name="globe" className="language-icon" />
      <span>
        {recordedDialects.includes('wuu') && <>{t('language.shanghainese')} / </>}
        {others.map((language, index) => (
          <Fragment key={language}>
            {index > 0 && ' / '}
            <span lang={language}>{LANGUAGE_NAMES[language].short}</span>
          </Fragment>
        ))}
      </span>
    </PressKey>
  );
}
