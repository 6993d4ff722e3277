import type { DeviceFault } from '../../../src/devices/status.ts';
import { readerFaults } from './card-reading.ts';
import type { FindAttempt } from './card-reading.ts';
import { lookForCard } from './card-search.ts';
import type { CardSearch } from './card-search.ts';
import type { HealthSteps } from '../health-check/health-steps.ts';

/** So often a card that lies still must be found again before this reader is believed to see it. */
const FINDS_THAT_COUNT = 3;

/** How long a person may take to lift the card, ms. */
const LIFT_LIMIT_MS = 60_000;

/** What the probe works with. */
export interface ProbedReader {
  readonly search: CardSearch;
  /** Keeps what was found out about this unit. False: it has no number to keep it by, or there is nowhere to keep it. */
  readonly keep: (seesCardThatWasRead: boolean) => boolean;
}

/**
 * Finds out, with the card that was just read and a person who keeps it still and then lifts it, whether this reader finds such a
 * card again. Most do not, which is no fault. A reader is only believed to see cards when it also says that this one has gone.
 */
export async function probePresence(
  { search, keep }: ProbedReader,
  steps: HealthSteps,
  signal: AbortSignal,
): Promise<void> {
  steps.begin('reader.presence');
  steps.prompt('reader.keep-card');
  let foundAgain = 0;
  for (let look = 0; look < FINDS_THAT_COUNT; look += 1) {
    const attempt = await lookForCard(search, signal);
    if (attempt === 'aborted') return;
    const fault = faultOf(attempt);
    if (fault) {
      steps.end('failed', { foundAgain }, fault);
      return;
    }
    if (attempt.kind === 'found') foundAgain += 1;
  }

  steps.prompt('reader.lift-card');
  const sees = foundAgain === FINDS_THAT_COUNT;
  if (sees && !(await liftedInTime(search, signal))) {
    steps.end('unanswered', { foundAgain });
    return;
  }
  const kept = keep(sees);
  steps.end(sees ? 'passed' : 'notSupported', { foundAgain, kept: kept ? 'yes' : 'no' });
}

async function liftedInTime(search: CardSearch, signal: AbortSignal): Promise<boolean> {
  const limit = new AbortController();
  const cancelLimit = search.clock.schedule(LIFT_LIMIT_MS, () => {
    limit.abort();
  });
  const until = AbortSignal.any([signal, limit.signal]);
  // Every look counts towards "two in a row": the card that was found three times is in `presence` as present.
  while (search.presence.media() === 'present') {
    const attempt = await lookForCard(search, until);
    // One look without an answer proves nothing; a reader that is given up ends its link.
    if (attempt === 'aborted' || attempt.kind === 'link' || attempt.kind === 'dead') break;
  }
  cancelLimit();
  return search.presence.media() === 'notPresent';
}

/** Why the reader cannot be probed further; undefined while it answers. */
function faultOf(attempt: FindAttempt): DeviceFault | undefined {
  switch (attempt.kind) {
    case 'silent':
      return readerFaults.noAnswer;
    case 'trouble':
    case 'dead':
    case 'link':
      return attempt.fault;
    default:
      return undefined;
  }
}
