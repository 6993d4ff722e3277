import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SerialPort } from 'serialport';
import {
  cardsOfVectors,
  foreign2017Text,
  foreign2023Text,
  residencePermitText,
} from './fixtures/card-vectors.ts';
import {
  type ComputerSide,
  hex,
  type LineKind,
  type SimulatorProgram,
  startSimulator,
  until,
} from './fixtures/simulator-program.ts';

/** Frames of device-protocols 1.2 and 1.3, written out. */
const P = 'aaaaaa9669';
const STATUS = `${P}000311ffed`;
const RESET = `${P}000310ffec`;
const SAM_ID = `${P}000312ffee`;
const FIND = `${P}0003200122`;
const SELECT = `${P}0003200221`;
const READ = `${P}0003300132`;
const READ_FINGERPRINT = `${P}0003301023`;
const NEWEST_ADDRESS = `${P}0003300330`;
const OK = `${P}000400009094`;
const FOUND = `${P}000800009f0000000097`;
const NO_CARD = `${P}000400008084`;
const SELECTED = `${P}000c00009000000000000000009c`;

/** The invented card of device-protocols 1.11. */
const CARD = {
  name: '测试一',
  sex: '1',
  ethnicCode: '01',
  birthDate: '1949-12-31',
  address: '北京市朝阳区示例路1号',
  idNumber: '11010519491231002X',
  issuer: '示例公安局',
  validFrom: '20200101',
  validTo: '长期',
};

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let reader: SimulatorProgram;
let computer: ComputerSide;

async function start(line: LineKind): Promise<void> {
  reader = await startSimulator('id-card-reader', line, ['--chip-ms', '10']);
  computer = await reader.open();
}

async function ask(frame: string, answerBytes: number, limitMs?: number): Promise<string> {
  computer.send(frame);
  return computer.receive(answerBytes, limitMs);
}

async function goAsFarAsSelected(): Promise<void> {
  expect(await ask(FIND, 15)).toBe(FOUND);
  expect(await ask(SELECT, 19)).toBe(SELECTED);
}

afterEach(async () => {
  await computer.close();
  await reader.stop();
});

describe.each(['pty', 'tcp'] as const)('the simulated ID-card reader on a %s', (line) => {
  beforeEach(() => start(line));

  it('answers status, reset and its SAM number with the published frames', async () => {
    expect(await ask(STATUS, 11)).toBe(OK);
    expect(await ask(RESET, 11)).toBe(OK);
    expect(await ask(SAM_ID, 27)).toBe(
      `${P}0014000090 05000300fa02330140e2010015cd5b07 6f`.replaceAll(' ', ''),
    );
  });

  it('finds no card on an empty plate', async () => {
    expect(await ask(FIND, 11)).toBe(NO_CARD);
  });

  it('gives the record of the published card byte for byte, and then no card until it is lifted', async () => {
    await reader.command({ command: 'lay-card', card: CARD });
    await goAsFarAsSelected();
    const record = hex(await ask(READ, 1295));
    expect(record.length).toBe(1295);
    expect(sha256(record)).toBe('0f42f1e2efb893008c220007768b02f8f2d92c0b0be6669643f2649e6a8d6501');
    expect(sha256(record.subarray(14, 270))).toBe(
      'bb133fac012e37cadd0e379cdee014c92e2a7d21d16aa2e2d7e363e686443deb',
    );
    const { lastRecordByteAtMs } = await reader.state();
    expect(Math.abs(Date.now() - Number(lastRecordByteAtMs))).toBeLessThan(2_000);

    expect(await ask(FIND, 11)).toBe(NO_CARD);
    await reader.command({ command: 'lift-card' });
    await reader.command({ command: 'lay-card', card: CARD });
    expect(await ask(FIND, 15)).toBe(FOUND);
  });
});

describe('the simulated ID-card reader', () => {
  beforeEach(() => start('tcp'));

  it.each([
    [1024, 2321, 0x20],
    [512, 1809, 0x28],
    [0, 1297, 0x28],
  ])('sends %i bytes of fingerprint in a frame of %i bytes', async (fingerprintBytes, length, checksum) => {
    await reader.command({ command: 'habits', fingerprintBytes });
    await reader.command({ command: 'lay-card', card: CARD });
    await goAsFarAsSelected();
    const record = hex(await ask(READ_FINGERPRINT, length));
    expect(record.length).toBe(length);
    expect(record.at(-1)).toBe(checksum);
  });

  it.each([
    [
      'residence permit',
      cardsOfVectors.residencePermit,
      { address: '上海市黄浦区示例路2号' },
      residencePermitText,
    ],
    ['foreigner’s card of 2017', cardsOfVectors.foreign2017, {}, foreign2017Text],
    ['foreigner’s card of 2023', cardsOfVectors.foreign2023, {}, foreign2023Text],
  ])('gives the record of a %s byte for byte', async (_, card, more, text) => {
    await reader.tell('lay-card', { card: { ...card, ...more } });
    await goAsFarAsSelected();
    const record = hex(await ask(READ, 1295));
    expect(Uint8Array.from(record.subarray(14, 270))).toEqual(text);
    expect((await reader.state())['onReader']).toBe(card.kind);
    expect(JSON.stringify(await reader.state())).not.toMatch(/测试|示例|SAMPLE|8100|9326|ZZZ/);
  });

  it('can be laid a card with any letter at 248, a private-use character and a name without padding', async () => {
    const name = `测\uE863${'试'.repeat(13)}`;
    await reader.tell('lay-card', { card: { ...CARD, name, flag: 'Q' } });
    await goAsFarAsSelected();
    const text = hex(await ask(READ, 1295)).subarray(14, 270);
    expect(text.subarray(0, 30).toString('utf16le')).toBe(name);
    expect(text.subarray(248, 250).toString('utf16le')).toBe('Q');
  });

  it('knows no 30 01 when it is such a reader', async () => {
    await reader.tell('habits', { knowsReadText: false, fingerprintBytes: 512 });
    await reader.tell('lay-card', { card: CARD });
    await goAsFarAsSelected();
    expect(await ask(READ, 11)).toBe(`${P}000400002125`);
    expect(hex(await ask(READ_FINGERPRINT, 1809)).length).toBe(1809);
  });

  it('finds a read card again when it is such a reader, until it is lifted', async () => {
    await reader.tell('habits', { findsReadCardAgain: true });
    await reader.tell('lay-card', { card: CARD });
    await goAsFarAsSelected();
    await ask(READ, 1295);
    expect(await ask(FIND, 15)).toBe(FOUND);
    expect(await ask(FIND, 15)).toBe(FOUND);
    await reader.tell('lift-card');
    expect(await ask(FIND, 11)).toBe(NO_CARD);
  });

  it('can fail its self-test until it is reset, or be dead, or not authorised, from switching on', async () => {
    const SELF_TEST = `${P}000400006064`;
    await reader.tell('habits', { firstStatus: 'self-test-failed' });
    expect(await ask(STATUS, 11)).toBe(SELF_TEST);
    expect(await ask(FIND, 11)).toBe(SELF_TEST);
    expect(await ask(RESET, 11)).toBe(OK);
    expect(await ask(STATUS, 11)).toBe(OK);
    await reader.tell('habits', { firstStatus: 'dead' });
    expect(await ask(RESET, 11)).toBe(SELF_TEST);
    expect(await ask(STATUS, 11)).toBe(SELF_TEST);
    await reader.tell('habits', { firstStatus: 'not-authorised' });
    expect(await ask(SAM_ID, 11)).toBe(`${P}000400006662`);
    await reader.tell('habits', { firstStatus: 'ready' });
    expect(await ask(STATUS, 11)).toBe(OK);
  });

  it('has the newest address only of a card that carries one', async () => {
    await reader.command({ command: 'lay-card', card: CARD });
    await goAsFarAsSelected();
    expect(await ask(NEWEST_ADDRESS, 11)).toBe(`${P}000400009195`);
    await reader.command({ command: 'lay-card', card: { ...CARD, newestAddress: '示例新地址' } });
    await goAsFarAsSelected();
    const answer = hex(await ask(NEWEST_ADDRESS, 81));
    expect(answer.length).toBe(81);
    expect(answer.at(-1)).toBe(0xf8);
  });

  it('insists on find before select before read', async () => {
    await reader.command({ command: 'lay-card', card: CARD });
    expect(await ask(READ, 11)).toBe(`${P}000400003430`);
    expect(await ask(SELECT, 11)).toBe(`${P}000400003430`);
    await ask(FIND, 15);
    expect(await ask(READ, 11)).toBe(`${P}000400002327`);
  });

  it('cannot select or read a card that was lifted meanwhile', async () => {
    await reader.command({ command: 'lay-card', card: CARD });
    await ask(FIND, 15);
    await reader.command({ command: 'lift-card' });
    expect(await ask(SELECT, 11)).toBe(`${P}000400008185`);
    await reader.command({ command: 'lay-card', card: CARD });
    await goAsFarAsSelected();
    await reader.command({ command: 'lift-card' });
    expect(await ask(READ, 11)).toBe(`${P}000400004145`);
  });

  it('says of a bus card that it is no ID card', async () => {
    await reader.command({ command: 'lay-other' });
    expect(await ask(FIND, 15)).toBe(FOUND);
    expect(await ask(SELECT, 11)).toBe(`${P}000400004044`);
    await reader.command({ command: 'lay-other', answersAt: 'find' });
    expect(await ask(FIND, 11)).toBe(`${P}000400004044`);
  });

  it('refuses a wrong checksum, a wrong length and an unknown command', async () => {
    expect(await ask(`${P}000311ffee`, 11)).toBe(`${P}000400001014`);
    expect(await ask(`${P}ffff`, 11)).toBe(`${P}000400001115`);
    expect(await ask(`${P}0003777777`, 11)).toBe(`${P}000400001014`);
    expect(await ask(`${P}0003777703`, 11)).toBe(`${P}000400002125`);
  });

  it('finds a request behind noise and split anywhere, and gives up on one that stops half-way', async () => {
    expect(await ask(`0102aaaa${STATUS}`, 11)).toBe(OK);
    for (const byte of hex(STATUS)) {
      computer.send(Uint8Array.of(byte));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(await computer.receive(11)).toBe(OK);
    expect(await ask(STATUS.slice(0, 14), 11)).toBe(`${P}000400001115`);
    expect(await ask(STATUS, 11)).toBe(OK);
  });

  it('can be made to answer every status of the table, and one that is in no table', async () => {
    const statuses = '10 11 21 23 24 31 32 33 34 37 3f 40 41 47 60 66 80 81 90 91 9f c3'.split(' ');
    for (const status of statuses) {
      await reader.command({ command: 'fault', fault: 'status', status, count: 1 });
      const sum = (4 ^ Number.parseInt(status, 16)).toString(16).padStart(2, '0');
      expect(await ask(STATUS, 11)).toBe(`${P}00040000${status}${sum}`);
      expect(await ask(STATUS, 11)).toBe(OK);
    }
  });

  it('can be silent, late, garbled, too long, noisy and split, each for so many answers', async () => {
    const fault = (body: object) => reader.command({ command: 'fault', count: 1, ...body });
    await fault({ fault: 'silent' });
    expect(await ask(STATUS, 11, 150)).toBe('');
    await fault({ fault: 'late', delayMs: 200 });
    const startedAt = performance.now();
    expect(await ask(STATUS, 11)).toBe(OK);
    expect(performance.now() - startedAt).toBeGreaterThan(190);
    await fault({ fault: 'wrong-checksum' });
    expect(await ask(STATUS, 11)).toBe(`${P}0004000090ce`);
    await fault({ fault: 'oversize-length' });
    expect(await ask(STATUS, 11)).toBe(`${P}fff000009094`);
    await fault({ fault: 'oversize-length', by: 3 });
    expect(await ask(STATUS, 11)).toBe(`${P}000700009094`);
    await fault({ fault: 'undersize-length' });
    expect(await ask(STATUS, 11)).toBe(`${P}000300009094`);
    await fault({ fault: 'fabricated-timeout' });
    expect(await ask(STATUS, 10)).toBe(`${P}0005050505`);
    await fault({ fault: 'envelope' });
    expect(await ask(STATUS, 16)).toBe(`aa0512a010${OK}`);
    await fault({ fault: 'twice' });
    expect(await ask(STATUS, 22)).toBe(OK + OK);
    await fault({ fault: 'status', status: 'c3', cardStatus: '6985' });
    expect(await ask(STATUS, 11)).toBe(`${P}00046985c32b`);
    await fault({ fault: 'noise', bytes: 7 });
    expect((await ask(STATUS, 18)).slice(14)).toBe(OK);
    await fault({ fault: 'split' });
    expect(await ask(STATUS, 11)).toBe(OK);
    expect(await ask(STATUS, 11)).toBe(OK);
  });

  it('tells what is allowed when a command is not', async () => {
    const { status, body } = await reader.command({ command: 'lay-card', card: { ...CARD, idNumber: 'X' } });
    expect(status).toBe(400);
    expect(body['error']).toContain('card.idNumber');
    expect(JSON.stringify(body)).not.toContain(CARD.name);
    expect(body['allowed']).toContain('lift-card');
    expect((await reader.command({ command: 'fly' })).status).toBe(400);
    const stranger = { ...CARD, kind: 'library-card' };
    expect((await reader.command({ command: 'lay-card', card: stranger })).status).toBe(400);
    const speed = await reader.command({ command: 'habits', trueBaud: 9600 });
    expect(speed.body['error']).toContain('only a pty');
  });

  it('never shows whose card lies on it', async () => {
    await reader.command({ command: 'lay-card', card: CARD });
    expect(JSON.stringify(await reader.state())).not.toMatch(/测试一|110105/);
  });
});

describe('the speed of the simulated ID-card reader', () => {
  const at = async (baudRate: number) => {
    await computer.close();
    const port = new SerialPort({ path: reader.device, baudRate, autoOpen: false });
    await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
    const heard: Buffer[] = [];
    port.on('data', (bytes: Buffer) => heard.push(bytes));
    port.write(hex(STATUS));
    await until(async () => heard.length > 0, 400);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => port.close(resolve));
    return Buffer.concat(heard).toString('hex');
  };

  it('matters once it is told one: it understands nothing at any other, and says nothing or rubbish', async () => {
    await start('pty');
    expect(await at(57_600)).toBe(OK);
    await reader.tell('habits', { trueBaud: 9600 });
    expect(await at(115_200)).toBe('');
    expect(await at(9600)).toBe(OK);
    await reader.tell('habits', { atWrongSpeed: 'garbage' });
    const garbage = await at(115_200);
    expect(garbage).not.toBe('');
    expect(garbage).not.toContain(P);
    expect(await reader.state()).toMatchObject({ answered: 2, unheard: 2 });
    await reader.tell('habits', { trueBaud: null });
    expect(await at(115_200)).toBe(OK);
  });

  it('is changed by 60 xx', async () => {
    await start('pty');
    await reader.tell('habits', { trueBaud: 115_200 });
    expect(await ask(`${P}0003600467`, 11)).toBe(OK);
    expect(await at(115_200)).toBe('');
    expect(await at(9600)).toBe(OK);
  });
});

describe('the cable of the simulated ID-card reader', () => {
  it.each(['pty', 'tcp'] as const)('can be pulled in mid-reply and put back (%s)', async (line) => {
    await start(line);
    await reader.command({ command: 'lay-card', card: CARD });
    await goAsFarAsSelected();
    await reader.command({ command: 'fault', fault: 'unplug-in-reply', afterBytes: 300, count: 1 });
    computer.send(READ);
    await computer.gone;
    expect(hex(await computer.receive(300, 100)).length).toBeLessThanOrEqual(300);
    if (line === 'pty') expect(existsSync(reader.device)).toBe(false);
    else await expect(reader.open()).rejects.toThrow();

    await reader.command({ command: 'replug' });
    computer = await reader.open();
    expect(await ask(STATUS, 11)).toBe(OK);
    // Switched on anew, so the card that still lies there is a new one.
    expect(await ask(FIND, 15)).toBe(FOUND);
  });

  it('carries a record at the speed of its line', async () => {
    reader = await startSimulator('id-card-reader', 'pty', ['--chip-ms', '0', '--baud', '38400']);
    computer = await reader.open();
    await reader.command({ command: 'lay-card', card: CARD });
    await goAsFarAsSelected();
    const startedAt = performance.now();
    await ask(READ, 1295);
    // 1295 bytes of 10 bits at 38400 bits a second: 337 ms.
    expect(performance.now() - startedAt).toBeGreaterThan(330);
  });

  it('leaves no path and no child behind when its parent is gone', async () => {
    await start('pty');
    await reader.stop();
    expect(existsSync(reader.device)).toBe(false);
    expect(reader.child.exitCode).toBe(0);
  });
});
