import type { Clock } from '../../src/platform/clock.ts';

/** So much is worth a smaller input. */
const MOST_TRIES = 1500;
const LIMIT_MS = 4000;

const PLAIN_BYTES: readonly number[] = [0x00, 0x20, 0x41];

/**
 * Takes away from an input, and makes bytes plain, as long as it still fails in the same way. The result is small, not
 * smallest: it ends with the tries, or with the time.
 */
export async function shrunk(
  input: Uint8Array,
  stillFails: (input: Uint8Array) => Promise<boolean>,
  clock: Clock,
): Promise<Uint8Array> {
  const untilMs = clock.monotonicMs() + LIMIT_MS;
  let smallest = input;
  let tries = 0;
  const mayTry = () => tries < MOST_TRIES && clock.monotonicMs() < untilMs;
  const accepts = async (candidate: Uint8Array) => {
    tries += 1;
    if (!(await stillFails(candidate))) return false;
    smallest = candidate;
    return true;
  };

  for (let size = Math.ceil(input.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < smallest.length && mayTry();) {
      const without = Buffer.concat([smallest.subarray(0, start), smallest.subarray(start + size)]);
      if (!(await accepts(Uint8Array.from(without)))) start += size;
    }
  }
  for (let index = 0; index < smallest.length; index += 1) {
    if (PLAIN_BYTES.includes(smallest[index] ?? 0)) continue;
    for (const plain of PLAIN_BYTES) {
      const plainer = Uint8Array.from(smallest);
      plainer[index] = plain;
      if (!mayTry() || (await accepts(plainer))) break;
    }
  }
  return smallest;
}
