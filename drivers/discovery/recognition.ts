import type { SwitchOver } from '../qr-scanner/families/scanner-families.ts';
import type { PluggedDevice } from './plugged-devices.ts';

/** The devices of a kiosk, by the names of their sections in the configuration. */
export type KioskDevice = 'idCardReader' | 'qrScanner' | 'receiptPrinter';

/** Where the configuration says that a device is. */
export type ConfiguredPlace =
  /** `node`: what the path leads to; absent: nothing is there. */
  | { readonly transport: 'serial' | 'usblp'; readonly path: string; readonly node?: string }
  | {
      readonly transport: 'usb' | 'hid';
      readonly vendorId: number;
      readonly productId: number;
      readonly serialNumber?: string;
    }
  | { readonly transport: 'tcp'; readonly host: string; readonly port: number };

/** One device of the configuration. */
export interface ConfiguredDevice {
  readonly kind: KioskDevice;
  readonly place: ConfiguredPlace;
}

/** What a plugged-in thing can be for a kiosk, and by which transport. */
export interface PossibleUse {
  readonly kind: KioskDevice;
  readonly transport: 'serial' | 'usb' | 'hid' | 'usblp';
  /** False: it is something serial, or looks like any keyboard; only a person can tell. */
  readonly certain: boolean;
  /** The keys of its section in the configuration, `transport` among them. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

/** Why a plugged-in thing cannot be used as it is, or what has to be known of it. */
export type DeviceTrouble =
  /** A scanner that types. `certain`: its maker makes nothing else. */
  | { readonly code: 'keyboard-wedge'; readonly switchOver: SwitchOver; readonly certain: boolean }
  /** This process may not open these nodes. */
  | { readonly code: 'no-permission'; readonly nodes: readonly string[] }
  /** Several with the same numbers, and no serial numbers that tell them apart. */
  | { readonly code: 'alike' }
  /** It takes data and can answer nothing: nobody would know what it printed. */
  | { readonly code: 'one-way-printer' }
  /** Something serial: what hangs on the line, the line does not say. */
  | { readonly code: 'ask-which' }
  /** Its name depends on what was plugged in first: the udev rules are not installed. */
  | { readonly code: 'unstable-name' }
  /** It is configured as something that it is not. */
  | { readonly code: 'other-kind'; readonly configuredAs: KioskDevice }
  /** Nothing that a kiosk could use. */
  | { readonly code: 'unknown' };

/** One plugged-in thing, understood. */
export interface RecognisedDevice {
  readonly plugged: PluggedDevice;
  readonly uses: readonly PossibleUse[];
  /** What the configuration takes it for. */
  readonly configuredAs?: KioskDevice;
  readonly troubles: readonly DeviceTrouble[];
}

/**
 * Where a configured device was found. `plugged-in`: `device` is its place in the list · `missing` · `alike`: several fit ·
 * `elsewhere`: there, but nothing that is plugged in (network, virtual port).
 */
export interface ConfiguredFinding extends ConfiguredDevice {
  readonly found: 'plugged-in' | 'missing' | 'alike' | 'elsewhere';
  readonly device?: number;
}

/** Everything that is plugged in, and everything that is configured. */
export interface Recognition {
  readonly devices: readonly RecognisedDevice[];
  readonly configured: readonly ConfiguredFinding[];
}
