import type { IdCard } from '../../src/devices/contract.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import { textBlockOf } from './card-blocks.ts';
import { parseResidentRecord } from './resident-record.ts';
import type { RecordError } from './resident-record.ts';
import { sdtCommands } from './sdt-protocol.ts';
import type { SdtChannel, SdtFailure } from './sdt-protocol.ts';
import type { SdtReply } from './sdt-frame.ts';
import { sdtStatusOf } from './sdt-status.ts';

/** Faults the driver itself finds at a reader that is reached. */
export const readerFaults = {
  noAnswer: { code: 'reader.no-answer', action: 'reset' },
  answerDamaged: { code: 'reader.answer-damaged', action: 'maintenance' },
  /** A genuine card of a type that is not handled yet (foreigner's card, residence permit). */
  unsupportedCard: { code: 'reader.unsupported-card', action: 'suspend' },
  recordMalformed: { code: 'reader.record-malformed', action: 'suspend' },
} as const satisfies Record<string, DeviceFault>;

/**
 * What one attempt at a card came to. `none`: no card, or one that was read and not lifted since (the reader answers both
 * alike, so nothing here claims to know whether a card lies there). `silent`: the reader did not answer. `trouble`: it
 * answered with something it should not. `dead`: it accepts no commands.
 */
export type CardAttempt =
  | { readonly kind: 'none' }
  | { readonly kind: 'card'; readonly card: IdCard }
  | { readonly kind: 'unreadable'; readonly fault: DeviceFault }
  | { readonly kind: 'notAnIdCard' }
  | { readonly kind: 'silent'; readonly cardSeen: boolean }
  | { readonly kind: 'trouble'; readonly fault: DeviceFault }
  | { readonly kind: 'dead'; readonly fault: DeviceFault }
  | { readonly kind: 'link'; readonly fault: DeviceFault };

/** Find, select, read, once. `onFound` is called when a card answers. Every copy of the card's bytes is overwritten. */
export async function attemptCard(channel: SdtChannel, onFound: () => void): Promise<CardAttempt> {
  const found = await channel.exchange(sdtCommands.findCard);
  if (!found.ok) return failedAttempt(found.error, false);
  const finding = sdtStatusOf(found.value.sw3);
  found.value.data.fill(0);
  if (finding.class === 'noCard') return { kind: 'none' };
  if (finding.class !== 'cardFound') return refusedAttempt(found.value, false);
  onFound();

  const selected = await channel.exchange(sdtCommands.selectCard);
  if (!selected.ok) return failedAttempt(selected.error, true);
  selected.value.data.fill(0);
  if (sdtStatusOf(selected.value.sw3).class !== 'ok') return refusedAttempt(selected.value, true);

  const read = await channel.exchange(sdtCommands.readCard);
  if (!read.ok) return failedAttempt(read.error, true);
  try {
    if (sdtStatusOf(read.value.sw3).class !== 'ok') return refusedAttempt(read.value, true);
    return cardIn(read.value.data);
  } finally {
    read.value.data.fill(0);
  }
}

function cardIn(data: Uint8Array): CardAttempt {
  const text = textBlockOf(data);
  if (!text.ok) return { kind: 'unreadable', fault: readerFaults.recordMalformed };
  const record = parseResidentRecord(text.value);
  return record.ok
    ? { kind: 'card', card: record.value }
    : { kind: 'unreadable', fault: faultOfRecord(record.error) };
}

function faultOfRecord(error: RecordError): DeviceFault {
  return error.kind === 'unsupported-card' ? readerFaults.unsupportedCard : readerFaults.recordMalformed;
}

function failedAttempt(failure: SdtFailure, cardSeen: boolean): CardAttempt {
  if (failure.kind === 'link') return { kind: 'link', fault: failure.fault };
  if (failure.kind === 'no-answer') return { kind: 'silent', cardSeen };
  return { kind: cardSeen ? 'unreadable' : 'trouble', fault: readerFaults.answerDamaged };
}

function refusedAttempt(reply: SdtReply, cardSeen: boolean): CardAttempt {
  const status = sdtStatusOf(reply.sw3);
  if (status.class === 'readerDead') return { kind: 'dead', fault: status.fault };
  if (status.class === 'notAnIdCard') return { kind: 'notAnIdCard' };
  return { kind: cardSeen || status.class === 'replaceCard' ? 'unreadable' : 'trouble', fault: status.fault };
}
