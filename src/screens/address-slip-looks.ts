import type { Screen } from '../view/kiosk-view.ts';
import type { DeviceScene } from './parts/device-scenes.tsx';
import type { Tone } from './parts/status-mark.tsx';

type AddressSlipState = Extract<Screen, { name: 'address-slip' }>['state'];

/** For each outcome the mark and its beep, and the picture. While it prints there is neither. */
export const ADDRESS_SLIP_LOOKS: Readonly<
  Record<AddressSlipState, { readonly tone?: Tone; readonly picture: DeviceScene }>
> = {
  printing: { picture: 'addresses-come' },
  printed: { tone: 'good', picture: 'take-addresses' },
  'no-paper': { tone: 'attention', picture: 'service-window' },
  'cover-open': { tone: 'attention', picture: 'service-window' },
  'slip-at-exit': { tone: 'attention', picture: 'take-slip' },
  fault: { tone: 'stopped', picture: 'service-window' },
  unknown: { tone: 'attention', picture: 'take-addresses' },
  busy: { tone: 'attention', picture: 'service-window' },
};
