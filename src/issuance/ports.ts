import type { Clock } from '../platform/clock.ts';
import type { JournalState, Trigger } from './transitions.ts';

/** What the person came for; the centre refuses the wrong one. */
export type IssueKind = 'apply' | 'reissue';

/** How sure the printer makes us, weakest first; the same grades as the device contract's. */
export type EvidenceGrade = 'E0' | 'E1' | 'E2' | 'E3';

/** How the slip reached the person, as far as this kiosk can tell; weakest first, as at the centre. */
export type Delivery = 'unconfirmed' | 'cut' | 'taken' | 'scanned';

/** Why an operation is made void. Goes to the centre and to the log: never personal. */
export type VoidReason =
  | 'reserve-unknown'
  | 'print-failed'
  | 'print-unknown'
  | 'evidence-too-weak'
  | 'activation-refused'
  | 'activation-unknown'
  | 'footer-not-printed'
  | 'retracted'
  | 'cancelled'
  | 'interrupted'
  | 'orphan';

/**
 * What the paper is still owed before anything else may be printed behind it: `void-mark` 作废 and a cut, because a body
 * without footer may hang there; `cut` a plain cut, because a valid slip may hang there.
 */
export type PaperDebt = 'none' | 'void-mark' | 'cut';

/** One unfinished operation. Holds nothing personal: a UUID, states, counters and a keyed hash. */
export interface JournalRow {
  readonly opId: string;
  readonly kind: IssueKind;
  readonly state: JournalState;
  /** The person's epoch at reserve; activation is refused when it has moved on (fencing). */
  readonly baseEpoch: number | null;
  /** Keyed hash of the QR's token, hexadecimal. */
  readonly tokenHash: string | null;
  /** What the printer echoes for the newest job of this operation. */
  readonly processId: string | null;
  readonly evidence: EvidenceGrade | null;
  readonly reason: VoidReason | null;
  readonly delivery: Delivery | null;
  /** What is legally so and what is on paper are two columns, never one. */
  readonly paperDebt: PaperDebt;
  /** The centre has acknowledged the void or the confirmation. */
  readonly centreSettled: boolean;
}

/** The columns a move may change along with the state. */
export type JournalPatch = Partial<Omit<JournalRow, 'opId' | 'kind' | 'state'>>;

/**
 * The durable journal. Synchronous: when a call returns, the change survives a power cut. A throw means that nobody knows
 * whether it does, so the agent must end and recover.
 */
export interface JournalPort {
  insert(row: JournalRow): void;
  /** Throws when the row is not in state `from`. */
  move(opId: string, from: JournalState, to: JournalState, patch: JournalPatch): void;
  close(opId: string): void;
  unfinished(): readonly JournalRow[];
  /** How long ago an unfinished operation was begun, by the wall clock, ms; 0 where that clock has gone back since. For alarms only. */
  ageMs(opId: string): number;
}

/** Nobody knows whether the request took effect: no answer, time-out, broken line, 5xx. */
export interface Unknown {
  readonly kind: 'unknown';
}

/** The centre said no, by the problem's kind (`already-active`, `nothing-to-reissue`, `daily-limit`, …). */
export interface Refused {
  readonly kind: 'refused';
  readonly problem: string;
  /** With `already-active`: the last day of the code the person has. */
  readonly validUntil?: string;
}

/** The adapter has put token and short code into the vault before it answers. */
interface Reserved {
  readonly kind: 'ok';
  readonly baseEpoch: number;
  /** Last day of validity, `YYYY-MM-DD`, Asia/Shanghai. */
  readonly validUntil: string;
  /** Keyed hash of the token, hexadecimal. */
  readonly tokenHash: string;
}

export type ReserveAnswer = Reserved | Refused | Unknown;
/** `stale-epoch`: the person's codes changed elsewhere since reserve. `gone`: lease over, voided or unknown. */
export type ActivateAnswer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused'; readonly problem: 'stale-epoch' | 'gone' | 'other' }
  | Unknown;

/**
 * `ok`: void now, and the code it had suspended holds again. `final`: the centre will never do it (the slip was
 * already delivered); asking again is pointless. `unknown`: ask again.
 */
export type VoidAnswer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'final'; readonly problem: string }
  | Unknown;

/** `final`: the code was revoked, voided or replaced meanwhile, and the confirmation means nothing any more. */
export type ConfirmAnswer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'final'; readonly problem: string }
  | Unknown;

/** An operation of this device that the centre holds as not ended. */
export interface OpenOperation {
  readonly opId: string;
  readonly kind: IssueKind;
  /** `suspended`: a later code took its place; should that one be voided, this one would be active again. */
  readonly state: 'pending' | 'active' | 'suspended';
  /** A delivery, `unconfirmed` included, has been told: then it is not ours to void. */
  readonly confirmed: boolean;
}

export interface ActivationEvidence {
  readonly grade: EvidenceGrade;
  readonly processId: string;
}

/** The central service as issuance needs it. Every call may be repeated; none rejects for what a network can do. */
export interface CentrePort {
  reserve(request: { readonly opId: string; readonly kind: IssueKind }): Promise<ReserveAnswer>;
  activate(request: {
    readonly opId: string;
    readonly baseEpoch: number;
    readonly evidence: ActivationEvidence;
  }): Promise<ActivateAnswer>;
  void(request: { readonly opId: string; readonly reason: VoidReason }): Promise<VoidAnswer>;
  confirm(request: { readonly opId: string; readonly delivery: Delivery }): Promise<ConfirmAnswer>;
  openOperations(): Promise<{ readonly kind: 'ok'; readonly operations: readonly OpenOperation[] } | Unknown>;
}

/** What keeps the printer from printing, as far as a person must be told differently. */
export type PrinterCause = 'no-paper' | 'cover-open' | 'jam' | 'slip-at-exit' | 'fault';

/** Three-valued: `notPrinted` only when not a dot of this job can be on paper. */
export type PrintResult =
  | { readonly kind: 'printed'; readonly grade: EvidenceGrade; readonly cut: boolean }
  | { readonly kind: 'notPrinted'; readonly cause: PrinterCause }
  | { readonly kind: 'unknown'; readonly cause: PrinterCause };

/**
 * What became of a slip at the exit. `taken` and `retracted` are what a sensor saw; `unknown`: it can no longer tell.
 */
export type SlipFate = 'taken' | 'retracted' | 'jammed' | 'unknown';

/** The exit of a printer whose sensor sees the paper there; the same as the device contract's. */
export interface SlipExit {
  /** Resolves when the slip that lies there has gone; `unknown` when `signal` aborts or the link ends first. */
  whenGone(signal: AbortSignal): Promise<SlipFate>;
  /** Pulls a slip that nobody took back into the machine. Undefined: this printer has no way to. */
  readonly retract?: () => Promise<SlipFate>;
}

/** The printer as issuance needs it: what is printed about whom, the adapter takes from the vault. None rejects. */
export interface PrinterPort {
  /** Paper, cover, cutter, exit: can a whole slip be printed now? Asks the printer, not a cache. */
  preflight(): Promise<
    { readonly kind: 'ready' } | { readonly kind: 'notReady'; readonly cause: PrinterCause }
  >;
  /** The body with its QR codes; not cut. */
  printBody(job: { readonly opId: string; readonly processId: string }): Promise<PrintResult>;
  /** 已启用, then the cut. */
  printFooterAndCut(job: { readonly opId: string; readonly processId: string }): Promise<PrintResult>;
  /** 作废, then the cut. Needs no vault: it must work after a restart. */
  printVoidAndCut(job: { readonly opId: string; readonly processId: string }): Promise<PrintResult>;
  /** Cuts off whatever hangs there and adds no mark: a slip that is valid may be among it. */
  cutOff(job: { readonly opId: string; readonly processId: string }): Promise<PrintResult>;
  /** Empties the printer's buffer. False: the printer did not answer. */
  purge(): Promise<boolean>;
  /** Where the slip that was cut last lies now; undefined on printers that cannot tell. */
  slipExit(): SlipExit | undefined;
}

/** What issuance tells the log; ids, states and durations only. */
export type IssuanceLogEntry =
  | {
      readonly event: 'transition';
      readonly opId: string;
      readonly from: JournalState | 'NONE';
      readonly to: JournalState | 'CLOSED';
      readonly trigger: Trigger;
      readonly reason: VoidReason | null;
    }
  /** Alarm: the centre has an open operation that the journal had lost; it is being voided. */
  | { readonly event: 'orphan'; readonly opId: string; readonly state: OpenOperation['state'] }
  /** Alarm after 5 minutes and again after 24 hours. */
  | { readonly event: 'overdue'; readonly opId: string; readonly ageMs: number }
  | { readonly event: 'paper-owed'; readonly opId: string; readonly debt: PaperDebt }
  /** The centre would not take the last word of an operation. */
  | { readonly event: 'final-refusal'; readonly opId: string; readonly problem: string };

export interface IssuancePorts {
  readonly journal: JournalPort;
  readonly centre: CentrePort;
  readonly printer: PrinterPort;
  readonly clock: Clock;
  /** `uuid` makes operation ids, `fraction` the jitter. */
  readonly random: { uuid(): string; fraction(): number };
  readonly log: (entry: IssuanceLogEntry) => void;
  /** Called once when the journal or an adapter has thrown. Nothing is done any more; the agent must end and recover. */
  readonly fatal: (error: unknown) => void;
}
