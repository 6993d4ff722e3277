import { afterEach, describe, expect, test } from 'vitest';
import { settled, wiredScanner } from './fixtures/scanner-over-the-wire.ts';
import type { WiredScanner } from './fixtures/scanner-over-the-wire.ts';

let scanner: WiredScanner;
afterEach(() => scanner.end());

describe('provisioning', () => {
  test.each([
    ['newland', { SCNMOD: '0', GRBENA: '0', RRDDUR: '2000' }, {}],
    ['gm6x', { '0000': 'D5', '0003': '02', '0060': '81', '00D0': '80' }, { framing: 'GM', aimPrefix: true }],
    ['ssi', { '8A': '08', EC: '00', EE: '01' }, { framing: 'SSI', aimPrefix: false }],
    ['honeywell', { TRGMOD: '0', BEPBEP: '0', TRGSTO: '10000' }, {}],
  ] as const)(
    'stores in a %s what it is told, so that it is there after a power cut',
    async (family, stored, configuration) => {
      scanner = await wiredScanner(family);
      await scanner.connect({ family });
      await scanner.quiet();
      const report = await scanner.connection.provision?.(new AbortController().signal);
      expect(report).toMatchObject({ complete: true, configuration });
      const outcomes = report?.settings.map(({ outcome }) => outcome);
      expect(new Set(outcomes)).toEqual(new Set(['stored', 'notSupported']));
      await scanner.tell('power-cycle');
      expect((await scanner.state()).settings).toMatchObject(stored);
    },
  );

  test('of a GM6x makes it send frames with identifiers, which a kiosk that is configured for them reads', async () => {
    scanner = await wiredScanner('gm6x');
    await scanner.connect({ family: 'gm6x' });
    await scanner.quiet();
    await scanner.connection.provision?.(new AbortController().signal);
    await scanner.connection.close();
    await scanner.connect({ family: 'gm6x', framing: 'GM', aimPrefix: true });
    await scanner.quiet();
    const scanning = scanner.scan();
    await expect.poll(async () => (await scanner.state()).triggered, settled).toBe(true);
    await scanner.tell('show-code', { text: 'OC1FRAMED', hold: true });
    await expect.poll(() => scanning.events, settled).toEqual([{ kind: 'code', text: 'OC1FRAMED' }]);
    await scanner.tell('show-code', { text: '5901234123457', aim: ']E0', hold: true });
    await expect
      .poll(() => scanning.events.at(-1), settled)
      .toEqual({ kind: 'unreadable', reason: 'symbology' });
    await scanning.stop();
  });

  test('says which setting was refused, and stores the others', async () => {
    scanner = await wiredScanner('gm6x');
    await scanner.connect({ family: 'gm6x' });
    await scanner.quiet();
    await scanner.tell('fault', { fault: 'refuse', on: 'zone 00D0 = 80' });
    const report = await scanner.connection.provision?.(new AbortController().signal);
    expect(report?.complete).toBe(false);
    expect(report?.settings.filter(({ outcome }) => outcome === 'refused')).toEqual([
      { setting: 'aim-prefix', outcome: 'refused' },
    ]);
    expect((await scanner.state()).stored).toMatchObject({ '0060': '81', '00D0': '00' });
  });

  test('is not there for a scanner that takes no commands', async () => {
    scanner = await wiredScanner('passive');
    await scanner.connect({ family: 'passive' });
    expect(scanner.connection.provision).toBeUndefined();
  });
});
