import { type Clock, sleep } from '../../src/platform/clock.ts';
import type { RandomSource } from '../../src/platform/random.ts';

/** What is wrong with a line, or with a device behind it that is slow or confused; it concerns what the device sends. */
export interface Disturbance {
  /** In pieces split at random places, with pauses of 1 to 20 ms between them. */
  readonly split: boolean;
  /** What is sent within so many ms arrives in one piece. */
  readonly mergeMs: number;
  /** Everything comes so much later. */
  readonly delayMs: number;
  /** So many bytes of noise before everything that is sent. */
  readonly noiseBytes: number;
  /** `any` byte, or only such with the highest bit set, which are no part of any status of a printer. */
  readonly noise: 'any' | 'high';
  /** Nothing arrives. */
  readonly silent: boolean;
  /** How many sendings are disturbed; then all is well again. */
  readonly count: number;
}

/** A line without fault. */
const UNDISTURBED: Disturbance = {
  split: false,
  mergeMs: 0,
  delayMs: 0,
  noiseBytes: 0,
  noise: 'any',
  silent: false,
  count: 0,
};

/** What becomes of bytes on their way into the line; `nothing`: they never arrive. */
export interface DisturbedBytes {
  readonly bytes: Uint8Array;
  readonly split: boolean;
}

/** Disturbs what a device sends. */
export class Disturber {
  readonly #clock: Clock;
  readonly #random: RandomSource;
  #now: Disturbance = UNDISTURBED;
  #left = 0;

  constructor(clock: Clock, random: RandomSource) {
    this.#clock = clock;
    this.#random = random;
  }

  set(disturbance: Partial<Disturbance>): void {
    this.#now = { ...UNDISTURBED, ...disturbance };
    this.#left = disturbance.count ?? Number.POSITIVE_INFINITY;
  }

  /** How long the next bytes are to be held back so that others can join them, ms. */
  get mergeMs(): number {
    return this.#left > 0 ? this.#now.mergeMs : 0;
  }

  async disturb(bytes: Uint8Array): Promise<DisturbedBytes | 'nothing'> {
    if (this.#left <= 0) return { bytes, split: false };
    this.#left -= 1;
    const { silent, delayMs, noiseBytes, split } = this.#now;
    if (delayMs > 0) await sleep(this.#clock, delayMs);
    if (silent) return 'nothing';
    return { bytes: Buffer.concat([this.#noise(noiseBytes), bytes]), split };
  }

  #noise(count: number): Uint8Array {
    const noise = this.#random.bytes(count);
    return this.#now.noise === 'any' ? noise : noise.map((byte) => byte | 0x80);
  }
}
