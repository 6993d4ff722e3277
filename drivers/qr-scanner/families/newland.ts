import { readIdentityText } from '../identity-text.ts';
import type {
  ReplyMatch,
  ReplyMatcher,
  ScannerCommand,
  ScannerSetting,
} from '../commands/scanner-command.ts';
import type { ScannerFamily, ScannerProvisioning, TemporarySetting } from './scanner-family.ts';

/**
 * Newland's "unified" command set (FM, EM and CM models; Sunmi's and other makers' scanners with Newland engines):
 * `7E 01 30 30 30 30 | '@' stored or '#' until power is lost | TAG SUB DATA | 3B 03`; the answer begins with 02 01 and carries
 * the command with 06 (done), 15 (known, not with this value) or 05 (not known) behind it.
 */
const COMMAND_START = [0x7e, 0x01, 0x30, 0x30, 0x30, 0x30];
const REPLY_START = [0x02, 0x01, 0x30, 0x30, 0x30, 0x30];
const END = [0x3b, 0x03];
const ACK = 0x06;
const NAK = 0x15;
const ENQ = 0x05;
const ASTERISK = 0x2a;

/** TAG and SUB, three letters each. */
const NAME_BYTES = 6;
/** The longest known answer, that to QRYSYS, has some 200 bytes. */
const LONGEST_REPLY = 512;

/** Where a setting is kept: `temporary` until power is lost, `permanent` in the flash memory, which wears. */
export type NewlandStorage = 'temporary' | 'permanent';

/** A command as it goes over the wire; `text` is TAG, SUB and DATA, e.g. `SCNMOD0`. */
export function encodeNewlandCommand(storage: NewlandStorage, text: string): Uint8Array {
  const mark = storage === 'permanent' ? 0x40 : 0x23;
  return Uint8Array.of(...COMMAND_START, mark, ...Buffer.from(text, 'latin1'), ...END);
}

/** What answers the command `text`; the data of the answer are what stands behind TAG and SUB. */
export function newlandReplyTo(text: string): ReplyMatcher {
  const name = Buffer.from(text.slice(0, NAME_BYTES), 'latin1');
  return (bytes) => {
    const found = findReply(bytes);
    if (typeof found === 'string') return found;
    const { length, body, status } = found;
    if (!name.every((byte, index) => body[index] === byte)) return { length, reply: { kind: 'other' } };
    if (status === NAK) return { length, reply: { kind: 'refused', reason: 'value' } };
    if (status === ENQ) return { length, reply: { kind: 'refused', reason: 'unknown' } };
    if (status !== ACK) return { length, reply: { kind: 'damaged' } };
    const value = body.subarray(NAME_BYTES);
    // Some models keep the asterisk of the question in the answer.
    return {
      length,
      reply: { kind: 'accepted', data: value[0] === ASTERISK ? value.subarray(1) : value },
    };
  };
}

interface FoundReply {
  readonly length: number;
  /** TAG, SUB and DATA. */
  readonly body: Uint8Array;
  readonly status: number | undefined;
}

function findReply(bytes: Uint8Array): Extract<ReplyMatch, string> | FoundReply {
  const known = Math.min(bytes.length, REPLY_START.length);
  for (let index = 0; index < known; index += 1) if (bytes[index] !== REPLY_START[index]) return 'no';
  const bodyAt = REPLY_START.length + 1;
  const end = bytes.findIndex(
    (byte, index) => index > bodyAt && byte === END[0] && bytes[index + 1] === END[1],
  );
  if (end < 0) return bytes.length > LONGEST_REPLY ? 'no' : 'more';
  return {
    length: end + END.length,
    body: bytes.subarray(bodyAt, end - 1),
    status: bytes[end - 1],
  };
}

function command(storage: NewlandStorage, text: string): ScannerCommand {
  return { name: text, bytes: encodeNewlandCommand(storage, text), match: newlandReplyTo(text) };
}

function temporary(setting: ScannerSetting, name: string, value: string): TemporarySetting {
  return {
    setting,
    apply: command('temporary', name + value),
    readBack: {
      command: command('temporary', `${name}*`),
      holds: (data) => Buffer.from(data).toString('latin1') === value,
    },
  };
}

const READ_MS = 10_000;
const SAME_CODE_MS = 2000;

/** A setting, its TAG and SUB, and the value a kiosk needs. */
type MenuValue = readonly [setting: ScannerSetting, name: string, value: string];

const TRIGGER_MODE: MenuValue = ['trigger-mode', 'SCNMOD', '0'];
const OTHERS: readonly MenuValue[] = [
  // The kiosk has a voice of its own.
  ['beeper', 'GRBENA', '0'],
  // Lit while it reads.
  ['light', 'ILLSCN', '1'],
  ['read-time-out', 'ORTSET', String(READ_MS)],
  ['same-code-delay', 'RRDDUR', String(SAME_CODE_MS)],
];

/** Newland at run time. */
export const newland: ScannerFamily = {
  name: 'newland',
  pauseMs: 50,
  // Makers say up to 5 s; asked three times, a slow one is heard all the same.
  answerMs: 1700,
  settings: [temporary(...TRIGGER_MODE), ...OTHERS.map((value) => temporary(...value))],
  // Set-up codes work only after an "enter set-up" code, which itself cannot be switched off by any published command.
  notSupported: ['setup-codes'],
  start: command('temporary', 'SCNTRG1'),
  stop: command('temporary', 'SCNTRG0'),
  readMs: READ_MS,
  identity: [{ command: command('temporary', 'QRYSYS'), read: readIdentityText }],
};

/** The same settings for good. Framing, identifier and USB kind are set with the codes of the scanner's manual. */
export const newlandProvisioning: ScannerProvisioning = {
  settings: [TRIGGER_MODE, ...OTHERS].map(([setting, name, value]) => ({
    setting,
    command: command('permanent', name + value),
  })),
  notSupported: ['setup-codes', 'framing', 'aim-prefix', 'interface'],
  configuration: {},
};
