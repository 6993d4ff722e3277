import type { ReactNode } from 'react';
import type { Choice } from '../../view/kiosk-view.ts';
import { Icon } from '../icon.tsx';
import { PressButton } from '../press-button.tsx';
import { useKiosk } from '../kiosk-context.ts';
import { useCitizenText } from './citizen-text.ts';

/**
 * 返回 (or 首页) · 叫人帮忙: the same place on every screen. Between them is room for 再听一遍 and 特大字.
 * A way back that the screen itself draws large is not drawn twice; help always is.
 */
export function FooterBar(props: { drawnAbove: readonly Choice[] }): ReactNode {
  const t = useCitizenText();
  const { offered } = useKiosk();
  const free = (choice: Choice) => offered.has(choice) && !props.drawnAbove.includes(choice);
  return (
    <footer className="footer">
      {free('back') ? (
        <PressButton choice="back" className="key footer-key footer-way-back">
          <Icon name="back" className="footer-icon" />
          {t('choice.back')}
        </PressButton>
      ) : (
        free('home') && (
          <PressButton choice="home" className="key footer-key footer-way-back">
            <Icon name="home" className="footer-icon" />
            {t('key.footerHome')}
          </PressButton>
        )
      )}
      <PressButton choice="call-help" className="key footer-key footer-help">
        <Icon name="help" className="footer-icon" />
        {t('choice.call-help')}
      </PressButton>
    </footer>
  );
}
