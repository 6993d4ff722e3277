import type {
  CalendarDate,
  Errand,
  ErrorCode,
  Obstacle,
  Readiness,
  SignInMethod,
} from '../view/kiosk-view.ts';
import type { IneligibleReason, IssueOutcome, IssueProgress, SignInProblem } from './ports.ts';

/** Where 再试一次 leads. */
export type RetryPoint =
  /** Card or code once more, from the beginning. */
  | 'sign-in'
  /** The confirmation page, with the person still known. */
  | 'confirmation'
  /** Straight to printing: 是我 was said, and the centre's token is good for a second operation. */
  | 'issue';

/** What went wrong, and what can be done about it here. No personal data. */
export interface Trouble {
  readonly code: ErrorCode;
  /** Absent: trying again would end the same way. */
  readonly retry?: RetryPoint;
  /** For E20: what staff look up (docs/glossary.md). S: sign-in. P: issuance. R: readiness. */
  readonly reference?: string;
  /** For E10. */
  readonly validUntil?: CalendarDate;
}

/** Misreads in one session after which a card is called unreadable, and a reader no longer tries by itself. */
export const MISREADS_ALLOWED = 3;

/** A card or code that told nothing. `misreads` counts this one. */
export function troubleOfMisread(
  kind: 'unreadable' | 'not-an-id-card' | 'illegible',
  misreads: number,
): Trouble {
  if (kind === 'not-an-id-card') return { code: 'E03', retry: 'sign-in' };
  if (kind === 'illegible') return { code: 'E05', retry: 'sign-in' };
  return misreads < MISREADS_ALLOWED ? { code: 'E01', retry: 'sign-in' } : { code: 'E02' };
}

/** Reader or scanner is gone; the other way is offered by the choices. */
export function troubleOfLostDevice(method: SignInMethod): Trouble {
  return { code: method === 'id-card' ? 'E17' : 'E18' };
}

const SIGN_IN_TROUBLES: Readonly<Record<SignInProblem, Trouble>> = {
  'unknown-person': { code: 'E08' },
  'code-expired': { code: 'E06', retry: 'sign-in' },
  'code-used': { code: 'E06', retry: 'sign-in' },
  'code-foreign': { code: 'E06', retry: 'sign-in' },
  'paper-code': { code: 'E06-paper', retry: 'sign-in' },
  other: { code: 'E20', retry: 'sign-in', reference: 'S-01' },
};

/** The centre could not say who it is. */
export function troubleOfSignIn(problem: SignInProblem): Trouble {
  return SIGN_IN_TROUBLES[problem];
}

const INELIGIBLE_CODES: readonly (readonly [IneligibleReason, ErrorCode])[] = [
  ['under-age', 'E07'],
  ['card-expired', 'E04'],
  ['no-photo', 'E07-photo'],
  ['daily-limit', 'E11'],
];

/** The person is known and gets no code now; the reason that can least be mended is said first. */
export function troubleOfEligibility(reasons: readonly IneligibleReason[]): Trouble {
  const found = INELIGIBLE_CODES.find(([reason]) => reasons.includes(reason));
  return found ? { code: found[1] } : { code: 'E20', reference: 'S-02' };
}

const OBSTACLE_TROUBLES: readonly (readonly [Obstacle, Trouble])[] = [
  ['out-of-service', { code: 'E20', reference: 'R-02' }],
  ['cover-open', { code: 'E14-cover' }],
  ['no-paper', { code: 'E14' }],
  ['slip-at-exit', { code: 'E14-slip' }],
  ['printer-fault', { code: 'E20', reference: 'R-01' }],
  ['backlog', { code: 'E20', reference: 'R-03' }],
  ['centre-unreachable', { code: 'E12' }],
];

/** 查看 prints nothing and begins nothing. */
const ISSUING_OBSTACLES: readonly Obstacle[] = [
  'cover-open',
  'no-paper',
  'slip-at-exit',
  'printer-fault',
  'backlog',
];

/**
 * What stands in the way of finishing this errand now; said before anything is reserved. A sign-in device that is missing
 * is no obstacle here: who has signed in no longer needs it.
 */
export function troubleOfReadiness(
  readiness: Readiness,
  errand: Errand,
  retry: RetryPoint,
): Trouble | undefined {
  const found = OBSTACLE_TROUBLES.find(
    ([obstacle]) =>
      readiness.obstacles.includes(obstacle) && !(errand === 'check' && ISSUING_OBSTACLES.includes(obstacle)),
  );
  return found && { ...found[1], retry };
}

/** E12 may be tried at any time; what a hand at the machine must mend first, only afterwards. */
export function mayRetry(trouble: Trouble, readiness: Readiness, errand: Errand): boolean {
  if (trouble.retry === undefined) return false;
  const waitsForAHand = trouble.code.startsWith('E14') || trouble.reference?.startsWith('R');
  return !waitsForAHand || troubleOfReadiness(readiness, errand, trouble.retry) === undefined;
}

const INELIGIBLE: Readonly<Record<string, IneligibleReason>> = {
  'under-age': 'under-age',
  'no-photo': 'no-photo',
  'card-expired': 'card-expired',
  'daily-limit': 'daily-limit',
};

function troubleOfRefusal(problem: string, validUntil: CalendarDate | undefined): Trouble {
  const reason = INELIGIBLE[problem];
  if (reason) return troubleOfEligibility([reason]);
  switch (problem) {
    case 'already-active':
      return validUntil === undefined ? { code: 'E10' } : { code: 'E10', validUntil };
    case 'nothing-to-reissue':
      return { code: 'E20', retry: 'sign-in', reference: 'P-02' };
    default:
      return { code: 'E20', retry: 'sign-in', reference: 'P-01' };
  }
}

function troubleOfUnreadiness(reason: string): Trouble {
  switch (reason) {
    case 'no-paper':
      return { code: 'E14', retry: 'confirmation' };
    case 'cover-open':
      return { code: 'E14-cover', retry: 'confirmation' };
    case 'slip-at-exit':
      return { code: 'E14-slip', retry: 'confirmation' };
    case 'jam':
    case 'fault':
      return { code: 'E20', retry: 'confirmation', reference: 'R-01' };
    case 'backlog':
      return { code: 'E20', retry: 'confirmation', reference: 'R-03' };
    default:
      return { code: 'E20', retry: 'confirmation', reference: 'P-05' };
  }
}

/** What to say of an issuance that did not end with a slip in the hand. Undefined: it did. */
export function troubleOfIssuance(
  outcome: IssueOutcome,
  kind: 'apply' | 'reissue',
  retry: RetryPoint,
): Trouble | undefined {
  switch (outcome.kind) {
    case 'issued':
      return outcome.delivery === 'cut' ? undefined : { code: 'E19b' };
    case 'voided':
      if (outcome.reason === 'jam') return { code: 'E15' };
      if (outcome.reason === 'stale') return { code: 'E19a', retry: 'sign-in' };
      // Until the centre has heard of the void, the earlier code may be suspended: nobody is told that it can be used.
      return { code: kind === 'reissue' && !outcome.oldCodeStillValid ? 'E19a-pending' : 'E19a', retry };
    case 'refused':
      return troubleOfRefusal(outcome.problem, outcome.validUntil);
    case 'unreachable':
      return { code: 'E12', retry };
    case 'not-ready':
      return troubleOfUnreadiness(outcome.reason);
    case 'stopped':
      return { code: 'E20', reference: 'P-04' };
  }
}

/** Nobody took the slip, it was pulled back and is void. As above for the earlier code. */
export function troubleOfRetraction(
  kind: 'apply' | 'reissue',
  oldCodeStillValid: boolean,
  retry: RetryPoint,
): Trouble {
  const pending = kind === 'reissue' && !oldCodeStillValid;
  return { code: pending ? 'E19a-retracted-pending' : 'E19a-retracted', retry };
}

/** The issuance never answered. After the footer was journalled the code stays valid; before, nobody can say more. */
export function troubleOfSilence(progress: IssueProgress | undefined): Trouble {
  return progress === 'finishing' ? { code: 'E19b' } : { code: 'E20', reference: 'P-03' };
}
