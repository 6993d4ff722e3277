import type { MachinePart, MachinePicture } from '../configuration/machine-pictures.ts';
import type { DeviceSurvey } from '../maintenance/device-survey.ts';
import type { PrinterProbe } from '../maintenance/printer-verdict.ts';
import type {
  DeviceIdentity,
  HealthCheckLevel,
  HealthReport,
  MaintainedDevice,
  ScannerProvisioned,
  TechnicianAnswer,
  TechnicianEvent,
  TraceStreamEvent,
} from '../maintenance/technician-events.ts';
import type { Cancel } from '../platform/clock.ts';
import type { Choice, KioskView, Readiness } from '../view/kiosk-view.ts';

/** What became of a choice: done, ignored because its session is over, or ignored because it means nothing now. */
export type ChoiceAnswer = 'accepted' | 'stale' | 'not-offered';

/** What the touchscreen's side of the bridge reaches in the agent. */
export interface KioskPort {
  view(): KioskView;
  /** Called with each new view. */
  onView(listener: (view: KioskView) => void): Cancel;
  choose(request: { epoch: number; choice: Choice }): ChoiceAnswer;
  /** A key of the page itself was pressed, which chooses nothing: somebody is there. */
  pageKeyPressed(epoch: number): void;
  /** The person's full name while the epoch lives and it was asked for; never kept. */
  fullName(epoch: number): Promise<string | undefined>;
  /** The portrait's bytes (PNG or JPEG) while the epoch lives. */
  photo(epoch: number, photoRef: string): Promise<Uint8Array | undefined>;
  /** Photos of this machine's parts; a part that is not in it is drawn. */
  readonly machinePictures: ReadonlyMap<MachinePart, MachinePicture>;
  /** A paragraph of a notice read aloud, Ogg or WAV; undefined: there is none (any more). Never anything of a person. */
  recording(ref: string): Promise<Uint8Array | undefined>;
  /** The page says what is really painted: the only proof that somebody can see it. */
  painted(epoch: number, screen: string): void;
}

/** One device as a technician sees it. */
export interface DeviceReport {
  readonly kind: 'idCardReader' | 'qrScanner' | 'receiptPrinter';
  /** The configured line, e.g. `serial /dev/kiosk-reader 115200`. */
  readonly link: string;
  readonly device: string;
  readonly faults: readonly { readonly code: string; readonly action: string }[];
  /** The parts that matter, as words of the device contract (`paper: low`, `cover: closed`, …). */
  readonly parts: Readonly<Record<string, string>>;
  /** Who it says it is; absent while it is not connected, or tells nothing. Never believed. */
  readonly identity?: DeviceIdentity;
  /** Printers: how this one is driven, and what it has been found to prove. */
  readonly printer?: {
    readonly profile: string;
    /** The strongest evidence this unit can give, as its connection goes by it; `unknown`: not connected, or nobody has looked. */
    readonly evidence: 'E2' | 'E1' | 'E0' | 'unknown';
    /** What the configuration wants before a code is activated. */
    readonly minimumEvidence: 'E1' | 'E2';
    /** A probe of this unit is kept. */
    readonly probed: boolean;
  };
}

/**
 * Why the centre is of no use: nobody answers, its certificate is not to be trusted (nothing was sent), it does not let this
 * kiosk in, it cannot agree on the time, or what answers is not the contract's.
 */
export type CentreTrouble = 'no-answer' | 'untrusted' | 'refused' | 'clock-skew' | 'out-of-order';

/** What `kioskctl status` prints. No personal data. */
export interface AgentReport {
  readonly kioskId: string;
  readonly version: string;
  /** A new one for each start of the agent. */
  readonly instance: string;
  readonly uptimeMs: number;
  readonly rssBytes: number;
  readonly readiness: Readiness;
  readonly devices: readonly DeviceReport[];
  readonly centre: {
    readonly url: string;
    readonly reachable: boolean;
    /** Absent while it is reachable, and before it was asked. */
    readonly trouble?: CentreTrouble;
    /** Centre's clock minus this machine's, ms; absent before the first answer. */
    readonly clockOffsetMs?: number;
  };
  readonly queue: { readonly voiding: number; readonly confirming: number; readonly open: number };
  readonly database: {
    readonly path: string;
    readonly schemaVersion: number;
    readonly bytes: number;
    readonly movedAside?: string;
  };
  /** The last painted frame: what, and how long ago (ms). Absent: no screen is attached. */
  readonly painted?: { readonly screen: string; readonly agoMs: number };
}

/** What became of a test page. */
export type TestPageAnswer =
  | { readonly kind: 'printed'; readonly grade: string }
  | { readonly kind: 'notPrinted' | 'unknown'; readonly fault: string }
  | { readonly kind: 'busy' };

/** What technicians' programs reach, through the Unix socket only. Streams end when their signal aborts. */
export interface MaintenancePort {
  report(): AgentReport;
  /** Prints the test page; refused while somebody is being served. */
  printTestPage(): Promise<TestPageAnswer>;
  /** What is plugged into this machine. */
  survey(): Promise<DeviceSurvey>;
  checkHealth(
    wanted: { readonly device: MaintainedDevice; readonly level: HealthCheckLevel },
    signal: AbortSignal,
  ): AsyncIterable<TechnicianEvent<HealthReport>>;
  /** Finds out what the printer really answers; `printLine`: and prints one line for it. */
  probePrinter(
    wanted: { readonly printLine: boolean },
    signal: AbortSignal,
  ): AsyncIterable<TechnicianEvent<PrinterProbe>>;
  /** Stores the kiosk's settings in the scanner, for good. */
  provisionScanner(signal: AbortSignal): AsyncIterable<TechnicianEvent<ScannerProvisioned>>;
  /** Answers a question of what is under way. */
  answer(answer: TechnicianAnswer): void;
  /** What goes over a device's line, blanked; `reopen`: the line is closed first, so that its opening is in the trace. */
  trace(
    wanted: { readonly device: MaintainedDevice; readonly seconds: number; readonly reopen: boolean },
    signal: AbortSignal,
  ): AsyncIterable<TraceStreamEvent>;
}
