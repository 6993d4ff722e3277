import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  crc16Xmodem,
  encodeGmRead,
  encodeGmSave,
  encodeGmWrite,
  gm6x,
  gm6xProvisioning,
  gmReply,
} from '../drivers/qr-scanner/families/gm6x.ts';
import {
  encodeHoneywellMenu,
  honeywell,
  honeywellProvisioning,
  honeywellReplyTo,
} from '../drivers/qr-scanner/families/honeywell.ts';
import {
  encodeNewlandCommand,
  newland,
  newlandProvisioning,
  newlandReplyTo,
} from '../drivers/qr-scanner/families/newland.ts';
import { encodeSsiPacket } from '../drivers/qr-scanner/families/ssi-packet.ts';
import { ssi, ssiAcknowledge, ssiProvisioning, ssiReply } from '../drivers/qr-scanner/families/ssi.ts';
import { readIdentityText } from '../drivers/qr-scanner/identity-text.ts';
import type { ReplyMatcher } from '../drivers/qr-scanner/commands/scanner-command.ts';
import type { ScannerFamily } from '../drivers/qr-scanner/families/scanner-family.ts';
import { hex } from './fixtures/simulator-program.ts';

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const joined = (spaced: string) => spaced.replaceAll(' ', '').toLowerCase();
const latin = (text: string) => Buffer.from(text, 'latin1');

/** What a matcher makes of bytes, with data as text or hex. */
function read(match: ReplyMatcher, bytes: Uint8Array, final = false) {
  const found = match(bytes, final);
  if (typeof found === 'string') return found;
  const { reply, length } = found;
  return { ...reply, length, ...(reply.kind === 'accepted' ? { data: hexOf(reply.data) } : {}) };
}

describe('Newland', () => {
  test.each([
    ['permanent', 'SCNTRG1', '7E 01 30 30 30 30 40 53 43 4E 54 52 47 31 3B 03'],
    ['temporary', 'SCNTRG1', '7E 01 30 30 30 30 23 53 43 4E 54 52 47 31 3B 03'],
    ['temporary', 'SCNTRG0', '7E 01 30 30 30 30 23 53 43 4E 54 52 47 30 3B 03'],
    // The FM530 manual's own example of a question.
    ['permanent', 'C11*', '7E 01 30 30 30 30 40 43 31 31 2A 3B 03'],
  ] as const)('a %s %s is written as in the manual', (storage, text, bytes) => {
    expect(hexOf(encodeNewlandCommand(storage, text))).toBe(joined(bytes));
  });

  test('answers are the command with 06, 15 or 05 behind it', () => {
    const match = newlandReplyTo('SCNMOD0');
    const answer = (status: string) => hex(`02 01 30 30 30 30 23 53 43 4e 4d 4f 44 30 ${status} 3b 03`);
    expect(read(match, answer('06'))).toEqual({ kind: 'accepted', data: '30', length: 17 });
    expect(read(match, answer('15'))).toEqual({ kind: 'refused', reason: 'value', length: 17 });
    expect(read(match, answer('05'))).toEqual({ kind: 'refused', reason: 'unknown', length: 17 });
    expect(read(match, answer('3f'))).toEqual({ kind: 'damaged', length: 17 });
    for (let cut = 1; cut < 17; cut += 1) expect(read(match, answer('06').subarray(0, cut))).toBe('more');
  });

  test('an answer to another command is one, and not ours; a code is no answer', () => {
    const late = hex('02 01 30 30 30 30 23 47 52 42 45 4e 41 30 06 3b 03');
    expect(read(newlandReplyTo('SCNMOD0'), late)).toEqual({ kind: 'other', length: 17 });
    expect(read(newlandReplyTo('SCNMOD0'), latin('OC1ABC\r'))).toBe('no');
    expect(
      read(newlandReplyTo('SCNMOD0'), Uint8Array.of(2, 1, 0x30, 0x30, 0x30, 0x30, ...new Uint8Array(600))),
    ).toBe('no');
  });

  test('the answer to a question holds the value, with or without the asterisk', () => {
    const match = newlandReplyTo('SCNMOD*');
    expect(read(match, latin('\x02\x010000#SCNMOD2\x06;\x03'))).toMatchObject({ data: '32' });
    expect(read(match, latin('\x02\x010000#SCNMOD*2\x06;\x03'))).toMatchObject({ data: '32' });
  });
});

describe('GM6x', () => {
  test.each([
    ['trigger one read', encodeGmWrite(0x0002, [0x01]), '7E 00 08 01 00 02 01 02 DA'],
    ['stop', encodeGmWrite(0x0002, [0x00]), '7E 00 08 01 00 02 00 12 FB'],
    ['read baud', encodeGmRead(0x002a, 2), '7E 00 07 01 00 2A 02 D8 0F'],
    ['set 9600', encodeGmWrite(0x002a, [0x39, 0x01]), '7E 00 08 02 00 2A 39 01 A7 EA'],
    ['set 115200', encodeGmWrite(0x002a, [0x1a, 0x00]), '7E 00 08 02 00 2A 1A 00 E4 7E'],
    ['read zone 0x0000', encodeGmRead(0x0000), '7E 00 07 01 00 00 01 01 41'],
    ['command mode', encodeGmWrite(0x0000, [0xd5]), '7E 00 08 01 00 00 D5 EF 41'],
    ['continuous mode', encodeGmWrite(0x0000, [0xd6]), '7E 00 08 01 00 00 D6 DF 22'],
    ['AIM id prefix on', encodeGmWrite(0x00d0, [0x80]), '7E 00 08 01 00 D0 80 F0 36'],
    ['framed output', encodeGmWrite(0x0060, [0x81]), '7E 00 08 01 00 60 81 FE 1A'],
    ['save', encodeGmSave(), '7E 00 09 01 00 00 00 DE C8'],
    ['user restore', encodeGmWrite(0x00d9, [0x55]), '7E 00 08 01 00 D9 55 D1 76'],
    ['save user defaults', encodeGmWrite(0x00d9, [0x56]), '7E 00 08 01 00 D9 56 E1 15'],
    ['factory reset', encodeGmWrite(0x00d9, [0x50]), '7E 00 08 01 00 D9 50 81 D3'],
    ['deep sleep', encodeGmWrite(0x00d9, [0xa5]), '7E 00 08 01 00 D9 A5 3E 69'],
    ['wake', encodeGmWrite(0x00d9, [0x00]), '7E 00 08 01 00 D9 00 DB 26'],
  ])('%s is written as in the manual', (_, bytes, expected) => {
    expect(hexOf(bytes)).toBe(joined(expected));
  });

  test('the CRC is XMODEM’s', () => {
    expect(crc16Xmodem(latin('123456789'))).toBe(0x31c3);
    expect(crc16Xmodem(hex('0a 01 00 00 00'))).toBe(0x301a);
  });

  test('answers of the manual are read', () => {
    expect(read(gmReply(), hex('02 00 00 01 00 33 31'))).toEqual({ kind: 'accepted', data: '00', length: 7 });
    expect(read(gmReply(2), hex('02 00 00 02 39 01 C1 4C'))).toEqual({
      kind: 'accepted',
      data: '3901',
      length: 8,
    });
    for (let cut = 1; cut < 7; cut += 1)
      expect(read(gmReply(), hex('02 00 00 01 00 33 31').subarray(0, cut))).toBe('more');
  });

  test('a wrong CRC is damage, another status is a refusal, another length is an answer to something else', () => {
    expect(read(gmReply(), hex('02 00 00 01 00 33 32'))).toEqual({ kind: 'damaged', length: 7 });
    // The CRC is Python's (binascii.crc_hqx).
    expect(read(gmReply(), hex('02 00 01 01 00 04 01'))).toEqual({
      kind: 'refused',
      reason: 'value',
      length: 7,
    });
    expect(read(gmReply(), hex('02 00 00 02 39 01 C1 4C'))).toEqual({ kind: 'other', length: 8 });
    expect(read(gmReply(), latin('OC1ABC'))).toBe('no');
    expect(read(gmReply(), hex('02 00 00 ff'))).toBe('no');
  });
});

describe('SSI', () => {
  test.each([
    ['start', encodeSsiPacket(0xe4, 0), '04 E4 04 00 FF 14'],
    ['stop', encodeSsiPacket(0xe5, 0), '04 E5 04 00 FF 13'],
    ['ACK', ssiAcknowledge, '04 D0 04 00 FF 28'],
    ['version', encodeSsiPacket(0xa3, 0), '04 A3 04 00 FF 55'],
    ['host trigger, stored', encodeSsiPacket(0xc6, 8, [0x00, 0x8a, 0x08]), '07 C6 04 08 00 8A 08 FE 95'],
    ['continuous, stored', encodeSsiPacket(0xc6, 8, [0x00, 0x8a, 0x04]), '07 C6 04 08 00 8A 04 FE 99'],
    ['induction, stored', encodeSsiPacket(0xc6, 8, [0x00, 0x8a, 0x09]), '07 C6 04 08 00 8A 09 FE 94'],
    ['GM72 serial', encodeSsiPacket(0xc6, 8, [0x00, 0xf2, 0x01, 0x00]), '08 C6 04 08 00 F2 01 00 FE 33'],
    ['GM72 keyboard', encodeSsiPacket(0xc6, 8, [0x00, 0xf2, 0x01, 0x01]), '08 C6 04 08 00 F2 01 01 FE 32'],
    ['GM72 VCOM', encodeSsiPacket(0xc6, 8, [0x00, 0xf2, 0x01, 0x02]), '08 C6 04 08 00 F2 01 02 FE 31'],
    ['GM72 factory', encodeSsiPacket(0xc6, 8, [0x00, 0xf2, 0xff, 0x00]), '08 C6 04 08 00 F2 FF 00 FD 35'],
  ])('%s is written as in the manual', (_, bytes, expected) => {
    expect(hexOf(bytes)).toBe(joined(expected));
  });

  test('answers of the manual are read', () => {
    expect(read(ssiReply(), hex('04 D0 00 00 FF 2C'))).toEqual({ kind: 'accepted', data: '', length: 6 });
    expect(read(ssiReply(), hex('05 D1 00 00 06 FF 24'))).toEqual({
      kind: 'refused',
      reason: 'value',
      length: 7,
    });
    expect(read(ssiReply(), hex('05 D1 00 00 02 FF 28'))).toMatchObject({ reason: 'unknown' });
    expect(read(ssiReply(), hex('05 D1 00 00 01 FF 29'))).toEqual({ kind: 'damaged', length: 7 });
    expect(read(ssiReply(), hex('04 D0 00 00 FF 2D'))).toEqual({ kind: 'damaged', length: 6 });
    for (let cut = 1; cut < 6; cut += 1)
      expect(read(ssiReply(), hex('04 D0 00 00 FF 2C').subarray(0, cut))).toBe('more');
  });

  test('a packet of the host, a code and other text are no answers', () => {
    expect(read(ssiReply(), hex('04 D0 04 00 FF 28'))).toBe('no');
    expect(read(ssiReply(), latin('OC1ABC\r'))).toBe('no');
    expect(read(ssiReply(), hex('06 f3 00 00 1c 41 fe aa'))).toBe('no');
  });

  test('a revision is the answer to the question for it', () => {
    // 07 A4 00 00 "R01": sum of all is 0x17e, worked out by hand.
    const revision = hex('07 a4 00 00 52 30 31 fe a2');
    expect(read(ssiReply(0xa4), revision)).toEqual({ kind: 'accepted', data: '523031', length: 9 });
    expect(read(ssiReply(), revision)).toEqual({ kind: 'other', length: 9 });
  });
});

describe('Honeywell', () => {
  test('commands are written as in the manual', () => {
    expect(hexOf(honeywell.start.bytes)).toBe(joined('16 54 0D'));
    expect(hexOf(honeywell.stop.bytes)).toBe(joined('16 55 0D'));
    expect(honeywell.beep && hexOf(honeywell.beep.bytes)).toBe(joined('16 07 0D'));
    expect(hexOf(encodeHoneywellMenu('permanent', 'REVINF'))).toBe(joined('16 4D 0D 52 45 56 49 4E 46 2E'));
    expect(hexOf(encodeHoneywellMenu('temporary', 'BEPBEP0'))).toBe(
      joined('16 4D 0D') + hexOf(latin('BEPBEP0!')),
    );
  });

  test('answers are the command, a status, and its punctuation', () => {
    const match = honeywellReplyTo('TRGMOD0');
    expect(read(match, latin('TRGMOD0\x06!'))).toEqual({ kind: 'accepted', data: '30', length: 9 });
    expect(read(match, latin('TRGMOD0\x15.'))).toEqual({ kind: 'refused', reason: 'value', length: 9 });
    expect(read(match, latin('TRGMOD0\x05.'))).toEqual({ kind: 'refused', reason: 'unknown', length: 9 });
    // As the reference says it: with nothing behind the status, once the line is silent.
    expect(read(match, latin('TRGMOD0\x06'))).toBe('more');
    expect(read(match, latin('TRGMOD0\x06'), true)).toEqual({ kind: 'accepted', data: '30', length: 8 });
    expect(read(match, latin('TRGMOD'))).toBe('more');
    expect(read(match, latin('TRX'))).toBe('no');
    expect(read(match, latin('TRGMOD\x01'))).toBe('no');
  });

  test('the captured text of a Voyager before the answer to REVINF says who it is', () => {
    const text = latin(
      'Product Name: Voyager 1602g\r\nBoot Revision: : 8992\r\nSoftware Part Number: CW000082BBA\r\n' +
        'Software Revision: $ProjectRevision: 16345 \r\nSerial Number: 15232B1F0C\r\nSupported IF: Bluetooth\r\n' +
        'Engine Firmware Type: N/A   Revision: N/A   Serial Number: N/A   Checksum: N/A\r\n',
    );
    const match = honeywellReplyTo('REVINF', true);
    expect(read(match, text)).toBe('more');
    const found = match(Buffer.concat([text, latin('REVINF\x06.')]), false);
    if (typeof found === 'string' || found.reply.kind !== 'accepted') throw new Error('not found');
    expect(readIdentityText(found.reply.data)).toEqual({
      model: 'Voyager 1602g',
      firmware: '$ProjectRevision: 16345',
      serialNumber: '15232B1F0C',
    });
    expect(read(match, new Uint8Array(3000).fill(0x41))).toBe('no');
  });
});

test('a text that has no names in it is taken as the firmware, short and printable', () => {
  expect(readIdentityText(latin('PAAESS00-001-R00\x00 SE4750'))).toEqual({
    firmware: 'PAAESS00-001-R00 SE4750',
  });
  expect(readIdentityText(new Uint8Array())).toEqual({});
  expect(readIdentityText(latin('x'.repeat(500)))).toEqual({ firmware: 'x'.repeat(64) });
});

const families: readonly ScannerFamily[] = [newland, gm6x, ssi('SSI'), ssi('CR'), honeywell];
const commandsOf = (family: ScannerFamily) => [
  ...family.settings.flatMap(({ apply, readBack }) => [apply, readBack.command]),
  family.start,
  family.stop,
  ...family.identity.map(({ command }) => command),
  ...(family.beep ? [family.beep] : []),
];

test('whatever a scanner sends, a matcher gives an answer within what it was given and never throws', () => {
  const matchers = families.flatMap((family) =>
    commandsOf(family).flatMap(({ match }) => (match ? [match] : [])),
  );
  const starts = [
    '0201303030302353434e4d4f4430',
    '020000',
    '04d00000',
    '05d10000',
    '54524747',
    '54524d4f4406',
    '',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...matchers),
      fc.constantFrom(...starts),
      fc.uint8Array({ maxLength: 400 }),
      fc.boolean(),
      (match, start, rest, final) => {
        const bytes = Buffer.concat([hex(start), rest]);
        const found = match(bytes, final);
        if (typeof found === 'string') return;
        expect(found.length).toBeGreaterThan(0);
        expect(found.length).toBeLessThanOrEqual(bytes.length);
      },
    ),
  );
});

/** Whether a command stores something, read from its bytes by what the manuals say. */
function stores(family: string, bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  switch (family) {
    case 'newland':
      return bytes[6] === 0x40;
    case 'gm6x':
      // Type 09 saves; writing zone 00D9 restores and resets; 002A is the line speed.
      return bytes[2] === 0x09 || (bytes[2] === 0x08 && [0xd9, 0x2a].includes(bytes[5] ?? 0));
    case 'ssi':
      return bytes[1] === 0xc8 || (bytes[1] === 0xc6 && ((bytes[3] ?? 0) & 8) !== 0);
    default:
      return text.endsWith('.') && !text.includes('REVINF');
  }
}

test.each(families.map((family) => [family.name, family] as const))(
  'nothing that %s is told at run time is stored, and no command resets it or changes its line speed',
  (name, family) => {
    for (const { bytes } of commandsOf(family)) expect(stores(name, bytes), hexOf(bytes)).toBe(false);
  },
);

test('what provisioning stores is stored, is the same as at run time, and is no reset and no line speed', () => {
  const texts = (settings: readonly { command: { bytes: Uint8Array } }[]) =>
    settings.map(({ command }) => Buffer.from(command.bytes).toString('latin1'));
  for (const text of texts(newlandProvisioning.settings))
    expect(text.replace('\x01', '<SOH>')).toMatch(/^~<SOH>0000@(?!FACDEF|REBOOT)/);
  for (const text of texts(honeywellProvisioning.settings))
    expect(text.replace('\x16M\r', '<MENU>')).toMatch(/^<MENU>(?!DEF|232)[A-Z]+\d+\.$/);
  for (const { command } of ssiProvisioning.settings) {
    expect(hexOf(command.bytes).slice(2, 8)).toBe('c60408');
    expect(command.bytes[5]).not.toBe(0x9c);
  }
  const gm = gm6xProvisioning.settings.map(({ command }) => hexOf(command.bytes));
  expect(gm.at(-1)).toBe(joined('7E 00 09 01 00 00 00 DE C8'));
  expect(gm).toContain(joined('7E 00 08 01 00 D0 80 F0 36'));
  expect(gm).toContain(joined('7E 00 08 01 00 60 81 FE 1A'));
  expect(gm.filter((bytes) => /^7e0008\d\d00(d9|2a)/.test(bytes))).toEqual([]);
  expect(newlandProvisioning.settings.map(({ setting }) => setting)).toEqual(
    newland.settings.map(({ setting }) => setting),
  );
});
