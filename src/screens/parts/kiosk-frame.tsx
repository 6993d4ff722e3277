import type { ReactNode } from 'react';
import type { Choice } from '../../view/kiosk-view.ts';
import { ClockFace } from './clock-face.tsx';
import { useCitizenText } from './citizen-text.ts';
import { FooterBar } from './footer-bar.tsx';

/** What a screen puts into the frame. */
export interface ScreenParts {
  /** Title, sentences, step bar: the top third, where no hand has to reach. */
  readonly lead: ReactNode;
  /** A picture or facts between words and keys. */
  readonly middle?: ReactNode;
  readonly keys?: ReactNode;
  /** Ways back that `keys` already offers, not to be repeated in the footer. */
  readonly drawnAbove?: readonly Choice[];
}

/** Header 0–120, words 120–640, actions 640–1720, footer 1744–1880 (portrait, CSS px). */
function KioskFrame(props: ScreenParts): ReactNode {
  const t = useCitizenText();
  return (
    <>
      <header className="header">
        <span className="service">{t('service')}</span>
        <ClockFace />
      </header>
      <div className="stage">
        <div className="lead">{props.lead}</div>
        {Boolean(props.middle) && <div className="middle">{props.middle}</div>}
        {props.keys}
      </div>
      <FooterBar drawnAbove={props.drawnAbove ?? []} />
    </>
  );
}

/** A screen's parts, in the frame. */
export function inFrame(parts: ScreenParts): ReactNode {
  return <KioskFrame {...parts} />;
}
