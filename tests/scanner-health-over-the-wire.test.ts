import { afterEach, describe, expect, test } from 'vitest';
import { settled, wiredScanner } from './fixtures/scanner-over-the-wire.ts';
import type { WiredScanner } from './fixtures/scanner-over-the-wire.ts';

let scanner: WiredScanner;
afterEach(() => scanner.end());

describe('a health check', () => {
  test('asks a Newland who it is and whether its settings hold, and moves nothing', async () => {
    scanner = await wiredScanner('newland');
    await scanner.connect({ family: 'newland' });
    await scanner.quiet();
    const { steps, passed } = await scanner.check('internal');
    expect(passed).toBe(true);
    expect(steps[0]).toEqual({ step: 'scanner.port', outcome: 'passed' });
    expect(steps[1]).toMatchObject({
      step: 'scanner.identity',
      measured: { model: 'FM430', firmware: 'V1.00.008', serialNumber: 'SIM430001' },
    });
    expect(steps.slice(2).map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      'scanner.trigger-mode passed',
      'scanner.beeper passed',
      'scanner.light passed',
      'scanner.read-time-out passed',
      'scanner.same-code-delay passed',
      'scanner.setup-codes notSupported',
    ]);
    expect(scanner.connection.identity()).toEqual({
      model: 'FM430',
      firmware: 'V1.00.008',
      serialNumber: 'SIM430001',
    });
    expect((await scanner.state()).commands.some(({ name }) => name.startsWith('SCNTRG'))).toBe(false);
  });

  test.each([
    ['gm6x', { firmware: '69', model: 'GM6x hardware 64' }],
    ['ssi', { firmware: 'PAAESS00-001-R00 SE4750' }],
    ['honeywell', { model: 'Vuquest 3330g', serialNumber: 'SIM3330001' }],
  ] as const)('asks a %s who it is', async (family, identity) => {
    scanner = await wiredScanner(family);
    await scanner.connect({ family });
    await scanner.quiet();
    const { steps, passed } = await scanner.check('internal');
    expect(passed).toBe(true);
    expect(steps.find(({ step }) => step === 'scanner.identity')?.measured).toMatchObject(identity);
  });

  test('lets a scanner beep and light once', async () => {
    scanner = await wiredScanner('ssi');
    await scanner.connect({ family: 'ssi', framing: 'SSI' });
    await scanner.quiet();
    const lit: boolean[] = [];
    const check = scanner.check('external');
    await expect
      .poll(async () => {
        lit.push((await scanner.state()).lit);
        return lit.includes(true);
      }, settled)
      .toBe(true);
    const { steps, passed } = await check;
    expect(passed).toBe(true);
    expect(steps).toContainEqual({ step: 'scanner.beep', outcome: 'passed' });
    expect(steps).toContainEqual({ step: 'scanner.read-light', outcome: 'passed' });
    expect(await scanner.state()).toMatchObject({ beeps: 1, lit: false });
  });

  test('asks a person for a code and tells how long it was, never what it said', async () => {
    scanner = await wiredScanner('honeywell');
    await scanner.connect({ family: 'honeywell', aimPrefix: true });
    await scanner.quiet();
    const report = await scanner.check('interactive', { show: { text: ']Q1OC1SECRET' }, hears: true });
    expect(report.asked).toEqual(['scanner.heard-beep', 'scanner.show-code']);
    expect(report.passed).toBe(true);
    expect(report.steps.at(-1)).toMatchObject({
      step: 'scanner.read-code',
      outcome: 'passed',
      measured: { length: 9, symbology: 'qr' },
    });
    expect(report.steps).toContainEqual({ step: 'scanner.heard-beep', outcome: 'passed' });
    expect(JSON.stringify(report)).not.toContain('SECRET');
  });

  test('takes no answer for no answer, and a beep that nobody heard for a fault', async () => {
    scanner = await wiredScanner('honeywell');
    await scanner.connect({ family: 'honeywell' });
    await scanner.quiet();
    const unanswered = await scanner.check('interactive', { show: { text: 'OC1' } });
    expect(unanswered.steps).toContainEqual({ step: 'scanner.heard-beep', outcome: 'unanswered' });
    expect(unanswered.passed).toBe(true);
    const unheard = await scanner.check('interactive', { show: { text: 'OC1' }, hears: false });
    expect(unheard.steps).toContainEqual({
      step: 'scanner.heard-beep',
      outcome: 'failed',
      fault: { code: 'scanner.not-heard', action: 'maintenance' },
    });
  });

  test('of a passive scanner says honestly that little can be known', async () => {
    scanner = await wiredScanner('passive');
    await scanner.connect({ family: 'passive' });
    const report = await scanner.check('interactive', { show: { text: 'OC1PASSIVE' } });
    expect(report.steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      'scanner.port passed',
      'scanner.identity notSupported',
      'scanner.settings notSupported',
      'scanner.beep notSupported',
      'scanner.read-light notSupported',
      'scanner.heard-beep notSupported',
      'scanner.read-code passed',
    ]);
    expect(scanner.connection.identity()).toEqual({});
  });

  test('waits until nobody scans, and ends when it is told to', async () => {
    scanner = await wiredScanner('honeywell');
    await scanner.connect({ family: 'honeywell' });
    await scanner.quiet();
    const scanning = scanner.scan();
    await expect.poll(async () => (await scanner.state()).triggered, settled).toBe(true);
    const abort = new AbortController();
    const steps: string[] = [];
    const check = scanner.connection.checkHealth(
      'external',
      {
        onStep: ({ step }) => steps.push(step),
        prompt: () => undefined,
        question: () => Promise.resolve(undefined),
      },
      abort.signal,
    );
    await expect.poll(() => steps.includes('scanner.setup-codes'), settled).toBe(true);
    expect(steps).not.toContain('scanner.beep');
    abort.abort();
    const report = await check;
    expect(report.steps).toContainEqual({ step: 'scanner.beep', outcome: 'unanswered' });
    expect((await scanner.state()).beeps).toBe(0);
    await scanning.stop();
  });

  test('finds that a scanner no longer answers', async () => {
    scanner = await wiredScanner('gm6x');
    await scanner.connect({ family: 'gm6x' });
    await scanner.quiet();
    await scanner.tell('fault', { fault: 'silent' });
    const { steps, passed } = await scanner.check('internal');
    expect(passed).toBe(false);
    expect(steps[1]).toEqual({
      step: 'scanner.identity',
      outcome: 'failed',
      fault: { code: 'scanner.no-answer', action: 'configuration' },
    });
    expect(steps).toContainEqual({ step: 'scanner.trigger-mode', outcome: 'unanswered' });
  });
});
