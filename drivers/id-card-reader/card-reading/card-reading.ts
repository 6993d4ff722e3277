import type { DeviceFault } from '../../../src/devices/status.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import { cardBlocksOf } from '../card-record/card-blocks.ts';
import { withNewestAddress, withPhoto } from './card-extras.ts';
import type { CardExtras, CardWarning, ReadCard } from './card-extras.ts';
import { parseCardRecord } from '../card-record/card-record.ts';
import type { RecordError } from '../card-record/card-record.ts';
import type { CardField } from '../card-record/record-fields.ts';
import type { SdtReply } from '../sdt/sdt-frame.ts';
import { sdtCommands } from '../sdt/sdt-protocol.ts';
import type { SdtChannel, SdtFailure } from '../sdt/sdt-protocol.ts';
import { sdtStatusOf } from '../sdt/sdt-status.ts';

/** Faults the driver itself finds at a reader that is reached. */
export const readerFaults = {
  noAnswer: { code: 'reader.no-answer', action: 'reset' },
  answerDamaged: { code: 'reader.answer-damaged', action: 'maintenance' },
  recordMalformed: { code: 'reader.record-malformed', action: 'suspend' },
  /** Authentication failed again after the card was laid anew. */
  cardCounterfeitOrDamaged: { code: 'reader.card-counterfeit-or-damaged', action: 'suspend' },
} as const satisfies Record<string, DeviceFault>;

/** How the cards of one reader are read. */
export interface CardReading {
  readonly channel: SdtChannel;
  readonly clock: Clock;
  readonly extras: CardExtras;
  /** Set for good once the reader has said that it does not know 30 01: it is then read with 30 10. */
  readsWithFingerprints: boolean;
}

/** `malformed-<field>` names what was wrong with a record, so that a layout can be mended; never a value. */
export type AttemptWarning = CardWarning | 'malformed-reply' | `malformed-${CardField}`;

/** Why there is no card in hand. */
type NoCard =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'unreadable';
      readonly fault: DeviceFault;
      /** What was wrong with a record that was not understood. */
      readonly warnings: readonly AttemptWarning[];
    }
  | { readonly kind: 'notAuthenticated'; readonly fault: DeviceFault }
  | { readonly kind: 'notAnIdCard' }
  | { readonly kind: 'silent'; readonly cardSeen: boolean }
  | { readonly kind: 'trouble'; readonly fault: DeviceFault; readonly cardSeen: boolean }
  | { readonly kind: 'dead'; readonly fault: DeviceFault }
  | { readonly kind: 'link'; readonly fault: DeviceFault };

/**
 * What one attempt at a card came to. `none`: no card, or one that was read and not lifted since (the reader answers both
 * alike, so nothing here claims to know whether a card lies there). `silent`: the reader did not answer. `trouble`: it
 * answered with something it should not, or with an error of no clear meaning. `dead`: it accepts no commands. A card that
 * was read tells how long that took from finding it, ms.
 */
export type CardAttempt = ({ readonly kind: 'card'; readonly tookMs: number } & ReadCard) | NoCard;

/** What find alone came to. */
export type FindAttempt = { readonly kind: 'found' } | NoCard;

/** Asks for a card, once. Nothing of it is read. */
export async function findCard(channel: SdtChannel): Promise<FindAttempt> {
  const found = await channel.exchange(sdtCommands.findCard);
  if (!found.ok) return failedAttempt(found.error, false);
  found.value.data.fill(0);
  const finding = sdtStatusOf(found.value.sw3).class;
  if (finding === 'noCard') return { kind: 'none' };
  return finding === 'cardFound' ? { kind: 'found' } : refusedAttempt(found.value, false);
}

/**
 * Find, select, read, once. `onFound` is called when a card answers. Goes no further than the step at which `signal` aborts: then
 * nobody waits for the card, and what comes back means nothing. Every copy of the card's bytes is overwritten.
 */
export async function attemptCard(
  reading: CardReading,
  signal: AbortSignal,
  onFound: () => void,
): Promise<CardAttempt> {
  const { channel, clock, extras } = reading;
  const beganMs = clock.monotonicMs();
  const found = await findCard(channel);
  if (found.kind !== 'found') return found;
  onFound();
  if (signal.aborted) return { kind: 'none' };

  const selected = await channel.exchange(sdtCommands.selectCard);
  if (!selected.ok) return failedAttempt(selected.error, true);
  selected.value.data.fill(0);
  if (sdtStatusOf(selected.value.sw3).class !== 'ok') return refusedAttempt(selected.value, true);
  if (signal.aborted) return { kind: 'none' };

  const read = await readSelected(reading);
  if (!read.ok) return failedAttempt(read.error, true);
  const card = cardIn(read.value, reading);
  if ('kind' in card) return card;
  const tookMs = clock.monotonicMs() - beganMs;
  return { kind: 'card', tookMs, ...(await withNewestAddress(card, channel, extras)) };
}

async function readSelected(reading: CardReading): ReturnType<SdtChannel['exchange']> {
  if (!reading.readsWithFingerprints) {
    const read = await reading.channel.exchange(sdtCommands.readCard);
    if (!read.ok || sdtStatusOf(read.value.sw3).class !== 'unknownCommand') return read;
    reading.readsWithFingerprints = true;
  }
  return reading.channel.exchange(sdtCommands.readCardWithFingerprints);
}

/** The card in an answer to read; what came over the line is overwritten. */
function cardIn(reply: SdtReply, { extras, readsWithFingerprints }: CardReading): ReadCard | NoCard {
  try {
    if (sdtStatusOf(reply.sw3).class !== 'ok') return refusedAttempt(reply, true);
    const blocks = cardBlocksOf(reply.data, readsWithFingerprints ? 3 : 2);
    if (!blocks.ok) return malformed(['malformed-reply']);
    const record = parseCardRecord(blocks.value.text, { address: extras.address });
    return record.ok
      ? withPhoto(record.value, blocks.value.photo, extras)
      : malformed(warningsOf(record.error));
  } finally {
    reply.data.fill(0);
  }
}

function warningsOf(error: RecordError): readonly AttemptWarning[] {
  return error.kind === 'bad-field' ? [...error.warnings, `malformed-${error.field}`] : ['malformed-reply'];
}

function malformed(warnings: readonly AttemptWarning[]): NoCard {
  return { kind: 'unreadable', fault: readerFaults.recordMalformed, warnings };
}

function failedAttempt(failure: SdtFailure, cardSeen: boolean): NoCard {
  if (failure.kind === 'link') return { kind: 'link', fault: failure.fault };
  if (failure.kind === 'no-answer') return { kind: 'silent', cardSeen };
  return { kind: 'trouble', fault: readerFaults.answerDamaged, cardSeen };
}

function refusedAttempt(reply: SdtReply, cardSeen: boolean): NoCard {
  const status = sdtStatusOf(reply.sw3);
  switch (status.class) {
    case 'readerDead':
      return { kind: 'dead', fault: status.fault };
    case 'notAnIdCard':
      return { kind: 'notAnIdCard' };
    case 'notAuthenticated':
      return { kind: 'notAuthenticated', fault: status.fault };
    case 'replaceCard':
      return { kind: 'unreadable', fault: status.fault, warnings: [] };
    default:
      return { kind: 'trouble', fault: status.fault, cardSeen };
  }
}
