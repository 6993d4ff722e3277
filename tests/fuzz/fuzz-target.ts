import { inspect } from 'node:util';
import type { Chance } from './chance.ts';

/** What every decoder under test has besides its way of decoding. `T` is what it makes of an input. */
interface Described<T> {
  /** Also the name of its folder in the corpus. */
  readonly name: string;
  /** Longest input that is tried. Default 1024 bytes. */
  readonly maxBytes?: number;
  /**
   * The decoder has so many forms: the first byte of an input says which (modulo), the rest is decoded. So a file of the corpus
   * says everything. Default 1: every byte is decoded.
   */
  readonly forms?: number;
  /** What must hold of the result, by rules that do not come from the decoder: the broken rule, if any. */
  readonly check?: (input: Uint8Array, result: T, form: number) => string | undefined;
  /** Results of one kind are not worth keeping twice. Default: a rough outline of the result. */
  readonly bucket?: (result: T) => string;
  /** Makes a whole input (without the form's byte) that gets further than noise would. */
  readonly grammar?: (chance: Chance, form: number) => Uint8Array;
  /** Puts check sums and lengths right in bytes that were changed at random. */
  readonly repair?: (input: Uint8Array, chance: Chance, form: number) => Uint8Array;
  /** Pieces that mean something to the decoder. */
  readonly tokens?: readonly Uint8Array[];
}

/** A decoder that is given everything at once. */
export interface WholeDecoder<T> extends Described<T> {
  readonly decode: (input: Uint8Array, form: number) => T | Promise<T>;
}

/** One life of a decoder that is given its input in pieces. */
export interface OpenStream<T> {
  /** What these bytes completed. */
  push(bytes: Uint8Array): readonly T[];
  /** Nothing more comes: what was still held. */
  end(): readonly T[] | Promise<readonly T[]>;
}

/** A decoder of a stream. What it finds must not depend on how the stream was cut. */
export interface StreamDecoder<T> extends Described<readonly T[]> {
  readonly open: (form: number) => OpenStream<T>;
  /** It holds what it cannot finish, as much as its device is made to hold. Default false: a few kilobytes at most. */
  readonly holdsItsInput?: boolean;
}

/** A decoder as the fuzzer sees it. */
export interface FuzzTarget {
  readonly name: string;
  readonly maxBytes: number;
  readonly forms: number;
  readonly isStream: boolean;
  readonly run: (pieces: readonly Uint8Array[], form: number) => unknown;
  readonly check: (input: Uint8Array, result: unknown, form: number) => string | undefined;
  readonly bucket: (result: unknown) => string;
  readonly grammar: Described<unknown>['grammar'];
  readonly repair: Described<unknown>['repair'];
  readonly tokens: readonly Uint8Array[];
  /** Takes any amount of bytes and gives nothing back: for a look at what is held. */
  readonly swallow: ((form: number) => (bytes: Uint8Array) => void) | undefined;
}

const DEFAULT_MAX_BYTES = 1024;

/** Makes a target of a decoder that is given everything at once. */
export function whole<T>(decoder: WholeDecoder<T>): FuzzTarget {
  return {
    ...common(decoder),
    isStream: false,
    run: ([input = new Uint8Array(0)], form) => decoder.decode(input, form),
    swallow: undefined,
  };
}

/** Makes a target of a decoder of a stream. */
export function stream<T>(decoder: StreamDecoder<T>): FuzzTarget {
  return {
    ...common(decoder),
    isStream: true,
    run(pieces, form) {
      const open = decoder.open(form);
      const found = pieces.flatMap((piece) => open.push(piece));
      const rest = open.end();
      return rest instanceof Promise ? rest.then((late) => [...found, ...late]) : [...found, ...rest];
    },
    swallow:
      decoder.holdsItsInput === true
        ? undefined
        : (form) => {
            const open = decoder.open(form);
            return (bytes) => void open.push(bytes);
          },
  };
}

function common<T>(decoder: Described<T>) {
  const {
    name,
    maxBytes = DEFAULT_MAX_BYTES,
    forms = 1,
    check,
    bucket,
    grammar,
    repair,
    tokens = [],
  } = decoder;
  return {
    name,
    maxBytes,
    forms,
    grammar,
    repair,
    tokens,
    check: (input: Uint8Array, result: unknown, form: number) => check?.(input, result as T, form),
    bucket: (result: unknown) => bucket?.(result as T) ?? outlineOf(result),
  };
}

/** Kinds and errors, no values: enough to tell one sort of result from another. */
function outlineOf(result: unknown): string {
  if (Array.isArray(result)) {
    const sorts = new Set(result.slice(0, 40).map(outlineOf));
    return `${sizeClass(result.length)} ${[...sorts].slice(0, 4).join(' ')}`;
  }
  if (typeof result !== 'object' || result === null)
    return typeof result === 'string' ? 'text' : String(result);
  if ('kind' in result) return String(result.kind);
  if ('ok' in result)
    return result.ok === true ? 'ok' : inspect((result as { error?: unknown }).error).slice(0, 60);
  return Object.keys(result).join(',');
}

function sizeClass(count: number): number {
  return count < 4 ? count : 2 ** Math.ceil(Math.log2(count));
}

/** The form and the bytes of an input. */
export function formOf(
  target: Pick<FuzzTarget, 'forms'>,
  input: Uint8Array,
): { form: number; body: Uint8Array } {
  if (target.forms === 1) return { form: 0, body: input };
  return { form: (input[0] ?? 0) % target.forms, body: input.subarray(1) };
}
