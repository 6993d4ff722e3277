import { randomBytes, randomUUID } from 'node:crypto';

/** The only source of chance, so that simulation can replay a run from a seed. */
export interface RandomSource {
  /** `count` unpredictable bytes. */
  bytes(count: number): Uint8Array;
  /** A version 4 UUID (RFC 9562), lower case. */
  uuid(): string;
  /** A number in [0, 1), for jitter; never for secrets. */
  fraction(): number;
}

/** The operating system's generator. */
export const systemRandom: RandomSource = {
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
  fraction: () => Math.random(),
};
