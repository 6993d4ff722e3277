import { afterEach, describe, expect, test } from 'vitest';
import { settled, wiredScanner } from './fixtures/scanner-over-the-wire.ts';
import type { WiredScanner } from './fixtures/scanner-over-the-wire.ts';

let scanner: WiredScanner;
afterEach(() => scanner.end());

describe('a printed set-up code', () => {
  test.each([
    ['gm6x', '0000', 'D6', 'D5'],
    ['ssi', '8A', '04', '08'],
  ] as const)(
    'changes a %s that was never connected, and not one that the kiosk has set',
    async (family, address, open, ours) => {
      scanner = await wiredScanner(family);
      await scanner.tell('show-set-up-code', { address, value: '77' });
      expect((await scanner.state()).settings[address]).toBe('77');
      await scanner.tell('show-set-up-code', { address, value: open });
      await scanner.connect({ family });
      await expect.poll(async () => (await scanner.state()).settings[address], settled).toBe(ours);
      await scanner.quiet();
      await scanner.tell('show-set-up-code', { address, value: '77' });
      expect((await scanner.state()).settings[address]).toBe(ours);
    },
  );

  test('still changes a Newland: there is no command against it, and its health check says so', async () => {
    scanner = await wiredScanner('newland');
    await scanner.connect({ family: 'newland' });
    await scanner.quiet();
    await scanner.tell('show-set-up-code', { address: 'SCNMOD', value: '3' });
    expect((await scanner.state()).settings['SCNMOD']).toBe('3');
    const report = await scanner.check('internal');
    expect(report.steps).toContainEqual({ step: 'scanner.setup-codes', outcome: 'notSupported' });
    expect(report.passed).toBe(false);
  });
});

describe('a scanner that does not do as it is told', () => {
  test('refuses a setting: it is warned of, and the scanner still reads', async () => {
    scanner = await wiredScanner('honeywell');
    await scanner.tell('fault', { fault: 'refuse', on: 'BEPBEP0' });
    await scanner.connect({ family: 'honeywell' });
    await expect.poll(() => scanner.warnings, settled).toEqual(['scanner.setting-refused']);
    expect((await scanner.state()).settings).toMatchObject({ TRGMOD: '0', BEPBEP: '1', DLYRRD: '2000' });
    const { steps } = await scanner.check('internal');
    expect(steps).toContainEqual({
      step: 'scanner.beeper',
      outcome: 'failed',
      fault: { code: 'scanner.setting-refused', action: 'configuration' },
    });
    expect(steps).toContainEqual({ step: 'scanner.trigger-mode', outcome: 'passed' });
  });

  test('does not know its trigger mode: it goes on reading all the time, and is listened to', async () => {
    scanner = await wiredScanner('newland');
    await scanner.tell('fault', { fault: 'not-known', on: 'SCNMOD0' });
    await scanner.connect({ family: 'newland' });
    await expect.poll(() => scanner.warnings, settled).toEqual(['scanner.setting-refused']);
    const scanning = scanner.scan();
    await scanner.tell('show-code', { text: 'OC1PASSIVE' });
    await expect.poll(() => scanning.events, settled).toEqual([{ kind: 'code', text: 'OC1PASSIVE' }]);
    await scanning.stop();
  });

  test('loses an answer, damages one and is late with one: each is asked for again', async () => {
    scanner = await wiredScanner('gm6x');
    await scanner.tell('fault', { fault: 'silent', on: 'zone 0000 = D5', count: 1 });
    await scanner.tell('fault', { fault: 'wrong-checksum', on: 'zone 0006 = 32', count: 1 });
    await scanner.tell('fault', { fault: 'late', delayMs: 1300, on: 'zone 0003 = 02', count: 1 });
    await scanner.connect({ family: 'gm6x' });
    for (const asked of ['zone 0000 = D5', 'zone 0006 = 32', 'zone 0003 = 02'])
      await expect
        .poll(
          async () => (await scanner.state()).commands.filter(({ name }) => name === asked).length,
          settled,
        )
        .toBeGreaterThan(1);
    await expect.poll(() => scanner.connection.identity().firmware, settled).toBe('69');
    expect(scanner.warnings).toEqual([]);
  });

  test('knows no commands at all: it is warned of once, and the scanner is listened to', async () => {
    scanner = await wiredScanner('passive');
    await scanner.connect({ family: 'newland' });
    const scanning = scanner.scan();
    await scanner.tell('show-code', { text: 'OC1LISTENED' });
    await expect.poll(() => scanning.events, settled).toEqual([{ kind: 'code', text: 'OC1LISTENED' }]);
    await scanning.stop();
    await expect.poll(() => scanner.warnings, settled).toEqual(['scanner.no-answer']);
    expect(scanner.connection.status()).toEqual({ device: 'online', faults: [], scanner: 'off' });
  });
});
