import type { HealthStep } from '../devices/health-check.ts';

export type { DeviceIdentity } from '../devices/device-findings.ts';
export type { HealthCheckLevel, HealthReport, HealthStep } from '../devices/health-check.ts';

/** The devices that a technician can have looked at. */
export type MaintainedDevice = 'idCardReader' | 'qrScanner' | 'receiptPrinter';

/**
 * Why something is not done. `serving`: somebody is at the kiosk, or it is not yet ready for anybody · `occupied`: another technician's work is
 * under way · `absent`: the device is not connected, with its fault · `notSupported`: this device has no such thing.
 */
export interface Refusal {
  readonly kind: 'refused';
  readonly because: 'serving' | 'occupied' | 'absent' | 'notSupported';
  /** Code of the driver. */
  readonly fault?: string;
}

/** What a technician is told while something is done, as it happens; the last one is `ended`, `refused` or `cutShort`. */
export type TechnicianEvent<Outcome> =
  /** `run` is the name by which questions are answered. */
  | { readonly kind: 'begun'; readonly run: string }
  | { readonly kind: 'step'; readonly step: HealthStep }
  /** Something is to be done that the device itself will notice. */
  | { readonly kind: 'prompt'; readonly what: string }
  /** Only a person can tell. */
  | { readonly kind: 'question'; readonly question: number; readonly what: string }
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  | Refusal
  /** `people`: somebody came to be served, and they come first · `time`: it took too long. */
  | { readonly kind: 'cutShort'; readonly because: 'people' | 'time' };

/** An answer to a question of a run. */
export interface TechnicianAnswer {
  readonly run: string;
  readonly question: number;
  /** Null: nobody can tell. */
  readonly answer: boolean | null;
}

/** What became of each setting that was to be stored in a scanner. */
export interface ScannerProvisioned {
  /** Everything that this family can store is stored. */
  readonly complete: boolean;
  readonly settings: readonly {
    readonly setting: string;
    readonly outcome: 'stored' | 'refused' | 'unanswered' | 'skipped' | 'notSupported';
  }[];
  /** What `[qrScanner]` in kiosk.toml must say from now on. */
  readonly configuration: Readonly<Record<string, string | boolean>>;
}

/** One line of a trace (drivers/trace), blanked; `overrun`: whoever reads was too slow, and the trace ends there. */
export type TraceStreamEvent =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'overrun' }
  | Refusal;
