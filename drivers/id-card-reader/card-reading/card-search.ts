import type { CardReaderEvent } from '../../../src/devices/contract.ts';
import type { DeviceFault } from '../../../src/devices/status.ts';
import { sleep } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { CardPresence } from './card-presence.ts';
import { attemptCard, findCard, readerFaults } from './card-reading.ts';
import type { CardAttempt, CardReading, FindAttempt } from './card-reading.ts';
import type { FindPace } from './find-pace.ts';
import type { ReadMemory } from './read-memory.ts';
import type { ReaderWarnings } from '../reader-warnings.ts';

/** What a search tells about the reader itself. */
export interface ReaderHealth {
  /** It answered as it should. */
  answered(): void;
  /** It did not. True: that was one time too many, the reader is given up. */
  missed(fault: DeviceFault): boolean;
  /** It is given up at once. */
  lose(fault: DeviceFault): void;
}

/** What every search at one reader works with. */
export interface CardSearch {
  readonly reading: CardReading;
  readonly clock: Clock;
  readonly memory: ReadMemory;
  readonly presence: CardPresence;
  readonly health: ReaderHealth;
  readonly pace: FindPace;
  readonly warnings: ReaderWarnings;
  /** Aborted when the connection is over: nothing waits for a dead reader. */
  readonly over: AbortSignal;
}

type Tell = (event: CardReaderEvent) => void;

/**
 * Looks for a card until one was read, the reader is lost or `signal` aborts. A card that cannot be read is complained of
 * once for each time it is laid, and quietly tried again as long as it lies there: it may only have been laid askew.
 * `onAttempt` hears of every attempt.
 */
export async function searchCard(
  search: CardSearch,
  signal: AbortSignal,
  onEvent: Tell,
  onAttempt: (attempt: CardAttempt) => void = () => undefined,
): Promise<void> {
  const { reading, clock, memory, presence, pace, warnings } = search;
  const complaints = createComplaints(onEvent, warnings);
  const untilEither = AbortSignal.any([signal, search.over]);

  for (;;) {
    await pace.mayFind(untilEither);
    if (signal.aborted) return;
    const attempt = await attemptCard(reading, signal, () => {
      if (!complaints.made() && !signal.aborted) onEvent({ kind: 'reading' });
    });
    pace.found();
    if (signal.aborted) return;
    onAttempt(attempt);
    if ('warnings' in attempt) warnings.ofCard(attempt.warnings);
    const lost = noteAttempt(search, attempt);
    if (lost) {
      onEvent({ kind: 'lost', fault: lost });
      return;
    }
    if (attempt.kind === 'card') {
      // Held back, not refused: a reader that wants cards lifted will not offer it a second time.
      const holdBackMs = memory.holdBackMs(attempt.card);
      if (holdBackMs > 0 && !(await sleep(clock, holdBackMs, signal))) return;
      memory.noteRead(attempt.card);
      presence.noteRead();
      onEvent({ kind: 'card', card: attempt.card });
      return;
    }
    complaints.consider(attempt);
  }
}

/** Asks once whether a card can be found, reading nothing of it. */
export async function lookForCard(search: CardSearch, signal: AbortSignal): Promise<FindAttempt | 'aborted'> {
  await search.pace.mayFind(signal);
  if (signal.aborted) return 'aborted';
  const attempt = await findCard(search.reading.channel);
  search.pace.found();
  noteAttempt(search, attempt);
  return attempt;
}

/** What an attempt says about the reader and the place where cards lie; the fault by which the reader is lost. */
function noteAttempt(
  { health, memory, presence }: CardSearch,
  attempt: CardAttempt | FindAttempt,
): DeviceFault | undefined {
  if (attempt.kind === 'none') presence.noteNone();
  else presence.noteOther();
  switch (attempt.kind) {
    case 'none':
      memory.sawNone();
      health.answered();
      return undefined;
    case 'silent':
      return health.missed(readerFaults.noAnswer) ? readerFaults.noAnswer : undefined;
    case 'trouble':
      if (!attempt.cardSeen) return health.missed(attempt.fault) ? attempt.fault : undefined;
      health.answered();
      return undefined;
    case 'dead':
      health.lose(attempt.fault);
      return attempt.fault;
    case 'link':
      return attempt.fault;
    default:
      health.answered();
      return undefined;
  }
}

/** Tells what is wrong with a card once for each time it is laid. */
function createComplaints(onEvent: Tell, warnings: ReaderWarnings) {
  let made = false;
  let troubles = 0;
  let notAuthenticated = 0;
  const complain = (event: Extract<CardReaderEvent, { kind: 'unreadable' | 'notAnIdCard' }>) => {
    if (made) return;
    made = true;
    // Of a record that was not understood the fields have been named. Something else laid there says nothing of the reader.
    const isNews = event.kind === 'unreadable' && event.fault !== readerFaults.recordMalformed;
    if (isNews) warnings.ofComplaint(event.fault);
    onEvent(event);
  };
  return {
    made: () => made,
    consider(attempt: Exclude<CardAttempt, { kind: 'card' }>) {
      troubles = attempt.kind === 'trouble' ? troubles + 1 : 0;
      switch (attempt.kind) {
        case 'none':
          made = false;
          break;
        case 'unreadable':
          complain({ kind: 'unreadable', fault: attempt.fault });
          break;
        case 'notAnIdCard':
          complain(attempt);
          break;
        case 'notAuthenticated': {
          if (!made) notAuthenticated += 1;
          // Laid anew and refused again: not the way it lies.
          const again = notAuthenticated > 1;
          complain({
            kind: 'unreadable',
            fault: again ? readerFaults.cardCounterfeitOrDamaged : attempt.fault,
          });
          break;
        }
        case 'silent':
          if (attempt.cardSeen) complain({ kind: 'unreadable', fault: readerFaults.noAnswer });
          break;
        case 'trouble':
          // Of no clear meaning, so it has a second try before anybody is asked to lift the card.
          if (attempt.cardSeen && troubles > 1) complain({ kind: 'unreadable', fault: attempt.fault });
          break;
        case 'dead':
        case 'link':
          break;
      }
    },
  };
}
