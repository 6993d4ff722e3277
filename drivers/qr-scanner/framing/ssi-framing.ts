import { createHash } from 'node:crypto';
import { ssiAcknowledge, ssiSendAgain } from '../families/ssi.ts';
import {
  LONGEST_SSI_PACKET,
  matchSsiPacket,
  SSI_CONTINUED,
  SSI_RETRANSMISSION,
  ssiOpcodes,
} from '../families/ssi-packet.ts';
import type { SsiPacket } from '../families/ssi-packet.ts';
import type { ScanFrame, ScanFramer, Symbology } from './scan-framing.ts';

/** What the framer of a packet stream needs besides the stream. */
export interface SsiStream {
  /** Longest code in bytes. */
  readonly maxLength: number;
  /** Sends an ACK or NAK to the scanner. */
  readonly answer: (packet: Uint8Array) => void;
  /** Takes a whole packet that holds no code: an answer to a command. A view, to be read at once. */
  readonly onPacket: (packet: Uint8Array) => void;
}

/** Silence inside a packet after which it is given up: scanners wait 200 ms between characters themselves. */
const INTER_CHARACTER_MS = 200;
/** Silence between the packets of one code: a lost one is sent again after 2 s. */
const CONTINUATION_MS = 2500;

/** A packet that was not acknowledged is sent twice more, 2 s apart; after that it is a new one, ms. */
const RETRANSMISSION_MS = 6000;

/** Length, opcode and source stand before the status. */
const STATUS_AT = 3;

/** Zebra's code types of QR and its kin, and of the other symbologies kiosks meet; others may be anybody's. */
const QR_TYPES: readonly number[] = [0x1c, 0x29, 0x2c, 0xc2];
const OTHER_TYPES: readonly number[] = [
  0x01, 0x02, 0x03, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0f, 0x11, 0x16, 0x1a, 0x1b, 0x25, 0x2d, 0xb7,
];

/**
 * Makes a framer for scanners that send codes in SSI packets (DECODE_DATA, F3). Each good one is acknowledged, or the scanner
 * sends it twice more; a damaged one is asked for again; one that is marked as sent again and was taken before is
 * acknowledged and dropped. After noise the search goes on byte by byte.
 */
export function createSsiFramer({ maxLength, answer, onPacket }: SsiStream): ScanFramer {
  const buffer = new Uint8Array(LONGEST_SSI_PACKET);
  let filled = 0;
  const code = createCodeCollector(maxLength);
  /** What the last code packet was, as a hash: the code itself is not kept, and the hash only while it may come again. */
  let lastTaken: string | undefined;
  let askedAgain = false;
  let packetStartedAtMs = 0;

  const drop = (count: number) => {
    buffer.copyWithin(0, count, filled);
    buffer.fill(0, filled - count, filled);
    filled -= count;
  };
  const sendAgain = () => {
    // Once for each packet, however many bytes of it look like another.
    if (askedAgain) return;
    askedAgain = true;
    answer(ssiSendAgain);
    // What follows is marked as sent again either way. Only a new code may be the same as the last one and count; what was
    // already marked, or broke off before its mark, may be the last one whose ACK was lost.
    if (filled > STATUS_AT && ((buffer[STATUS_AT] ?? 0) & SSI_RETRANSMISSION) === 0) lastTaken = undefined;
  };
  const takeCode = (packet: SsiPacket): ScanFrame[] => {
    answer(ssiAcknowledge);
    const hash = createHash('sha256').update(packet.data).digest('base64');
    if ((packet.status & SSI_RETRANSMISSION) !== 0 && hash === lastTaken) return [];
    lastTaken = hash;
    return code.take(packet, packetStartedAtMs);
  };
  const takePacket = (packet: SsiPacket, length: number): ScanFrame[] => {
    askedAgain = false;
    if (packet.opcode === ssiOpcodes.decodeData) return takeCode(packet);
    onPacket(buffer.subarray(0, length));
    return [];
  };
  const takeAll = (): ScanFrame[] => {
    const frames: ScanFrame[] = [];
    for (;;) {
      if (filled === 0) return frames;
      const match = matchSsiPacket(buffer.subarray(0, filled));
      if (match === 'more') return frames;
      if (match === 'no') drop(1);
      else if (match.packet === 'damaged') {
        if (buffer[1] === ssiOpcodes.decodeData) sendAgain();
        drop(1);
      } else {
        frames.push(...takePacket(match.packet, match.length));
        drop(match.length);
      }
    }
  };

  return {
    push(bytes, atMs) {
      const frames: ScanFrame[] = [];
      for (const byte of bytes) {
        if (filled === 0) packetStartedAtMs = atMs;
        buffer[filled++] = byte;
        frames.push(...takeAll());
      }
      return frames;
    },
    silence() {
      if (filled === 0) {
        lastTaken = undefined;
        return code.breakOff();
      }
      if (buffer[1] === ssiOpcodes.decodeData) sendAgain();
      const frames: ScanFrame[] = [];
      // A good packet may stand behind what only looked like the beginning of one.
      for (;;) {
        if (filled === 0) break;
        drop(1);
        frames.push(...takeAll());
      }
      askedAgain = false;
      return frames;
    },
    get waitsMs() {
      if (filled > 0) return INTER_CHARACTER_MS;
      if (code.begun) return CONTINUATION_MS;
      return lastTaken === undefined ? undefined : RETRANSMISSION_MS;
    },
    counting: false,
  };
}

/** Puts the packets of one code together: a code may be longer than the 250 bytes of a packet. */
function createCodeCollector(maxLength: number) {
  const collected = new Uint8Array(maxLength);
  let filled = 0;
  let overflowed = false;
  let startedAtMs: number | undefined;

  const restart = () => {
    collected.fill(0, 0, filled);
    filled = 0;
    overflowed = false;
    startedAtMs = undefined;
  };
  return {
    get begun() {
      return startedAtMs !== undefined;
    },
    /** Each packet has the code's type before its data. */
    take({ status, data }: SsiPacket, atMs: number): ScanFrame[] {
      startedAtMs ??= atMs;
      const began = startedAtMs;
      const room = data.subarray(1, 1 + maxLength - filled);
      collected.set(room, filled);
      filled += room.length;
      overflowed ||= room.length < data.length - 1;
      if ((status & SSI_CONTINUED) !== 0) return [];
      const bytes = overflowed ? undefined : Uint8Array.from(collected.subarray(0, filled));
      restart();
      if (!bytes) return [{ kind: 'too-long', startedAtMs: began }];
      return [{ kind: 'complete', bytes, symbology: symbologyOfType(data[0]), startedAtMs: began }];
    },
    /** The rest of the code did not come. */
    breakOff(): ScanFrame[] {
      if (startedAtMs === undefined) return [];
      const began = startedAtMs;
      restart();
      return [{ kind: 'incomplete', startedAtMs: began }];
    },
  };
}

function symbologyOfType(type: number | undefined): Symbology {
  if (type === undefined) return 'unknown';
  if (QR_TYPES.includes(type)) return 'qr';
  return OTHER_TYPES.includes(type) ? 'other' : 'unknown';
}
