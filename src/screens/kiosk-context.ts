import { createContext, useContext } from 'react';
import type { MachinePictureUrls } from '../bridge/client.ts';
import type { Clock } from '../platform/clock.ts';
import type { Choice } from '../view/kiosk-view.ts';
import type { PressArbiter } from './press-arbiter.ts';

/** What the parts of a screen need: who decides about touches, what is offered, where a choice goes, and the time. */
export interface Kiosk {
  readonly clock: Clock;
  readonly arbiter: PressArbiter;
  /** Tells one screen's keys from the next one's. */
  readonly screenKey: string;
  readonly offered: ReadonlySet<Choice>;
  /** Photos of this very machine's parts. */
  readonly machinePictures: MachinePictureUrls;
  readonly choose: (choice: Choice) => void;
  /** A key that chooses nothing was pressed: somebody is there. */
  readonly pageKeyPressed: () => void;
  /** A key gives under the finger. */
  readonly tick: () => void;
  /** 再听一遍 */
  readonly sayAgain: () => void;
  /** Back to the program that opened the page for one visit; absent where the page is always there. */
  readonly leave: (() => void) | undefined;
  /** 大字大声 */
  readonly adjust: () => void;
  /** Lets the person choose a language. */
  readonly openLanguages: () => void;
}

/** Set by KioskApp around every screen. */
export const KioskContext = createContext<Kiosk | undefined>(undefined);

/** The kiosk around this part of a screen. */
export function useKiosk(): Kiosk {
  const kiosk = useContext(KioskContext);
  if (kiosk === undefined) throw new Error('a part of a screen stands outside of the kiosk');
  return kiosk;
}
