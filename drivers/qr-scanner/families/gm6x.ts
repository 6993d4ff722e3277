import type { DeviceIdentity } from '../../../src/devices/device-findings.ts';
import type { ReplyMatcher, ScannerCommand, ScannerSetting } from '../commands/scanner-command.ts';
import type { ScannerFamily, ScannerProvisioning, TemporarySetting } from './scanner-family.ts';

/**
 * Hangzhou Grow's engines (GM60, GM65, GM66, GM805, GM812, GM861) and Newland's FM30 over HID:
 * `7E 00 | type | length | address 2 | data | CRC 2`, answered by `02 00 | status | length | data | CRC 2`. Settings are bytes at
 * addresses, "zones"; what is written counts until power is lost, unless it is saved.
 */
const COMMAND_START = [0x7e, 0x00];
const REPLY_START = [0x02, 0x00];
const READ = 0x07;
const WRITE = 0x08;
const SAVE = 0x09;
const CRC_BYTES = 2;
/** `02 00`, status, length. */
const REPLY_HEADER_BYTES = 4;
/** No zone is read in more bytes than these. */
const LONGEST_REPLY_DATA = 32;

/** CRC-16/XMODEM: polynomial 0x1021, begins with 0, nothing reflected, nothing inverted. */
export function crc16Xmodem(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = (crc & 0x8000) === 0 ? (crc << 1) & 0xffff : ((crc << 1) ^ 0x1021) & 0xffff;
  }
  return crc;
}

function encode(type: number, zone: number, data: readonly number[]): Uint8Array {
  const checked = Uint8Array.of(type, data.length, zone >> 8, zone & 0xff, ...data);
  const crc = crc16Xmodem(checked);
  return Uint8Array.of(...COMMAND_START, ...checked, crc >> 8, crc & 0xff);
}

/** Asks for `count` bytes from a zone on. */
export function encodeGmRead(zone: number, count = 1): Uint8Array {
  return encode(READ, zone, [count]);
}

/** Writes bytes from a zone on; they count until power is lost. */
export function encodeGmWrite(zone: number, data: readonly number[]): Uint8Array {
  return encode(WRITE, zone, data);
}

/** Stores what was written in the flash memory. */
export function encodeGmSave(): Uint8Array {
  return encode(SAVE, 0, [0]);
}

/** What answers a command that wants `count` bytes back; a write or save is answered by one byte. */
export function gmReply(count = 1): ReplyMatcher {
  return (bytes) => {
    for (const [index, byte] of REPLY_START.entries())
      if (index < bytes.length && bytes[index] !== byte) return 'no';
    if (bytes.length < REPLY_HEADER_BYTES) return 'more';
    const [, , status, dataBytes = 0] = bytes;
    if (dataBytes > LONGEST_REPLY_DATA) return 'no';
    const end = REPLY_HEADER_BYTES + dataBytes;
    const length = end + CRC_BYTES;
    if (bytes.length < length) return 'more';
    const crc = crc16Xmodem(bytes.subarray(2, end));
    if (bytes[end] !== crc >> 8 || bytes[end + 1] !== (crc & 0xff))
      return { length, reply: { kind: 'damaged' } };
    if (status !== 0) return { length, reply: { kind: 'refused', reason: 'value' } };
    if (dataBytes !== count) return { length, reply: { kind: 'other' } };
    return { length, reply: { kind: 'accepted', data: bytes.subarray(REPLY_HEADER_BYTES, end) } };
  };
}

const zoneName = (zone: number) => `zone ${zone.toString(16).padStart(4, '0').toUpperCase()}`;

function write(zone: number, value: number): ScannerCommand {
  return {
    name: `${zoneName(zone)} = ${value.toString(16).padStart(2, '0').toUpperCase()}`,
    bytes: encodeGmWrite(zone, [value]),
    match: gmReply(),
  };
}

function read(zone: number): ScannerCommand {
  return { name: zoneName(zone), bytes: encodeGmRead(zone), match: gmReply() };
}

function temporary(setting: ScannerSetting, zone: number, value: number): TemporarySetting {
  return {
    setting,
    apply: write(zone, value),
    readBack: { command: read(zone), holds: (data) => data.length === 1 && data[0] === value },
  };
}

/** A setting, the zone it is kept in, and the value a kiosk needs there. */
type ZoneValue = readonly [setting: ScannerSetting, zone: number, value: number];

/**
 * Command mode, light and aim while reading, green lamp and one beep at a good read. The beeper cannot be switched off for
 * sure: what bit 6 means varies between models.
 */
const COMMAND_MODE: ZoneValue = ['trigger-mode', 0x0000, 0xd5];
const OTHERS: readonly ZoneValue[] = [
  // 5 s, in tenths of a second.
  ['read-time-out', 0x0006, 0x32],
  // Bit 7 switches it on; 2 s in tenths of a second.
  ['same-code-delay', 0x0013, 0x94],
  // Bit 1 closes set-up codes, bit 0 would give their text out like a code (sample programs of Waveshare and DFRobot).
  ['setup-codes', 0x0003, 0x02],
];

const SCAN = 0x0002;
const SOFTWARE_VERSION = 0x00e2;
const HARDWARE_VERSION = 0x00e1;

function versionIn(key: 'firmware' | 'model') {
  return (data: Uint8Array): DeviceIdentity => {
    const [version = 0] = data;
    // Newer models have no such zones and answer 0.
    if (version === 0) return {};
    const text = version.toString(16).padStart(2, '0').toUpperCase();
    return { [key]: key === 'model' ? `GM6x hardware ${text}` : text };
  };
}

/** GM6x at run time. */
export const gm6x: ScannerFamily = {
  name: 'gm6x',
  pauseMs: 20,
  answerMs: 1000,
  settings: [temporary(...COMMAND_MODE), ...OTHERS.map((zone) => temporary(...zone))],
  notSupported: ['beeper'],
  start: write(SCAN, 1),
  stop: write(SCAN, 0),
  readMs: 5000,
  identity: [
    { command: read(HARDWARE_VERSION), read: versionIn('model') },
    { command: read(SOFTWARE_VERSION), read: versionIn('firmware') },
  ],
};

const FRAMED_OUTPUT = 0x81;
const AIM_PREFIX_ON = 0x80;

/** The same settings for good, a length before each code, and the AIM identifier. The line speed is never touched. */
export const gm6xProvisioning: ScannerProvisioning = {
  settings: [
    ...[COMMAND_MODE, ...OTHERS].map(([setting, zone, value]) => ({ setting, command: write(zone, value) })),
    { setting: 'aim-prefix', command: write(0x00d0, AIM_PREFIX_ON) },
    { setting: 'framing', command: write(0x0060, FRAMED_OUTPUT) },
    { setting: 'save', command: { name: 'save', bytes: encodeGmSave(), match: gmReply() } },
  ],
  notSupported: ['beeper', 'interface'],
  configuration: { framing: 'GM', aimPrefix: true },
};
