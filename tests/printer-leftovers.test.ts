import { afterEach, describe, expect, it } from 'vitest';
import type { ProbedPrinterConnection } from '../drivers/receipt-printer/printer-connection.ts';
import { benchSlip } from './bench/bench-slip.ts';
import {
  type FamilySetting,
  type SimulatedFamily,
  simulatedFamily,
  slipOf,
} from './fixtures/simulated-family.ts';

/** Whose slip is interrupted, and who comes next. */
const FIRST = 'OC1ABCDEFGHJKMNPQRSTVWXYZ234567ABCD';
const NEXT = 'OC1ZYXWVTSRQPNMKJHGFEDCBA765432ZYXW';
const GENEROUS = { timeout: 20_000, interval: 100 };

let printer: SimulatedFamily;
let connection: ProbedPrinterConnection;

afterEach(() => printer.stop());

async function start(setting: Partial<FamilySetting> = {}): Promise<void> {
  printer = await simulatedFamily({ profile: 'generic-80mm', ...setting });
  connection = await printer.connect();
}

/** The first slip, stopped after so many rows of its symbol. */
async function interrupted(reason: string): Promise<void> {
  await printer.program.tell('stop-after-dots', { n: 60, reason });
  const outcome = await connection.print({ document: slipOf(FIRST), cut: true, processId: 'F001' });
  expect(outcome.kind).toBe('unknown');
}

const isOnline = () => expect.poll(() => connection.status().device, GENEROUS).toBe('online');

/** The next person's slip comes out, and no symbol of the first can be read from any paper. */
async function nextIsAlone(): Promise<void> {
  const outcome = await connection.print({ document: slipOf(NEXT), cut: true, processId: 'N001' });
  expect(outcome).toMatchObject({ kind: 'printed', cut: true });
  const slips = await printer.slips();
  const texts = slips.map(({ file }) => readable(file));
  expect(texts.at(-1)).toBe(NEXT);
  expect(texts).not.toContain(FIRST);
  // What stuck out of the printer when it stopped is torn off or on top of the next; never more than those rows.
  const length = (slips.at(-1)?.heightMm ?? 0) - 15;
  expect(length).toBeLessThan(70);
}

function readable(file: string): string {
  try {
    return printer.decoded(file);
  } catch {
    return '';
  }
}

/** The whole slip lies in the printer before it stops: nothing but a purge can keep it in. */
const LINES: readonly Partial<FamilySetting>[] = [
  { over: 'tcp' },
  { over: 'pty' },
  { family: 'star', profile: 'star-tup900', over: 'tcp' },
];

describe.each(LINES)('what was left of a slip ($family over $over)', (setting) => {
  it('does not come out when the paper is filled in', async () => {
    await start(setting);
    await interrupted('paper-out');
    await printer.program.tell('paper', { state: 'full' });
    await isOnline();
    await nextIsAlone();
  }, 60_000);

  it('does not come out when the cover is closed', async () => {
    await start(setting);
    await interrupted('cover-open');
    // A hand needs longer to close a cover than the command to forget needs on the line.
    await expect
      .poll(async () => (await printer.program.state())['bufferedBytes'], GENEROUS)
      .toBeLessThan(200);
    await printer.program.tell('cover', { open: false });
    await isOnline();
    await nextIsAlone();
  }, 60_000);

  it('does not come out when the cable is back, although the printer has kept it', async () => {
    await start(setting);
    await printer.program.tell('hold-at', { what: 60 });
    const outcome = connection.print({ document: slipOf(FIRST), cut: true, processId: 'F001' });
    await expect.poll(async () => (await printer.program.state())['held'], GENEROUS).toBe(60);
    await expect
      .poll(async () => Number((await printer.program.state())['bufferedBytes']), GENEROUS)
      .toBeGreaterThan(300);
    await printer.program.tell('unplug');
    expect((await outcome).kind).toBe('unknown');
    expect((await connection.ended).kind).toBe('lost');
    // Power and buffer are not the cable's: what it holds waits for the motor only.
    expect(Number((await printer.program.state())['bufferedBytes'])).toBeGreaterThan(300);
    await printer.program.tell('replug');
    const connecting = printer.connect();
    await expect
      .poll(async () => Number((await printer.program.state())['bufferedBytes']), GENEROUS)
      .toBeLessThan(200);
    await printer.program.tell('release');
    connection = await connecting;
    await isOnline();
    await nextIsAlone();
  }, 60_000);
});

/** As the agent describes a network printer, and one whose own buffer and head are small. */
const SLOW_TCP: Partial<FamilySetting> = {
  over: 'tcp',
  flags: ['--buffer', '4096', '--speed-mm', '60'],
  changes: { speedMmPerSecond: 60, bufferBytes: 4096 },
  line: { bytesPerSecond: 100_000, backPressure: 'window' },
};

describe('a slow printer behind a network', () => {
  const dots = async () => ((await printer.program.state())['sinceLastSlip'] as { dots: number }).dots;

  it('has no more of a whole slip than it can forget: nothing comes out when the cover is closed', async () => {
    await start(SLOW_TCP);
    await printer.program.tell('stop-after-dots', { n: 150, reason: 'cover-open' });
    const [body] = benchSlip();
    if (body === undefined) throw new Error('no slip');
    const outcome = await connection.print({ document: body, cut: false, processId: 'F001' });
    expect(outcome).toMatchObject({ kind: 'unknown', fault: { code: 'printer.cover-open' } });
    await expect
      .poll(async () => Number((await printer.program.state())['bufferedBytes']), GENEROUS)
      .toBeLessThan(200);
    await printer.program.tell('cover', { open: false });
    await isOnline();
    expect(await dots()).toBe(150);
    await printer.program.tell('take-paper');
    await nextIsAlone();
  }, 60_000);

  it('keeps back what it never took when it stands still, and gets a new connection', async () => {
    await start(SLOW_TCP);
    // A head that is slower than its profile says: the buffer gets full, and a question waits out of sight.
    await printer.program.tell('hold-at', { what: 60 });
    const [body] = benchSlip();
    if (body === undefined) throw new Error('no slip');
    const printed = connection.print({ document: body, cut: false, processId: 'F001' });
    await expect.poll(async () => (await printer.program.state())['held'], GENEROUS).toBe(60);
    expect(await connection.refreshStatus()).toMatchObject({ device: 'busy' });
    expect(await printed).toEqual({
      kind: 'unknown',
      fault: { code: 'printer.not-taking-data', action: 'reset' },
    });
    expect((await connection.ended).kind).toBe('lost');
    await printer.program.tell('release');
    await expect
      .poll(async () => Number((await printer.program.state())['bufferedBytes']), GENEROUS)
      .toBeLessThan(200);
    // Its full buffer, and half of that behind it; the slip has more than 27 kB.
    expect(Number((await printer.program.state())['bytesReceived'])).toBeLessThan(12_000);
    connection = await printer.connect();
    await isOnline();
    await printer.program.tell('take-paper');
    await nextIsAlone();
  }, 90_000);

  it('tells its state in the middle of a slip as soon as any other', async () => {
    await start(SLOW_TCP);
    const finished = new AbortController();
    const [body] = benchSlip();
    if (body === undefined) throw new Error('no slip');
    const outcome = connection
      .print({ document: body, cut: true, processId: 'F001' })
      .finally(() => finished.abort());
    await expect.poll(dots, GENEROUS).toBeGreaterThan(30);
    const times: number[] = [];
    while (!finished.signal.aborted) {
      const beganMs = performance.now();
      await connection.refreshStatus();
      if (!finished.signal.aborted) times.push(performance.now() - beganMs);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await outcome).toEqual({ kind: 'printed', grade: 'E2', cut: true });
    expect(times.length).toBeGreaterThan(3);
    // Behind a buffer that is full one of them takes 0.9 to 2 s.
    expect(Math.max(...times)).toBeLessThan(600);
  }, 60_000);
});

describe('a printer that is asked while a slip prints', () => {
  it.each([38_400, 115_200])(
    'answers, and tells of a change, in the middle of it at %i baud',
    async (baud) => {
      await start({
        over: 'pty',
        flags: ['--baud', String(baud)],
        line: { bytesPerSecond: baud / 10 },
      });
      let finished = false;
      const outcome = connection
        .print({ document: slipOf(FIRST), cut: true, processId: 'F001' })
        .finally(() => {
          finished = true;
        });
      await expect
        .poll(
          async () => ((await printer.program.state())['sinceLastSlip'] as { dots: number }).dots,
          GENEROUS,
        )
        .toBeGreaterThan(30);
      expect(await connection.refreshStatus()).toMatchObject({ device: 'busy', paper: 'full' });
      await printer.program.tell('paper', { state: 'low' });
      await expect.poll(() => connection.status().paper, { timeout: 3_000, interval: 20 }).toBe('low');
      expect(finished).toBe(false);
      expect(await outcome).toEqual({ kind: 'printed', grade: 'E2', cut: true });
    },
    60_000,
  );
});

describe('a printer that answers nothing', () => {
  it('is nobody, whatever it is called', async () => {
    printer = await simulatedFamily({ profile: 'generic-80mm' });
    await printer.program.tell('answers', { mode: 'never' });
    await expect(printer.connect()).rejects.toThrow('printer.no-answer');
  });

  it('ends the connection when it falls silent', async () => {
    await start();
    await printer.program.tell('answers', { mode: 'never' });
    expect(await connection.ended).toEqual({
      kind: 'lost',
      fault: { code: 'printer.no-answer', action: 'maintenance' },
    });
  });
});

describe('a printer that is out of order for long', () => {
  it('still hears us when its buffer is small: our own questions do not fill it', async () => {
    await start({ flags: ['--buffer', '1024'] });
    await printer.program.tell('paper', { state: 'out' });
    await expect.poll(() => connection.status().paper, GENEROUS).toBe('out');
    // Four questions every two seconds; after fifteen looks the printer is emptied again.
    await new Promise((resolve) => setTimeout(resolve, 35_000));
    expect(Number((await printer.program.state())['bufferedBytes'])).toBeLessThan(200);
    await printer.program.tell('paper', { state: 'full' });
    await isOnline();
    await nextIsAlone();
  }, 90_000);
});
