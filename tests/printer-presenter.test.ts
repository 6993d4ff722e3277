import { afterEach, describe, expect, it } from 'vitest';
import type { ProbedPrinterConnection } from '../drivers/receipt-printer/printer-connection.ts';
import type { SlipExit } from '../src/devices/contract.ts';
import {
  type FamilySetting,
  findingsInMemory,
  type SimulatedFamily,
  simulatedFamily,
  slipOf,
} from './fixtures/simulated-family.ts';
import { givenProfile } from './fixtures/scripted-printer.ts';

const TOKEN = 'OC1ABCDEFGHJKMNPQRSTVWXYZ234567ABCD';
const GENEROUS = { timeout: 15_000, interval: 100 };
const never = new AbortController().signal;

let printer: SimulatedFamily;
let connection: ProbedPrinterConnection;

afterEach(() => printer.stop());

async function start(setting: FamilySetting): Promise<void> {
  printer = await simulatedFamily(setting);
  connection = await printer.connect();
}

function exit(): SlipExit {
  if (connection.exit === undefined) throw new Error('no exit');
  return connection.exit;
}

const printAndCut = (processId = 'P001') =>
  connection.print({ document: slipOf(TOKEN), cut: true, processId });

const fates = async () => (await printer.slips()).map(({ fate }) => fate);

const withSensor = { sensors: { ...givenProfile('masung').sensors, exit: true } } as const;

/** Families whose sensor sees the slip, and whether they can be told to pull it in. */
const PRESENTERS = [
  // Known from the start not to echo, so that nobody waits for it.
  { family: 'citizen', profile: 'citizen-ppu-700', retracts: true, changes: { fence: 'paper-status' } },
  { family: 'custom', profile: 'custom-vkp80', retracts: true },
  { family: 'star', profile: 'star-tup900', retracts: true },
  { family: 'masung', profile: 'masung', retracts: false, changes: withSensor },
] as const;

describe.each(PRESENTERS)('a $family printer with a presenter', ({ retracts, ...setting }) => {
  it('holds the slip out, and says when a hand has taken it', async () => {
    await start(setting);
    expect(connection.status().media).toBe('notPresent');
    expect(await printAndCut()).toMatchObject({ kind: 'printed', cut: true });
    expect(connection.status()).toMatchObject({ device: 'online', media: 'present', faults: [] });
    const gone = exit().whenGone(never);
    await printer.program.tell('take-paper');
    expect(await gone).toBe('taken');
    await expect.poll(() => connection.status().media, GENEROUS).toBe('notPresent');
    expect(await fates()).toEqual(['taken']);
  });

  it('remembers that it was taken before anybody asked', async () => {
    await start(setting);
    await printAndCut();
    await printer.program.tell('take-paper');
    await expect.poll(() => connection.status().media, GENEROUS).toBe('notPresent');
    expect(await exit().whenGone(never)).toBe('taken');
  });

  it(retracts ? 'pulls the slip in when it is told to' : 'has no way to pull a slip in', async () => {
    await start(setting);
    await printAndCut();
    const { retract } = exit();
    expect(retract === undefined).toBe(!retracts);
    if (retract === undefined) return;
    const gone = exit().whenGone(never);
    expect(await retract()).toBe('retracted');
    expect(await gone).toBe('retracted');
    expect(connection.status().media).toBe('retracted');
    expect(await fates()).toEqual(['retracted']);
    expect(await printAndCut('P002')).toMatchObject({ kind: 'printed', cut: true });
    expect(connection.status().media).toBe('present');
  });

  it('never pulls a slip in by itself where it can be told not to', async () => {
    await start({ ...setting, flags: ['--auto-retract', '2'] });
    await printAndCut();
    const { autoRetractMs } = await printer.program.state();
    const told = setting.family === 'citizen' || setting.family === 'star';
    expect(autoRetractMs).toBe(told ? 0 : 2_000);
  });

  it('says that nobody knows when nobody waits any more', async () => {
    await start(setting);
    await printAndCut();
    const abort = new AbortController();
    const gone = exit().whenGone(abort.signal);
    abort.abort();
    expect(await gone).toBe('unknown');
    expect(await fates()).toEqual(['waiting']);
  });

  it('ends the wait when the cable goes', async () => {
    await start(setting);
    await printAndCut();
    const gone = exit().whenGone(never);
    await printer.program.tell('unplug');
    expect(await gone).toBe('unknown');
  });
});

describe.each(PRESENTERS.filter(({ family }) => family !== 'custom'))(
  'a $family printer whose exit is blocked',
  (setting) => {
    it('says so, tells whoever waits for the slip, and is well again afterwards', async () => {
      await start(setting);
      await printAndCut();
      const gone = exit().whenGone(never);
      await printer.program.tell('exit-jam');
      expect(await gone).toBe('jammed');
      await expect.poll(() => connection.status().device, GENEROUS).toBe('hardwareError');
      const [fault] = connection.status().faults;
      expect(['printer.exit-jam', 'printer.presenter-fault', 'printer.paper-jam']).toContain(fault?.code);
      await printer.program.tell('clear-jam');
      await printer.program.tell('take-paper');
      await expect.poll(() => connection.status().device, GENEROUS).toBe('online');
    });
  },
);

describe('a printer whose sensor does not see what was cut', () => {
  it('has printed, and not delivered', async () => {
    // The profile promises a sensor that this printer has not got.
    await start({ family: 'epson', profile: 'masung', changes: withSensor });
    expect(await printAndCut()).toEqual({ kind: 'printed', grade: 'E2', cut: false });
  });

  it('is believed without a sensor, as before', async () => {
    await start({ family: 'masung', profile: 'masung' });
    expect(connection.exit).toBeUndefined();
    expect(await printAndCut()).toMatchObject({ kind: 'printed', cut: true });
    expect(connection.status().media).toBe('unknown');
  });
});

describe('a printer of which nobody knows whether it has a sensor', () => {
  it('is known to have one after a person has taken a slip under its eye', async () => {
    const findings = findingsInMemory();
    await start({ family: 'masung', profile: 'masung', findings });
    const steps: string[] = [];
    const report = await connection.checkHealth(
      'interactive',
      {
        onStep: ({ step, outcome }) => steps.push(`${step} ${outcome}`),
        prompt: (what) => {
          expect(what).toBe('printer.take-paper');
          void printer.program.tell('take-paper');
        },
        question: () => Promise.resolve(true),
      },
      never,
    );
    expect(report.passed).toBe(true);
    expect(steps.at(-1)).toBe('printer.exit-sensor passed');
    expect(connection.exit).toBeDefined();
    await connection.close();
    connection = await printer.connect();
    expect(connection.exit).toBeDefined();
    expect(await printAndCut()).toMatchObject({ cut: true });
    expect(connection.status().media).toBe('present');
  }, 60_000);
});
