import { plainBytes } from '../../trace/masked-bytes.ts';
import type { TraceBlanker } from '../../trace/trace-blanker.ts';
import { matchSsiPacket, ssiOpcodes } from '../families/ssi-packet.ts';
import type { SsiMatch } from '../families/ssi-packet.ts';
import { INCOMPLETE_AFTER_MS } from '../framing/scan-framing.ts';
import type { ScannerFamilyName } from '../families/scanner-family.ts';
import type { ScanFraming } from '../framing/scan-framing.ts';
import { createCodeBlanker, harmless } from './trace-code-blanking.ts';
import { replyExpectedTo, toldReply } from './trace-replies.ts';
import type { ExpectedReply } from './trace-replies.ts';

/** How the scanner is set; as its driver is told. */
export interface TracedScanner {
  readonly family: ScannerFamilyName | 'passive';
  readonly framing: ScanFraming;
}

/** More than the longest answer. */
const MOST_HELD_BYTES = 4096;
/** An answer that has not come after this will not; the driver waits no longer either, ms. */
const EXPECTED_FOR_MS = 7000;
/** So much silence gives up what was held back, and begins a new code, ms. */
const SILENCE_MS = 200;

/**
 * Blanks the stream of a scanner on a serial line, CDC or TCP. Commands are told as they are, and so are their answers; every character of
 * a code becomes X. Lengths, suffixes, frames, AIM identifiers and the sums of packets stay.
 */
export function createScannerTraceBlanker({ family, framing }: TracedScanner): TraceBlanker {
  const codes = createCodeBlanker(framing === 'GM');
  const held = new Uint8Array(MOST_HELD_BYTES);
  let filled = 0;
  let expected: ExpectedReply | undefined;
  let expectedSinceMs = 0;
  let heardAtMs = Number.NEGATIVE_INFINITY;

  /** Takes bytes from the front; `told` is what is told of them. */
  const release = (told: Uint8Array): Uint8Array => {
    held.copyWithin(0, told.length, filled);
    held.fill(0, filled - told.length, filled);
    filled -= told.length;
    return told;
  };
  const asCode = (count: number) => release(held.slice(0, count).map((byte) => codes.blank(byte)));

  const settlePacket = (final: boolean): Uint8Array | undefined => {
    const match = matchSsiPacket(held.subarray(0, filled));
    if (match === 'more' && !final) return undefined;
    if (typeof match === 'string') return asCode(1);
    return release(toldPacket(held.subarray(0, match.length), match));
  };
  const settleReply = (final: boolean): Uint8Array | undefined => {
    if (expected === undefined || family === 'passive' || codes.counting) return asCode(filled);
    const match = expected.match(held.subarray(0, filled), final);
    if (match === 'more' && !final && filled < MOST_HELD_BYTES) return undefined;
    if (typeof match === 'string') return asCode(1);
    const told = toldReply(family, held.subarray(0, match.length), match, expected);
    // An answer to the command before is not the one that is waited for.
    if (match.reply.kind !== 'other') expected = undefined;
    return release(told);
  };
  const settle = (final: boolean): number[] => {
    const out: number[] = [];
    for (;;) {
      if (filled === 0) return out;
      const told = framing === 'SSI' ? settlePacket(final) : settleReply(final);
      if (told === undefined) return out;
      for (const byte of told) out.push(byte);
    }
  };
  const silenceBefore = (atMs: number): number[] => {
    const silent = atMs - heardAtMs > (codes.counting ? INCOMPLETE_AFTER_MS : SILENCE_MS);
    heardAtMs = atMs;
    const out = silent ? settle(true) : [];
    if (silent) codes.begin();
    if (atMs - expectedSinceMs > EXPECTED_FOR_MS) expected = undefined;
    return out;
  };

  return {
    out(bytes, atMs) {
      const reply = family === 'passive' ? undefined : replyExpectedTo(family, bytes);
      if (reply !== undefined) {
        expected = reply;
        expectedSinceMs = atMs;
      }
      return plainBytes(bytes);
    },
    in(bytes, atMs) {
      const out = silenceBefore(atMs);
      for (const byte of bytes) {
        held[filled++] = byte;
        for (const told of settle(false)) out.push(told);
      }
      return Uint8Array.from(out);
    },
    flush: (because) => Uint8Array.from(because === 'end' ? settle(true) : []),
  };
}

const SUM_BYTES = 2;
/** Where a code begins in its packet: behind the header and its type. */
const CODE_AT = 5;
/** Behind length, opcode and source. */
const STATUS_AT = 3;

/**
 * A packet as it may be told: what a code packet says after its type becomes X, and its sum is right again or wrong again, but not
 * by as much: that is a sum over the code. Others are answers. One with a wrong sum may be anything that only looks like a packet
 * as far as its source.
 */
function toldPacket(packet: Uint8Array, match: Exclude<SsiMatch, string>): Uint8Array {
  const told = Uint8Array.from(packet);
  const damaged = match.packet === 'damaged';
  if (!damaged && packet[1] !== ssiOpcodes.decodeData) return told;
  const end = packet.length - SUM_BYTES;
  for (let at = damaged ? STATUS_AT : CODE_AT; at < end; at += 1) told[at] = harmless(told[at] ?? 0);
  const sum = sumOf(told.subarray(0, end)) + (damaged ? 1 : 0);
  told[end] = (sum >> 8) & 0xff;
  told[end + 1] = sum & 0xff;
  return told;
}

/** The two's complement of the 16-bit sum (Zebra SSI Programmer's Guide). */
function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return -sum & 0xffff;
}
