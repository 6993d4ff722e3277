import type { ReactNode } from 'react';
import type { Choice } from '../../view/kiosk-view.ts';
import { Icon } from '../icon.tsx';
import { PressButton, PressKey } from '../press-button.tsx';
import { useKiosk } from '../kiosk-context.ts';
import { useCitizenText } from './citizen-text.ts';

function SayAgainKey(): ReactNode {
  const t = useCitizenText();
  const { sayAgain } = useKiosk();
  return (
    <PressKey name="say-again" className="key footer-key footer-again" onPress={sayAgain}>
      <Icon name="speaker" className="footer-icon" />
      <span className="footer-label">{t('key.sayAgain')}</span>
    </PressKey>
  );
}

/** Of what lies over a screen: 再听一遍 at its place, and no other way than the dialog's own. */
export function OverlayFooter(): ReactNode {
  return (
    <footer className="footer">
      <SayAgainKey />
    </footer>
  );
}

/**
 * 返回 (or 首页; at home, where there is no way back, 怎么用, or 返回 to the menu of a terminal with many services) · 再听一遍 · 大字大声 · 叫人帮忙: the same place on every screen.
 * A way back that the screen itself draws large is not drawn twice; help always is.
 */
export function FooterBar(props: { drawnAbove: readonly Choice[] }): ReactNode {
  const t = useCitizenText();
  const { offered, adjust, leave } = useKiosk();
  const free = (choice: Choice) => offered.has(choice) && !props.drawnAbove.includes(choice);
  return (
    <footer className="footer">
      {free('back') ? (
        <PressButton choice="back" className="key footer-key footer-way-back">
          <Icon name="back" className="footer-icon" />
          <span className="footer-label">{t('choice.back')}</span>
        </PressButton>
      ) : (
        free('home') && (
          <PressButton choice="home" className="key footer-key footer-way-back">
            <Icon name="home" className="footer-icon" />
            <span className="footer-label">{t('key.footerHome')}</span>
          </PressButton>
        )
      )}
      {free('how-to') && leave !== undefined && (
        <PressKey name="leave" className="key footer-key footer-way-back" onPress={leave}>
          <Icon name="back" className="footer-icon" />
          <span className="footer-label">{t('choice.back')}</span>
        </PressKey>
      )}
      {free('how-to') && leave === undefined && (
        <PressButton choice="how-to" className="key footer-key footer-way-back">
          <Icon name="question" className="footer-icon" />
          <span className="footer-label">{t('choice.how-to')}</span>
        </PressButton>
      )}
      <SayAgainKey />
      <PressKey name="adjust" className="key footer-key footer-adjust" onPress={adjust}>
        <Icon name="letters" className="footer-icon" />
        <span className="footer-label">{t('key.adjust')}</span>
      </PressKey>
      <PressButton choice="call-help" className="key footer-key footer-help">
        <Icon name="help" className="footer-icon" />
        <span className="footer-label">{t('key.footerHelp')}</span>
      </PressButton>
    </footer>
  );
}
