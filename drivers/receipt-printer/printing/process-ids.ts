import type { RandomSource } from '../../../src/platform/random.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Ids for fences of our own making: `~` and three characters, never one twice within 46656. */
export class ProcessIds {
  #last: number;

  /** Ids of an earlier connection are not this one's: where the count begins is chance. */
  constructor(random: RandomSource) {
    const [high = 0, low = 0] = random.bytes(2);
    this.#last = high * 256 + low;
  }

  /** @param taken the id of the job that the fence belongs to */
  fresh(taken: string): string {
    this.#last = (this.#last + 1) % DIGITS.length ** 3;
    const places = [DIGITS.length ** 2, DIGITS.length, 1];
    const count = places.map((place) => DIGITS[Math.floor(this.#last / place) % DIGITS.length]).join('');
    const id = `~${count}`;
    return id === taken ? this.fresh(taken) : id;
  }
}
