/**
 * What a session needs of the world. The agent fills these with thin adapters; tests and simulation with others.
 * No adapter throws or rejects for what a device, the network or a person can do. Only masked personal data passes here.
 */
import type { Cancel, Clock } from '../platform/clock.ts';
import type { AddressSlipOutcome, Directory, TerminalPage } from '../view/directory-view.ts';
import type { CalendarDate, CurrentCodeView, Errand, Readiness, SignInMethod } from '../view/kiosk-view.ts';

/** Somebody whom the centre found; masked there. */
export interface IdentifiedPerson {
  /** 张*三 */
  readonly maskedName: string;
  /** 310***********1234 */
  readonly maskedIdNumber: string;
  /** Opaque; absent when there is no photo on file. */
  readonly photoRef?: string;
}

/** Why the centre gives somebody no code now. */
export type IneligibleReason = 'under-age' | 'no-photo' | 'card-expired' | 'daily-limit';

/** The centre's word on whether somebody may have a code now. */
export interface Eligibility {
  readonly eligible: boolean;
  readonly reasons: readonly IneligibleReason[];
}

/** Why the centre could not say who somebody is. */
export type SignInProblem =
  | 'unknown-person'
  | 'code-expired'
  | 'code-used'
  | 'code-foreign'
  | 'paper-code'
  | 'other';

/**
 * What happens while somebody signs in. `unreadable`, `not-an-id-card` and `illegible` do not end it: reader and scanner
 * go on looking. `identified`, `refused`, `unreachable` and `device-lost` do.
 */
export type SignInEvent =
  | { readonly kind: 'reading' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'not-an-id-card' }
  | { readonly kind: 'illegible' }
  | { readonly kind: 'device-lost' }
  | { readonly kind: 'identifying' }
  | {
      readonly kind: 'identified';
      readonly person: IdentifiedPerson;
      readonly eligibility: Eligibility;
      readonly current: CurrentCodeView;
    }
  | { readonly kind: 'refused'; readonly problem: SignInProblem }
  | { readonly kind: 'unreachable' };

/** Looks for one person's proof and has the centre identify it, until an ending event or `signal` aborts; then resolves. */
export type SignIn = (signal: AbortSignal, onEvent: (event: SignInEvent) => void) => Promise<void>;

/**
 * How far an issuance is. From `finishing` on the code stays valid whatever happens (the footer was journalled).
 * `waiting-long` is no step: the running one takes longer than it should.
 */
export type IssueProgress = 'reserving' | 'printing' | 'activating' | 'finishing' | 'waiting-long';

/** What the kiosk can tell of its exit: nothing, whether the slip has gone, or that and pull it back. */
export type ExitKind = 'blind' | 'sees' | 'retracts';

/**
 * What became of the slip at the exit; `taken` and `retracted` are what a sensor saw, `unknown`: none can tell, or a slip that was
 * to be pulled back stayed. A slip that went back is void; `oldCodeStillValid` as in the outcome.
 */
export type SlipEnd =
  | { readonly kind: 'taken' | 'jammed' | 'unknown' }
  | { readonly kind: 'retracted'; readonly oldCodeStillValid: boolean };

/**
 * What is said of the slip in the end. `in-hand` 都拿好了, or S7's time · `missing` 纸没出来 · `read-back` the scanner has read it ·
 * `illegible` it cannot be read · `unanswered` nobody is there any more · `interrupted` the agent is ending.
 */
export type SlipAnswer = 'in-hand' | 'missing' | 'read-back' | 'illegible' | 'unanswered' | 'interrupted';

/**
 * What became of an issuance. `voided`: paper may have come out, it is worth nothing. `refused`: the centre said no before
 * anything was printed; `problem` is the problem type's name. `not-ready`: nothing was begun. `stopped`: the agent is
 * ending and will recover. Reasons and problems are the issuance's words; unknown ones lead to E19a and E20.
 */
export type IssueOutcome =
  /** The slip is out. `evidence`: how sure the printer is of it (E2 and better need no second look). */
  | {
      readonly kind: 'issued';
      readonly validUntil: CalendarDate;
      readonly delivery: 'cut';
      readonly evidence: 'E0' | 'E1' | 'E2' | 'E3';
      readonly exit: ExitKind;
    }
  /** The code is valid, and nobody knows where its slip is. */
  | { readonly kind: 'issued'; readonly validUntil: CalendarDate; readonly delivery: 'unconfirmed' }
  | { readonly kind: 'voided'; readonly reason: string; readonly oldCodeStillValid: boolean }
  | { readonly kind: 'refused'; readonly problem: string; readonly validUntil?: CalendarDate }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'not-ready'; readonly reason: string }
  | { readonly kind: 'stopped' };

/** One issuance under way. It goes to its end even when nobody looks any more. */
export interface IssueHandle {
  /** UUID of the operation at the centre. */
  readonly opId: string;
  /** Settles once; never rejects for what a printer or the network can do. */
  readonly outcome: Promise<IssueOutcome>;
  /** Gives up; only offered while nothing is on paper. The outcome still comes. */
  cancel(): void;
  /** What the sensor at the exit sees of the slip, only after `issued`; settles once, never rejects. */
  slipGone(): Promise<SlipEnd>;
  /** Pulls the slip back; where the printer cannot, or it stays, `unknown`. Never rejects. */
  takeBack(): Promise<SlipEnd>;
  /** Called at most once, and only after `issued`: nothing better will be said of this slip. */
  answerForSlip(answer: SlipAnswer): unknown;
}

/**
 * What is held under the scanner when the slip is to be read back. `other`: a code, and not this one. Only `matches` and `lost`
 * end it.
 */
export type ReadBackEvent = { readonly kind: 'matches' | 'other' | 'illegible' | 'lost' };

/** Compares what is scanned with the code on the slip that was printed last, until an ending event or `signal` aborts. */
export type ReadBack = (signal: AbortSignal, onEvent: (event: ReadBackEvent) => void) => Promise<void>;

/** Where the session's personal data lives; the session itself only says when it begins and ends. */
export interface SessionVault {
  /** Makes the session's key; an opaque id without meaning outside of this run. Only called when the vault is empty. */
  begin(): string;
  /** Wipes everything personal; resolves when it is gone. Called again after a rejection, until it resolves. */
  end(): Promise<void>;
}

/** How a session ended, for its row and for statistics. */
export type SessionOutcome =
  | 'issued'
  | 'unconfirmed'
  | 'voided'
  | 'refused'
  | 'checked'
  | 'cancelled'
  | 'timed-out'
  | 'interrupted';

/** The rows of `sessions`: states and times, nothing personal. */
export interface SessionRecords {
  begin(row: { readonly epoch: number; readonly vaultId: string; readonly errand: Errand }): void;
  update(
    epoch: number,
    changes: {
      /** The screen's name. */
      readonly state?: string;
      readonly method?: SignInMethod;
      readonly opId?: string;
    },
  ): void;
  end(
    epoch: number,
    row: {
      readonly outcome: SessionOutcome;
      /** From the choice at the home screen to the end, ms. */
      readonly totalMs: number;
      /** From the last call for card or code to the centre's answer, ms; absent: never identified. */
      readonly signInMs?: number;
      /** From 是我 to the last issuance's outcome, ms; absent: nothing was issued. */
      readonly issueMs?: number;
    },
  ): void;
}

export interface SessionPorts {
  readonly clock: Clock;
  readonly readiness: {
    now(): Readiness;
    /** Called with the whole new readiness after each change. */
    onChange(listener: (readiness: Readiness) => void): Cancel;
  };
  /** What can be told to everybody; known without the centre. */
  readonly directory: {
    now(): Directory;
    /** Called with the whole new directory after each change. */
    onChange(listener: (directory: Directory) => void): Cancel;
  };
  /** Prints the addresses of one page, where nothing of anybody's code is on paper. Never rejects. */
  readonly printAddresses: (page: TerminalPage) => Promise<AddressSlipOutcome>;
  readonly signIn: { readonly byIdCard: SignIn; readonly bySuishenCode: SignIn };
  /**
   * Resolves when the card that was read last has been lifted (true), or can no longer be seen (false). Undefined: this reader
   * does not see cards that lie on it.
   */
  readonly cardLifted: () => ((signal: AbortSignal) => Promise<boolean>) | undefined;
  readonly readBack: ReadBack;
  /** Starts an issuance for the person in the vault. */
  readonly issue: (kind: 'apply' | 'reissue', onProgress: (progress: IssueProgress) => void) => IssueHandle;
  /** Calls staff; whether anybody was reached. Never rejects. */
  readonly callHelp: () => Promise<boolean>;
  readonly vault: SessionVault;
  readonly records: SessionRecords;
}
