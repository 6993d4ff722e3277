import { createRoot } from 'react-dom/client';
import { flushSync } from 'react-dom';
import { I18nextProvider } from 'react-i18next';
import '@fontsource-variable/noto-sans-sc/wght.css';
import { createCitizenText } from '../copy/citizen-text.ts';
import type { Clock } from '../platform/clock.ts';
import { loadFonts } from './fonts.ts';
import { fitToPanel, guardGlass } from './glass.ts';
import { KioskApp } from './kiosk-app.tsx';
import type { BridgeListeners, KioskBridge } from './kiosk-bridge.ts';
import { PressArbiter } from './press-arbiter.ts';
import './styles/tokens.css';
import './styles/frame.css';
import './styles/keys.css';
import './styles/screens.css';
import { ViewStore } from './view-store.ts';

/**
 * Puts the touchscreen into the document and connects it. `startOver` is called when another session began: the page shows
 * nothing any more and wants to be loaded anew.
 */
export async function mountKiosk(options: {
  clock: Clock;
  connect: (listeners: BridgeListeners) => KioskBridge;
  startOver: () => void;
}): Promise<void> {
  const { clock } = options;
  const root = document.getElementById('kiosk');
  if (root === null) throw new Error('the document has no #kiosk');
  const arbiter = new PressArbiter(clock);
  guardGlass(arbiter);
  fitToPanel();
  const page = createRoot(root);
  const store = new ViewStore(clock, () => {
    // What was on the glass goes before the new page comes: Chromium keeps the last frame until then.
    flushSync(() => {
      page.render(null);
    });
    options.startOver();
  });
  const bridge = options.connect(store);
  await loadFonts();
  const texts = createCitizenText();
  page.render(
    <I18nextProvider i18n={texts}>
      <KioskApp {...{ store, bridge, arbiter, clock }} />
    </I18nextProvider>,
  );
}
