import { afterEach, describe, expect, it } from 'vitest';
import { createReceiptPrinterDriver } from '../drivers/receipt-printer/receipt-printer.ts';
import { tcpTransport } from '../drivers/transport/tcp-transport.ts';
import type { ReceiptPrinterConnection } from '../src/devices/contract.ts';
import { systemClock } from '../src/platform/clock.ts';
import type { PrintDocument } from '../src/slip/print-document.ts';
import { fastLine, givenProfile, ready, scriptedPrinter } from './fixtures/scripted-printer.ts';
import type { ScriptedPrinter } from './fixtures/scripted-printer.ts';

const document: PrintDocument = {
  part: 'test-page',
  elements: [{ type: 'text', text: '测试', sizePt: 20, weight: 'bold', align: 'left' }],
};
/** A fast line and a fast head, so that derived time limits are short. */
const profile = givenProfile('generic-80mm', { speedMmPerSecond: 250 });
const line = fastLine;

/** `GS ( H` fn 48 with any id. */
const FENCE = '1d28480600 3030(?:..){4}'.replace(' ', '');
/** Not before so much paper can have moved. */
const echo = { afterMs: 150, say: (match: string) => `3722${match.slice(-8)}00` };
const CUT = '0a1d5601';
const CLEAR = '10140801031401060208';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function connected(
  rules: Parameters<typeof scriptedPrinter>[0],
): Promise<{ printer: ScriptedPrinter; connection: ReceiptPrinterConnection }> {
  const printer = await scriptedPrinter(rules);
  cleanups.push(() => printer.stop());
  const transport = tcpTransport({ host: '127.0.0.1', port: printer.port, clock: systemClock });
  const driver = createReceiptPrinterDriver({ transport, clock: systemClock, profile, line });
  const result = await driver.connect(new AbortController().signal);
  if (!result.ok) throw new Error(result.error.code);
  cleanups.unshift(() => result.value.close());
  return { printer, connection: result.value };
}

describe('a receipt printer on literal bytes', () => {
  it('is asked for its state, emptied and told to report before anything else', async () => {
    const { printer, connection } = await connected(ready);
    expect(connection.status()).toEqual({
      device: 'online',
      faults: [],
      paper: 'full',
      cover: 'closed',
      cutter: 'ok',
      media: 'unknown',
    });
    const prepared = '1b401d610e1b6100';
    // Off and on again: a second status, which says what the first one said, can only be the answer.
    const initialised = `${prepared}1d61001d610e`;
    // Who it is, which stays unanswered here; what such a question may have left in the line buffer is dropped.
    const identity = '1d4943';
    await expect
      .poll(() => printer.received())
      .toBe(`100401100402100403100404${CLEAR}100502${initialised}${identity}${prepared}`);
  });

  it('has printed when it echoes the id of this job (E2), and cut when it echoes a second one behind the cut', async () => {
    const { printer, connection } = await connected([...ready, [FENCE, echo]]);
    expect(await connection.print({ document, cut: true, processId: 'P001' })).toEqual({
      kind: 'printed',
      grade: 'E2',
      cut: true,
    });
    const sent = printer.received();
    const [body = '', afterCut = ''] = sent.slice(sent.lastIndexOf('1b401d610e')).split(CUT);
    expect(body).toContain('1d763000');
    // 15 mm = 120 dots to the cutter, then the fence.
    expect(body.endsWith('1b4a781d284806003030' + Buffer.from('P001').toString('hex'))).toBe(true);
    expect(afterCut).toMatch(/^1d284806003030(?:..){4}(?:1004 ?0[1-4]){4}$/);
  });

  it('does not take the echo of another id, and says unknown', async () => {
    const { connection } = await connected([...ready, [FENCE, () => '37223939393900']]);
    expect(await connection.print({ document, cut: false, processId: 'P001' })).toEqual({
      kind: 'unknown',
      fault: { code: 'printer.no-proof', action: 'reset' },
    });
  });

  it('is not hurt by XON and XOFF inside of the echo', async () => {
    const noisyEcho = { afterMs: 150, say: (match: string) => `13371122${match.slice(-8)}1300` };
    const { connection } = await connected([...ready, [FENCE, noisyEcho]]);
    expect(await connection.print({ document, cut: false, processId: 'P001' })).toMatchObject({
      grade: 'E2',
    });
  });

  it('falls back to GS r (E1) when it never echoes, and remembers when it has not twice', async () => {
    const { printer, connection } = await connected([...ready, ['1d7201', '00']]);
    const job = { document, cut: false } as const;
    const weakly = { kind: 'printed', grade: 'E1', cut: false };
    expect(await connection.print({ ...job, processId: 'P001' })).toEqual(weakly);
    expect(await connection.print({ ...job, processId: 'P002' })).toEqual(weakly);
    const before = printer.received().length;
    expect(await connection.print({ ...job, processId: 'P003' })).toEqual(weakly);
    expect(printer.received().slice(before)).not.toContain('1d2848');
  });

  it('has not proven anything when a fault follows the GS r answer', async () => {
    const { connection } = await connected([...ready, ['1d7201', '001c000f0f']]);
    expect(await connection.print({ document, cut: false, processId: 'P001' })).toEqual({
      kind: 'unknown',
      fault: { code: 'printer.paper-out', action: 'clear' },
    });
  });

  it('believes a printer that says 37 33: not printed, paper out', async () => {
    const { connection } = await connected([...ready, [FENCE, (match) => `3733${match.slice(-8)}00`]]);
    expect(await connection.print({ document, cut: false, processId: 'P001' })).toEqual({
      kind: 'unknown',
      fault: { code: 'printer.paper-out', action: 'clear' },
    });
  });

  it('refuses before a dot is sent when the paper is out', async () => {
    const { printer, connection } = await connected([
      ['100401', '1e'],
      ['100402', '32'],
      ['100403', '12'],
      ['100404', '7e'],
    ]);
    expect(connection.status()).toMatchObject({ device: 'userError', paper: 'out' });
    expect(await connection.print({ document, cut: false, processId: 'P001' })).toEqual({
      kind: 'notPrinted',
      fault: { code: 'printer.paper-out', action: 'clear' },
    });
    expect(printer.received()).not.toContain('1d7630');
  });

  it('ends a job at once when the cover opens, and empties the printer at once', async () => {
    const { printer, connection } = await connected([...ready, ['1d763000', '3c00000f']]);
    const begun = performance.now();
    expect(await connection.print({ document, cut: false, processId: 'P001' })).toEqual({
      kind: 'unknown',
      fault: { code: 'printer.cover-open', action: 'clear' },
    });
    expect(performance.now() - begun).toBeLessThan(700);
    const sent = printer.received();
    expect(sent.slice(sent.indexOf('1d763000'))).toContain(`${CLEAR}100502`);
    expect(connection.status()).toMatchObject({ device: 'userError', cover: 'open' });
  });

  it('leaves unknown what was under way when the cable went', async () => {
    const { printer, connection } = await connected([...ready, [FENCE, '']]);
    const outcome = connection.print({ document, cut: false, processId: 'P001' });
    await expect.poll(() => printer.received()).toContain('1d2848');
    printer.unplug();
    expect(await outcome).toMatchObject({ kind: 'unknown', fault: { code: 'link.lost' } });
    expect(await connection.ended).toMatchObject({ kind: 'lost' });
    expect(connection.status().device).toBe('offline');
    expect(await connection.print({ document, cut: false, processId: 'P002' })).toMatchObject({
      kind: 'notPrinted',
    });
  });

  it('refuses a symbol that is wider than its paper instead of printing a slip without it', async () => {
    const { printer, connection } = await connected(ready);
    const symbol = { size: 97, modules: new Uint8Array(97 * 97) };
    const wide: PrintDocument = { part: 'test-page', elements: [{ type: 'qr', symbol, moduleDots: 6 }] };
    expect(await connection.print({ document: wide, cut: false, processId: 'P001' })).toEqual({
      kind: 'notPrinted',
      fault: { code: 'printer.paper-too-narrow', action: 'configuration' },
    });
    expect(printer.received()).not.toContain('1d7630');
  });

  it('gives up at once when nobody wants it any more', async () => {
    const printer = await scriptedPrinter([]);
    cleanups.push(() => printer.stop());
    const transport = tcpTransport({ host: '127.0.0.1', port: printer.port, clock: systemClock });
    const driver = createReceiptPrinterDriver({ transport, clock: systemClock, profile, line });
    const abort = new AbortController();
    const connecting = driver.connect(abort.signal);
    await expect.poll(() => printer.received()).toBe('100401');
    abort.abort();
    expect((await connecting).ok).toBe(false);
    expect(printer.received()).toBe('100401');
  });

  it('is nobody when no question is answered', async () => {
    const printer = await scriptedPrinter([]);
    cleanups.push(() => printer.stop());
    const transport = tcpTransport({ host: '127.0.0.1', port: printer.port, clock: systemClock });
    const driver = createReceiptPrinterDriver({ transport, clock: systemClock, profile, line });
    expect(await driver.connect(new AbortController().signal)).toEqual({
      ok: false,
      error: { code: 'printer.no-answer', action: 'maintenance' },
    });
    // One question at a time: no second one was sent while the first might still be answered.
    expect(printer.received()).toMatch(/^(100401){1,2}$/);
  });

  it('ends by itself when it falls silent', async () => {
    let answering = true;
    const whileAnswering = (answer: string) => () => (answering ? answer : '');
    const { connection } = await connected(
      ready.map(([asked, answer]) => [asked, whileAnswering(answer)] as const),
    );
    answering = false;
    expect(await connection.ended).toEqual({
      kind: 'lost',
      fault: { code: 'printer.no-answer', action: 'maintenance' },
    });
  });

  it('finishes a raster that was cut off in an earlier life before it believes that the buffer is empty', async () => {
    let nuls = false;
    const { printer, connection } = await connected([
      ...ready.filter(([asked]) => asked !== '1d610e'),
      ['(?:00){4096}', () => ((nuls = true), '')],
      ['1d610e', () => (nuls ? '1400000f' : '')],
    ]);
    expect(connection.status().device).toBe('online');
    expect(printer.received().match(/1b401d610e/g)).toHaveLength(2);
  });
});
