import { createHmac } from 'node:crypto';
import type { IdCard } from '../../src/devices/contract.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { RandomSource } from '../../src/platform/random.ts';

/** Remembers, without its number, which card was read last: some readers offer a card that was not moved as a new one. */
export interface ReadMemory {
  /** The reader said that no card is there that it has not read: whatever comes next was laid anew. */
  sawNone(): void;
  /** The card was read. True: it is the one of a moment ago and was not lifted since. */
  isRepetition(card: IdCard): boolean;
}

/** Keeps a keyed hash only; the key never leaves this process. */
export function createReadMemory(clock: Clock, random: RandomSource, windowMs: number): ReadMemory {
  const key = random.bytes(32);
  let last: { readonly hash: string; readonly atMs: number } | undefined;
  return {
    sawNone() {
      last = undefined;
    },
    isRepetition(card) {
      const hash = createHmac('sha256', key).update(card.idNumber).digest('base64');
      const atMs = clock.monotonicMs();
      if (last && last.hash === hash && atMs - last.atMs < windowMs) return true;
      last = { hash, atMs };
      return false;
    },
  };
}
