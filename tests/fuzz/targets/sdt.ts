import { cardBlocksOf } from '../../../drivers/id-card-reader/card-record/card-blocks.ts';
import { createSdtFrameDecoder } from '../../../drivers/id-card-reader/sdt/sdt-frame.ts';
import type { SdtDecoded } from '../../../drivers/id-card-reader/sdt/sdt-frame.ts';
import { createPipeJoiner } from '../../../drivers/id-card-reader/usb-pipes.ts';
import { SdtRequestScanner } from '../../../drivers/simulators/id-card-reader/sdt-frames.ts';
import type { SdtRequest } from '../../../drivers/simulators/id-card-reader/sdt-frames.ts';
import type { Chance } from '../chance.ts';
import { stream, whole } from '../fuzz-target.ts';
import { contains, hex, joined } from './wire-bytes.ts';

const PREAMBLE = hex('AA AA AA 96 69');
const STATUSES = [0x90, 0x9f, 0x91, 0x80, 0x81, 0x41, 0x31, 0x10, 0x21, 0x60, 0x50, 0x00];

/** Preamble, length, body, check byte: after device-protocols 1.1. */
function frame(body: Uint8Array): Uint8Array {
  const length = body.length + 1;
  const checked = Uint8Array.from([length >> 8, length & 0xff, ...body]);
  return Uint8Array.from([...PREAMBLE, ...checked, checked.reduce((sum, byte) => sum ^ byte, 0)]);
}

function replies(chance: Chance): Uint8Array {
  const part = (): Uint8Array => {
    switch (chance.below(6)) {
      case 0:
        return chance.bytes(chance.below(12));
      case 1:
        return hex('AA 05 12 A0 10');
      case 2:
        return hex('AA AA AA 96 69 00 05 05 05 05');
      default:
        return frame(
          Uint8Array.from([
            0,
            0,
            chance.pick(STATUSES),
            ...chance.bytes(chance.pick([0, 0, 4, 8, 16, 70, 260])),
          ]),
        );
    }
  };
  return joined(Array.from({ length: chance.between(1, 5) }, part));
}

/** Every frame that begins in the bytes gets a length that fits, now and then, and the check byte that belongs there. */
function withCheckBytes(input: Uint8Array, chance: Chance): Uint8Array {
  const bytes = Uint8Array.from(input);
  for (let at = 0; at + 8 < bytes.length; at += 1) {
    if (!PREAMBLE.every((byte, index) => bytes[at + index] === byte)) continue;
    if (chance.once(2)) {
      const length = chance.between(3, Math.min(4096, bytes.length - at - 7));
      bytes.set([length >> 8, length & 0xff], at + 5);
    }
    const end = at + 7 + (((bytes[at + 5] ?? 0) << 8) | (bytes[at + 6] ?? 0));
    if (end > bytes.length) continue;
    bytes[end - 1] = bytes.subarray(at + 5, end - 1).reduce((sum, byte) => sum ^ byte, 0);
  }
  return bytes;
}

const tokens = [PREAMBLE, PREAMBLE.subarray(0, 3), hex('00 04 00 00 90 94'), hex('05 08'), hex('FF FF')];

/** Replies of the reader. */
export const sdtFrame = stream<SdtDecoded>({
  name: 'sdt-frame',
  maxBytes: 2400,
  open() {
    const decoder = createSdtFrameDecoder();
    return { push: (bytes) => decoder.push(bytes), end: () => decoder.abandon() };
  },
  check(input, found) {
    for (const item of found) {
      if (item.kind !== 'reply') continue;
      const { sw1, sw2, sw3, data } = item.reply;
      if (!contains(input, frame(Uint8Array.from([sw1, sw2, sw3, ...data]))))
        return 'a reply that nobody sent';
    }
    return found.length > input.length ? 'more findings than bytes' : undefined;
  },
  grammar: replies,
  repair: withCheckBytes,
  tokens,
});

/** Requests at the simulated reader. */
export const sdtRequests = stream<SdtRequest | { readonly kind: 'abandoned'; readonly partial: boolean }>({
  name: 'simulator-sdt-requests',
  open() {
    const scanner = new SdtRequestScanner();
    return {
      push: (bytes) => scanner.push(bytes),
      end: () => [{ kind: 'abandoned', partial: scanner.abandon() }],
    };
  },
  check(input, found) {
    for (const item of found) {
      if (item.kind !== 'command') continue;
      const body = Uint8Array.from([item.code >> 8, item.code & 0xff, ...item.data]);
      if (!contains(input, frame(body))) return 'a command that nobody sent';
    }
    return undefined;
  },
  grammar: (chance) =>
    joined(
      Array.from({ length: chance.between(1, 4) }, () =>
        frame(chance.pick([hex('11FF'), hex('2001'), hex('3001'), hex('61FF50')])),
      ),
    ),
  repair: withCheckBytes,
  tokens,
});

/** The blocks in a read reply; two forms: with and without fingerprints. */
export const cardBlocks = whole({
  name: 'card-blocks',
  maxBytes: 2400,
  forms: 2,
  decode: (input, form) => cardBlocksOf(input, form === 0 ? 2 : 3),
  check(input, result) {
    if (!result.ok) return undefined;
    const { text, photo } = result.value;
    if (text.length !== 256) return 'a text block of another size';
    return contains(input, joined([text, photo])) ? undefined : 'blocks that are not in the reply';
  },
  grammar: (chance, form) =>
    blocks(chance.pick([0, 256, 1024]), form === 0 ? [] : [chance.pick([0, 512, 1024])]),
  repair: (input, chance, form) => {
    const header = form === 0 ? 4 : 6;
    const rest = Math.max(0, input.length - header - 256);
    const photo = form === 0 ? rest : chance.below(rest + 1);
    const sizes = form === 0 ? [256, photo] : [256, photo, rest - photo];
    return Uint8Array.from([...sizes.flatMap((size) => [size >> 8, size & 0xff]), ...input.subarray(header)]);
  },
});

function blocks(photo: number, fingerprints: readonly number[]): Uint8Array {
  const sizes = [256, photo, ...fingerprints];
  const data = sizes.reduce((sum, size) => sum + size, 0);
  return Uint8Array.from([
    ...sizes.flatMap((size) => [size >> 8, size & 0xff]),
    ...new Uint8Array(data).fill(0x31),
  ]);
}

/**
 * Heads and bodies from the two pipes of a USB reader, in any order. The input is a script: a byte says which pipe (or a new
 * command), one how many bytes, then they come.
 */
export const usbPipeJoiner = whole<Uint8Array>({
  name: 'usb-pipe-joiner',
  decode(script) {
    const joiner = createPipeJoiner();
    const out: Uint8Array[] = [];
    for (let at = 0; at < script.length;) {
      const [what = 0, length = 0] = script.subarray(at, at + 2);
      const bytes = Uint8Array.from(script.subarray(at + 2, at + 2 + length));
      at += 2 + length;
      if (what % 3 === 2) joiner.newCommand();
      else
        out.push(...(what % 3 === 0 ? joiner.head(bytes) : joiner.body(bytes)).map((piece) => piece.slice()));
    }
    return joined(out);
  },
  check: (script, out) => (out.length > script.length ? 'more bytes than came' : undefined),
  bucket: (out) => String(Math.ceil(Math.log2(out.length + 1))),
  grammar(chance) {
    const body = frame(Uint8Array.from([0, 0, 0x90, ...chance.bytes(chance.below(60))]));
    const head = [0, 7, ...body.subarray(0, 7)];
    const rest = [1, body.length - 7, ...body.subarray(7)];
    return Uint8Array.from(chance.once(2) ? [...head, ...rest] : [...rest, ...head]);
  },
});
