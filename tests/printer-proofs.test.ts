import { afterEach, describe, expect, it } from 'vitest';
import { impossiblyFast } from '../drivers/receipt-printer/printing/completion-proof.ts';
import type { ProbedPrinterConnection } from '../drivers/receipt-printer/printer-connection.ts';
import { createReceiptPrinterDriver } from '../drivers/receipt-printer/receipt-printer.ts';
import { starStripPieces } from '../drivers/receipt-printer/commands/star-line-commands.ts';
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

const text = { type: 'text', text: '测试', sizePt: 20, weight: 'bold', align: 'left' } as const;
const document = { part: 'test-page', elements: [text] } as const;
/** So much paper that no machine is slow enough to make an echo at once look honest. */
const longDocument = { part: 'test-page', elements: [text, { type: 'space', heightMm: 150 }] } as const;

const FENCE = '1d284806003030(?:..){4}';
const echoAtOnce = (match: string) => `3722${match.slice(-8)}00`;
const echo = { afterMs: 150, say: echoAtOnce };

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function connected(
  id: string,
  rules: readonly (readonly [string, ScriptedAnswer])[],
  changes: Parameters<typeof givenProfile>[1] = {},
): Promise<{ printer: ScriptedPrinter; connection: ProbedPrinterConnection }> {
  const printer = await scriptedPrinter(rules);
  cleanups.push(() => printer.stop());
  const driver = createReceiptPrinterDriver({
    transport: tcpTransport({ host: '127.0.0.1', port: printer.port, clock: systemClock }),
    clock: systemClock,
    profile: givenProfile(id, { speedMmPerSecond: 250, ...changes }),
    line: fastLine,
  });
  const result = await driver.connect(new AbortController().signal);
  if (!result.ok) throw new Error(result.error.code);
  cleanups.push(() => result.value.close());
  return { printer, connection: result.value };
}

describe('the grade of a print', () => {
  it('is E0 when nothing proves it: the time that the paper needs, and no complaint', async () => {
    const { printer, connection } = await connected('generic-80mm', ready, { fence: 'none' });
    expect(await connection.print({ document, cut: false, processId: 'P001' })).toEqual({
      kind: 'printed',
      grade: 'E0',
      cut: false,
    });
    expect(printer.received()).not.toMatch(/1d2848|1d7201/);
  });

  it('is E1, never E2, when the echo comes sooner than paper can move', async () => {
    const { connection } = await connected('generic-80mm', [
      ...ready,
      [FENCE, echoAtOnce],
      ['1d7201', { afterMs: 50, say: () => '00' }],
    ]);
    for (const processId of ['P001', 'P002']) {
      expect(await connection.print({ document: longDocument, cut: true, processId })).toMatchObject({
        kind: 'printed',
        grade: 'E1',
      });
    }
  });

  it('is known to be weak only when a second echo in a row did not come: one may have been lost', async () => {
    const answers: readonly (readonly [string, ScriptedAnswer])[] = [
      ['1d7201', { afterMs: 50, say: () => '00' }],
    ];
    const job = { document, cut: false };
    let lost = true;
    const echoLater = { afterMs: 150, say: (match: string) => (lost ? '' : echoAtOnce(match)) };
    const once = await connected('generic-80mm', [...ready, [FENCE, echoLater], ...answers]);
    expect(await once.connection.print({ ...job, processId: 'P001' })).toMatchObject({ grade: 'E1' });
    expect(once.connection.status().evidence).toBeUndefined();
    lost = false;
    expect(await once.connection.print({ ...job, processId: 'P002' })).toMatchObject({ grade: 'E2' });
    expect(once.connection.status().evidence).toBe('E2');

    const never = await connected('generic-80mm', [...ready, [FENCE, ''], ...answers]);
    for (const processId of ['P001', 'P002'])
      expect(await never.connection.print({ ...job, processId })).toMatchObject({ grade: 'E1' });
    expect(never.connection.status().evidence).toBe('E1');
  });

  it('is none at all when an echo is all there is, and it comes too soon', async () => {
    const { connection } = await connected('generic-80mm', [...ready, [FENCE, echoAtOnce]]);
    expect(await connection.print({ document: longDocument, cut: false, processId: 'P001' })).toEqual({
      kind: 'unknown',
      fault: { code: 'printer.no-proof', action: 'reset' },
    });
  });

  it('is E2 for an honest echo, which a profile may promise', async () => {
    const { printer, connection } = await connected('epson-eu', [...ready, [FENCE, echo]]);
    expect(await connection.print({ document, cut: true, processId: 'P001' })).toEqual({
      kind: 'printed',
      grade: 'E2',
      cut: true,
    });
    expect(printer.received()).toContain('1d564200');
    expect(printer.received()).not.toContain('1d7201');
  });

  it('knows that no head is faster than 500 mm/s', () => {
    expect([impossiblyFast(50, 99), impossiblyFast(50, 101), impossiblyFast(0, 0)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

/** Star: a status of nine bytes with this counter. */
const counted = (count: number, executed = true) =>
  `2306${executed ? '02' : '00'}00000000${(count << 1).toString(16).padStart(2, '0')}00`;

describe('a Star on literal bytes', () => {
  const star = (more: readonly (readonly [string, ScriptedAnswer])[]) =>
    connected('star-tup900', more, { sensors: { nearEnd: true, cover: true, exit: false } });

  it('is initialised, emptied, and proves by its counter', async () => {
    let count = 0;
    const { printer, connection } = await star([
      ['1b0601', counted(0, false)],
      ['1b1e4500', () => ((count = 0), '')],
      ['17', { afterMs: 30, say: () => counted(++count) }],
    ]);
    expect(printer.received()).toBe('1b0601181b401b1e61011b1e45001b16310017');
    expect(await connection.print({ document, cut: true, processId: 'P001' })).toEqual({
      kind: 'printed',
      grade: 'E2',
      cut: true,
    });
    const job = printer.received().slice('1b0601181b401b1e61011b1e45001b16310017'.length);
    expect(job).toMatch(
      /^(1b0601)?1b401b1e61011b1e45001b1631001b2a72411b2a725030001b2a724531001b2a724631001b2a7259(3.)+0062/,
    );
    expect(job).toMatch(/1b2a7242171b640317(1b0601)?$/);
  });

  it('that counts wrongly has proven nothing', async () => {
    const { connection } = await star([
      ['1b0601', counted(0, false)],
      ['17', { afterMs: 30, say: () => counted(7) }],
    ]);
    expect(await connection.print({ document, cut: false, processId: 'P001' })).toMatchObject({
      kind: 'unknown',
      fault: { code: 'printer.no-proof' },
    });
  });

  it('that does not count is E1 at best', async () => {
    const { connection } = await star([
      ['1b0601', '0f020000000000'],
      ['17', { afterMs: 30, say: () => '0f020200000000' }],
    ]);
    expect(await connection.print({ document, cut: false, processId: 'P001' })).toMatchObject({
      kind: 'printed',
      grade: 'E1',
    });
  });

  it('that does not answer in real time is asked in its turn', async () => {
    let count = 0;
    const { connection } = await star([
      ['1b1e4500', () => ((count = 0), '')],
      ['17', { afterMs: 30, say: () => counted(++count) }],
    ]);
    expect(connection.status()).toMatchObject({ device: 'online', paper: 'full' });
    expect(await connection.print({ document, cut: false, processId: 'P001' })).toMatchObject({
      kind: 'printed',
      grade: 'E2',
    });
  }, 30_000);
});

describe('what is drawn in Star Line', () => {
  const bitmap = { widthBytes: 2, rows: 2, data: Uint8Array.of(0xa5, 0x0f, 0x80, 0x01) };
  const hexOf = (pieces: readonly Uint8Array[]) => pieces.map((piece) => Buffer.from(piece).toString('hex'));

  it('is one row after the other, doubled here where the printer cannot', () => {
    expect(hexOf(starStripPieces({ kind: 'raster', scale: 1, bitmap }, 1000))).toEqual([
      '620200a50f6202008001',
    ]);
    const wide = '620400cc3300ff';
    expect(hexOf(starStripPieces({ kind: 'raster', scale: 2, bitmap }, 1000))).toEqual([
      `${wide}${wide}620400c0000003620400c0000003`,
    ]);
  });

  it('is cut between rows where it gets longer than a piece may be', () => {
    expect(hexOf(starStripPieces({ kind: 'raster', scale: 2, bitmap }, 14))).toHaveLength(2);
    expect(hexOf(starStripPieces({ kind: 'raster', scale: 1, bitmap }, 1))).toHaveLength(2);
  });

  it('moves down in decimal digits', () => {
    expect(hexOf(starStripPieces({ kind: 'feed', dots: 120 }, 1000))).toEqual(['1b2a725931323000']);
    expect(starStripPieces({ kind: 'feed', dots: 0 }, 1000)).toEqual([]);
  });
});
