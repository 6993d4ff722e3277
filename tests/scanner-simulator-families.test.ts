import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReportLayout } from '../drivers/simulators/qr-scanner/hid-reports.ts';
import { reportsOf } from '../drivers/simulators/qr-scanner/hid-reports.ts';
import { REPORT_DESCRIPTORS } from '../drivers/simulators/qr-scanner/report-descriptors.ts';
import { LANGUAGES } from '../drivers/simulators/qr-scanner/simulated-scanner.ts';
import {
  type ComputerSide,
  type SimulatorProgram,
  startSimulator,
  until,
} from './fixtures/simulator-program.ts';

let scanner: SimulatorProgram;
let computer: ComputerSide;

async function start(family: string, flags: readonly string[] = []): Promise<void> {
  scanner = await startSimulator('qr-scanner', 'tcp', ['--family', family, ...flags]);
  computer = await scanner.open();
}
const end = async () => {
  await computer.close();
  await scanner.stop();
};
const spaced = (bytes: string) => bytes.toUpperCase().replaceAll(/(..)(?=.)/g, '$1 ');
const text = (bytes: string) => Buffer.from(bytes, 'hex').toString('latin1');
const latin = (characters: string) => Buffer.from(characters, 'latin1');
const state = async () => (await scanner.state()) as Record<string, Record<string, string>>;

/** Sends bytes of the manual and gives what comes back. */
async function answerTo(bytes: string, count: number): Promise<string> {
  computer.send(bytes);
  return spaced(await computer.receive(count));
}

describe('a simulated GM6x', () => {
  afterEach(end);

  it.each([
    ['7E 00 08 01 00 02 01 02 DA', '02 00 00 01 00 33 31'],
    ['7E 00 08 01 00 02 01 AB CD', '02 00 00 01 00 33 31'],
    ['7E 00 08 01 00 00 D5 EF 41', '02 00 00 01 00 33 31'],
    ['7E 00 09 01 00 00 00 DE C8', '02 00 00 01 00 33 31'],
    // Zone 0 as delivered; the CRC is Python's (binascii.crc_hqx).
    ['7E 00 07 01 00 00 01 01 41', '02 00 00 01 D6 98 8A'],
  ])('answers %s with %s', async (sent, answer) => {
    await start('gm6x');
    expect(await answerTo(sent, 7)).toBe(answer);
  });

  it('forgets what was set and not saved when its power goes, and keeps what was saved', async () => {
    await start('gm6x');
    await answerTo('7E 00 08 01 00 00 D5 EF 41', 7);
    expect((await state())['settings']).toMatchObject({ '0000': 'D5' });
    expect((await state())['stored']).toMatchObject({ '0000': 'D6' });
    await scanner.tell('power-cycle');
    expect((await state())['settings']).toMatchObject({ '0000': 'D6' });
    await answerTo('7E 00 08 01 00 00 D5 EF 41', 7);
    await answerTo('7E 00 09 01 00 00 00 DE C8', 7);
    await scanner.tell('power-cycle');
    expect((await state())['settings']).toMatchObject({ '0000': 'D5' });
    expect((await scanner.state())['commands']).toEqual([
      { name: 'zone 0000 = D5', permanence: 'temporary' },
      { name: 'zone 0000 = D5', permanence: 'temporary' },
      { name: 'save', permanence: 'permanent' },
    ]);
  });

  it('in command mode reads a code in view when it is triggered, and once', async () => {
    await start('gm6x');
    await answerTo('7E 00 08 01 00 00 D5 EF 41', 7);
    await scanner.tell('show-code', { text: 'OC1', hold: true });
    expect(await computer.receive(1, 150)).toBe('');
    computer.send('7E 00 08 01 00 02 01 02 DA');
    expect(text(await computer.receive(11))).toBe('\x02\x00\x00\x01\x0031OC1\r');
    expect(await computer.receive(1, 150)).toBe('');
  });

  it('stops reading by itself when the time is over that it was given', async () => {
    await start('gm6x');
    await answerTo('7E 00 08 01 00 00 D5 EF 41', 7);
    await answerTo('7E 00 08 01 00 06 02 AB CD', 7);
    await answerTo('7E 00 08 01 00 02 01 02 DA', 7);
    expect(await scanner.state()).toMatchObject({ triggered: true, lit: true });
    expect(await until(async () => (await scanner.state())['lit'] === false)).toBe(true);
  });

  it('sends frames with identifiers when it is set to', async () => {
    await start('gm6x');
    await answerTo('7E 00 08 01 00 60 81 FE 1A', 7);
    await answerTo('7E 00 08 01 00 D0 80 F0 36', 7);
    await scanner.tell('show-code', { text: 'OC1' });
    expect(spaced(await computer.receive(9))).toBe('03 00 06 5D 51 31 4F 43 31');
  });

  it('says nothing to a damaged command and to noise', async () => {
    await start('gm6x');
    computer.send('FF 7E 7E 00 08 01 00 00 D5 EF 42');
    expect(await answerTo('7E 00 08 01 00 02 00 12 FB', 7)).toBe('02 00 00 01 00 33 31');
    expect(await computer.receive(1, 100)).toBe('');
  });
});

describe('a simulated Newland', () => {
  afterEach(end);
  const sent = (mark: string, command: string) => latin(`~\x010000${mark}${command};\x03`).toString('hex');
  const answered = (mark: string, command: string) => `\x02\x010000${mark}${command};\x03`;

  it('takes a setting for the time it has power with #, and for good with @', async () => {
    await start('newland');
    computer.send(sent('#', 'SCNMOD0'));
    expect(text(await computer.receive(17))).toBe(answered('#', 'SCNMOD0\x06'));
    computer.send(sent('@', 'GRBENA0'));
    expect(text(await computer.receive(17))).toBe(answered('@', 'GRBENA0\x06'));
    await scanner.tell('power-cycle');
    expect((await state())['settings']).toMatchObject({ SCNMOD: '2', GRBENA: '0' });
    expect((await scanner.state())['commands']).toEqual([
      { name: 'SCNMOD0', permanence: 'temporary' },
      { name: 'GRBENA0', permanence: 'permanent' },
    ]);
  });

  it('tells a value, does not know a command, refuses one when it is told to', async () => {
    await start('newland');
    computer.send(sent('#', 'ORTSET*'));
    expect(text(await computer.receive(21))).toBe(answered('#', 'ORTSET30000\x06'));
    computer.send(sent('#', 'NOSUCH1'));
    expect(text(await computer.receive(17))).toBe(answered('#', 'NOSUCH1\x05'));
    await scanner.tell('fault', { fault: 'refuse', on: 'SCNMOD0', count: 1 });
    computer.send(sent('#', 'SCNMOD0'));
    expect(text(await computer.receive(17))).toBe(answered('#', 'SCNMOD0\x15'));
    expect((await state())['settings']).toMatchObject({ SCNMOD: '2' });
  });
});

describe('a simulated SSI scanner', () => {
  afterEach(end);

  it('acknowledges commands of the manual and stores only what is marked as permanent', async () => {
    await start('ssi');
    expect(await answerTo('07 C6 04 08 00 8A 08 FE 95', 6)).toBe('04 D0 00 00 FF 2C');
    expect(await answerTo('07 C6 04 00 FF 38 00 FD F8', 6)).toBe('04 D0 00 00 FF 2C');
    expect(await answerTo('04 E4 04 00 FF 14', 6)).toBe('04 D0 00 00 FF 2C');
    expect(await answerTo('04 E5 04 00 FF 13', 6)).toBe('04 D0 00 00 FF 2C');
    await scanner.tell('power-cycle');
    expect((await state())['settings']).toMatchObject({ '8A': '08', '38': '01' });
    await scanner.tell('fault', { fault: 'refuse', count: 1 });
    expect(await answerTo('04 E4 04 00 FF 14', 7)).toBe('05 D1 00 00 06 FF 24');
    expect(await answerTo('04 E4 04 00 FF 15', 7)).toBe('05 D1 00 00 01 FF 29');
  });

  it('sends a packet again twice, two seconds apart, when nobody acknowledges it', async () => {
    await start('ssi');
    await answerTo('07 C6 04 00 FF EE 01 FD 41', 6);
    const startedAt = performance.now();
    void scanner.tell('show-code', { text: 'HELLO' });
    expect(spaced(await computer.receive(12))).toBe('0A F3 00 00 1C 48 45 4C 4C 4F FD 73');
    expect(spaced(await computer.receive(12, 6000))).toBe('0A F3 00 01 1C 48 45 4C 4C 4F FD 72');
    expect(spaced(await computer.receive(12, 6000))).toBe('0A F3 00 01 1C 48 45 4C 4C 4F FD 72');
    expect(performance.now() - startedAt).toBeGreaterThan(3900);
    expect(await until(async () => (await scanner.state())['lost'] === 1)).toBe(true);
    const shown = scanner.tell('show-code', { text: 'HELLO' });
    await computer.receive(12);
    computer.send('04 D0 04 00 FF 28');
    await shown;
    expect(await scanner.state()).toMatchObject({ sent: 1, lost: 1 });
  });
});

describe('a simulated Honeywell', () => {
  afterEach(end);

  it('answers its menu and not its trigger', async () => {
    await start('honeywell');
    computer.send(latin('\x16M\rTRGMOD0!'));
    expect(text(await computer.receive(9))).toBe('TRGMOD0\x06!');
    computer.send(latin('\x16M\rBEPBEP0.'));
    expect(text(await computer.receive(9))).toBe('BEPBEP0\x06.');
    computer.send('16 54 0D');
    expect(await computer.receive(1, 150)).toBe('');
    expect(await scanner.state()).toMatchObject({ triggered: true, lit: true });
    computer.send('16 07 0D 16 55 0D');
    expect(await until(async () => (await scanner.state())['triggered'] === false)).toBe(true);
    expect(await scanner.state()).toMatchObject({ beeps: 1 });
    await scanner.tell('power-cycle');
    expect((await state())['settings']).toMatchObject({ TRGMOD: '3', BEPBEP: '0' });
  });

  it('tells who it is before it answers', async () => {
    await start('honeywell');
    computer.send('16 4D 0D 52 45 56 49 4E 46 2E');
    const told = text(await computer.receive(400, 500));
    expect(told).toMatch(/^Product Name: .*\r\n/);
    expect(told.endsWith('\r\nREVINF\x06.')).toBe(true);
  });

  it('can be late and silent', async () => {
    await start('honeywell');
    await scanner.tell('fault', { fault: 'late', delayMs: 200, count: 1 });
    await scanner.tell('fault', { fault: 'silent', count: 1 });
    const startedAt = performance.now();
    computer.send(latin('\x16M\rTRGMOD0!'));
    expect(text(await computer.receive(9))).toBe('TRGMOD0\x06!');
    expect(performance.now() - startedAt).toBeGreaterThan(190);
    computer.send(latin('\x16M\rTRGMOD3!'));
    expect(await computer.receive(1, 150)).toBe('');
    expect((await state())['settings']).toMatchObject({ TRGMOD: '3' });
    expect((await scanner.state())['faults']).toEqual([]);
  });
});

describe('a simulated passive scanner', () => {
  afterEach(end);

  it('counts what it is told and takes none of it', async () => {
    await start('passive');
    computer.send('7E 00 08 01 00 00 D5 EF 41');
    expect(await computer.receive(1, 100)).toBe('');
    expect(await scanner.state()).toMatchObject({ hostBytes: 9, commands: [], lit: true });
    expect((await scanner.command({ command: 'fault', fault: 'silent' })).status).toBe(400);
  });
});

it('whatever a computer sends, the scanners’ parsers neither throw nor stop to understand the next command', () => {
  const known = {
    newland: '~\x010000#SCNMOD0;\x03',
    gm6x: '\x7e\x00\x08\x01\x00\x00\xd5\xef\x41',
    ssi: '\x04\xe4\x04\x00\xff\x14',
    honeywell: '\x16T\r',
  } as const;
  const family = fc.constantFrom('newland', 'gm6x', 'ssi', 'honeywell');
  fc.assert(
    fc.property(family, fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), (family, chunks) => {
      const parser = LANGUAGES[family].parser();
      for (const chunk of chunks) parser.push(chunk);
      // What looked like the beginning of a long command has to be filled first.
      for (let filling = 0; filling < 300; filling += 1) parser.push(Uint8Array.of(0));
      expect(parser.push(latin(known[family])).length).toBe(1);
    }),
  );
});

/** Bits of the reports that a descriptor declares, by kind and report id (HID 1.11, 6.2.2.2). */
function reportBits(descriptor: Uint8Array): Record<string, number> {
  const bits: Record<string, number> = {};
  let [id, size, count, open] = [0, 0, 0, 0];
  for (let at = 0; at < descriptor.length;) {
    const prefix = descriptor[at] ?? 0;
    const length = [0, 1, 2, 4][prefix & 3] ?? 0;
    const value = descriptor
      .subarray(at + 1, at + 1 + length)
      .reduceRight((sum, byte) => sum * 256 + byte, 0);
    at += 1 + length;
    const item = prefix & 0xfc;
    if (item === 0x84) id = value;
    if (item === 0x74) size = value;
    if (item === 0x94) count = value;
    if (item === 0xa0) open += 1;
    if (item === 0xc0) open -= 1;
    const kind = item === 0x80 ? 'input' : item === 0x90 ? 'output' : undefined;
    if (kind) bits[`${kind} ${id}`] = (bits[`${kind} ${id}`] ?? 0) + size * count;
  }
  expect(open).toBe(0);
  return bits;
}

it.each([
  ['standard', { 'input 2': 63 * 8, 'output 253': 63 * 8 }],
  ['newland', { 'input 2': 63 * 8, 'output 4': 63 * 8 }],
  ['microscan', { 'input 1': 63 * 8 }],
] as const)(
  'the report descriptor of the %s layout declares reports of 64 bytes with their ids',
  (layout, bits) => {
    const descriptor = REPORT_DESCRIPTORS[layout];
    expect(spaced(Buffer.from(descriptor.subarray(0, 4)).toString('hex'))).toBe('05 8C 09 02');
    expect(reportBits(descriptor)).toEqual(bits);
  },
);

it.each(['standard', 'newland', 'microscan'] as const satisfies readonly ReportLayout[])(
  'the reports of the %s layout are 64 bytes each, as many as the code needs',
  (layout) => {
    const room = layout === 'microscan' ? 62 : 56;
    for (const length of [0, 1, room, room + 1, 500]) {
      const reports = reportsOf(
        { layout, marksContinuation: false },
        new Uint8Array(length).fill(0x41),
        ']Q1',
      );
      expect(reports.length).toBe(Math.max(1, Math.ceil(length / room)));
      expect(reports.every((report) => report.length === 64)).toBe(true);
    }
  },
);

it('a report of the standard layout is as in captures', () => {
  const [report] = reportsOf({ layout: 'standard', marksContinuation: false }, latin('OC1'), ']Q1');
  expect(spaced(Buffer.from(report?.subarray(0, 9) ?? []).toString('hex'))).toBe(
    '02 03 5D 51 31 4F 43 31 00',
  );
  expect(report?.[63]).toBe(0);
});
