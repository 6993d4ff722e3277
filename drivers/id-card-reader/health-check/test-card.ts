import type { IdCard } from '../../../src/devices/id-card.ts';
import type { DeviceFault } from '../../../src/devices/status.ts';
import type { CardAttempt } from '../card-reading/card-reading.ts';
import { searchCard } from '../card-reading/card-search.ts';
import type { CardSearch } from '../card-reading/card-search.ts';
import { ethnicGroupName } from '../card-record/ethnic-groups.ts';
import type { HealthSteps } from './health-steps.ts';
import { sdtStatusOf } from '../sdt/sdt-status.ts';

/** How long a person may take to lay a card that can be read, ms. */
const LAY_LIMIT_MS = 60_000;

const NOT_AN_ID_CARD = sdtStatusOf(0x40).fault;

/**
 * Lets the person lay a card and reads it. Tells its kind, what was odd and how long it took; nothing that stands on it. True: it
 * was read and lies there still.
 */
export async function tryCard(search: CardSearch, steps: HealthSteps, signal: AbortSignal): Promise<boolean> {
  steps.begin('reader.read-card');
  steps.prompt('reader.lay-card');
  const enough = new AbortController();
  const cancelLimit = search.clock.schedule(LAY_LIMIT_MS, () => {
    enough.abort();
  });
  let read: Extract<CardAttempt, { kind: 'card' }> | undefined;
  let fault: DeviceFault | undefined;
  await searchCard(
    search,
    AbortSignal.any([signal, enough.signal]),
    (event) => {
      if (event.kind === 'unreadable' || event.kind === 'lost') fault = event.fault;
      if (event.kind === 'notAnIdCard') fault = NOT_AN_ID_CARD;
    },
    (attempt) => {
      if (attempt.kind === 'card') read = attempt;
    },
  );
  cancelLimit();
  if (read) steps.end('passed', measuredOf(read));
  else if (fault) steps.end('failed', {}, fault);
  else steps.end('unanswered', {});
  return read !== undefined;
}

function measuredOf({ card, warnings, tookMs }: Extract<CardAttempt, { kind: 'card' }>) {
  return {
    kind: card.kind,
    ms: Math.round(tookMs),
    warnings: warnings.length === 0 ? 'none' : warnings.join(' '),
    privateUseCharacters: namesOf(card).some((name) => /\p{Co}/u.test(name)) ? 'yes' : 'no',
    ...(card.kind === 'resident' ? { ethnicCode: knowsEthnicCode(card.ethnicCode) } : {}),
  };
}

function namesOf(card: IdCard): readonly string[] {
  return 'name' in card ? [card.name] : [card.chineseName, card.englishName];
}

/** Which group it is, is nobody's business; a code that the table lacks is a hint at an odd card or an old table. */
function knowsEthnicCode(code: string): 'known' | 'unknown' {
  return ethnicGroupName(code) === code ? 'unknown' : 'known';
}
