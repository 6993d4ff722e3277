import type { AddressSlipOutcome, Directory } from '../view/directory-view.ts';
import type {
  CalendarDate,
  Choice,
  CurrentCodeView,
  Errand,
  Readiness,
  SignInMethod,
} from '../view/kiosk-view.ts';
import type { BrowsingFacts } from './browsing.ts';
import type {
  ExitKind,
  IdentifiedPerson,
  IneligibleReason,
  IssueOutcome,
  IssueProgress,
  ReadBackEvent,
  SessionOutcome,
  SignInEvent,
  SlipAnswer,
  SlipEnd,
} from './ports.ts';
import type { Trouble } from './trouble.ts';

/** What follows when the vault is empty: the attract screen, the home screen, 附近的机器, or the same errand from the start (E09). */
export type AfterSession = 'attract' | 'home' | 'nearby' | 'sign-in-again';

/** What is known of the slip that is out. */
export interface SlipFacts {
  /** What can be seen of it. */
  readonly exit: ExitKind;
  /** The sensor has seen somebody take it. */
  readonly slipTaken: boolean;
  /** It should be held under the scanner. */
  readonly readBackWanted: boolean;
  /** The best that can be said of it until now. */
  readonly slipAnswer: SlipAnswer;
}

/** What one session knows of its person and its course; gone as a whole when it ends. */
export interface SessionFacts extends SlipFacts {
  readonly errand: Errand;
  readonly method: SignInMethod;
  /** A card was on the reader, so it may still lie there. */
  readonly cardUsed: boolean;
  /** The reader sees it lying there: a fact. */
  readonly cardSeen: boolean;
  readonly misreads: number;
  readonly person: IdentifiedPerson | undefined;
  readonly reasons: readonly IneligibleReason[] | undefined;
  readonly current: CurrentCodeView | undefined;
  /** What 是我 will ask the centre for. */
  readonly kind: 'apply' | 'reissue';
  readonly issuesStarted: number;
  readonly progress: IssueProgress | undefined;
  readonly validUntil: CalendarDate | undefined;
  readonly trouble: Trouble | undefined;
  readonly outcome: SessionOutcome | undefined;
  /** Since when a touch is waited for, monotonic ms. */
  readonly waitingSinceMs: number;
  /** The longest time that this person took for a touch, ms. */
  readonly longestThoughtMs: number;
  /** Monotonic ms. */
  readonly startedAtMs: number;
  /** Start of the phase that is being measured, monotonic ms. */
  readonly phaseAtMs: number;
  readonly signInMs: number | undefined;
  readonly issueMs: number | undefined;
}

export interface SessionContext extends SessionFacts, BrowsingFacts {
  readonly epoch: number;
  readonly readiness: Readiness;
  /** What the centre last said for everybody. */
  readonly latest: Directory;
  readonly next: AfterSession;
  /** When the kiosk moves on by itself and the person should see it, monotonic ms. */
  readonly deadlineMs: number | undefined;
  /** The vault could not be emptied: nobody is served until it is. */
  readonly vaultStuck: boolean;
}

/** Of a slip that nothing can see, and of none. */
export const noSlip: SlipFacts = {
  exit: 'blind',
  slipTaken: false,
  readBackWanted: false,
  slipAnswer: 'unanswered',
};

/** A session about which nothing is known. */
export const noFacts: SessionFacts = {
  ...noSlip,
  errand: 'apply',
  method: 'id-card',
  cardUsed: false,
  cardSeen: false,
  misreads: 0,
  person: undefined,
  reasons: undefined,
  current: undefined,
  kind: 'apply',
  issuesStarted: 0,
  progress: undefined,
  validUntil: undefined,
  trouble: undefined,
  outcome: undefined,
  waitingSinceMs: 0,
  longestThoughtMs: 0,
  startedAtMs: 0,
  phaseAtMs: 0,
  signInMs: undefined,
  issueMs: undefined,
};

type SignInMachineEvent = {
  [K in SignInEvent['kind']]: {
    readonly type: `sign-in.${K}`;
    readonly fact: Extract<SignInEvent, { kind: K }>;
  };
}[SignInEvent['kind']];

/** A fact of the sign-in as an event of the statechart. */
export function signInMachineEvent(fact: SignInEvent): SignInMachineEvent {
  // The type's correlation of name and fact is lost in a template literal; both come from the same `kind`.
  return { type: `sign-in.${fact.kind}`, fact } as SignInMachineEvent;
}

/** What became of the slip, as an event of the statechart. */
export function slipMachineEvent(end: SlipEnd): SlipMachineEvent {
  return end.kind === 'retracted' ? { type: 'slip.retracted', end } : { type: `slip.${end.kind}` };
}

type SlipMachineEvent =
  | { readonly type: 'slip.taken' | 'slip.jammed' | 'slip.unknown' }
  | { readonly type: 'slip.retracted'; readonly end: Extract<SlipEnd, { kind: 'retracted' }> };

export type SessionEvent =
  | { readonly type: `choice.${Choice}` }
  /** Somebody is there: a choice was accepted, or card or code was tried. */
  | { readonly type: 'touched' }
  /** A key of the page itself was pressed (再听一遍, 大字大声): somebody is there, and nothing is chosen. */
  | { readonly type: 'page-key' }
  | { readonly type: 'readiness'; readonly readiness: Readiness }
  | { readonly type: 'directory'; readonly directory: Directory }
  | { readonly type: 'addresses.ended'; readonly outcome: AddressSlipOutcome }
  | SignInMachineEvent
  | { readonly type: 'sign-in.over' }
  | { readonly type: 'issue.progress'; readonly progress: IssueProgress }
  | { readonly type: 'issue.ended'; readonly outcome: IssueOutcome }
  | { readonly type: 'issue.broken' }
  | SlipMachineEvent
  | { readonly type: `read-back.${ReadBackEvent['kind']}` }
  | { readonly type: 'card.lifted' }
  /** The reader can no longer tell whether the card lies there. */
  | { readonly type: 'card.unseen' }
  | { readonly type: 'help.called' | 'help.nobody' }
  /** The agent is ending: the person is asked nothing more. */
  | { readonly type: 'stop' }
  | { readonly type: 'vault.empty' }
  | { readonly type: 'vault.failed' }
  /** Raised by the presence region: nobody answered 您还在吗, or nobody is at the home screen. */
  | { readonly type: 'gone' }
  /** Raised by the presence region: the screen's own time is over. */
  | { readonly type: 'screen-over' };
