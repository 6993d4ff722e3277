import { sleep, withTimeLimit } from '../platform/clock.ts';
import type { Engine } from './engine.ts';
import type { IssuancePorts } from './ports.ts';
import type { IssuanceLimits } from './settings.ts';

/** A journal that was lost with its database. */
export interface LostJournal {
  /** The mark that is owed to unknown paper is durable: the loss need not be remembered any more. */
  accountedFor(): void;
}

/**
 * What is done at boot, before anybody new is served: every unfinished row takes its boot action, and open operations that
 * only the centre knows (the database was lost) are voided with an alarm. Resolves true when the centre has been asked and
 * has answered, false when the engine was stopped before (`signal` aborts with it); repeats the question for ever until then. Rejects
 * when the journal has thrown. After a lost journal a body may hang in the printer of which even the centre has forgotten the
 * operation (its lease is over): a 作废 line is printed behind it and cut.
 */
export async function recover(
  ports: IssuancePorts,
  limits: IssuanceLimits,
  engine: Engine,
  signal: AbortSignal,
  lost: LostJournal | undefined,
): Promise<boolean> {
  const rows = ports.journal.unfinished();
  for (const row of rows) engine.adopt(row, ports.journal.ageMs(row.opId));
  // Remembered for the whole scan: a row that closes meanwhile may still be in an answer that is under way.
  const known = new Set(rows.map((row) => row.opId));
  for (const row of rows) engine.dispatch(row.opId, { type: 'booted' });
  if (lost !== undefined) markUnknownPaper(ports, engine, lost);
  for (let pauseMs = limits.outboxFirstMs; !engine.stopped();) {
    const answer = await withTimeLimit(ports.clock, limits.requestMs, ports.centre.openOperations());
    if (engine.stopped()) return false;
    if (answer !== 'timed-out' && answer.kind === 'ok') {
      for (const open of answer.operations) {
        if (known.has(open.opId) || open.confirmed) continue;
        ports.log({ event: 'orphan', opId: open.opId, state: open.state });
        engine.dispatch(open.opId, { type: 'orphan-found', opId: open.opId, kind: open.kind });
      }
      engine.retryNow();
      return !engine.stopped();
    }
    await sleep(ports.clock, pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, 10_000);
  }
  return false;
}

/** The mark is owed in the journal like any other, so that it is printed however often the agent is killed before. */
function markUnknownPaper(ports: IssuancePorts, engine: Engine, lost: LostJournal): void {
  const opId = ports.random.uuid();
  engine.dispatch(opId, { type: 'paper-unknown', opId });
  if (!engine.stopped()) lost.accountedFor();
}
