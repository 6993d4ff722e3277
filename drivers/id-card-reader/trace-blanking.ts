import type { IdCard } from '../../src/devices/id-card.ts';
import { plainBytes } from '../trace/masked-bytes.ts';
import type { TraceBlanker } from '../trace/trace-blanker.ts';
import { cardBlocksOf } from './card-record/card-blocks.ts';
import { parseCardRecord } from './card-record/card-record.ts';
import { inventedRecord, inventedText, KINDS_OF_CARDS } from './card-record/invented-record.ts';
import { NEWEST_ADDRESS_BYTES, parseNewestAddress } from './card-record/newest-address.ts';
import { isPublishedStatus } from './sdt/sdt-status.ts';

const PREAMBLE = [0xaa, 0xaa, 0xaa, 0x96, 0x69];
const HEADER_BYTES = 7;
const STATUS_BYTES = 3;
const SHORTEST_LENGTH = 4;
const LONGEST_LENGTH = 4096;
const DONE = 0x90;
const ASK_SAM_ID = 0x12ff;
const SAM_ID_BYTES = 16;
/** By so much a wrong check byte is wrong in a trace: by how much it was is a sum over somebody's data. */
const WRONG = 0xff;
/** No rule of any field lets a control character through. */
const SPOILT_UNIT = 0x01;
const FLAG_PLACE = [248, 250] as const;

/**
 * Blanks what goes between a reader and its driver. Commands are told as they are: nobody's data is in them. Of answers the status
 * and the number of the security module are; a card's record becomes that of somebody invented with a card of the same kind, a
 * record that cannot be understood one that cannot be understood in the same field; serial numbers of cards, portraits and
 * fingerprints become zeros. So does everything that is no frame.
 */
export function createReaderTraceBlanker(): TraceBlanker {
  const command = createCommandWatch();
  const frame = new Uint8Array(HEADER_BYTES + LONGEST_LENGTH);
  let filled = 0;
  /** So much of the frame has been told already: its header is, before it is whole. */
  let told = 0;

  const drop = (count: number) => {
    frame.copyWithin(0, count, filled);
    frame.fill(0, filled - count, filled);
    filled -= count;
    told = Math.max(0, told - count);
  };
  const skipNoise = (): number[] => {
    const count = noiseBefore(frame.subarray(0, filled));
    const untold = Math.max(0, count - told);
    drop(count);
    return Array.from({ length: untold }, () => 0);
  };
  const header = (): readonly number[] => {
    const length = lengthIn(frame);
    const kept = isLength(length) ? [...frame.subarray(5, HEADER_BYTES)] : outOfBounds(frame);
    const untold = [...PREAMBLE, ...kept].slice(told);
    told = HEADER_BYTES;
    return untold;
  };
  /** What of the buffer can be told by now. */
  const settle = (): number[] => {
    const out: number[] = [];
    for (;;) {
      out.push(...skipNoise());
      if (filled < HEADER_BYTES) return out;
      out.push(...header());
      const length = lengthIn(frame);
      if (!isLength(length)) {
        // As the driver does: the search goes on one byte further.
        drop(1);
        continue;
      }
      if (filled < HEADER_BYTES + length) return out;
      out.push(...blankedRest(frame.subarray(0, HEADER_BYTES + length), command.last()));
      drop(HEADER_BYTES + length);
    }
  };

  return {
    out(bytes) {
      command.sees(bytes);
      return plainBytes(bytes);
    },
    in(bytes) {
      const out: number[] = [];
      for (const byte of bytes) {
        frame[filled++] = byte;
        out.push(...settle());
      }
      return Uint8Array.from(out);
    },
    // The driver, too, forgets a half answer when it asks something new.
    flush() {
      const rest = Array.from(frame.subarray(0, filled), (byte, index) =>
        index < PREAMBLE.length ? byte : 0,
      ).slice(told);
      drop(filled);
      return Uint8Array.from(rest);
    },
  };
}

/** Which command was given last, whatever pieces it was written in. */
function createCommandWatch() {
  const window: number[] = [];
  let last = 0;
  return {
    sees(bytes: Uint8Array): void {
      for (const byte of bytes) {
        window.push(byte);
        if (window.length > HEADER_BYTES + 2) window.shift();
        if (window.length === HEADER_BYTES + 2 && PREAMBLE.every((value, index) => window[index] === value))
          last = ((window[HEADER_BYTES] ?? 0) << 8) | (window[HEADER_BYTES + 1] ?? 0);
      }
    },
    last: () => last,
  };
}

/** How many bytes at the front cannot be the beginning of a frame. */
function noiseBefore(bytes: Uint8Array): number {
  for (let start = 0; start < bytes.length; start += 1) {
    const possible = PREAMBLE.slice(0, bytes.length - start);
    if (possible.every((value, index) => bytes[start + index] === value)) return start;
  }
  return bytes.length;
}

function lengthIn(frame: Uint8Array): number {
  return ((frame[5] ?? 0) << 8) | (frame[6] ?? 0);
}

function isLength(length: number): boolean {
  return length >= SHORTEST_LENGTH && length <= LONGEST_LENGTH;
}

/** A length that no frame has stays one; what may begin another frame is kept for that. */
function outOfBounds(frame: Uint8Array): readonly number[] {
  const filler = lengthIn(frame) < SHORTEST_LENGTH ? 0x00 : 0xff;
  return [...frame.subarray(5, HEADER_BYTES)].map((byte) => (byte === PREAMBLE[0] ? byte : filler));
}

/** Status, data and check byte of a whole frame, blanked. A check byte that was right is right again, a wrong one wrong. */
function blankedRest(frame: Uint8Array, asked: number): Uint8Array {
  const rest = Uint8Array.from(frame.subarray(HEADER_BYTES));
  // The check byte is part of the sum, so that of a good frame is zero.
  const wrongBy = xorOf(frame.subarray(PREAMBLE.length));
  const [sw1, sw2, sw3 = 0] = rest;
  // In a damaged frame anything may stand where the status should be.
  const isStatus = wrongBy === 0 || (sw1 === 0 && sw2 === 0 && isPublishedStatus(sw3));
  if (!isStatus) rest.fill(0, 0, STATUS_BYTES);
  const data = rest.subarray(STATUS_BYTES, -1);
  data.set(blankedData(data, isStatus && sw3 === DONE, asked));
  rest[rest.length - 1] =
    xorOf(frame.subarray(PREAMBLE.length, HEADER_BYTES)) ^
    xorOf(rest.subarray(0, -1)) ^
    (wrongBy === 0 ? 0 : WRONG);
  return rest;
}

function blankedData(data: Uint8Array, done: boolean, asked: number): Uint8Array {
  if (done && asked === ASK_SAM_ID && data.length === SAM_ID_BYTES) return Uint8Array.from(data);
  if (done && data.length === NEWEST_ADDRESS_BYTES) return blankedAddress(data);
  return (done ? blankedRecord(data) : undefined) ?? new Uint8Array(data.length);
}

function blankedAddress(block: Uint8Array): Uint8Array {
  const address = parseNewestAddress(block);
  const blanked = inventedText(address.ok && address.value === undefined ? '' : '示例新地址', block.length);
  if (!address.ok) blanked.set([SPOILT_UNIT, 0]);
  return blanked;
}

/** Undefined when these are no blocks of a card. */
function blankedRecord(data: Uint8Array): Uint8Array | undefined {
  for (const lengths of [2, 3] as const) {
    const blocks = cardBlocksOf(data, lengths);
    if (!blocks.ok) continue;
    const blanked = new Uint8Array(data.length);
    const header = lengths * 2;
    blanked.set(data.subarray(0, header));
    blanked.set(inventedLike(blocks.value.text), header);
    return blanked;
  }
  return undefined;
}

/** Somebody invented whose record is understood, or not understood, in the same way. */
function inventedLike(text: Uint8Array): Uint8Array {
  const read = parseCardRecord(text);
  const invented = inventedRecord(read.ok ? read.value.card.kind : flaggedKind(text));
  if (read.ok) return invented;
  const field = read.error.kind === 'bad-field' ? read.error.field : undefined;
  for (let at = 0; at < invented.length; at += 2) {
    const spoilt = Uint8Array.from(invented);
    spoilt.set([SPOILT_UNIT, 0], at);
    const again = parseCardRecord(spoilt);
    if (!again.ok && again.error.kind === 'bad-field' && again.error.field === field) return spoilt;
  }
  return new Uint8Array(text.length);
}

/** The kind of a record of which no more is understood than its letter: whose record stays good with that letter. */
function flaggedKind(text: Uint8Array): IdCard['kind'] {
  const isKind = (kind: IdCard['kind']) => {
    const record = inventedRecord(kind);
    record.set(text.subarray(...FLAG_PLACE), FLAG_PLACE[0]);
    const read = parseCardRecord(record);
    return read.ok && read.value.card.kind === kind;
  };
  return KINDS_OF_CARDS.find(isKind) ?? 'resident';
}

function xorOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
}
