/**
 * What every device says about itself. Vocabulary: XFS4IoT Common.Status, cut down to what a kiosk has.
 *
 * `starting` asked but not yet answered · `online` ready · `busy` at work, asks no one · `userError` somebody at the kiosk
 * can mend it (paper, cover) · `hardwareError` a technician must · `offline` configured, seen before, not answering now ·
 * `noDevice` never answered since start, or not configured.
 */
export type DeviceState =
  | 'starting'
  | 'online'
  | 'busy'
  | 'userError'
  | 'hardwareError'
  | 'offline'
  | 'noDevice';

/**
 * What mends a fault (XFS4IoT Common.ErrorEvent `action`): `clear` site staff (paper, cover) · `maintenance` a technician ·
 * `reset` a restart of the device · `configuration` the kiosk's settings · `suspend` nothing, it recovers alone.
 */
export type FaultAction = 'clear' | 'maintenance' | 'reset' | 'configuration' | 'suspend';

/** One thing that is wrong with a device. Sentences for people live in `copy`, by code. */
export interface DeviceFault {
  /** Stable dotted code, e.g. `printer.paper-out`, `reader.no-answer`, `link.port-missing`. Never personal data. */
  readonly code: string;
  readonly action: FaultAction;
}

export interface DeviceStatus {
  readonly device: DeviceState;
  readonly faults: readonly DeviceFault[];
}

export interface IdCardReaderStatus extends DeviceStatus {
  /** The SAM module's number as printed by its maker (GA 467), for the audit log; absent until read. */
  readonly samId?: string;
  /** A card that was read and not lifted, where the reader can tell (`whenCardLifted`); `unknown` everywhere else. */
  readonly media: 'present' | 'notPresent' | 'unknown';
}

export interface QrScannerStatus extends DeviceStatus {
  /** XFS4IoT BarcodeReader: `on` while armed. */
  readonly scanner: 'on' | 'off' | 'inoperative' | 'unknown';
}

export interface ReceiptPrinterStatus extends DeviceStatus {
  readonly paper: 'full' | 'low' | 'out' | 'jammed' | 'unknown';
  readonly cover: 'open' | 'closed' | 'unknown';
  readonly cutter: 'ok' | 'fault' | 'unknown';
  /** Paper at the exit, where a sensor can tell. */
  readonly media: 'present' | 'notPresent' | 'jammed' | 'retracted' | 'unknown';
  /** The strongest evidence of print this unit can give (`EvidenceGrade`), as far as is known now; absent: nobody knows. */
  readonly evidence?: 'E0' | 'E1' | 'E2';
}
