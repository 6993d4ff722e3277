import type { Clock } from '../../../src/platform/clock.ts';
import { createFrameSilence } from '../framing/frame-silence.ts';
import type { ReplyExpectation } from '../scanner-way.ts';

/** Takes answers out of a stream that carries codes as well. */
export interface ReplySeparator {
  push(bytes: Uint8Array, atMs: number): void;
  expect(expectation: ReplyExpectation | undefined): void;
  /** The stream has ended. */
  stop(): void;
}

/** Where the bytes go that are no answer. */
export interface CodeStream {
  push(bytes: Uint8Array, atMs: number): void;
  /** The next bytes are part of a code, whatever they look like. */
  readonly counting: boolean;
  /** Bytes are held back (true), or none are any more: until then no silence ends a code, its end may be among them. */
  hold(held: boolean): void;
}

/** Silence after which what might have become an answer is none. */
const INTER_BYTE_MS = 100;

/** More than the longest answer; what is longer is no answer. */
const MOST_HELD_BYTES = 4096;

/**
 * Holds back what may be the beginning of an answer while one is expected, and passes everything else on at once. Nothing is
 * held while nothing is expected. Held bytes are overwritten when they have gone.
 */
export function createReplySeparator(codes: CodeStream, clock: Clock): ReplySeparator {
  const held = new Uint8Array(MOST_HELD_BYTES);
  let filled = 0;
  let heldSinceMs = 0;
  let expectation: ReplyExpectation | undefined;
  let holding = false;

  const tellHolding = () => {
    if (holding === filled > 0) return;
    holding = filled > 0;
    codes.hold(holding);
  };
  const release = (count: number, toCodes: boolean) => {
    // A copy: the listener may overwrite what it is given, and may ask for something new meanwhile.
    const released = Uint8Array.from(held.subarray(0, count));
    held.copyWithin(0, count, filled);
    held.fill(0, filled - count, filled);
    filled -= count;
    if (toCodes) codes.push(released, heldSinceMs);
    released.fill(0);
  };
  const settle = (final: boolean) => {
    for (;;) {
      if (filled === 0) return;
      if (!expectation || codes.counting) {
        release(filled, true);
        return;
      }
      const match = expectation.match(held.subarray(0, filled), final);
      if (match === 'more' && !final && filled < MOST_HELD_BYTES) return;
      if (typeof match === 'string') {
        release(1, true);
        continue;
      }
      const { take } = expectation;
      const answer = Uint8Array.from(held.subarray(0, match.length));
      release(match.length, false);
      if (match.reply.kind === 'accepted') take(viewedIn(answer, match.reply.data));
      else if (match.reply.kind !== 'other') take(match.reply);
      answer.fill(0);
    }
  };
  const silence = createFrameSilence(
    clock,
    {
      get waitsMs() {
        return filled > 0 ? INTER_BYTE_MS : undefined;
      },
    },
    () => {
      settle(true);
      tellHolding();
    },
  );

  return {
    push(bytes, atMs) {
      for (const [index] of bytes.entries()) {
        if (filled === 0 && (!expectation || codes.counting)) {
          codes.push(bytes.subarray(index, index + 1), atMs);
          continue;
        }
        if (filled === 0) heldSinceMs = atMs;
        held[filled++] = bytes[index] ?? 0;
        settle(false);
      }
      silence.heard();
      tellHolding();
    },
    expect(next) {
      expectation = next;
      if (next) return;
      settle(false);
      tellHolding();
    },
    stop() {
      silence.stop();
      held.fill(0, 0, filled);
      filled = 0;
    },
  };

  /** The same bytes in a copy that outlives the buffer's next move. */
  function viewedIn(copy: Uint8Array, data: Uint8Array) {
    const from = data.byteOffset - held.byteOffset;
    return { kind: 'accepted' as const, data: copy.subarray(from, from + data.length) };
  }
}
