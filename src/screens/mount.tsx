import { createRoot } from 'react-dom/client';
import { flushSync } from 'react-dom';
import { I18nextProvider } from 'react-i18next';
import '@fontsource-variable/noto-sans-sc/wght.css';
import { createCitizenText } from '../copy/citizen-text.ts';
import type { Clock } from '../platform/clock.ts';
import { AdjustmentStore } from './adjustments.ts';
import { goByFiveKeys } from './five-keys.ts';
import { loadFonts } from './fonts.ts';
import { fitToPanel, guardGlass } from './glass.ts';
import { KioskApp } from './kiosk-app.tsx';
import type { BridgeListeners, KioskBridge } from './kiosk-bridge.ts';
import { forOneVisit, type Visit } from './one-visit.ts';
import { PressArbiter } from './press-arbiter.ts';
import './styles/tokens.css';
import './styles/frame.css';
import './styles/keys.css';
import './styles/screens.css';
import './styles/pictures.css';
import './styles/dialogs.css';
import './styles/landscape.css';
import './styles/large.css';
import './styles/languages.css';
import './styles/nearby.css';
import './styles/notices.css';
import './styles/home.css';
import './styles/forced-colors.css';
import { ViewStore } from './view-store.ts';
import { VoiceGuide } from './voice/guide.ts';
import { voiceUrls } from './voice/voice-files.ts';
import { VoicePlayer } from './voice/voice-player.ts';

/**
 * Puts the touchscreen into the document and connects it. `startOver` is called when another session began: the page shows
 * nothing any more and wants to be loaded anew.
 */
export async function mountKiosk(options: {
  clock: Clock;
  connect: (listeners: BridgeListeners) => KioskBridge;
  startOver: () => void;
  /** Another program has opened the page for one visit. */
  visit?: Visit | undefined;
  /** Where a person's adjustments begin; the kiosk's own page leaves that to {@link AdjustmentStore}. */
  adjustments?: AdjustmentStore;
}): Promise<void> {
  const { clock, adjustments = new AdjustmentStore() } = options;
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
  const { visit } = options;
  const bridge: KioskBridge = options.connect(
    visit === undefined
      ? store
      : forOneVisit(store, visit, (epoch) => {
          bridge.choose(epoch, 'start').catch(() => {
            // The bridge is down; the next view is another chance.
          });
        }),
  );
  // The smallest buffers tear the voice on a machine that is busy (npm run sound); these still fall silent within 100 ms.
  const player = new VoicePlayer(
    new AudioContext({ latencyHint: 'playback' }),
    voiceUrls,
    adjustments.current,
  );
  const guide = new VoiceGuide(player, clock);
  const texts = createCitizenText();
  const adjust = () => {
    const { size, language } = adjustments.current();
    document.documentElement.dataset['size'] = size;
    document.documentElement.lang = language;
    if (texts.language !== language) void texts.changeLanguage(language);
  };
  adjustments.subscribe(adjust);
  adjust();
  silenceOnTouch(guide);
  goByFiveKeys({
    stepped: () => {
      const shown = store.shown();
      if (shown.kind === 'view') bridge.pageKeyPressed(shown.view.epoch);
    },
    titleReached: () => {
      guide.again();
    },
  });
  await loadFonts();
  page.render(
    <I18nextProvider i18n={texts}>
      <KioskApp {...{ store, bridge, arbiter, clock, guide, adjustments }} leave={visit?.leave} />
    </I18nextProvider>,
  );
}

/** Whoever touches the glass has understood: nothing talks on under a finger. */
function silenceOnTouch(guide: VoiceGuide): void {
  for (const kind of ['pointerdown', 'keydown'] as const) {
    document.addEventListener(
      kind,
      () => {
        guide.touched();
      },
      { capture: true },
    );
  }
}
