import { afterEach, describe, expect, it } from 'vitest';
import type { ProbedPrinterConnection } from '../drivers/receipt-printer/printer-connection.ts';
import { createReceiptPrinterDriver } from '../drivers/receipt-printer/receipt-printer.ts';
import { tcpTransport } from '../drivers/transport/tcp-transport.ts';
import { systemClock } from '../src/platform/clock.ts';
import {
  fastLine,
  givenProfile,
  ready,
  scriptedPrinter,
  type ScriptedAnswer,
  type ScriptedPrinter,
} from './fixtures/scripted-printer.ts';
import { simulatedFamily, slipOf } from './fixtures/simulated-family.ts';

const TOKEN = 'OC1ABCDEFGHJKMNPQRSTVWXYZ234567ABCD';
const GENEROUS = { timeout: 30_000, interval: 100 };
const document = slipOf(TOKEN);
/** A slip that stands in the printer, and its symbol. */
const job = { document, cut: false, processId: 'P001' } as const;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function connecting(id: string, rules: readonly (readonly [string, ScriptedAnswer])[]) {
  const printer = await scriptedPrinter(rules);
  cleanups.push(() => printer.stop());
  const driver = createReceiptPrinterDriver({
    transport: tcpTransport({ host: '127.0.0.1', port: printer.port, clock: systemClock }),
    clock: systemClock,
    profile: givenProfile(id, { speedMmPerSecond: 250 }),
    line: fastLine,
  });
  const connected = driver.connect(new AbortController().signal);
  return { printer, connected };
}

async function connected(
  id: string,
  rules: readonly (readonly [string, ScriptedAnswer])[],
): Promise<{ printer: ScriptedPrinter; connection: ProbedPrinterConnection }> {
  const attempt = await connecting(id, rules);
  const result = await attempt.connected;
  if (!result.ok) throw new Error(result.error.code);
  cleanups.push(() => result.value.close());
  return { printer: attempt.printer, connection: result.value };
}

function online(connection: ProbedPrinterConnection): Promise<'online'> {
  return new Promise((resolve) => {
    const look = () => {
      if (connection.status().device === 'online') resolve('online');
    };
    connection.onStatus(look);
    look();
  });
}

/** Custom, on literal bytes: full status, all well. */
const custom = [['100414', '100f00000000']] as const;
const askings = (printer: ScriptedPrinter) => printer.received().match(/1d7201/g)?.length ?? 0;

describe('a late answer to GS r', () => {
  it('proves nothing about a slip that stands in the printer', async () => {
    const printer = await simulatedFamily({ family: 'custom', profile: 'custom-vkp80' });
    cleanups.push(() => printer.stop());
    let connection = await printer.connect();
    await printer.program.tell('answers', { mode: 'late', delayMs: 2_600, only: 'fences' });
    await connection.purge();
    await printer.program.tell('hold-at', { what: 60 });
    const outcome = await connection.print(job);
    // Held after 60 rows: whatever has been answered was not about all of this slip.
    expect(outcome.kind).not.toBe('printed');
    await printer.program.tell('answers', { mode: 'normal' });
    await printer.program.tell('release');
    // By now more answers may be owed than can be told apart: then the line is opened anew, as the agent does.
    const given = await Promise.race([connection.ended, online(connection)]);
    if (given !== 'online') {
      expect(given).toMatchObject({ kind: 'lost', fault: { code: 'printer.not-processing' } });
      connection = await printer.connect();
      await online(connection);
    }
    expect(await connection.print(job)).toMatchObject({ kind: 'printed', grade: 'E1' });
  }, 60_000);

  it('is waited for besides the new one: the question is asked so often that the last answer is new', async () => {
    let answers = ['00'];
    const { printer, connection } = await connected('custom-vkp80', [
      ...custom,
      ['1d7201', () => answers.shift() ?? ''],
    ]);
    // Silent twice in a purge: one question, and then two.
    expect(await connection.purge()).toBe(false);
    expect(askings(printer)).toBe(1 + 3);
    expect(connection.status().device).toBe('hardwareError');
    // It is emptied again before long. Now all three come, late, and four are asked: only one more answer can be to one of these.
    answers = ['000000'];
    await expect.poll(() => askings(printer), { ...GENEROUS, interval: 10 }).toBe(4 + 4);
    expect(connection.status().device).toBe('hardwareError');
    printer.say('00');
    await expect.poll(() => connection.status().device, GENEROUS).toBe('online');
    expect(askings(printer)).toBe(8);
  }, 30_000);

  it('is given up with the line when too many are owed', async () => {
    let answering = true;
    const { connection } = await connected('custom-vkp80', [
      ...custom,
      ['1d7201', () => (answering ? '00' : '')],
    ]);
    answering = false;
    expect(await connection.purge()).toBe(false);
    expect(await connection.purge()).toBe(false);
    expect(await connection.ended).toEqual({
      kind: 'lost',
      fault: { code: 'printer.not-processing', action: 'reset' },
    });
  }, 30_000);
});

describe('an automatic status that nobody asked for', () => {
  it('does not prove that the buffer is empty: a change is no answer', async () => {
    let obeys = true;
    const { printer, connection } = await connected('generic-80mm', [
      ...ready.filter(([asked]) => asked !== '1d610e'),
      ['1d610e', () => (obeys ? '1400000f' : '')],
    ]);
    const initialised = () => printer.received().match(/1b401d610e/g)?.length ?? 0;
    // Once to empty it, once after the questions who it is.
    await expect.poll(initialised, GENEROUS).toBe(2);
    obeys = false;
    const proven = connection.purge();
    await expect.poll(initialised, GENEROUS).toBe(3);
    // Near end, and full again, by itself.
    printer.say('1400030f');
    printer.say('1400000f');
    expect(await proven).toBe(false);
  }, 20_000);
});

describe('a printer without automatic status', () => {
  const withoutAutomatic = [
    ...ready.filter(([asked]) => asked !== '1d610e'),
    ['1d7201', '00'],
  ] as const satisfies readonly (readonly [string, ScriptedAnswer])[];

  it('is connected within 3 s, and emptied faster once it is known', async () => {
    const beganMs = performance.now();
    const { connection } = await connected('generic-80mm', withoutAutomatic);
    expect(performance.now() - beganMs).toBeLessThan(3_000);
    const purgingMs = performance.now();
    expect(await connection.purge()).toBe(true);
    expect(performance.now() - purgingMs).toBeLessThan(1_000);
  });

  it('that answers nothing in turn is given up well before anybody stops to wait for it', async () => {
    let answering = true;
    const { connection } = await connected(
      'generic-80mm',
      withoutAutomatic.map(([asked, answer]) => [
        asked,
        () => (answering || asked !== '1d7201' ? answer : ''),
      ]),
    );
    answering = false;
    const beganMs = performance.now();
    expect(await connection.purge()).toBe(false);
    expect(performance.now() - beganMs).toBeLessThan(4_500);
  });
});

describe('a Custom whose slip does not come out', () => {
  it('is asked for a jam at its ejector, and again until that is cleared', async () => {
    let ejector = '80';
    const { printer, connection } = await connected('custom-vkp80', [
      ...custom,
      ['1d7201', '00'],
      ['1d6506', () => ejector],
    ]);
    expect(printer.received()).not.toContain('1d6506');
    expect(await connection.print({ ...job, cut: true })).toEqual({
      kind: 'printed',
      grade: 'E1',
      cut: false,
    });
    expect(connection.status()).toMatchObject({ media: 'jammed', faults: [{ code: 'printer.exit-jam' }] });
    // Still there a round later: the full status, which knows nothing of it, does not clear it.
    await connection.refreshStatus();
    expect(connection.status()).toMatchObject({ media: 'jammed' });
    ejector = '02';
    await expect.poll(() => connection.status().device, GENEROUS).toBe('online');
  }, 40_000);
});
