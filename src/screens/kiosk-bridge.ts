import type { MachinePictureUrls } from '../bridge/client.ts';
import type { Choice, KioskView } from '../view/kiosk-view.ts';

/** What the screens need of the bridge's client (`src/bridge/client.ts` is one). */
export interface KioskBridge {
  choose(epoch: number, choice: Choice): Promise<unknown>;
  pageKeyPressed(epoch: number): void;
  fullName(epoch: number): Promise<string | undefined>;
  photoUrl(epoch: number, photoRef: string): string;
  machinePictures(): Promise<MachinePictureUrls>;
  painted(epoch: number, screen: string): void;
}

/** What the bridge tells the screens. */
export interface BridgeListeners {
  readonly onView: (view: KioskView) => void;
  readonly onConnection: (state: 'connected' | 'lost') => void;
}
