import type { DeviceIdentity } from '../../../src/devices/device-findings.ts';
import type { ScanFraming } from '../framing/scan-framing.ts';
import type { ScannerCommand, ScannerSetting } from '../commands/scanner-command.ts';

/** Whose commands a scanner knows. */
export type ScannerFamilyName = 'newland' | 'gm6x' | 'ssi' | 'honeywell';

/** One setting as it is made at run time: forgotten by the scanner when its power goes. */
export interface TemporarySetting {
  readonly setting: ScannerSetting;
  readonly apply: ScannerCommand;
  /** Asks for the present value. */
  readonly readBack: {
    readonly command: ScannerCommand;
    /** The answer shows that the setting is as we made it. */
    readonly holds: (data: Uint8Array) => boolean;
  };
}

/** A question whose answer says who the scanner is. */
export interface IdentityQuestion {
  readonly command: ScannerCommand;
  readonly read: (data: Uint8Array) => DeviceIdentity;
}

/** What a family of scanners is told at run time: nothing in here is stored by the scanner. */
export interface ScannerFamily {
  readonly name: ScannerFamilyName;
  /** Between the end of one command and the next, ms. */
  readonly pauseMs: number;
  /** How long an answer may take, ms. */
  readonly answerMs: number;
  /** What a scanner needs that may have gone to sleep. */
  readonly wake?: { readonly bytes: Uint8Array; readonly pauseMs: number; readonly afterIdleMs: number };
  /** The first one tells whether the scanner still has what we set (trigger mode). */
  readonly settings: readonly [TemporarySetting, ...TemporarySetting[]];
  /** What a kiosk would set and this family has no known temporary command for. */
  readonly notSupported: readonly ScannerSetting[];
  readonly start: ScannerCommand;
  readonly stop: ScannerCommand;
  /** How long one read lasts before the scanner gives up by itself, ms. */
  readonly readMs: number;
  readonly identity: readonly IdentityQuestion[];
  /** Sounds the beeper once. */
  readonly beep?: ScannerCommand;
}

/** One setting as the provisioning command makes it: stored by the scanner for good. Never used at run time. */
export interface PermanentSetting {
  readonly setting: ScannerSetting;
  readonly command: ScannerCommand;
}

/** How a family of scanners is set for good, and how the kiosk's configuration must say it is set afterwards. */
export interface ScannerProvisioning {
  readonly settings: readonly PermanentSetting[];
  readonly notSupported: readonly ScannerSetting[];
  readonly configuration: { readonly framing?: ScanFraming; readonly aimPrefix?: boolean };
}
