import type { RouteName } from '../../src/central-api/routes.ts';
import type { Result } from '../../src/platform/result.ts';
import { shanghaiDate } from './calendar.ts';
import type { Answer, Call, Centre } from './call.ts';
import { handlers } from './handlers.ts';
import { endWhatIsOver } from './operation-rows.ts';
import type { Refusal } from './refusal.ts';

/**
 * Carries out one admitted call: one write transaction, so that calls happen one after the other and each entirely or not
 * at all. When this returns, what it did is on disk.
 */
export function executeCall<N extends RouteName>(
  centre: Centre,
  name: N,
  call: Call<N>,
): Result<Answer<N>, Refusal> {
  const transaction = centre.db.transaction(() => {
    endWhatIsOver(centre.db, call.nowMs, shanghaiDate(call.nowMs));
    return handlers[name](centre, call);
  });
  return transaction.immediate();
}
