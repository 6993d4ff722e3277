import type { EvidenceGrade } from './ports.ts';

/** How long each step may take, in milliseconds, and how much may be left undone. */
export interface IssuanceLimits {
  /** One request to the centre. */
  readonly requestMs: number;
  /** Attempts to reserve. */
  readonly reserveAttempts: number;
  /** Activation is repeated this long; the body is held uncut meanwhile. */
  readonly activateMs: number;
  /** Between two attempts of the same request. */
  readonly repeatMs: number;
  /** One print job with its proof. */
  readonly printMs: number;
  /** Emptying the printer's buffer, asking its state. */
  readonly printerAnswerMs: number;
  /** After this much time in one step the person is told that it takes long. */
  readonly longWaitMs: number;
  /** Pulling a slip back, until the sensor says where it is. */
  readonly retractMs: number;
  /** A session that never says what became of the slip: as if nobody had been there, after this. */
  readonly deliveryMs: number;
  /** Repeats of void and confirm: from the first to the longest pause. */
  readonly outboxFirstMs: number;
  readonly outboxLongestMs: number;
  /** With this many operations of which the centre does not know the end, nobody new is begun. */
  readonly unresolvedMost: number;
}

export interface IssuanceSettings {
  /** Weakest evidence of print that may activate a code. */
  readonly minimumEvidence: 'E1' | 'E2';
  readonly limits: IssuanceLimits;
}

/** The figures of the protocol (persistence points). */
export const DEFAULT_LIMITS: IssuanceLimits = {
  requestMs: 8_000,
  reserveAttempts: 2,
  activateMs: 60_000,
  repeatMs: 1_000,
  printMs: 30_000,
  printerAnswerMs: 5_000,
  longWaitMs: 6_000,
  retractMs: 15_000,
  deliveryMs: 600_000,
  outboxFirstMs: 1_000,
  outboxLongestMs: 300_000,
  unresolvedMost: 20,
};

const RANK: Readonly<Record<EvidenceGrade, number>> = { E0: 0, E1: 1, E2: 2, E3: 3 };

/** True when `grade` is at least `minimum`. */
export function isEnough(grade: EvidenceGrade, minimum: EvidenceGrade): boolean {
  return RANK[grade] >= RANK[minimum];
}

/** A slip is proven no better than the worse of its parts; `null`: nothing is known of the other part. */
export function weaker(grade: EvidenceGrade, other: EvidenceGrade | null): EvidenceGrade {
  return other !== null && isEnough(grade, other) ? other : grade;
}
