import { JOURNAL_STATES } from '../../src/issuance/transitions.ts';

/**
 * The named points at which the agent can be made to die: before and after each commit of its journal, by what is written.
 * `.before`: the statement has not run. `.after`: the transaction is on disk, and whatever it stands for has not begun.
 */
const WRITES = [
  // The move into it; those that stay in DONE, DONE_U and VOIDING have names of their own.
  ...JOURNAL_STATES,
  'delivered', // DONE stays, and how the slip was delivered is known
  'settled', // DONE_U or VOIDING stays, and the centre has the last word
  'paper-cleared', // DONE_U or VOIDING stays, and nothing is owed to the paper any more
  'CLOSED', // the row is deleted
] as const;

/** One commit of the journal. */
export type JournalWrite = (typeof WRITES)[number];

export type CrashPoint = `${JournalWrite}.${'before' | 'after'}`;

export const CRASH_POINTS: readonly CrashPoint[] = WRITES.flatMap((write) => [
  `${write}.before` as const,
  `${write}.after` as const,
]);

/** What the agent under test reads before each commit; the file is gone when it has done as told. */
export interface KillOrder {
  /** Whichever comes first. */
  readonly points: readonly CrashPoint[];
  /**
   * Absent: at the point itself. Otherwise so many microseconds later, by a thread beside the agent's own, wherever that has got to:
   * in the middle of a commit, of a request, of nothing.
   */
  readonly afterUs?: number;
}

/** Environment of the agent under test: the file of its {@link KillOrder}, and whether the thread beside it is needed. */
export const ORDER_FILE_VARIABLE = 'CRASH_ORDER_FILE';
export const BESIDE_VARIABLE = 'CRASH_FROM_BESIDE';
