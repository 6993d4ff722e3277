import { afterEach, describe, expect, test } from 'vitest';
import { settled, wiredScanner } from './fixtures/scanner-over-the-wire.ts';
import type { WiredScanner } from './fixtures/scanner-over-the-wire.ts';

let scanner: WiredScanner;
afterEach(() => scanner.end());

/** What each family is told at run time, as the manuals call it, and what a read of it means to a person. */
const RUN_TIME = [
  [
    'newland',
    'CR',
    { SCNMOD: '0', GRBENA: '0', ILLSCN: '1', ORTSET: '10000', RRDDUR: '2000' },
    { SCNMOD: '2', GRBENA: '1' },
  ],
  ['gm6x', 'CR', { '0000': 'D5', '0003': '02', '0006': '32', '0013': '94' }, { '0000': 'D6', '0003': '00' }],
  [
    'ssi',
    'SSI',
    { '8A': '08', '38': '00', '88': '63', '89': '14', EC: '00', EE: '01' },
    { '8A': '04', EC: '01', EE: '00' },
  ],
  ['ssi', 'CR', { '8A': '08', EC: '00', EE: '00' }, { '8A': '04', EC: '01' }],
  [
    'honeywell',
    'CR',
    { TRGMOD: '0', BEPBEP: '0', SCNLED: '1', TRGSTO: '10000', DLYRRD: '2000' },
    { TRGMOD: '3', BEPBEP: '1' },
  ],
] as const;

describe.each(RUN_TIME)('%s with codes as %s', (family, framing, made, before) => {
  test('is set when it is connected, for as long as it has power and no longer', async () => {
    scanner = await wiredScanner(family);
    expect((await scanner.state()).settings).toMatchObject(before);
    await scanner.connect({ family, framing });
    await expect.poll(async () => (await scanner.state()).settings, settled).toMatchObject(made);
    await scanner.quiet();
    const { stored, commands } = await scanner.state();
    expect(stored).toMatchObject(before);
    expect(commands.filter(({ permanence }) => permanence === 'permanent')).toEqual([]);
    expect(scanner.warnings).toEqual([]);
  });

  test('lights and reads only while somebody scans', async () => {
    scanner = await wiredScanner(family);
    await scanner.connect({ family, framing });
    await expect.poll(async () => (await scanner.state()).settings, settled).toMatchObject(made);
    await scanner.quiet();
    await scanner.tell('show-code', { text: 'OC1NOBODY', hold: true });
    expect(await scanner.state()).toMatchObject({ lit: false, sent: 0 });
    await scanner.tell('remove-code');
    const scanning = scanner.scan();
    await expect.poll(async () => (await scanner.state()).triggered, settled).toBe(true);
    await scanner.tell('show-code', { text: 'OC1SOMEBODY', hold: true });
    await expect.poll(() => scanning.events, settled).toEqual([{ kind: 'code', text: 'OC1SOMEBODY' }]);
    await scanning.stop();
    await expect.poll(async () => (await scanner.state()).lit, settled).toBe(false);
    const { commands } = await scanner.state();
    expect(commands.filter(({ permanence }) => permanence === 'permanent')).toEqual([]);
  });

  test('reads on after a wrong code and a wrong symbology was shown', async () => {
    scanner = await wiredScanner(family);
    await scanner.connect({ family, framing });
    await scanner.quiet();
    const scanning = scanner.scan();
    await expect.poll(async () => (await scanner.state()).triggered, settled).toBe(true);
    await scanner.tell('show-code', { hex: 'b2e2cad4', hold: true });
    await expect.poll(() => scanning.events.length, settled).toBe(1);
    await scanner.tell('show-code', { text: 'OC1RIGHT', hold: true });
    await expect.poll(() => scanning.events.at(-1), settled).toEqual({ kind: 'code', text: 'OC1RIGHT' });
    await scanning.stop();
  });
});

test('a scanner that lost its power alone is set again', async () => {
  scanner = await wiredScanner('gm6x', 'pty');
  await scanner.connect({ family: 'gm6x', keepIntervalMs: 200 });
  await expect.poll(async () => (await scanner.state()).settings, settled).toMatchObject({ '0000': 'D5' });
  await scanner.tell('power-cycle');
  expect((await scanner.state()).settings).toMatchObject({ '0000': 'D6', '0003': '00' });
  await expect
    .poll(async () => (await scanner.state()).settings, settled)
    .toMatchObject({ '0000': 'D5', '0003': '02' });
});

describe('codes in SSI packets', () => {
  async function reading() {
    scanner = await wiredScanner('ssi');
    await scanner.connect({ family: 'ssi', framing: 'SSI' });
    await expect.poll(async () => (await scanner.state()).settings['EE'], settled).toBe('01');
    await scanner.quiet();
    const scanning = scanner.scan();
    await expect.poll(async () => (await scanner.state()).triggered, settled).toBe(true);
    return scanning;
  }

  test('may be longer than a packet', async () => {
    const scanning = await reading();
    const text = 'OC1'.padEnd(700, 'LONG');
    await scanner.tell('show-code', { text, hold: true });
    await expect.poll(() => scanning.events, settled).toEqual([{ kind: 'code', text }]);
    await scanning.stop();
  });

  test('are asked for again when they come damaged, and read once', async () => {
    const scanning = await reading();
    await scanner.tell('show-code', { text: 'OC1DAMAGED', damaged: true, hold: true });
    await expect.poll(() => scanning.events, settled).toEqual([{ kind: 'code', text: 'OC1DAMAGED' }]);
    expect((await scanner.state()).sent).toBe(1);
    await scanning.stop();
  });

  test('of another symbology are refused by their type', async () => {
    const scanning = await reading();
    await scanner.tell('show-code', { text: '5901234123457', aim: ']E0', hold: true });
    await expect.poll(() => scanning.events, settled).toEqual([{ kind: 'unreadable', reason: 'symbology' }]);
    await scanning.stop();
  });
});
