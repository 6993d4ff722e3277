import { seeded } from '../simulation/seeded.ts';

/** Chance that can be repeated from its seed. */
export interface Chance {
  /** 0 … below − 1. */
  below(below: number): number;
  /** `low` … `high`, both included. */
  between(low: number, high: number): number;
  /** True once in `times`. */
  once(times: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(count: number): Uint8Array;
}

/** The same seed gives the same chances, on every machine. */
export function chanceOf(seed: number): Chance {
  const fraction = seeded(seed);
  const below = (limit: number) => Math.floor(fraction() * limit);
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    once: (times) => below(times) === 0,
    pick<T>(from: readonly T[]): T {
      const picked = from[below(from.length)];
      if (from.length === 0) throw new RangeError('nothing to pick from');
      // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- the index is in range, T may be undefined itself
      return picked as T;
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
  };
}

/** A seed for a text or some bytes (FNV-1a), so that what is done with an input follows from the input alone. */
export function seedOf(bytes: Uint8Array, start = 0x811c9dc5): number {
  let hash = start;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
