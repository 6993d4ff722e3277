import type { IdCard } from '../../../src/devices/id-card.ts';
import type { RecordWarning } from '../card-record/card-record.ts';
import { parseNewestAddress } from '../card-record/newest-address.ts';
import type { PhotoDecoder } from './photo-decoder.ts';
import { sdtCommands } from '../sdt/sdt-protocol.ts';
import type { SdtChannel } from '../sdt/sdt-protocol.ts';
import { sdtStatusOf } from '../sdt/sdt-status.ts';

/** What is taken from a card beyond what identifies its holder. By default nothing: no collection without a purpose. */
export interface CardExtras {
  readonly address: boolean;
  readonly newestAddress: boolean;
  readonly photoDecoder: PhotoDecoder | undefined;
}

/**
 * What is odd about a card that was read, and no reason to refuse it. `photo-undecodable` the decoder gave up ·
 * `newest-address-unread` 30 03 failed or made no sense.
 */
export type CardWarning = RecordWarning | 'photo-undecodable' | 'newest-address-unread';

/** A card with what is odd about it. */
export interface ReadCard {
  readonly card: IdCard;
  readonly warnings: readonly CardWarning[];
}

/** Adds the portrait where a decoder is configured. Whoever owns the bytes overwrites them, decoded or not. */
export function withPhoto(read: ReadCard, wlt: Uint8Array, { photoDecoder }: CardExtras): ReadCard {
  const photo = photoDecoder && decode(photoDecoder, wlt);
  if (!photo) return read;
  return photo.ok
    ? { ...read, card: { ...read.card, photo: photo.value } }
    : { ...read, warnings: [...read.warnings, 'photo-undecodable'] };
}

/** Behind a decoder is a maker's library: whatever it does, the card has been read. */
function decode(decoder: PhotoDecoder, wlt: Uint8Array): ReturnType<PhotoDecoder['decode']> {
  try {
    return decoder.decode(wlt);
  } catch {
    return { ok: false, error: 'undecodable' };
  }
}

/** Asks for the newest address (30 03) where it is wanted. To be called right after the card was read. */
export async function withNewestAddress(
  read: ReadCard,
  channel: SdtChannel,
  { newestAddress }: CardExtras,
): Promise<ReadCard> {
  const { card } = read;
  if (!newestAddress || (card.kind !== 'resident' && card.kind !== 'residence-permit')) return read;
  const unread: ReadCard = { ...read, warnings: [...read.warnings, 'newest-address-unread'] };
  const answer = await channel.exchange(sdtCommands.newestAddress);
  if (!answer.ok) return unread;
  const { sw3, data } = answer.value;
  const status = sdtStatusOf(sw3).class;
  const address = status === 'ok' ? parseNewestAddress(data) : undefined;
  data.fill(0);
  if (status === 'noSuchItem') return read;
  if (!address?.ok) return unread;
  return address.value === undefined ? read : { ...read, card: { ...card, newestAddress: address.value } };
}
