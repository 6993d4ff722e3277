import { PNG } from 'pngjs';
import { afterEach, describe, expect, it } from 'vitest';
import { deviceIdText } from '../drivers/simulators/receipt-printer/identity.ts';
import {
  type ComputerSide,
  hex,
  type SimulatorProgram,
  startSimulator,
  until,
} from './fixtures/simulator-program.ts';

let printer: SimulatorProgram;
let computer: ComputerSide;

async function start(family: string, flags: readonly string[] = []): Promise<void> {
  printer = await startSimulator('receipt-printer', 'tcp', [
    '--family',
    family,
    '--speed-mm',
    '400',
    ...flags,
  ]);
  computer = await printer.open();
}

afterEach(async () => {
  await computer.close();
  await printer.stop();
});

async function ask(bytes: string, count: number, limitMs?: number): Promise<string> {
  computer.send(bytes);
  return computer.receive(count, limitMs);
}

const exitIs = (place: string | null) => until(async () => (await printer.state())['exit'] === place);

/** `rows` rows of a black bar, as one GS v 0, and a cut where the paper is. */
const barAndCut = (rows: number) =>
  Buffer.concat([
    Buffer.from([0x1d, 0x76, 0x30, 0, 72, 0, rows, 0]),
    Buffer.alloc(72 * rows, 0xff),
    hex('1d 56 42 00'),
  ]);

describe('a Citizen', () => {
  it('tells of a slip in DLE EOT 4 and in ASB, and pulls it in on GS R 0', async () => {
    await start('citizen');
    expect(await ask('1d 61 0e', 4)).toBe('10000000');
    expect([await ask('10 04 04', 1), await ask('10 04 05', 1), await ask('10 04 06', 1)]).toEqual([
      '12',
      '12',
      '12',
    ]);
    computer.send(barAndCut(8));
    expect(await computer.receive(4)).toBe('10000800');
    expect(await ask('10 04 04', 1)).toBe('52');
    computer.send('1d 52 30');
    expect(await computer.receive(4)).toBe('10000000');
    expect(await exitIs('none')).toBe(true);
    expect(await (await printer.get('/slips')).json()).toMatchObject([{ cut: true, fate: 'retracted' }]);
  });

  it('pulls it in by itself after the time of GS R 1, and not with a time of 0', async () => {
    await start('citizen', ['--auto-retract', '1']);
    computer.send(Buffer.concat([hex('1d 52 31 00'), barAndCut(8)]));
    expect(await exitIs('present')).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect((await printer.state())['exit']).toBe('present');
    await printer.tell('take-paper');
    computer.send(Buffer.concat([hex('1d 52 31 01'), barAndCut(8)]));
    expect(await exitIs('present')).toBe(true);
    expect(await exitIs('retracted')).toBe(true);
  });

  it('names a stuck presenter in DLE EOT 6, and stops', async () => {
    await start('citizen');
    await printer.tell('presenter-fault');
    expect([await ask('10 04 01', 1), await ask('10 04 03', 1), await ask('10 04 06', 1)]).toEqual([
      '1e',
      '16',
      '32',
    ]);
    await printer.tell('clear-jam');
    expect(await ask('10 04 06', 1)).toBe('12');
  });
});

describe('a Custom', () => {
  it('answers DLE EOT 20 with its full status, and tells changes after GS E0', async () => {
    await start('custom');
    expect(await ask('10 04 14', 6)).toBe('100f00000000');
    // Nothing at once, other than with GS a.
    expect(await ask('1d e0 0f', 1, 200)).toBe('');
    await printer.tell('cover', { open: true });
    expect(await computer.receive(6)).toBe('100f00020000');
    await printer.tell('cover', { open: false });
    expect(await computer.receive(6)).toBe('100f00000000');
    computer.send(barAndCut(8));
    expect(await computer.receive(6)).toBe('100f20000000');
    computer.send('1d 65 02');
    expect(await computer.receive(6)).toBe('100f00000000');
    expect(await exitIs('none')).toBe(true);
  });
});

describe('a Masung', () => {
  it('answers DLE EOT 5 with a byte without a pattern', async () => {
    await start('masung');
    expect(await ask('10 04 05', 1)).toBe('00');
    computer.send(barAndCut(8));
    expect(await exitIs('present')).toBe(true);
    expect(await ask('10 04 05', 1)).toBe('04');
    await printer.tell('exit-jam');
    expect(await ask('10 04 05', 1)).toBe('0d');
  });
});

describe('a clone', () => {
  it('says it is a TM-T88V, knows no GS ( H, and always says that its paper is near its end', async () => {
    await start('clone');
    expect(Buffer.from(await ask('1d 49 43', 9), 'hex').toString('latin1')).toBe('_TM-T88V\0');
    expect(await ask('1d 28 48 06 00 30 30 50 30 30 31', 7, 200)).toBe('');
    expect(await ask('10 04 04', 1)).toBe('1e');
    expect(await ask('1d 61 0e', 4)).toBe('1400030f');
  });
});

describe('a printer that echoes early', () => {
  it('has printed nothing when it says that it has, and answers GS r in its turn', async () => {
    await start('epson');
    await printer.tell('answers', { mode: 'early-echo' });
    await printer.tell('cover', { open: true });
    computer.send(Buffer.concat([barAndCut(40), hex('1d 28 48 06 00 30 30 50 30 30 31 1d 72 01')]));
    expect(await computer.receive(7)).toBe('37225030303100');
    expect(await computer.receive(1, 200)).toBe('');
    expect(await printer.state()).toMatchObject({ sinceLastSlip: { dots: 0 } });
    await printer.tell('cover', { open: false });
    expect(await computer.receive(1)).toBe('00');
  });
});

describe('a Star', () => {
  const STATUS = (bytes: string) => bytes.replaceAll(' ', '');

  it('tells its status on ESC ACK SOH, whatever is wrong with it', async () => {
    await start('star');
    expect(await ask('1b 06 01', 9)).toBe(STATUS('23 06 00 00 00 00 00 00 00'));
    await printer.tell('paper', { state: 'out' });
    expect(await computer.receive(9)).toBe(STATUS('23 06 08 00 00 0c 00 00 00'));
    await printer.tell('paper', { state: 'full' });
    await computer.receive(9);
    await printer.tell('cover', { open: true });
    expect(await computer.receive(9)).toBe(STATUS('23 06 28 00 00 00 00 00 00'));
    expect(await ask('1b 06 01', 9)).toBe(STATUS('23 06 28 00 00 00 00 00 00'));
  });

  it('draws rows, moves, cuts, and counts an ETB when everything before it is on paper', async () => {
    await start('star');
    const rows = Array.from({ length: 16 }, () => Buffer.from([0x62, 2, 0, 0xff, 0x01]));
    const began = performance.now();
    computer.send(
      Buffer.concat([
        hex('1b 40 1b 1e 45 00 1b 2a 72 41 1b 2a 72 50 30 00 1b 2a 72 45 31 00'),
        ...rows,
        // 384 dots of white: 48 mm at 400 mm/s.
        hex('1b 2a 72 59 33 38 34 00'),
        hex('1b 2a 72 42 17'),
      ]),
    );
    // Bit 1 of status 1: an ETB was reached; the counter in status 6 stands at 1.
    expect(await computer.receive(9)).toBe(STATUS('23 06 02 00 00 00 00 02 00'));
    expect(performance.now() - began).toBeGreaterThan(60);
    expect(await printer.state()).toMatchObject({ sinceLastSlip: { dots: 400 } });
    const { width, height, data } = PNG.sync.read(
      Buffer.from(await (await printer.get('/paper.png')).arrayBuffer()),
    );
    const black = (x: number, y: number) => data[(y * width + 32 + x) * 4] === 0;
    const top = height - 400;
    expect([black(0, top), black(7, top), black(8, top), black(15, top), black(0, top + 16)]).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
    computer.send('1b 64 03 17');
    expect(await exitIs('present')).toBe(true);
    expect(await ask('1b 06 01', 9)).toMatch(/06$/);
  });

  it('forgets on CAN what it has not printed, but not when an 18 stands in a picture', async () => {
    await start('star');
    const row = hex('62 03 00 18 18 18');
    computer.send(Buffer.concat([hex('1b 2a 72 41'), row, row, hex('1b 2a 72 42 17')]));
    await computer.receive(9);
    expect(await printer.state()).toMatchObject({ sinceLastSlip: { dots: 2 } });
    await printer.tell('cover', { open: true });
    await computer.receive(9);
    computer.send(Buffer.concat([hex('1b 2a 72 41'), ...Array.from({ length: 50 }, () => row)]));
    expect(await until(async () => Number((await printer.state())['bufferedBytes']) > 250)).toBe(true);
    computer.send('18');
    expect(await until(async () => (await printer.state())['bufferedBytes'] === 0)).toBe(true);
    await printer.tell('cover', { open: false });
    expect(await printer.state()).toMatchObject({ sinceLastSlip: { dots: 2 } });
  });

  it('pulls a slip in on ESC SYN 0, and says how it went', async () => {
    await start('star');
    computer.send(hex('1b 2a 72 41 62 01 00 ff 1b 2a 72 42 1b 64 03'));
    expect(await exitIs('present')).toBe(true);
    await computer.receive(27, 300);
    computer.send('1b 16 30 00');
    expect(await computer.receive(9)).toMatch(/0c$/);
    expect(await computer.receive(9)).toMatch(/00$/);
  });
});

describe('the device id of a USB printer', () => {
  it('is made of what it says of itself', () => {
    const identity = { firmware: '1', maker: 'M', model: 'N', serial: 'S', romLanguage: '' };
    expect(deviceIdText(identity, 'esc-pos')).toBe('MFG:M;CMD:ESC/POS;MDL:N;CLS:PRINTER;SN:S;');
    expect(deviceIdText(identity, 'star-line')).toContain('CMD:STAR;');
  });
});
