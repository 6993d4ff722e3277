import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ComputerSide,
  hex,
  type LineKind,
  type SimulatorProgram,
  startSimulator,
  until,
} from './fixtures/simulator-program.ts';

interface SlipListed {
  readonly id: number;
  readonly file: string;
  readonly heightMm: number;
  readonly cut: boolean;
  readonly bytes: number;
  readonly firstByteAtMs: number | null;
  readonly cutAtMs: number;
}

let printer: SimulatorProgram;
let computer: ComputerSide;

async function start(line: LineKind = 'tcp', flags: readonly string[] = []): Promise<void> {
  printer = await startSimulator('receipt-printer', line, ['--speed-mm', '400', ...flags]);
  computer = await printer.open();
}

async function ask(bytes: string, count: number, limitMs?: number): Promise<string> {
  computer.send(bytes);
  return computer.receive(count, limitMs);
}

async function allStatus(): Promise<string> {
  const answers: string[] = [];
  for (const n of [1, 2, 3, 4]) answers.push(await ask(`10 04 0${n}`, 1));
  return answers.join(' ');
}

const slips = async () => (await (await printer.get('/slips')).json()) as SlipListed[];
const picture = async (path: string) => Buffer.from(await (await printer.get(path)).arrayBuffer());
const slipsComeTo = (count: number) => until(async () => (await slips()).length === count);
const command = (name: string, rest: object = {}) => printer.command({ command: name, ...rest });

/** `rows` rows of a black bar over the whole head, as one GS v 0. */
function bar(rows: number): Buffer {
  return Buffer.concat([
    Buffer.from([0x1d, 0x76, 0x30, 0, 72, 0, rows & 0xff, rows >> 8]),
    Buffer.alloc(72 * rows, 0xff),
  ]);
}

const PROCESS_ID = (id: string) => `1d 28 48 06 00 30 30 ${Buffer.from(id).toString('hex')}`;
const PRINTED = (id: string) => `3722${Buffer.from(id).toString('hex')}00`;
const CUT = '1d 56 42 00';

afterEach(async () => {
  await computer.close();
  await printer.stop();
});

describe.each(['pty', 'tcp'] as const)('the simulated printer on a %s', (line) => {
  beforeEach(() => start(line));

  it('answers the published status vectors, whatever is wrong with it', async () => {
    expect(await allStatus()).toBe('16 12 12 12');
    expect(await ask('1b 40 1d 61 0e', 4)).toBe('1400000f');
    await command('paper', { state: 'low' });
    expect(await computer.receive(4)).toBe('1400030f');
    expect(await allStatus()).toBe('16 12 12 1e');
    await command('paper', { state: 'out' });
    expect(await computer.receive(4)).toBe('1c000f0f');
    expect(await allStatus()).toBe('1e 32 12 7e');
    await command('paper', { state: 'full' });
    expect(await computer.receive(4)).toBe('1400000f');
    await command('cover', { open: true });
    expect(await computer.receive(4)).toBe('3c00000f');
    expect(await allStatus()).toBe('1e 16 12 12');
    await command('cover', { open: false });
    expect(await computer.receive(4)).toBe('1400000f');
    await command('cutter-jam');
    expect(await computer.receive(4)).toBe('1c08000f');
    expect(await allStatus()).toBe('1e 52 1a 12');
    await command('clear-jam');
    expect(await computer.receive(4)).toBe('1400000f');
  });

  it('draws a picture of one bit per dot, and leaves what is between head and knife for the next', async () => {
    computer.send(bar(16));
    computer.send('1d 56 00');
    computer.send(Buffer.concat([bar(8), hex(CUT)]));
    expect(await slipsComeTo(2)).toBe(true);
    const [first, second] = await slips();
    // 16 rows were fed, so 16 rows passed the knife: blank ones, the bar itself is 15 mm behind.
    expect(first).toMatchObject({ id: 1, file: 'slip-0001.png', heightMm: 2, cut: true });
    expect(second).toMatchObject({ id: 2, heightMm: (120 + 8) / 8, cut: true });
    expect(second?.firstByteAtMs).toBeLessThan(second?.cutAtMs ?? 0);
    const file = await picture('/slips/2.png');
    expect([file[24], file[25]]).toEqual([1, 0]);
    const { width, height, data } = PNG.sync.read(file);
    expect([width, height]).toEqual([640, 128]);
    const isBlack = (x: number, y: number) => data[(y * width + x) * 4] === 0;
    const blackRows = Array.from({ length: height }, (_, y) => isBlack(320, y)).filter(Boolean).length;
    expect(blackRows).toBe(24);
    expect([isBlack(31, 127), isBlack(32, 127), isBlack(607, 127), isBlack(608, 127)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('answers a completion question only when what stood before it is on paper', async () => {
    const startedAt = performance.now();
    computer.send(Buffer.concat([bar(400), hex(PROCESS_ID('P001'))]));
    expect(await computer.receive(7)).toBe(PRINTED('P001'));
    // 400 rows are 50 mm, at 400 mm/s.
    expect(performance.now() - startedAt).toBeGreaterThan(60);
    expect(await ask('1d 72 01', 1)).toBe('00');
  });
});

describe('the simulated printer', () => {
  it('keeps what it was sent while it has no paper, and prints it later', async () => {
    await start();
    await command('paper', { state: 'out' });
    computer.send(Buffer.concat([bar(40), hex(PROCESS_ID('LATE')), hex(CUT)]));
    expect(await computer.receive(7, 200)).toBe('');
    expect((await printer.state())['bufferedBytes']).toBe(40 * 72 + 8 + 11 + 4);
    expect(await ask('10 04 02', 1)).toBe('32');
    await command('paper', { state: 'full' });
    expect(await computer.receive(7)).toBe(PRINTED('LATE'));
    expect(await slipsComeTo(1)).toBe(true);
  });

  it('forgets what it was sent on DLE DC4 8, but not on ESC @', async () => {
    await start();
    await command('cover', { open: true });
    computer.send(Buffer.concat([bar(40), hex(PROCESS_ID('GONE')), hex('1b 40')]));
    expect(await until(async () => Number((await printer.state())['bufferedBytes']) > 2_800)).toBe(true);
    expect(await ask('10 14 08 01 03 14 01 06 02 08', 3)).toBe('372500');
    expect((await printer.state())['bufferedBytes']).toBe(0);
    await command('cover', { open: false });
    expect(await computer.receive(7, 150)).toBe('');
    expect(await ask(PROCESS_ID('NEXT'), 7)).toBe(PRINTED('NEXT'));
  });

  it('stops in the middle of an image when the paper ends, and goes on with the rest on the new roll', async () => {
    await start();
    await command('stop-after-dots', { n: 100, reason: 'paper-out' });
    computer.send(Buffer.concat([bar(160), hex(PROCESS_ID('REST')), hex(CUT)]));
    expect(await until(async () => (await printer.state())['paper'] === 'out')).toBe(true);
    expect(await printer.state()).toMatchObject({ sinceLastSlip: { dots: 100 } });
    await command('paper', { state: 'full' });
    expect(await computer.receive(7)).toBe(PRINTED('REST'));
    expect(await slipsComeTo(2)).toBe(true);
    expect((await slips()).map(({ cut, heightMm }) => [cut, heightMm])).toEqual([
      [false, (120 + 100) / 8],
      [true, (120 + 60) / 8],
    ]);
  });

  it('stands still where it is told to, and tells that it does', async () => {
    await start();
    const job = Buffer.concat([bar(80), hex(PROCESS_ID('BODY')), bar(40), hex(CUT), hex(PROCESS_ID('CUT.'))]);
    const held = (at: unknown) => until(async () => (await printer.state())['held'] === at);
    await command('hold-at', { what: 'body' });
    computer.send(job);
    expect(await held('body')).toBe(true);
    expect(await computer.receive(7, 100)).toBe('');
    expect(await ask('10 04 01', 1)).toBe('16');
    await command('release');
    expect(await computer.receive(14)).toBe(PRINTED('BODY') + PRINTED('CUT.'));

    await command('hold-at', { what: 'fence' });
    computer.send(job);
    expect(await held('fence')).toBe(true);
    await command('release');
    expect(await computer.receive(14)).toBe(PRINTED('BODY') + PRINTED('CUT.'));

    await command('hold-at', { what: 'footer' });
    computer.send(job);
    expect(await held('footer')).toBe(true);
    expect(await computer.receive(7)).toBe(PRINTED('BODY'));
    await command('hold-at', { what: 'cut' });
    expect((await slips()).length).toBe(2);
    await command('release');
    expect(await slipsComeTo(3)).toBe(true);

    await command('hold-at', { what: 33 });
    computer.send(job);
    expect(await held(33)).toBe(true);
    expect(await printer.state()).toMatchObject({ sinceLastSlip: { dots: 33 } });
    await command('release');
  });

  it('cuts again when the knife was stuck, and tells so', async () => {
    await start();
    expect(await ask('1d 61 0e', 4)).toBe('1400000f');
    await command('cutter-jam', { when: 'next-cut' });
    computer.send(Buffer.concat([bar(20), hex(CUT)]));
    expect(await computer.receive(4)).toBe('1c08000f');
    expect((await slips()).length).toBe(0);
    await command('clear-jam');
    expect(await slipsComeTo(1)).toBe(true);
  });

  it('answers late, never, falsely, or what was asked before', async () => {
    await start();
    await command('answers', { mode: 'late', delayMs: 200 });
    const startedAt = performance.now();
    expect(await ask('10 04 01', 1)).toBe('16');
    expect(performance.now() - startedAt).toBeGreaterThan(190);
    await command('answers', { mode: 'never', only: 'fences' });
    expect(await ask('10 04 01', 1)).toBe('16');
    expect(await ask(PROCESS_ID('NONE'), 7, 150)).toBe('');
    await command('answers', { mode: 'previous' });
    expect(await ask('10 04 01', 1)).toBe('16');
    expect(await ask('10 04 02', 1)).toBe('16');
    await command('answers', { mode: 'false' });
    await command('paper', { state: 'out' });
    expect(await allStatus()).toBe('16 12 12 12');
    computer.send(Buffer.concat([bar(40), hex(PROCESS_ID('LIES'))]));
    expect(await computer.receive(7)).toBe(PRINTED('LIES'));
    expect(await printer.state()).toMatchObject({ paper: 'out', sinceLastSlip: { dots: 0 } });
  });

  it('answers real-time questions inside an image, and prints the image whole', async () => {
    await start();
    const image = Buffer.concat([hex('1d 76 30 00 03 00 01 00'), hex('10 04 01'), hex(PROCESS_ID('WHOL'))]);
    computer.send(image);
    expect(await computer.receive(8)).toBe(`16${PRINTED('WHOL')}`);
    const { width, data } = PNG.sync.read(await picture('/paper.png'));
    const row = Array.from({ length: 24 }, (_, x) => (data[(120 * width + 32 + x) * 4] === 0 ? '1' : '0'));
    expect(row.join('')).toBe('000100000000010000000001');
  });

  it('prints unknown commands as letters instead of falling silent', async () => {
    await start();
    computer.send('1b 7e 41 42 0a 1f 1b 1d 00 0a');
    expect(await ask(PROCESS_ID('GARB'), 7)).toBe(PRINTED('GARB'));
    expect(await printer.state()).toMatchObject({ sinceLastSlip: { dots: 68 } });
  });

  it('makes the sender wait when its buffer is full, and loses nothing', async () => {
    await start('tcp', ['--buffer', '4096']);
    await command('cover', { open: true });
    const rows = 1_500;
    for (let sent = 0; sent < rows; sent += 100) computer.send(bar(100));
    computer.send(PROCESS_ID('FULL'));
    expect(await until(async () => (await printer.state())['bufferedBytes'] === 4096)).toBe(true);
    await command('cover', { open: false });
    expect(await computer.receive(7, 10_000)).toBe(PRINTED('FULL'));
    expect(await printer.state()).toMatchObject({ sinceLastSlip: { dots: rows } });
  });

  it('keeps its paper but not its data through a power cycle, and its data through an unplugged cable', async () => {
    await start('pty');
    await command('hold-at', { what: 50 });
    computer.send(Buffer.concat([bar(100), hex(PROCESS_ID('GONE'))]));
    expect(await until(async () => (await printer.state())['held'] === 50)).toBe(true);
    expect(await until(async () => (await printer.state())['bytesReceived'] === 7208 + 11)).toBe(true);
    await command('power-cycle');
    expect(await computer.receive(7, 150)).toBe('');
    expect(await printer.state()).toMatchObject({ bufferedBytes: 0, sinceLastSlip: { dots: 50 } });

    await command('hold-at', { what: 60 });
    computer.send(bar(100));
    expect(await until(async () => (await printer.state())['bytesReceived'] === 2 * 7208 + 11)).toBe(true);
    await command('unplug');
    await computer.gone;
    await command('release');
    expect(await until(async () => (await printer.state())['printing'] === false)).toBe(true);
    await command('replug');
    computer = await printer.open();
    expect(await printer.state()).toMatchObject({ sinceLastSlip: { dots: 150 } });
    expect(await ask('10 04 01', 1)).toBe('16');
  });

  it('says who it is told to be, and tells of a slip at its exit only with a sensor', async () => {
    await start('tcp', ['--model', 'TM-T88III', '--exit-sensor']);
    expect(text(await ask('1d 49 43', 11))).toBe('_TM-T88III\0');
    expect(text(await ask('1d 49 45', 15))).toBe('_CHINA GB18030\0');
    expect(await ask('10 04 05', 1)).toBe('12');
    computer.send(Buffer.concat([bar(8), hex(CUT)]));
    expect(await slipsComeTo(1)).toBe(true);
    expect(await ask('10 04 05', 1)).toBe('16');
    await command('take-paper');
    expect(await ask('10 04 05', 1)).toBe('12');
  });

  it('skips completion questions when it is of a make that has none', async () => {
    await start('tcp', ['--no-process-id', '--flow', 'xon-xoff', '--buffer', '1024']);
    expect(await ask(PROCESS_ID('NONE'), 7, 150)).toBe('');
    expect(await ask('1d 72 01', 1)).toBe('00');
    await command('cover', { open: true });
    computer.send(bar(20));
    expect(await computer.receive(1)).toBe('13');
    await command('cover', { open: false });
    expect(await computer.receive(1)).toBe('11');
  });
});

function text(bytes: string): string {
  return Buffer.from(bytes, 'hex').toString('latin1');
}
