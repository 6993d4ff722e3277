import type { EvidenceGrade, JournalRow, PrinterCause } from './ports.ts';
import type { Failure, IssuanceEvent, Operation } from './reducer.ts';
import type { ExitKind } from './slip-watch.ts';
import type { JournalState } from './transitions.ts';

/** What one attempt to issue came to, as the session needs it for the next screen. */
export type IssuanceOutcome =
  /** The code is valid, footer and cut are proven (S7). `evidence`: the weaker proof of body and footer. */
  | {
      readonly kind: 'issued';
      readonly validUntil: string;
      readonly delivery: 'cut';
      readonly evidence: EvidenceGrade;
      readonly exit: ExitKind;
    }
  /** The code is valid, and nobody knows where its slip is: look at the exit (E19b). */
  | { readonly kind: 'issued'; readonly validUntil: string; readonly delivery: 'unconfirmed' }
  /**
   * What came out, if anything did, is void. `oldCodeStillValid`: there was an earlier code and it certainly holds;
   * false when there was none, or the centre has not acknowledged the void yet.
   */
  | {
      readonly kind: 'voided';
      readonly reason: PrinterCause | 'centre' | 'stale' | 'cancelled' | 'interrupted';
      readonly oldCodeStillValid: boolean;
    }
  /** The centre said no before anything was printed. */
  | { readonly kind: 'refused'; readonly problem: string; readonly validUntil?: string }
  /** No answer to the reservation; nothing was printed, the earlier code holds. */
  | { readonly kind: 'unreachable' }
  /**
   * Nothing was begun. `recovering`: the boot scan is not over. `busy`: another operation is under way. `backlog`: too many
   * operations of which the centre does not know the end.
   */
  | { readonly kind: 'not-ready'; readonly reason: PrinterCause | 'recovering' | 'busy' | 'backlog' }
  /** The journal failed or the agent is stopping; it will recover after its restart. */
  | { readonly kind: 'stopped' };

const MAY_HAVE_ACTIVATED: readonly JournalState[] = ['ACTIVATING', 'ACTIVE', 'FOOTER'];

/** Follows one operation's events until it can be said what came of it. `exit` is asked when the slip is out. */
export function createOutcomeJudge(
  kind: JournalRow['kind'],
  exit: () => ExitKind,
): (event: IssuanceEvent, state: Operation | null) => IssuanceOutcome | null {
  let last: Operation | null = null;
  let paperTried = false;
  let centreTried = false;
  let voidDone = false;

  return (event, state) => {
    if (event.type === 'paper-cleared' || event.type === 'paper-owed') paperTried = true;
    if (event.type === 'centre-pending') centreTried = true;
    if (event.type === 'centre-settled') {
      centreTried = true;
      voidDone = event.done;
    }
    const operation = state ?? last;
    last = operation;
    if (state === null && event.type === 'reserve-answered') return refusal(event.answer);
    if (operation === null) return null;
    const { row, failure } = operation;
    const issued = { kind: 'issued', validUntil: operation.validUntil ?? '' } as const;
    if (row.state === 'DONE') {
      return { ...issued, delivery: 'cut', evidence: row.evidence ?? 'E0', exit: exit() };
    }
    if (row.state === 'DONE_U') return { ...issued, delivery: 'unconfirmed' };
    if (failure === null) return null;
    if (failure.at === 'INTENT' && failure.why.kind !== 'cancelled') return refusal(failure.why);
    if (row.paperDebt !== 'none' && !paperTried) return null;
    const inDoubt = MAY_HAVE_ACTIVATED.includes(failure.at);
    if (inDoubt && !centreTried) return null;
    const stale = failure.why.kind === 'refused' && failure.why.problem === 'stale-epoch';
    return {
      kind: 'voided',
      reason: reasonOf(failure.why),
      oldCodeStillValid: kind === 'reissue' && !stale && (!inDoubt || voidDone),
    };
  };
}

/** An answer without a problem is none. */
function refusal(answer: { readonly kind: string; problem?: string; validUntil?: string }): IssuanceOutcome {
  const { problem, validUntil } = answer;
  if (problem === undefined) return { kind: 'unreachable' };
  return { kind: 'refused', problem, ...(validUntil === undefined ? {} : { validUntil }) };
}

function reasonOf(why: Failure): Extract<IssuanceOutcome, { kind: 'voided' }>['reason'] {
  if (why.kind === 'printer') return why.cause;
  if (why.kind === 'no-answer') return 'centre';
  if (why.kind === 'refused') return why.problem === 'stale-epoch' ? 'stale' : 'centre';
  return why.kind;
}
