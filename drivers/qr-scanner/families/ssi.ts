import { readIdentityText } from '../identity-text.ts';
import type { ScanFraming } from '../framing/scan-framing.ts';
import type {
  ReplyMatcher,
  ScannerCommand,
  ScannerReply,
  ScannerSetting,
} from '../commands/scanner-command.ts';
import type { ScannerFamily, ScannerProvisioning, TemporarySetting } from './scanner-family.ts';
import { encodeSsiPacket, matchSsiPacket, SSI_PERMANENT, ssiOpcodes } from './ssi-packet.ts';
import type { SsiPacket } from './ssi-packet.ts';

/** What the host says to a packet that came well. */
export const ssiAcknowledge = encodeSsiPacket(ssiOpcodes.acknowledge, 0);
/** What the host says to a damaged packet: send it again. */
export const ssiSendAgain = encodeSsiPacket(ssiOpcodes.refuse, 0, [0x01]);

/** Reasons of a NAK: our packet came damaged; the scanner does not know this. */
const NAK_SEND_AGAIN = 0x01;
const NAK_BAD_CONTEXT = 0x02;

/** What answers a command: an ACK, or a packet with the opcode `wanted`. */
export function ssiReply(wanted: number = ssiOpcodes.acknowledge): ReplyMatcher {
  return (bytes) => {
    const match = matchSsiPacket(bytes);
    if (typeof match === 'string') return match;
    const { length, packet } = match;
    // A code is not ours to judge here: where codes come in packets, the framer takes them.
    if (packet !== 'damaged' && packet.opcode === ssiOpcodes.decodeData) return 'no';
    return { length, reply: packet === 'damaged' ? { kind: 'damaged' } : replyIn(packet, wanted) };
  };
}

function replyIn({ opcode, data }: SsiPacket, wanted: number): ScannerReply | { readonly kind: 'other' } {
  if (opcode === wanted) return { kind: 'accepted', data };
  if (opcode !== ssiOpcodes.refuse) return { kind: 'other' };
  if (data[0] === NAK_SEND_AGAIN) return { kind: 'damaged' };
  return { kind: 'refused', reason: data[0] === NAK_BAD_CONTEXT ? 'unknown' : 'value' };
}

function command(name: string, opcode: number, data: readonly number[] = []): ScannerCommand {
  return { name, bytes: encodeSsiPacket(opcode, 0, data), match: ssiReply() };
}

const hex = (byte: number) => byte.toString(16).padStart(2, '0').toUpperCase();

/** Sounds nothing when the setting is taken; 00 would beep. */
const NO_BEEP = 0xff;

/** Sets one parameter. `status` without bit 3: until power is lost. */
function ssiParameter(parameter: number, value: number, status = 0): ScannerCommand {
  return {
    name: `parameter ${hex(parameter)} = ${hex(value)}`,
    bytes: encodeSsiPacket(ssiOpcodes.paramSend, status, [NO_BEEP, parameter, value]),
    match: ssiReply(),
  };
}

function temporary(setting: ScannerSetting, parameter: number, value: number): TemporarySetting {
  return {
    setting,
    apply: ssiParameter(parameter, value),
    readBack: {
      command: {
        name: `parameter ${hex(parameter)}`,
        bytes: encodeSsiPacket(ssiOpcodes.paramRequest, 0, [parameter]),
        match: ssiReply(ssiOpcodes.paramSend),
        acknowledge: ssiAcknowledge,
      },
      // Behind a beep code come the parameter and its value.
      holds: (data) => data[1] === parameter && data[2] === value,
    },
  };
}

/** A setting, its parameter (Zebra: SSI Programmer's Guide, DS4308 and DS9908 manuals), and the value a kiosk needs. */
type ParameterValue = readonly [setting: ScannerSetting, parameter: number, value: number];

const HOST_TRIGGER: ParameterValue = ['trigger-mode', 0x8a, 0x08];
const OTHERS: readonly ParameterValue[] = [
  ['beeper', 0x38, 0x00],
  // 9.9 s, the longest, in tenths of a second.
  ['read-time-out', 0x88, 99],
  ['same-code-delay', 0x89, 20],
  // "Parameter scanning": set-up codes are read as set-up codes.
  ['setup-codes', 0xec, 0x00],
];

/** Codes come in packets (01), or as they are (00). */
const PACKET_FORMAT = 0xee;

/** SSI at run time. Codes are asked for in packets or plain, as the kiosk is configured to read them. */
export function ssi(framing: ScanFraming): ScannerFamily {
  return {
    name: 'ssi',
    pauseMs: 20,
    answerMs: 1000,
    wake: { bytes: Uint8Array.of(0x00), pauseMs: 50, afterIdleMs: 1000 },
    settings: [
      temporary(...HOST_TRIGGER),
      ...OTHERS.map((parameter) => temporary(...parameter)),
      temporary('framing', PACKET_FORMAT, framing === 'SSI' ? 1 : 0),
    ],
    // It is lit while it reads, and no parameter for it is common to makers.
    notSupported: ['light'],
    start: command('START_DECODE', ssiOpcodes.startDecode),
    stop: command('STOP_DECODE', ssiOpcodes.stopDecode),
    readMs: 9900,
    identity: [
      {
        command: {
          name: 'REQUEST_REVISION',
          bytes: encodeSsiPacket(ssiOpcodes.requestRevision, 0),
          match: ssiReply(ssiOpcodes.replyRevision),
          acknowledge: ssiAcknowledge,
        },
        read: readIdentityText,
      },
    ],
    beep: command('BEEP', ssiOpcodes.beep, [0x00]),
  };
}

/** The same settings for good, and codes in packets. The USB kind is set with the codes of the scanner's manual. */
export const ssiProvisioning: ScannerProvisioning = {
  settings: [
    ...[HOST_TRIGGER, ...OTHERS].map(([setting, parameter, value]) => ({
      setting,
      command: ssiParameter(parameter, value, SSI_PERMANENT),
    })),
    { setting: 'framing', command: ssiParameter(PACKET_FORMAT, 1, SSI_PERMANENT) },
  ],
  // Packets name the symbology, so no identifier is needed.
  notSupported: ['light', 'aim-prefix', 'interface'],
  configuration: { framing: 'SSI', aimPrefix: false },
};
