import type { Overlay, Screen } from '../../view/kiosk-view.ts';
import { ADDRESS_SLIP_LOOKS } from '../address-slip-looks.ts';
import { ERROR_PLANS } from '../error-plans.ts';
import type { Tone } from '../parts/status-mark.tsx';

/** One note: how high, Hz; when it begins and how long it lasts, seconds. */
export interface Note {
  readonly hz: number;
  readonly at: number;
  readonly lasts: number;
}

/**
 * What is heard before the words, as the mark says it before the title (elderly-ux §4: three that differ, 1 to 2 kHz, 120 to 200 ms
 * a note). They differ in how many notes they have, too: whoever cannot tell high from low can count.
 */
export const BEEPS: Readonly<Record<Tone, readonly Note[]>> = {
  good: [
    { hz: 1_000, at: 0, lasts: 0.12 },
    { hz: 1_500, at: 0.16, lasts: 0.16 },
  ],
  attention: [{ hz: 1_250, at: 0, lasts: 0.2 }],
  stopped: [
    { hz: 1_000, at: 0, lasts: 0.12 },
    { hz: 1_000, at: 0.18, lasts: 0.12 },
    { hz: 1_000, at: 0.36, lasts: 0.12 },
  ],
};

/** A key gives under the finger: so short that it is felt rather than heard. */
export const TICK: Note = { hz: 1_250, at: 0, lasts: 0.03 };

/** A card left behind calls its owner back so often, ms (S16). */
const REMINDER_MS = 5_000;

/** What beeps once, or with `everyMs` again and again. */
export interface Beep {
  readonly tone: Tone;
  readonly everyMs?: number;
}

/**
 * Of a screen that the machine brought: it read, printed, met with trouble. What follows a touch is answered by the key itself.
 * A beep says what the screen's mark says.
 */
export function beepOfScreen(screen: Screen): Beep | undefined {
  switch (screen.name) {
    case 'identifying':
      return { tone: 'good' };
    case 'take-slip':
      return { tone: screen.toTake.includes('slip') ? 'good' : 'attention' };
    case 'read-back':
      return screen.lastScan === undefined ? undefined : { tone: 'attention' };
    case 'finished':
      return screen.readBack ? { tone: 'good' } : undefined;
    case 'take-id-card':
      return { tone: 'attention', everyMs: REMINDER_MS };
    case 'address-slip': {
      const { tone } = ADDRESS_SLIP_LOOKS[screen.state];
      return tone && { tone };
    }
    case 'error':
      return { tone: ERROR_PLANS[screen.code].tone };
    default:
      return undefined;
  }
}

/** Of what lies over a screen. */
export function beepOfOverlay(overlay: Overlay): Beep | undefined {
  if (overlay.name === 'still-there') return { tone: 'attention' };
  if (overlay.call === 'calling') return undefined;
  return { tone: overlay.call === 'called' ? 'good' : 'attention' };
}
