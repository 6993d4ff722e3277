import { afterEach, describe, expect, it } from 'vitest';
import type { ProbedPrinterConnection } from '../drivers/receipt-printer/printer-connection.ts';
import { createReceiptPrinterDriver } from '../drivers/receipt-printer/receipt-printer.ts';
import type { HealthDialogue, HealthStep } from '../src/devices/health-check.ts';
import { systemClock } from '../src/platform/clock.ts';
import { printerAtHand } from './fixtures/printer-at-hand.ts';
import { givenProfile } from './fixtures/scripted-printer.ts';
import {
  type FamilySetting,
  findingsInMemory,
  type SimulatedFamily,
  simulatedFamily,
} from './fixtures/simulated-family.ts';

const never = new AbortController().signal;
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

let printer: SimulatedFamily;
let connection: ProbedPrinterConnection;

async function start(setting: FamilySetting): Promise<void> {
  printer = await simulatedFamily(setting);
  cleanups.push(() => printer.stop());
  connection = await printer.connect();
}

/** Somebody beside the printer: what is asked and said, in order. */
function person(answer: (what: string) => boolean | undefined = () => true) {
  const heard: string[] = [];
  const dialogue: HealthDialogue = {
    onStep: ({ step, outcome }) => heard.push(`${step} ${outcome}`),
    prompt: (what) => {
      heard.push(what);
      if (what === 'printer.take-paper') void printer.program.tell('take-paper');
    },
    question: (what) => {
      heard.push(what);
      return Promise.resolve(answer(what));
    },
  };
  return { heard, dialogue };
}

const dots = async () => ((await printer.program.state())['sinceLastSlip'] as { dots: number }).dots;
const stepOf = (steps: readonly HealthStep[], name: string) => steps.find(({ step }) => step === name);

describe('a health check of a receipt printer', () => {
  it('internal: asks, moves nothing, and says what is known', async () => {
    await start({ profile: 'generic-80mm' });
    const { heard, dialogue } = person();
    const report = await connection.checkHealth('internal', dialogue, never);
    expect(report).toMatchObject({ level: 'internal', passed: true });
    expect(heard).toEqual([
      'printer.status passed',
      'printer.identity passed',
      'printer.port-status notSupported',
      'printer.proof passed',
    ]);
    expect(stepOf(report.steps, 'printer.identity')?.measured).toMatchObject({ model: 'SIM-80' });
    expect(stepOf(report.steps, 'printer.proof')?.measured).toEqual({ proof: 'unknown', probed: 'no' });
    expect(await dots()).toBe(0);
  });

  it('internal: names what is wrong', async () => {
    await start({ profile: 'generic-80mm' });
    await printer.program.tell('paper', { state: 'out' });
    const { dialogue } = person();
    const report = await connection.checkHealth('internal', dialogue, never);
    expect(report.passed).toBe(false);
    expect(stepOf(report.steps, 'printer.status')).toMatchObject({
      outcome: 'failed',
      fault: { code: 'printer.paper-out', action: 'clear' },
    });
  });

  it('external: prints one short line, cuts nothing, and times its proof', async () => {
    await start({ profile: 'generic-80mm' });
    const report = await connection.checkHealth('external', person().dialogue, never);
    expect(report.passed).toBe(true);
    expect(stepOf(report.steps, 'printer.line')).toMatchObject({
      outcome: 'passed',
      measured: { grade: 'E2' },
    });
    expect(await dots()).toBeGreaterThan(100);
    expect(await dots()).toBeLessThan(300);
    expect(await printer.slips()).toEqual([]);
  });

  it('interactive: probes, lets a person read, cuts, and watches the hand', async () => {
    await start({ family: 'star', profile: 'star-tup900', findings: findingsInMemory() });
    const { heard, dialogue } = person();
    const report = await connection.checkHealth('interactive', dialogue, never);
    expect(report.passed).toBe(true);
    expect(heard).toEqual([
      'printer.status passed',
      'printer.identity notSupported',
      'printer.port-status notSupported',
      'printer.proof passed',
      'printer.probe passed',
      'printer.cut-clean',
      'printer.cut passed',
      'printer.take-paper',
      'printer.exit-sensor passed',
    ]);
    expect(await printer.slips()).toMatchObject([{ cut: true, fate: 'taken' }]);
  }, 60_000);

  it('interactive: a line that nobody can read and a cut that is none are told', async () => {
    await start({ profile: 'generic-80mm', findings: findingsInMemory() });
    const { heard, dialogue } = person((what) => (what === 'printer.cut-clean' ? false : undefined));
    const report = await connection.checkHealth('interactive', dialogue, never);
    expect(report.passed).toBe(false);
    expect(stepOf(report.steps, 'printer.cut')).toMatchObject({
      outcome: 'failed',
      fault: { code: 'printer.cutter-fault' },
    });
    expect(stepOf(report.steps, 'printer.probe')?.measured).toMatchObject({
      processId: 'yes',
      chineseRom: 'unknown',
    });
    expect(heard.at(-1)).toBe('printer.exit-sensor notSupported');
  }, 60_000);

  // On a machine with other work the early echo is heard so late that it might be an honest one: then it is tried again.
  it('says of a unit that its echo lies', { timeout: 60_000, retry: 3 }, async () => {
    await start({ profile: 'generic-80mm', findings: findingsInMemory() });
    await printer.program.tell('answers', { mode: 'early-echo' });
    const report = await connection.checkHealth('interactive', person().dialogue, never);
    // It does answer `GS r`: weaker, and said so.
    expect(stepOf(report.steps, 'printer.probe')).toMatchObject({
      outcome: 'passed',
      measured: { echoesTooEarly: 'yes' },
    });
  });

  it('ends when nobody wants it any more, and the printer prints again', async () => {
    await start({ profile: 'generic-80mm' });
    const abort = new AbortController();
    const { heard, dialogue } = person();
    const checking = connection.checkHealth('interactive', dialogue, abort.signal);
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(4);
    abort.abort();
    expect((await checking).steps.length).toBeLessThan(7);
    const document = { part: 'test-page', elements: [] } as const;
    expect(await connection.print({ document, cut: true, processId: 'P001' })).toMatchObject({
      kind: 'printed',
    });
  }, 60_000);

  it('waits for its turn behind what prints', async () => {
    await start({ profile: 'generic-80mm' });
    const order: string[] = [];
    const document = { part: 'test-page', elements: [{ type: 'space', heightMm: 60 }] } as const;
    const printing = connection
      .print({ document, cut: true, processId: 'P001' })
      .then(() => order.push('printed'));
    const checking = connection
      .checkHealth('internal', person().dialogue, never)
      .then(() => order.push('checked'));
    await Promise.all([printing, checking]);
    expect(order).toEqual(['printed', 'checked']);
  });

  it('writes down the port status of a USB printer, whatever it is', async () => {
    const usb = printerAtHand({ wires: 'usb' });
    const driver = createReceiptPrinterDriver({
      transport: usb.transport,
      clock: systemClock,
      profile: givenProfile('generic-80mm'),
      line: { bytesPerSecond: 500_000, flowControl: 'none', backPressure: 'nak' },
    });
    const connected = await driver.connect(never);
    if (!connected.ok) throw new Error(connected.error.code);
    cleanups.push(() => connected.value.close());
    const report = await connected.value.checkHealth('internal', person().dialogue, never);
    expect(stepOf(report.steps, 'printer.port-status')).toMatchObject({
      outcome: 'passed',
      measured: { paperEmpty: 'no', selected: 'yes', error: 'no' },
    });
  });
});
