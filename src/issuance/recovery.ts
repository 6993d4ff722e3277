import { sleep, withTimeLimit } from '../platform/clock.ts';
import type { Engine } from './engine.ts';
import type { IssuancePorts, JournalRow } from './ports.ts';
import type { IssuanceLimits } from './settings.ts';

/**
 * What is done at boot, before anybody new is served: every unfinished row takes its boot action, and open operations that
 * only the centre knows (the database was lost) are voided with an alarm. Resolves true when the centre has been asked and
 * has answered, false when `signal` ended it before; repeats the question for ever until then.
 */
export async function recover(
  ports: IssuancePorts,
  limits: IssuanceLimits,
  engine: Engine,
  signal: AbortSignal,
): Promise<boolean> {
  const rows = readJournal(ports, engine);
  if (rows === null) return false;
  // Remembered for the whole scan: a row that closes meanwhile may still be in an answer that is under way.
  const known = new Set(rows.map((row) => row.opId));
  for (const row of rows) engine.adopt(row);
  for (const row of rows) engine.dispatch(row.opId, { type: 'booted' });
  for (let pauseMs = limits.outboxFirstMs; !signal.aborted && !engine.stopped();) {
    const answer = await withTimeLimit(ports.clock, limits.requestMs, ports.centre.openOperations());
    if (signal.aborted || engine.stopped()) return false;
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

function readJournal(ports: IssuancePorts, engine: Engine): readonly JournalRow[] | null {
  try {
    return ports.journal.unfinished();
  } catch (error) {
    engine.fail(error);
    return null;
  }
}
