import { isDeepStrictEqual } from 'node:util';
import { chanceOf, seedOf } from './chance.ts';
import { formOf } from './fuzz-target.ts';
import type { FuzzTarget } from './fuzz-target.ts';

/** What one input did to a decoder. */
export type Verdict =
  | { readonly kind: 'fine'; readonly bucket: string }
  /** `what` tells one fault from another, `detail` is for people. */
  | { readonly kind: 'crash'; readonly what: string; readonly detail: string };

/** Gives a decoder one input: a stream decoder gets it whole, byte by byte and in random pieces. Never rejects. */
export async function tryInput(target: FuzzTarget, input: Uint8Array): Promise<Verdict> {
  const { form, body } = formOf(target, input);
  try {
    const result = await outcome(target, [body], form);
    for (const pieces of target.isStream ? [bytesOf(body), randomPieces(body)] : []) {
      const other = await outcome(target, pieces, form);
      if (!isDeepStrictEqual(other, result))
        return crash('split', `cut into ${pieces.length} pieces it gives something else`);
    }
    const broken = target.check(body, result, form);
    if (broken !== undefined) return crash(`rule: ${broken}`, broken);
    return { kind: 'fine', bucket: target.bucket(result) };
  } catch (thrown) {
    return crash(
      `thrown: ${placeOf(thrown)}`,
      thrown instanceof Error ? String(thrown.stack) : String(thrown),
    );
  }
}

/** Runs a decoder once. Only what needs it waits: a decoder that answers at once is not slowed down by a promise. */
function outcome(target: FuzzTarget, pieces: readonly Uint8Array[], form: number): unknown {
  // Copies: several decoders overwrite what they were given, for it may be personal.
  return target.run(
    pieces.map((piece) => Uint8Array.from(piece)),
    form,
  );
}

function crash(what: string, detail: string): Verdict {
  return { kind: 'crash', what, detail };
}

/** The kind of error and where it came from, without what was in the message. */
function placeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown;
  const place = /\((?:file:\/\/)?([^()]+:\d+):\d+\)|at (?:file:\/\/)?(\S+:\d+):\d+/.exec(thrown.stack ?? '');
  return `${thrown.name} at ${place?.[1] ?? place?.[2] ?? 'nowhere'}`;
}

function bytesOf(input: Uint8Array): readonly Uint8Array[] {
  return Array.from(input, (byte) => Uint8Array.of(byte));
}

/** The cuts follow from the input, so that a file of the corpus fails again as it failed before. */
function randomPieces(input: Uint8Array): readonly Uint8Array[] {
  const chance = chanceOf(seedOf(input));
  const longest = chance.pick([2, 7, 64, 600]);
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < input.length;) {
    const end = start + chance.between(1, longest);
    pieces.push(input.subarray(start, end));
    start = end;
  }
  return pieces;
}
