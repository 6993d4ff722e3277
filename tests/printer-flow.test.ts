import { afterEach, describe, expect, it } from 'vitest';
import type { ProbedPrinterConnection } from '../drivers/receipt-printer/printer-connection.ts';
import type { PrinterLine } from '../drivers/receipt-printer/protocol/printer-line.ts';
import { createReceiptPrinterDriver } from '../drivers/receipt-printer/receipt-printer.ts';
import { systemClock } from '../src/platform/clock.ts';
import { printerAtHand } from './fixtures/printer-at-hand.ts';
import { givenProfile, serialLine } from './fixtures/scripted-printer.ts';
import { simulatedFamily, slipOf } from './fixtures/simulated-family.ts';

const TOKEN = 'OC1ABCDEFGHJKMNPQRSTVWXYZ234567ABCD';
const GENEROUS = { timeout: 15_000, interval: 20 };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A small buffer, so that the stall limit is short. */
const profile = givenProfile('generic-80mm', { bufferBytes: 1024, speedMmPerSecond: 250 });

async function connected(
  printer: ReturnType<typeof printerAtHand>,
  line: PrinterLine,
): Promise<ProbedPrinterConnection> {
  const driver = createReceiptPrinterDriver({
    transport: printer.transport,
    clock: systemClock,
    profile,
    line,
  });
  const result = await driver.connect(new AbortController().signal);
  if (!result.ok) throw new Error(result.error.code);
  cleanups.push(() => result.value.close());
  return result.value;
}

const print = (connection: ProbedPrinterConnection) =>
  connection.print({ document: slipOf(TOKEN), cut: true, processId: 'P001' });

describe('XON and XOFF', () => {
  it.each(['xon-xoff', 'none'] as const)(
    'over the wire, flow control %s: the slip is whole only where they are obeyed',
    async (flowControl) => {
      const printer = await simulatedFamily({
        profile: 'generic-80mm',
        over: 'pty',
        // Slower than the line: the buffer runs full.
        flags: ['--baud', '19200', '--flow', 'xon-xoff', '--buffer', '1024', '--speed-mm', '8'],
        changes: { speedMmPerSecond: 8, bufferBytes: 1024 },
        line: { flowControl, bytesPerSecond: 1_920 },
      });
      cleanups.push(() => printer.stop());
      const printing = print(await printer.connect());
      const bytesLost = async () => (await printer.program.state())['bytesLost'];
      if (flowControl === 'none') {
        await expect.poll(bytesLost, { ...GENEROUS, timeout: 30_000 }).toBeGreaterThan(0);
        return;
      }
      const outcome = await printing;
      expect(await bytesLost()).toBe(0);
      expect(outcome).toMatchObject({ kind: 'printed', grade: 'E2', cut: true });
      const [slip] = await printer.slips();
      expect(printer.decoded(slip?.file ?? '')).toBe(TOKEN);
    },
    90_000,
  );

  it('in the middle of a status stop the data, and XON lets them go on', async () => {
    const printer = printerAtHand({ wires: 'none' });
    const connection = await connected(printer, serialLine(921_600, 'xon-xoff'));
    printer.say('14 13 00 00 0F');
    const outcome = print(connection);
    await pause(600);
    // The question before the job went past, for a printer that takes no data still hears it.
    expect(printer.received()).not.toContain('1d7630');
    printer.say('14 11 00 00 0F');
    expect(await outcome).toMatchObject({ kind: 'printed', grade: 'E2' });
    expect(Math.max(...printer.pieces)).toBeLessThanOrEqual(64);
  });

  it('are no reason to wait longer than a healthy printer can be full', async () => {
    const printer = printerAtHand({ wires: 'none' });
    const connection = await connected(printer, serialLine(921_600, 'xon-xoff'));
    printer.onPiece = (hex) => {
      if (hex.includes('1d7630')) printer.say('13');
    };
    expect(await print(connection)).toEqual({
      kind: 'unknown',
      fault: { code: 'printer.not-taking-data', action: 'reset' },
    });
  }, 30_000);
});

describe('DSR', () => {
  it('low in the middle of a slip: nothing more is sent than fits in, and all of it when it is high again', async () => {
    const printer = printerAtHand({ wires: 'dsr' });
    const connection = await connected(printer, serialLine(921_600, 'dsr'));
    let begun = 0;
    printer.onPiece = (hex) => {
      if (begun === 0 && hex.includes('1d7630')) {
        begun = printer.received().length / 2;
        printer.dataSetReady = false;
      }
    };
    const outcome = print(connection);
    await expect.poll(() => begun, GENEROUS).toBeGreaterThan(0);
    await pause(400);
    // At most one more piece may have been on its way; then only real-time questions.
    expect(printer.received().length / 2 - begun).toBeLessThanOrEqual(64 + 64);
    printer.dataSetReady = true;
    expect(await outcome).toMatchObject({ kind: 'printed', grade: 'E2', cut: true });
    expect(Math.max(...printer.pieces)).toBeLessThanOrEqual(64);
  });

  it('low while nothing is printed is a state, not a hang: off or busy, and well again by itself', async () => {
    const printer = printerAtHand({ wires: 'dsr' });
    const connection = await connected(printer, serialLine(921_600, 'dsr'));
    printer.dataSetReady = false;
    printer.mute = true;
    await expect
      .poll(() => connection.status(), { ...GENEROUS, timeout: 30_000 })
      .toMatchObject({ device: 'offline', faults: [{ code: 'printer.not-ready', action: 'maintenance' }] });
    let ended = false;
    void connection.ended.then(() => (ended = true));
    await pause(3_000);
    expect(ended).toBe(false);
    printer.dataSetReady = true;
    printer.mute = false;
    await expect.poll(() => connection.status().device, { ...GENEROUS, timeout: 30_000 }).toBe('online');
    expect(await print(connection)).toMatchObject({ kind: 'printed' });
  }, 90_000);

  it('low when it is connected to: not ready, which is not the same as nobody there', async () => {
    const printer = printerAtHand({ wires: 'dsr' });
    printer.dataSetReady = false;
    printer.mute = true;
    await expect(connected(printer, serialLine(921_600, 'dsr'))).rejects.toThrow('printer.not-ready');
  });
});

describe('a USB printer that takes nothing while it is full', () => {
  const usb: PrinterLine = { bytesPerSecond: 500_000, flowControl: 'none', backPressure: 'nak' };

  it('is busy: a question waits behind the data, and that is no silence', async () => {
    const printer = printerAtHand({ wires: 'usb' });
    const connection = await connected(printer, usb);
    printer.onPiece = (hex) => {
      if (hex.includes('1d7630')) printer.takesNothing = true;
    };
    const outcome = print(connection);
    await expect.poll(() => printer.takesNothing, GENEROUS).toBe(true);
    printer.onPiece = () => undefined;
    expect((await connection.refreshStatus()).device).toBe('busy');
    expect((await connection.refreshStatus()).device).toBe('busy');
    printer.takesNothing = false;
    expect(await outcome).toMatchObject({ kind: 'printed', grade: 'E2', cut: true });
    expect((await connection.refreshStatus()).device).toBe('online');
  });

  it('is given up after the time that a full buffer needs, and reset beside the data', async () => {
    const printer = printerAtHand({ wires: 'usb' });
    const connection = await connected(printer, usb);
    printer.onPiece = (hex) => {
      if (hex.includes('1d7630')) printer.takesNothing = true;
    };
    const outcome = await print(connection);
    expect(outcome).toEqual({
      kind: 'unknown',
      fault: { code: 'printer.not-taking-data', action: 'reset' },
    });
    // It is held for good now: no wait hangs, and the connection ends for the supervisor to make anew.
    expect((await connection.ended).kind).toBe('lost');
    expect(printer.softResets).toBeGreaterThan(0);
    printer.takesNothing = false;
  }, 90_000);
});
