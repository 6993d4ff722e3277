import { afterEach, describe, expect, it } from 'vitest';
import {
  type ComputerSide,
  type LineKind,
  type SimulatorProgram,
  startSimulator,
} from './fixtures/simulator-program.ts';

let scanner: SimulatorProgram;
let computer: ComputerSide;

async function start(line: LineKind, flags: readonly string[] = []): Promise<void> {
  scanner = await startSimulator('qr-scanner', line, flags);
  computer = await scanner.open();
}

const text = (hex: string) => Buffer.from(hex, 'hex').toString('utf8');

afterEach(async () => {
  await computer.close();
  await scanner.stop();
});

describe('the simulated QR scanner', () => {
  it.each([
    ['pty', 'CR', '\r'],
    ['tcp', 'CRLF', '\r\n'],
    ['tcp', 'TAB', '\t'],
    ['tcp', 'none', ''],
  ] as const)('sends a code on a %s with the suffix %s', async (line, suffix, bytes) => {
    await start(line, ['--suffix', suffix]);
    await scanner.command({ command: 'show-code', text: 'HELLO-23' });
    expect(text(await computer.receive(8 + bytes.length))).toBe(`HELLO-23${bytes}`);
  });

  it('repeats a code that stays in view, until it is removed', async () => {
    await start('tcp');
    await scanner.command({ command: 'show-code', text: 'STAYS', hold: true, repeatMs: 40 });
    expect(text(await computer.receive(18))).toMatch(/^(STAYS\r){3}/);
    await scanner.command({ command: 'remove-code' });
    await computer.receive(1_000, 100);
    expect(await computer.receive(1, 150)).toBe('');
  });

  it('sends other bytes than text, another suffix, garbage, and pieces split anywhere', async () => {
    await start('tcp');
    await scanner.command({ command: 'show-code', hex: '00ff1b', suffix: 'none' });
    expect(await computer.receive(3)).toBe('00ff1b');
    await scanner.command({ command: 'garbage', bytes: 50 });
    expect((await computer.receive(50)).length).toBe(100);
    const long = 'A'.repeat(300);
    await scanner.command({ command: 'show-code', text: long, split: true });
    expect(text(await computer.receive(301))).toBe(`${long}\r`);
  });

  it('takes its time on a slow line', async () => {
    await start('pty', ['--baud', '9600']);
    const startedAt = performance.now();
    await scanner.command({ command: 'show-code', text: 'B'.repeat(192) });
    await computer.receive(193);
    expect(performance.now() - startedAt).toBeGreaterThan(195);
  });

  it('can lose its cable in mid-code and get it back', async () => {
    await start('pty');
    await scanner.command({ command: 'show-code', text: 'ABCDEFGH', unplugAfterBytes: 4 });
    await computer.gone;
    expect('ABCD'.startsWith(text(await computer.receive(4, 50)))).toBe(true);
    await scanner.command({ command: 'replug' });
    computer = await scanner.open();
    await scanner.command({ command: 'show-code', text: 'AGAIN' });
    expect(text(await computer.receive(6))).toBe('AGAIN\r');
  });

  it('wants exactly one of text and bytes', async () => {
    await start('tcp');
    expect((await scanner.command({ command: 'show-code' })).status).toBe(400);
    expect((await scanner.command({ command: 'show-code', text: 'A', hex: '41' })).status).toBe(400);
  });
});
