import type { Chance } from './chance.ts';

/** Bytes at which decoders turn: control characters, limits, signs. */
const TURNING_POINTS = [
  0x00, 0x01, 0x02, 0x03, 0x05, 0x06, 0x09, 0x0a, 0x0d, 0x10, 0x15, 0x16, 0x1b, 0x1c, 0x1d, 0x20, 0x22, 0x28,
  0x2c, 0x3b, 0x5b, 0x5c, 0x5d, 0x7e, 0x7f, 0x80, 0x81, 0xaa, 0xfe, 0xff,
] as const;

type Mutation = (bytes: Uint8Array, chance: Chance, tokens: readonly Uint8Array[]) => Uint8Array;

const at = (bytes: Uint8Array, chance: Chance) => chance.below(bytes.length + 1);

/** A stretch of the input, possibly empty. */
function stretch(bytes: Uint8Array, chance: Chance): readonly [start: number, end: number] {
  const start = at(bytes, chance);
  return [start, Math.min(bytes.length, start + chance.between(1, chance.once(4) ? bytes.length + 1 : 8))];
}

function replaced(bytes: Uint8Array, start: number, end: number, by: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(end)]);
}

function withByte(bytes: Uint8Array, chance: Chance, change: (byte: number) => number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const index = chance.below(Math.max(1, bytes.length));
  if (index < changed.length) changed[index] = change(changed[index] ?? 0);
  return changed;
}

const mutations: readonly Mutation[] = [
  (bytes, chance) => withByte(bytes, chance, (byte) => byte ^ (1 << chance.below(8))),
  (bytes, chance) => withByte(bytes, chance, () => chance.pick(TURNING_POINTS)),
  (bytes, chance) => withByte(bytes, chance, () => chance.below(256)),
  (bytes, chance) => withByte(bytes, chance, (byte) => byte + (chance.once(2) ? 1 : -1)),
  (bytes, chance) => {
    const start = at(bytes, chance);
    return replaced(bytes, start, start, chance.bytes(chance.between(1, 8)));
  },
  (bytes, chance) => {
    const start = at(bytes, chance);
    return replaced(bytes, start, start, Uint8Array.of(chance.pick(TURNING_POINTS)));
  },
  (bytes, chance) => replaced(bytes, ...stretch(bytes, chance), new Uint8Array(0)),
  (bytes, chance) => {
    const [start, end] = stretch(bytes, chance);
    return replaced(bytes, start, start, bytes.subarray(start, end));
  },
  (bytes, chance) => {
    const [start, end] = stretch(bytes, chance);
    const times = chance.between(2, 40);
    return replaced(
      bytes,
      start,
      end,
      Buffer.concat(Array.from({ length: times }, () => bytes.subarray(start, end))),
    );
  },
  (bytes, chance) => {
    const [start, end] = stretch(bytes, chance);
    return replaced(bytes, start, end, new Uint8Array(end - start).fill(chance.pick(TURNING_POINTS)));
  },
  (bytes, chance) => {
    const [start, end] = stretch(bytes, chance);
    const to = at(bytes, chance);
    return replaced(bytes, to, to, bytes.subarray(start, end));
  },
  (bytes, chance) => bytes.subarray(0, at(bytes, chance)),
  (bytes, chance, tokens) => {
    const start = at(bytes, chance);
    return tokens.length === 0 ? bytes : replaced(bytes, start, start, chance.pick(tokens));
  },
  (bytes, chance, tokens) => {
    const [start, end] = stretch(bytes, chance);
    return tokens.length === 0 ? bytes : replaced(bytes, start, end, chance.pick(tokens));
  },
];

/** The input changed in one to six places; never longer than `maxBytes`. */
export function mutated(
  input: Uint8Array,
  chance: Chance,
  tokens: readonly Uint8Array[],
  maxBytes: number,
): Uint8Array {
  let bytes = input;
  for (let left = chance.between(1, chance.once(3) ? 6 : 2); left > 0; left -= 1) {
    bytes = chance.pick(mutations)(bytes, chance, tokens).subarray(0, maxBytes);
  }
  return Uint8Array.from(bytes);
}

/** The beginning of one input and the end of another. */
export function spliced(one: Uint8Array, other: Uint8Array, chance: Chance, maxBytes: number): Uint8Array {
  const joined = Buffer.concat([one.subarray(0, at(one, chance)), other.subarray(at(other, chance))]);
  return Uint8Array.from(joined.subarray(0, maxBytes));
}
