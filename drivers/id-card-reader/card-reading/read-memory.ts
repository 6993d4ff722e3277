import { createHmac } from 'node:crypto';
import type { IdCard } from '../../../src/devices/id-card.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { RandomSource } from '../../../src/platform/random.ts';

/**
 * Remembers, without its number, which card was read last. Some readers offer a card that was not moved as a new one, others
 * only after it was lifted, and from here both look alike when the card comes again at once.
 */
export interface ReadMemory {
  /** The reader said that no unread card is there: whatever comes next was laid anew. */
  sawNone(): void;
  /** A card is announced. */
  noteRead(card: IdCard): void;
  /** How long this card must be held back to count as a new one, ms; 0 for any other card. */
  holdBackMs(card: IdCard): number;
}

/** Keeps a keyed hash only; the key never leaves this process. */
export function createReadMemory(clock: Clock, random: RandomSource, windowMs: number): ReadMemory {
  const key = random.bytes(32);
  const hashOf = (card: IdCard) => createHmac('sha256', key).update(card.idNumber).digest('base64');
  let last: { readonly hash: string; readonly atMs: number } | undefined;
  return {
    sawNone() {
      last = undefined;
    },
    noteRead(card) {
      last = { hash: hashOf(card), atMs: clock.monotonicMs() };
    },
    holdBackMs(card) {
      if (last?.hash !== hashOf(card)) return 0;
      return Math.max(0, last.atMs + windowMs - clock.monotonicMs());
    },
  };
}
