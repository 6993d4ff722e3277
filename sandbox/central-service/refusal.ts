import type { ProblemName } from '../../src/central-api/problems.ts';
import { problemType, problems } from '../../src/central-api/problems.ts';
import type { Ineligibility, OperationState, Problem } from '../../src/central-api/schemas.ts';
import { err } from '../../src/platform/result.ts';

/** What the contract lets a refusal say besides its type. Never personal data. */
export interface RefusalDetails {
  readonly detail?: string;
  readonly reasons?: Ineligibility[];
  readonly state?: OperationState;
  readonly validUntil?: string;
  readonly retryAfterSeconds?: number;
}

/** A call that is refused: an expected outcome, not an exception. */
export interface Refusal extends RefusalDetails {
  readonly problem: ProblemName;
}

/** A failed result with this refusal. */
export function refuse(problem: ProblemName, details: RefusalDetails = {}) {
  return err<Refusal>({ problem, ...details });
}

/** The body of `application/problem+json`. */
export function problemBody({ problem, ...details }: Refusal): Problem {
  const { status, title } = problems[problem];
  return { type: problemType(problem), title, status, ...details };
}
