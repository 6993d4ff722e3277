/** A number in [0, 1) that follows from a seed and a position alone (splitmix-like mixing of 32 bits). */
function fractionAt(seed: number, at: number): number {
  let mixed = (seed + Math.imul(at + 1, 0x9e3779b9)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

/** A seed of its own for a name under a seed (FNV-1a, then mixed). */
export function seedFor(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193) >>> 0;
  return Math.floor(fractionAt(hash, 0) * 2 ** 32);
}

/** Something that went wrong, by where it was decided: `<place>#<n> <fault>`. */
export type DecisionKey = string;

/** How likely each of some faults is at one occasion; what is left of 1 is that nothing happens. */
export type Odds<F extends string> = readonly (readonly [fault: F, probability: number])[];

/**
 * One place at which chance decides. Every decision has its own number of a hash, so that leaving one fault out changes no other
 * decision of the same place: that is what makes a failing run small.
 */
export class Chance {
  readonly name: string;
  readonly #seed: number;
  readonly #fates: Fates;
  #draws = 0;
  #decisions = 0;

  constructor(name: string, seed: number, fates: Fates) {
    this.name = name;
    this.#seed = seed;
    this.#fates = fates;
  }

  /** A number in [0, 1). */
  fraction(): number {
    this.#draws += 1;
    return fractionAt(this.#seed, this.#draws);
  }

  between(low: number, high: number): number {
    return low + this.fraction() * (high - low);
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.fraction() * from.length)];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  }

  happens(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Whether one of these faults strikes here, and a number in [0, 1) of its own for how. */
  fault<F extends string>(odds: Odds<F>): { readonly fault: F; readonly how: number } | null {
    this.#decisions += 1;
    const at = this.#decisions;
    let left = fractionAt(this.#seed ^ 0x5bd1e995, at);
    for (const [fault, probability] of odds) {
      left -= probability;
      if (left >= 0) continue;
      if (!this.#fates.strikes(`${this.name}#${at} ${fault}`)) return null;
      return { fault, how: fractionAt(this.#seed ^ 0x27d4eb2f, at) };
    }
    return null;
  }
}

/** All chance of one world. With a script only the faults that it names strike. */
export class Fates {
  /** Everything that struck, in order. */
  readonly struck: DecisionKey[] = [];
  /** No fault strikes while this is true; what was decided is decided all the same. */
  quiet = false;
  readonly #seed: number;
  readonly #script: ReadonlySet<DecisionKey> | undefined;

  constructor(seed: number, script?: Iterable<DecisionKey>) {
    this.#seed = seed;
    this.#script = script === undefined ? undefined : new Set(script);
  }

  chance(name: string): Chance {
    return new Chance(name, seedFor(this.#seed, name), this);
  }

  strikes(key: DecisionKey): boolean {
    if (this.quiet || (this.#script !== undefined && !this.#script.has(key))) return false;
    this.struck.push(key);
    return true;
  }
}
