import { assign, raise, sendTo, setup } from 'xstate';
import type { Errand, ErrorCode, SignInMethod } from '../view/kiosk-view.ts';
import {
  canPrintAddresses,
  noBrowsing,
  noticesOnPage,
  pageCount,
  pageOfNotice,
  placeOfNotice,
  terminalPage,
} from './browsing.ts';
import { createEffects } from './effects.ts';
import type { SessionLimits } from './limits.ts';
import { limitAtPace } from './pace.ts';
import type { IssueOutcome, SessionOutcome, SessionPorts, SlipAnswer } from './ports.ts';
import { noFacts, noSlip } from './session-context.ts';
import type { AfterSession, SessionContext, SessionEvent, SlipFacts } from './session-context.ts';
import {
  MISREADS_ALLOWED,
  mayRetry,
  troubleOfEligibility,
  troubleOfIssuance,
  troubleOfLostDevice,
  troubleOfMisread,
  troubleOfReadiness,
  troubleOfRetraction,
  troubleOfSignIn,
  troubleOfSilence,
} from './trouble.ts';
import type { RetryPoint, Trouble } from './trouble.ts';

/** What another machine is the way out of. */
const NEARBY_HELPS: readonly ErrorCode[] = ['E14', 'E14-cover', 'E17'];

/** The centre's subject token is good for a second operation (DESIGN, identifications). */
const OPERATIONS_PER_SIGN_IN = 2;

/** The context of a kiosk that has served nobody yet. */
export function initialContext(ports: SessionPorts, firstEpoch: number): SessionContext {
  return {
    ...noFacts,
    ...noBrowsing,
    latest: ports.directory.now(),
    epoch: firstEpoch,
    readiness: ports.readiness.now(),
    next: 'attract',
    deadlineMs: undefined,
    vaultStuck: false,
  };
}

function retryOfIssue(context: SessionContext): RetryPoint {
  return context.issuesStarted < OPERATIONS_PER_SIGN_IN ? 'issue' : 'sign-in';
}

function holdsActiveCode(context: SessionContext): boolean {
  const status = context.current?.status;
  return status === 'active' || status === 'expiring' || status === 'unconfirmed';
}

function nothingOnPaper(context: SessionContext): boolean {
  return context.progress === undefined || context.progress === 'reserving';
}

function sessionOutcomeOf(outcome: IssueOutcome): SessionOutcome {
  if (outcome.kind === 'issued') return outcome.delivery === 'cut' ? 'issued' : 'unconfirmed';
  return outcome.kind === 'voided' ? 'voided' : 'refused';
}

/** E1 is all that some printers can prove; E2 and better need no second look. */
function isWeak({ evidence }: { readonly evidence: string }): boolean {
  return evidence === 'E0' || evidence === 'E1';
}

/** The sensor sees the slip lying there. */
function slipAtExit(context: SessionContext): boolean {
  return context.exit !== 'blind' && !context.slipTaken;
}

/** What a slip that has just come out begins with. */
function factsOfSlip(outcome: IssueOutcome, readBack: 'when-needed' | 'always'): SlipFacts {
  const out = outcome.kind === 'issued' && outcome.delivery === 'cut' ? outcome : undefined;
  if (out === undefined) return noSlip;
  return { ...noSlip, exit: out.exit, readBackWanted: readBack === 'always' || isWeak(out) };
}

function canPrint(context: SessionContext): boolean {
  return troubleOfReadiness(context.readiness, 'apply', 'confirmation') === undefined;
}

/** The vocabulary of the statechart: what its states may ask (guards), do (actions) and start (actors). */
export function setupSession(ports: SessionPorts, limits: SessionLimits, readBack: 'when-needed' | 'always') {
  const { actors, answerForSlip } = createEffects(ports, limits);
  const now = () => ports.clock.monotonicMs();
  const atPace = ({ longestThoughtMs }: SessionContext, limit: 'idleMs' | 'finishedMs') =>
    limitAtPace(limits[limit], longestThoughtMs);
  const fail = (
    trouble: Trouble | undefined,
    outcome: SessionOutcome = 'refused',
  ): Partial<SessionContext> => ({
    trouble: trouble ?? { code: 'E20', reference: 'S-03' },
    outcome,
  });

  return setup({
    // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- only types: how xstate is told them
    types: {} as { context: SessionContext; events: SessionEvent },
    actors,
    delays: {
      idle: ({ context }) => atPace(context, 'idleMs'),
      confirm: limits.confirmMs,
      warning: limits.warningMs,
      takeSlip: limits.takeSlipMs,
      readBack: limits.readBackMs,
      finished: ({ context }) => atPace(context, 'finishedMs'),
      takeIdCard: limits.takeIdCardMs,
      fullName: limits.fullNameMs,
      longWait: limits.longWaitMs,
      waitAgain: limits.waitAgainMs,
      identifyCeiling: limits.identifyCeilingMs,
      issueCeiling: limits.issueCeilingMs,
      retractCeiling: limits.retractCeilingMs,
      helpCeiling: limits.helpCeilingMs,
      addressesCeiling: limits.addressesCeilingMs,
      vaultRetry: 1_000,
    },
    guards: {
      offers: ({ context }, params: { errand: Errand }) =>
        params.errand === 'check' ? context.readiness.check : context.readiness.issue,
      works: ({ context }, params: { method: SignInMethod }) =>
        context.readiness.methods.includes(params.method),
      otherWay: ({ context }, params: { method: SignInMethod }) =>
        context.method !== params.method && context.readiness.methods.includes(params.method),
      blocked: ({ context }) =>
        troubleOfReadiness(context.readiness, context.errand, 'sign-in') !== undefined,
      /** For printing whatever the errand was: 查看 may go on to 补领. */
      printBlocked: ({ context }) => !canPrint(context),
      hasTerminals: ({ context }) => context.latest.terminalPages.length > 0,
      hasNotices: ({ context }) => context.latest.notices.length > 0,
      offersTerminals: ({ context }) =>
        context.latest.terminalPages.length > 0 && NEARBY_HELPS.includes(context.trouble?.code ?? 'E20'),
      hasPage: ({ context }, params: { by: 1 | -1 }) => {
        const page = context.page + params.by;
        return page >= 0 && page < pageCount(context);
      },
      onLastOfSeveral: ({ context }) => context.page > 0 && context.page === pageCount(context) - 1,
      hasMap: ({ context }) => terminalPage(context).map !== undefined,
      hasNotice: ({ context }, params: { nth: number }) => params.nth < noticesOnPage(context).length,
      mayPrintAddresses: ({ context }) => canPrintAddresses(context.readiness),
      mayPrintAgain: ({ context }) =>
        canPrintAddresses(context.readiness) &&
        context.addresses !== 'printed' &&
        context.addresses !== 'unknown',
      byCard: ({ context }) => context.method === 'id-card',
      byCode: ({ context }) => context.method === 'suishen-code',
      ownMethodLost: ({ context }) => !context.readiness.methods.includes(context.method),
      mayRetry: ({ context }) =>
        context.trouble !== undefined && mayRetry(context.trouble, context.readiness, context.errand),
      retries: ({ context }, params: { at: RetryPoint }) => context.trouble?.retry === params.at,
      troubleIs: ({ context }, params: { codes: readonly string[] }) =>
        params.codes.includes(context.trouble?.code ?? ''),
      waitsLong: ({ context, event }) =>
        event.type === 'issue.progress' &&
        event.progress === 'waiting-long' &&
        (context.progress === 'reserving' || context.progress === 'activating'),
      isStep: ({ event }) => event.type === 'issue.progress' && event.progress !== 'waiting-long',
      nothingOnPaper: ({ context }) => nothingOnPaper(context),
      gaveUp: ({ context }) => context.outcome === 'cancelled',
      troubled: ({ context }) => context.trouble !== undefined,
      tokenSpent: ({ context }) => context.issuesStarted >= OPERATIONS_PER_SIGN_IN,
      lastMisread: ({ context }) => context.misreads + 1 >= MISREADS_ALLOWED,
      checks: ({ context }) => context.errand === 'check',
      ineligible: ({ context }) => context.reasons !== undefined,
      reissues: ({ context }) => context.kind === 'reissue',
      mayReplace: ({ context }) =>
        (context.current?.status === 'expiring' || context.current?.status === 'unconfirmed') &&
        canPrint(context),
      mayApply: ({ context }) => !holdsActiveCode(context) && canPrint(context),
      after: ({ context }, params: { next: AfterSession }) => context.next === params.next,
      cardMayLie: ({ context }) => context.cardUsed,
      remindOfCard: ({ context }) => context.cardUsed && context.next !== 'sign-in-again',
      cardSeen: ({ context }) => context.cardSeen,
      seesCards: ({ context }) => context.method === 'id-card' && ports.cardLifted() !== undefined,
      slipAtExit: ({ context }) => slipAtExit(context),
      slipTaken: ({ context }) => context.slipTaken,
      exitRetracts: ({ context }) => context.exit === 'retracts',
      wantsReadBack: ({ context }) =>
        context.readBackWanted && context.readiness.methods.includes('suishen-code'),
    },
    actions: {
      rememberReadiness: assign(({ event }) =>
        event.type === 'readiness' ? { readiness: event.readiness } : {},
      ),
      rememberDirectory: assign(({ event }) =>
        event.type === 'directory' ? { latest: event.directory } : {},
      ),
      openDirectory: assign(({ context }, params: { list: 'nearby' | 'notices' }) => ({
        ...noBrowsing,
        directory: context.latest,
        browsing: params.list,
      })),
      turnPage: assign(({ context }, params: { by: 1 | -1 }) => ({ page: context.page + params.by })),
      toFirstPage: assign(() => ({ page: 0 })),
      openNotice: assign(({ context }, params: { nth: number }) => ({
        noticeAt: placeOfNotice(context, params.nth),
        page: 0,
      })),
      closeNotice: assign(({ context }) => ({
        noticeAt: undefined,
        page: pageOfNotice(context.noticeAt ?? 0),
      })),
      noteAddresses: assign(({ event }) =>
        event.type === 'addresses.ended' ? { addresses: event.outcome } : {},
      ),
      doubtAddresses: assign(() => ({ addresses: 'unknown' as const })),
      choose: assign((_, params: { errand: Errand }) => ({ ...noFacts, errand: params.errand })),
      beginSession: ({ context }) => {
        const vaultId = ports.vault.begin();
        ports.records.begin({ epoch: context.epoch, vaultId, errand: context.errand });
      },
      startTimes: assign(() => ({ startedAtMs: now(), phaseAtMs: now(), next: 'attract' as const })),
      useMethod: assign(({ context }, params: { method: SignInMethod }) => ({
        method: params.method,
        misreads: context.method === params.method ? context.misreads : 0,
      })),
      recordMethod: ({ context }) => {
        ports.records.update(context.epoch, { method: context.method });
      },
      startPhase: assign(() => ({ phaseAtMs: now() })),
      forgetPerson: assign(() => ({ person: undefined, current: undefined, reasons: undefined })),
      noteCard: assign(({ context }) => ({ cardUsed: context.cardUsed || context.method === 'id-card' })),
      noteMisread: assign(({ context, event }) => {
        if (
          event.type !== 'sign-in.unreadable' &&
          event.type !== 'sign-in.not-an-id-card' &&
          event.type !== 'sign-in.illegible'
        )
          return {};
        const misreads = context.misreads + 1;
        return {
          misreads,
          trouble: troubleOfMisread(event.fact.kind, misreads),
          cardUsed: context.cardUsed || event.type === 'sign-in.unreadable',
        };
      }),
      notePerson: assign(({ context, event }) => {
        if (event.type !== 'sign-in.identified') return {};
        const { person, current, eligibility } = event.fact;
        return {
          person,
          current,
          reasons: eligibility.eligible ? undefined : eligibility.reasons,
          cardUsed: context.cardUsed || context.method === 'id-card',
          signInMs: now() - context.phaseAtMs,
          issuesStarted: 0,
          outcome: undefined,
          trouble: undefined,
        };
      }),
      chooseKind: assign(({ context }) => ({
        kind: holdsActiveCode(context) ? ('reissue' as const) : ('apply' as const),
      })),
      reissueInstead: assign(({ context }) => {
        const validUntil = context.trouble?.validUntil ?? context.validUntil;
        return {
          kind: 'reissue' as const,
          current:
            validUntil === undefined
              ? { status: 'active' as const }
              : { status: 'active' as const, validUntil },
        };
      }),
      failSignIn: assign(({ event }) =>
        event.type === 'sign-in.refused' ? fail(troubleOfSignIn(event.fact.problem)) : fail(undefined),
      ),
      failLostDevice: assign(({ context }) => fail(troubleOfLostDevice(context.method))),
      failUnreachable: assign(() => fail({ code: 'E12', retry: 'sign-in' })),
      failSilentSignIn: assign(() => fail({ code: 'E20', retry: 'sign-in', reference: 'S-03' })),
      failIneligible: assign(({ context }) => fail(troubleOfEligibility(context.reasons ?? []))),
      failBlocked: assign(({ context }) =>
        fail(troubleOfReadiness(context.readiness, context.errand, 'sign-in')),
      ),
      failPrintBlocked: assign(({ context }) =>
        fail(troubleOfReadiness(context.readiness, 'apply', 'confirmation')),
      ),
      failNotMe: assign(() => fail({ code: 'E09' }, 'cancelled')),
      failSlipMissing: assign(() => fail({ code: 'E19b' }, 'unconfirmed')),
      startIssue: assign(({ context }) => ({
        issuesStarted: context.issuesStarted + 1,
        progress: undefined,
        phaseAtMs: now(),
      })),
      noteProgress: assign(({ event }) =>
        event.type === 'issue.progress' ? { progress: event.progress } : {},
      ),
      giveUpIssue: sendTo('issue', { type: 'choice.cancel' }),
      noteIssued: assign(({ context, event }) => {
        if (event.type !== 'issue.ended') return {};
        const { outcome } = event;
        const issueMs = now() - context.phaseAtMs;
        if (outcome.kind === 'voided' && outcome.reason === 'cancelled' && nothingOnPaper(context))
          return { issueMs, trouble: undefined, outcome: 'cancelled' as const };
        return {
          issueMs,
          issuesStarted: context.issuesStarted - (outcome.kind === 'not-ready' ? 1 : 0),
          validUntil: outcome.kind === 'issued' ? outcome.validUntil : undefined,
          ...factsOfSlip(outcome, readBack),
          trouble: troubleOfIssuance(outcome, context.kind, retryOfIssue(context)),
          outcome: sessionOutcomeOf(outcome),
        };
      }),
      failSilentIssue: assign(({ context }) =>
        fail(troubleOfSilence(context.progress), context.progress === 'finishing' ? 'unconfirmed' : 'voided'),
      ),
      noteOutcome: assign((_, params: { outcome: SessionOutcome }) => ({ outcome: params.outcome })),
      noteSlipTaken: assign(() => ({ slipTaken: true, outcome: 'issued' as const })),
      noteBlindExit: assign(() => ({ exit: 'blind' as const })),
      sayOfSlip: assign((_, params: { answer: SlipAnswer }) => ({ slipAnswer: params.answer })),
      answerForSlip: (_, params: { answer: SlipAnswer }) => {
        answerForSlip(params.answer);
      },
      /** What was said last is the best. Whoever leaves without an answer is not there any more, unless we are the ones who leave. */
      endOfSlip: ({ context, event }) => {
        const silent = context.slipAnswer === 'unanswered' && event.type === 'stop';
        answerForSlip(silent ? 'interrupted' : context.slipAnswer);
      },
      failRetracted: assign(({ context, event }) =>
        fail(
          event.type === 'slip.retracted'
            ? troubleOfRetraction(context.kind, event.end.oldCodeStillValid, retryOfIssue(context))
            : undefined,
          'voided',
        ),
      ),
      failIllegible: assign(() => ({ ...fail({ code: 'E21' }, 'unconfirmed'), misreads: 0 })),
      forgetMisreads: assign(() => ({ misreads: 0 })),
      countMisread: assign(({ context }) => ({ misreads: context.misreads + 1 })),
      noteCardSeen: assign(() => ({ cardSeen: true })),
      noteCardLifted: assign(() => ({ cardSeen: false, cardUsed: false })),
      noteCardUnseen: assign(() => ({ cardSeen: false })),
      /** S7 has named the card, unless the slip had to go first. A card that is seen lying there is named again. */
      cardReminded: assign(({ context }) => ({
        cardUsed: context.cardUsed && (context.cardSeen || slipAtExit(context)),
      })),
      endInto: assign((_, params: { next: AfterSession }) => ({ next: params.next })),
      recordEnd: ({ context }) => {
        const { signInMs, issueMs } = context;
        ports.records.end(context.epoch, {
          outcome: context.outcome ?? (context.next === 'attract' ? 'timed-out' : 'cancelled'),
          totalMs: now() - context.startedAtMs,
          ...(signInMs === undefined ? {} : { signInMs }),
          ...(issueMs === undefined ? {} : { issueMs }),
        });
      },
      /** Whether a card may still lie there, and for E09 what was wanted, is not personal and outlives the session. */
      wipe: assign(({ context }) => ({
        ...noFacts,
        errand: context.errand,
        method: context.method,
        cardUsed: context.cardUsed,
        cardSeen: context.cardSeen,
        epoch: context.epoch + 1,
      })),
      /** Whoever only looked around left no session that could be wiped. */
      forgetPace: assign(() => ({ longestThoughtMs: 0 })),
      waits: assign(() => ({ waitingSinceMs: now() })),
      noteThought: assign(({ context }) => ({
        longestThoughtMs: Math.max(context.longestThoughtMs, now() - context.waitingSinceMs),
      })),
      setDeadline: assign(({ context }, params: { limit: 'warningMs' | 'finishedMs' }) => ({
        deadlineMs:
          now() + (params.limit === 'finishedMs' ? atPace(context, 'finishedMs') : limits.warningMs),
      })),
      clearDeadline: assign(() => ({ deadlineMs: undefined })),
      vaultStuck: assign(() => ({ vaultStuck: true })),
      vaultEmpty: assign(() => ({ vaultStuck: false })),
      touch: raise({ type: 'touched' }),
      sayGone: raise({ type: 'gone' }),
      sayScreenOver: raise({ type: 'screen-over' }),
    },
  });
}

/** The vocabulary's type, for the files that make states with it. */
export type SessionSetup = ReturnType<typeof setupSession>;
