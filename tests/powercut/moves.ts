import { z } from 'zod';
import type { JournalRow } from '../../src/issuance/ports.ts';
import { JOURNAL_STATES } from '../../src/issuance/transitions.ts';

/** What the agent says of a move of the journal, when it is on disk and before what it stands for is begun. */
const moveSchema = z.object({
  event: z.literal('issuance.transition'),
  opId: z.uuid(),
  from: z.enum(['NONE', ...JOURNAL_STATES]),
  to: z.enum([...JOURNAL_STATES, 'CLOSED']),
  trigger: z.string(),
});

/** One acknowledged move of the journal. */
export type Move = Readonly<z.infer<typeof moveSchema>>;

/** The move that a line of the agent's log tells of; null for every other line. */
export function moveIn(line: string): Move | null {
  if (!line.includes('"issuance.transition"')) return null;
  return moveSchema.parse(JSON.parse(line));
}

/** What the moves of an unfinished operation say of its row. */
export interface ExpectedRow {
  readonly state: Exclude<Move['to'], 'CLOSED'>;
  /** The centre has acknowledged its end. */
  readonly settled: boolean;
  /** A debt to the paper was paid. */
  readonly cleared: boolean;
  /** It is known how the slip was delivered. */
  readonly told: boolean;
}

/** What the journal holds after some moves, by operation. */
export function journalAfter(moves: readonly Move[]): ReadonlyMap<string, ExpectedRow> {
  const journal = new Map<string, ExpectedRow>();
  for (const { opId, from, to, trigger } of moves) {
    const before = journal.get(opId);
    const state = before?.state ?? 'NONE';
    if (state !== from) throw new Error(`the log skips a move: ${state}, then ${from} → ${to}`);
    if (to === 'CLOSED') {
      journal.delete(opId);
      continue;
    }
    journal.set(opId, {
      state: to,
      settled: before?.settled === true || trigger === 'settled',
      cleared: before?.cleared === true || trigger === 'paper-cleared',
      told: before?.told === true || ['delivered', 'undelivered', 'unproven'].includes(trigger),
    });
  }
  return journal;
}

/** Whether rows that were read from a disk are the ones that some moves lead to. */
export function isJournal(rows: readonly JournalRow[], expected: ReadonlyMap<string, ExpectedRow>): boolean {
  return (
    rows.length === expected.size &&
    rows.every((row) => {
      const one = expected.get(row.opId);
      return (
        one?.state === row.state &&
        one.settled === row.centreSettled &&
        one.told === (row.delivery !== null) &&
        (!one.cleared || row.paperDebt === 'none')
      );
    })
  );
}
