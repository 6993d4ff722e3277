import type { Clock } from '../../src/platform/clock.ts';
import { chanceOf } from './chance.ts';
import { formOf } from './fuzz-target.ts';
import type { FuzzTarget } from './fuzz-target.ts';

/** In all, bytes: far more than any buffer of a kiosk's decoders. */
const FED_BYTES = 10 * 1024 * 1024;
const PIECE_BYTES = 4096;
/** Each feed is looked at so often. */
const INTERVALS = 3;
/** No decoder has to keep more than this of what it was fed meanwhile, bytes. */
export const MOST_HELD_BYTES = 128 * 1024;

/** What a stream decoder keeps of much input. */
export interface HeldBytes {
  readonly fed: number;
  /** Of the worst of three feeds, bytes. */
  readonly held: number;
}

/**
 * Feeds a decoder without end: noise; good inputs one after the other; a good input that stops short of its end and goes on in
 * bytes that never finish it. Undefined for decoders that keep nothing between two calls.
 * @param limitMs a slow decoder gets less than 10 MB
 */
export function heldAfterMuch(
  target: FuzzTarget,
  inputs: readonly Uint8Array[],
  clock: Clock,
  limitMs: number,
): HeldBytes | undefined {
  const { swallow } = target;
  if (!swallow) return undefined;
  const longest = inputs.toSorted((a, b) => b.length - a.length)[0] ?? new Uint8Array(1);
  const { form, body } = formOf(target, longest);
  const bodies = inputs
    .map((input) => formOf(target, input))
    .filter((other) => other.form === form && other.body.length > 0)
    .map((other) => other.body);
  const noise = chanceOf(1).bytes(PIECE_BYTES);
  const filler = new Uint8Array(PIECE_BYTES).fill(0x41);
  const feeds: readonly ((index: number) => Uint8Array)[] = [
    () => noise,
    (index) => bodies[index % Math.max(1, bodies.length)] ?? noise,
    (index) => (index === 0 ? body.subarray(0, -1) : filler),
  ];
  const results = feeds.map((pieceOf) => feed(swallow(form), pieceOf, clock, limitMs / feeds.length));
  return {
    fed: results.reduce((sum, { fed }) => sum + fed, 0),
    held: Math.max(...results.map(({ held }) => held)),
  };
}

/**
 * Growth is what every interval shows: the engine itself takes and gives back some megabytes now and then, but never each time.
 */
function feed(
  push: (bytes: Uint8Array) => void,
  pieceOf: (index: number) => Uint8Array,
  clock: Clock,
  limitMs: number,
): HeldBytes {
  const growths: number[] = [];
  let fed = 0;
  let index = 0;
  for (let interval = 1; interval <= INTERVALS; interval += 1) {
    const before = usedBytes();
    const untilMs = clock.monotonicMs() + limitMs / INTERVALS;
    const untilBytes = fed + FED_BYTES / (3 * INTERVALS);
    while (fed < untilBytes && clock.monotonicMs() < untilMs) {
      const piece = Uint8Array.from(pieceOf(index));
      push(piece);
      index += 1;
      fed += Math.max(1, piece.length);
    }
    growths.push(usedBytes() - before);
  }
  // What was fed stays alive with whoever takes it in, up to here.
  push(new Uint8Array(0));
  return { fed, held: Math.max(0, Math.min(...growths)) * INTERVALS };
}

function usedBytes(): number {
  if (globalThis.gc === undefined) throw new Error('to be run with --expose-gc');
  // The second time gives back what the first one only found.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
