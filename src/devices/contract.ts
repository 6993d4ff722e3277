import type { PrintDocument } from '../slip/print-document.ts';
import type { Cancel } from '../platform/clock.ts';
import type { Result } from '../platform/result.ts';
import type { DeviceIdentity } from './device-findings.ts';
import type { HealthCheckLevel, HealthDialogue, HealthReport } from './health-check.ts';
import type { IdCard } from './id-card.ts';
import type {
  DeviceFault,
  DeviceStatus,
  IdCardReaderStatus,
  QrScannerStatus,
  ReceiptPrinterStatus,
} from './status.ts';

/** Why a connection is over. `closed`: we closed it. `lost`: the link died. */
export type ConnectionEnd =
  | { readonly kind: 'closed' }
  | { readonly kind: 'lost'; readonly fault: DeviceFault };

/**
 * One live link to one device. It ends once and for all; the supervisor makes a new one.
 * Nothing here throws or rejects for what a device or a cable can do.
 */
export interface DeviceConnection<S extends DeviceStatus = DeviceStatus> {
  /** The newest known state. */
  status(): S;
  /** Called after each change of the state, with the whole new state. */
  onStatus(listener: (status: S) => void): Cancel;
  /** Resolves when the link is gone. Never rejects. */
  readonly ended: Promise<ConnectionEnd>;
  /** Ends the link. A second call waits for the same end. */
  close(): Promise<void>;
  /** Who the device says it is, as far as it was asked and has told. */
  identity(): DeviceIdentity;
  /**
   * Looks whether the device can do its work. Waits for its turn behind whatever the device does now, and ends within the
   * limits of its steps or when `signal` aborts.
   */
  checkHealth(level: HealthCheckLevel, dialogue: HealthDialogue, signal: AbortSignal): Promise<HealthReport>;
}

/** Knows how to reach one configured device. */
export interface DeviceDriver<C extends DeviceConnection> {
  /** Opens the link and does the family's handshake; returns a fault when nobody (or somebody else) answers. */
  connect(signal: AbortSignal): Promise<Result<C, DeviceFault>>;
}

/**
 * What happens at the reader while it looks for a card. `reading`: a card was found and is being read, keep it still.
 * `unreadable`: lift it and lay it again. `notAnIdCard`: something else lies there. `card` ends the reading;
 * `lost` too (the connection is over).
 */
export type CardReaderEvent =
  | { readonly kind: 'reading' }
  | { readonly kind: 'card'; readonly card: IdCard }
  | { readonly kind: 'unreadable'; readonly fault: DeviceFault }
  | { readonly kind: 'notAnIdCard' }
  | { readonly kind: 'lost'; readonly fault: DeviceFault };

export interface IdCardReaderConnection extends DeviceConnection<IdCardReaderStatus> {
  /**
   * Looks for a card until one was read, the link is lost, or `signal` aborts; then resolves. Outside of this call the
   * reader is never asked for a card (no reading without a purpose).
   */
  readCard(signal: AbortSignal, onEvent: (event: CardReaderEvent) => void): Promise<void>;
  /**
   * Resolves when the card that was read has been lifted (true), or when `signal` aborts or the link ends (false). Present
   * only on a reader of which a probe has shown that it sees such a card; others answer "no card" in both cases.
   */
  readonly whenCardLifted?: (signal: AbortSignal) => Promise<boolean>;
}

/**
 * A scan, or a reason why what the scanner sent is no code: longer than any code · `charset` bytes that no code has · `empty` ·
 * `incomplete` it broke off · `symbology` not a QR code. `text` is opaque and may be personal.
 */
export type ScanEvent =
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'unreadable';
      readonly reason: 'too-long' | 'charset' | 'empty' | 'incomplete' | 'symbology';
    }
  | { readonly kind: 'lost'; readonly fault: DeviceFault };

export interface QrScannerConnection extends DeviceConnection<QrScannerStatus> {
  /** Armed until `signal` aborts or the link is lost. Whatever was scanned before is dropped, not queued. */
  scan(signal: AbortSignal, onEvent: (event: ScanEvent) => void): Promise<void>;
}

/**
 * How sure we are that paper was printed (weakest first): `E0` bytes accepted · `E1` `GS r` answered and no error for 300 ms ·
 * `E2` the printer echoed this job's process id (`GS ( H`) and no error · `E3` the slip was read back by a scanner.
 */
export type EvidenceGrade = 'E0' | 'E1' | 'E2' | 'E3';

/** Three-valued: after a power cut or an unplug nobody knows. */
export type PrintOutcome =
  | {
      readonly kind: 'printed';
      readonly grade: EvidenceGrade;
      /** The knife has fallen, and a presenter, where there is one, holds the slip out. */
      readonly cut: boolean;
    }
  | { readonly kind: 'notPrinted'; readonly fault: DeviceFault }
  | { readonly kind: 'unknown'; readonly fault: DeviceFault };

export interface PrintJob {
  readonly document: PrintDocument;
  /** Cut (and present) after the last element. */
  readonly cut: boolean;
  /** Four characters 0x20–0x7E, never used twice on one connection: what `GS ( H` fn 48 echoes. */
  readonly processId: string;
}

export interface ReceiptPrinterConnection extends DeviceConnection<ReceiptPrinterStatus> {
  /** Asks the printer now instead of waiting for its next report. */
  refreshStatus(): Promise<ReceiptPrinterStatus>;
  /**
   * Prints one document and waits for proof. `notPrinted` is said only when not a dot can be on paper.
   * Jobs run one after the other.
   */
  print(job: PrintJob): Promise<PrintOutcome>;
  /** Empties the printer's buffer, so that nothing of an earlier job comes out later. False: the printer did not answer. */
  purge(): Promise<boolean>;
  /** Where a sensor sees the paper at the exit; undefined on printers that cannot tell. */
  readonly exit?: SlipExit;
}

/** What became of a slip at the exit. `taken` and `retracted` are what the sensor saw, nothing else says them. */
export type SlipFate = 'taken' | 'retracted' | 'jammed' | 'unknown';

/** The place where a cut slip waits for a hand (XFS4IoT: presented, taken, retracted). */
export interface SlipExit {
  /** Resolves when the slip that lies there has gone; `unknown` when `signal` aborts or the link ends first. */
  whenGone(signal: AbortSignal): Promise<SlipFate>;
  /** Pulls a slip that nobody took back into the machine. Undefined: this printer has no way to. */
  readonly retract?: () => Promise<SlipFate>;
}
