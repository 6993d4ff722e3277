/**
 * Packets of the Simple Serial Interface (Zebra SSI Programmer's Guide; GM67, GM72, HPRT and other clones):
 * `length | opcode | source | status | data | sum 2`. The length counts itself to the end of the data; the sum is the two's
 * complement of the 16-bit sum of all bytes before it; source 04 is the host, 00 the scanner.
 */
export const ssiOpcodes = {
  requestRevision: 0xa3,
  replyRevision: 0xa4,
  paramSend: 0xc6,
  paramRequest: 0xc7,
  acknowledge: 0xd0,
  refuse: 0xd1,
  startDecode: 0xe4,
  stopDecode: 0xe5,
  beep: 0xe6,
  decodeData: 0xf3,
} as const;

/** Bits of the status byte. */
export const SSI_RETRANSMISSION = 0x01;
/** More packets of this code follow. */
export const SSI_CONTINUED = 0x02;
/** Settings are stored for good. */
export const SSI_PERMANENT = 0x08;

const HOST = 0x04;
const SCANNER = 0x00;
const HEADER_BYTES = 4;
const SUM_BYTES = 2;
/** The length is one byte. */
export const LONGEST_SSI_PACKET = 255 + SUM_BYTES;

/** What scanners send. Anything else behind a length is no packet. */
const SCANNER_OPCODES: readonly number[] = [
  ssiOpcodes.replyRevision,
  ssiOpcodes.paramSend,
  ssiOpcodes.acknowledge,
  ssiOpcodes.refuse,
  ssiOpcodes.decodeData,
  // Identity, capabilities, events: not asked for, and still whole packets.
  0xa6,
  0xd4,
  0xf6,
];

/** A packet of the scanner. `data` is a view. */
export interface SsiPacket {
  readonly opcode: number;
  readonly status: number;
  readonly data: Uint8Array;
}

/** What the beginning of some bytes is; `damaged`: a packet of this length with a wrong sum. */
export type SsiMatch = 'no' | 'more' | { readonly length: number; readonly packet: SsiPacket | 'damaged' };

/** A packet of the host. */
export function encodeSsiPacket(opcode: number, status: number, data: readonly number[] = []): Uint8Array {
  const checked = Uint8Array.of(HEADER_BYTES + data.length, opcode, HOST, status, ...data);
  const sum = checkSumOf(checked);
  return Uint8Array.of(...checked, sum >> 8, sum & 0xff);
}

/** Looks for a packet of the scanner at the beginning of `bytes`. */
export function matchSsiPacket(bytes: Uint8Array): SsiMatch {
  const [length = 0, opcode, source, status = 0] = bytes;
  if (bytes.length > 0 && length < HEADER_BYTES) return 'no';
  if (opcode !== undefined && !SCANNER_OPCODES.includes(opcode)) return 'no';
  if (source !== undefined && source !== SCANNER) return 'no';
  const whole = length + SUM_BYTES;
  if (opcode === undefined || bytes.length < whole) return 'more';
  const sum = checkSumOf(bytes.subarray(0, length));
  if (bytes[length] !== sum >> 8 || bytes[length + 1] !== (sum & 0xff))
    return { length: whole, packet: 'damaged' };
  return { length: whole, packet: { opcode, status, data: bytes.subarray(HEADER_BYTES, length) } };
}

function checkSumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return -sum & 0xffff;
}
