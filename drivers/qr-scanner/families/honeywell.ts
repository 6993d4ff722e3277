import { readIdentityText } from '../identity-text.ts';
import type {
  ReplyMatch,
  ReplyMatcher,
  ScannerCommand,
  ScannerSetting,
} from '../commands/scanner-command.ts';
import type { ScannerFamily, ScannerProvisioning, TemporarySetting } from './scanner-family.ts';

/**
 * Honeywell: `16 54 0D` read, `16 55 0D` stop, `16 07 0D` beep, and menu commands `16 4D 0D` TAG SUB DATA with `!` (until power
 * is lost) or `.` (stored) behind them. Only menu commands are answered: the command again, 06 (done), 15 (known, not with
 * this value) or 05 (not known), and the command's own punctuation.
 */
const SYN = 0x16;
const CR = 0x0d;
const MENU = [SYN, 0x4d, CR];
const ACK = 0x06;
const NAK = 0x15;
const ENQ = 0x05;
const PUNCTUATION: readonly number[] = [0x21, 0x2c, 0x2e, 0x3b]; // ! , . ;
const NAME_LENGTH = 6;
const LONGEST_VALUE = 64;
/** REVINF gives some 350 bytes of text before it is answered. */
const LONGEST_TEXT = 2048;

/** Where a setting is kept. */
export type HoneywellStorage = 'temporary' | 'permanent';

/** A menu command as it goes over the wire; `text` is TAG, SUB and DATA, e.g. `TRGMOD0`. */
export function encodeHoneywellMenu(storage: HoneywellStorage, text: string): Uint8Array {
  return Uint8Array.of(...MENU, ...Buffer.from(text + (storage === 'permanent' ? '.' : '!'), 'latin1'));
}

const isStatus = (byte: number | undefined) => byte === ACK || byte === NAK || byte === ENQ;

/**
 * What answers the menu command `text`: its name, a value, a status. With `withText`, what the scanner says before that
 * (REVINF) are the data; otherwise the value is.
 */
export function honeywellReplyTo(text: string, withText = false): ReplyMatcher {
  const name = text.slice(0, NAME_LENGTH).toUpperCase();
  return (bytes, final) => {
    const at = withText ? nameIn(bytes, name) : 0;
    if (at < 0) return bytes.length > LONGEST_TEXT ? 'no' : 'more';
    const match = matchStatus(bytes.subarray(at), name, final);
    if (typeof match === 'string' || match.reply.kind !== 'accepted') return match;
    const data = withText ? bytes.subarray(0, at) : match.reply.data;
    return { length: at + match.length, reply: { kind: 'accepted', data } };
  };
}

/** Where the name stands with a status behind it; the text before may contain the name as well. */
function nameIn(bytes: Uint8Array, name: string): number {
  return bytes.findIndex(
    (_, index) => isStatus(bytes[index + name.length]) && textAt(bytes, index, name.length) === name,
  );
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.subarray(at, at + length))
    .toString('latin1')
    .toUpperCase();
}

function matchStatus(bytes: Uint8Array, name: string, final: boolean): ReplyMatch {
  const known = Math.min(bytes.length, name.length);
  if (textAt(bytes, 0, known) !== name.slice(0, known)) return 'no';
  let at = name.length;
  while (at < bytes.length && !isStatus(bytes[at])) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte > 0x7e || at - name.length > LONGEST_VALUE) return 'no';
    at += 1;
  }
  if (at >= bytes.length) return 'more';
  const next = bytes[at + 1];
  // The punctuation belongs to the answer; without it the answer is over when the line falls silent.
  if (next === undefined && !final) return 'more';
  const length = next !== undefined && PUNCTUATION.includes(next) ? at + 2 : at + 1;
  const status = bytes[at];
  if (status === NAK) return { length, reply: { kind: 'refused', reason: 'value' } };
  if (status === ENQ) return { length, reply: { kind: 'refused', reason: 'unknown' } };
  return { length, reply: { kind: 'accepted', data: bytes.subarray(name.length, at) } };
}

function menu(storage: HoneywellStorage, text: string): ScannerCommand {
  return { name: text, bytes: encodeHoneywellMenu(storage, text), match: honeywellReplyTo(text) };
}

function temporary(setting: ScannerSetting, name: string, value: string): TemporarySetting {
  return {
    setting,
    apply: menu('temporary', name + value),
    readBack: {
      command: menu('temporary', `${name}?`),
      holds: (data) => Buffer.from(data).toString('latin1') === value,
    },
  };
}

const READ_MS = 10_000;

/** A setting, its TAG and SUB, and the value a kiosk needs. */
type MenuValue = readonly [setting: ScannerSetting, name: string, value: string];

const TRIGGER_MODE: MenuValue = ['trigger-mode', 'TRGMOD', '0'];
const OTHERS: readonly MenuValue[] = [
  ['beeper', 'BEPBEP', '0'],
  ['light', 'SCNLED', '1'],
  ['read-time-out', 'TRGSTO', String(READ_MS)],
  ['same-code-delay', 'DLYRRD', '2000'],
];

/** Not answered, so that nobody waits for it. */
const unanswered = (name: string, code: number): ScannerCommand => ({
  name,
  bytes: Uint8Array.of(SYN, code, CR),
});

/** Honeywell at run time. */
export const honeywell: ScannerFamily = {
  name: 'honeywell',
  pauseMs: 50,
  answerMs: 1500,
  settings: [temporary(...TRIGGER_MODE), ...OTHERS.map((value) => temporary(...value))],
  // No temporary command that closes the menu codes has been published.
  notSupported: ['setup-codes'],
  start: unanswered('trigger on', 0x54),
  stop: unanswered('trigger off', 0x55),
  readMs: READ_MS,
  identity: [
    {
      // A question: the full stop stores nothing here, and the exclamation mark is not documented for it.
      command: {
        name: 'REVINF',
        bytes: encodeHoneywellMenu('permanent', 'REVINF'),
        match: honeywellReplyTo('REVINF', true),
      },
      read: readIdentityText,
    },
  ],
  beep: unanswered('beep', 0x07),
};

/** The same settings for good. Suffix, identifier and USB kind are set with the codes of the scanner's manual. */
export const honeywellProvisioning: ScannerProvisioning = {
  settings: [TRIGGER_MODE, ...OTHERS].map(([setting, name, value]) => ({
    setting,
    command: menu('permanent', name + value),
  })),
  notSupported: ['setup-codes', 'framing', 'aim-prefix', 'interface'],
  configuration: {},
};
