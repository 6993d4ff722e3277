import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import { PrinterTypes, ThermalPrinter } from 'node-thermal-printer';
import { PNG } from 'pngjs';
import QRCode from 'qrcode';
import receiptline from 'receiptline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publicGenerators } from './fixtures/public-generators.ts';
import type { PublicGenerator, ReceiptItem } from './fixtures/public-generators.ts';
import { startSimulator, until } from './fixtures/simulator-program.ts';
import type { SimulatorProgram } from './fixtures/simulator-program.ts';
import { distanceWithin, inkBands, readByZbar, readText, slipPicture } from './fixtures/slip-picture.ts';
import type { InkBox, SlipPicture } from './fixtures/slip-picture.ts';

const QR_TEXT = 'OC1EXAMPLEEXAMPLEEXAMPLE7';
/** Of 80 mm paper at 203 dpi; what the head does not reach is white on both sides. */
const HEAD_DOTS = 576;
const MARGIN_DOTS = 32;
/** Font A and the Chinese font, dots. */
const LETTER = { width: 12, height: 24 };
const HANZI_WIDTH = 24;

let printer: SimulatorProgram;

beforeEach(async () => {
  printer = await startSimulator('receipt-printer', 'tcp', ['--speed-mm', '1000']);
});

afterEach(async () => {
  await printer.stop();
});

/** Sends a stream as it is; the one slip that comes out, and nothing may stay behind on the paper. */
async function printed(bytes: Uint8Array): Promise<SlipPicture> {
  const computer = await printer.open();
  computer.send(bytes);
  const slips = async () => (await (await printer.get('/slips')).json()) as readonly { cut: boolean }[];
  const idle = async () => {
    const state = await printer.state();
    return state['printing'] === false && state['bufferedBytes'] === 0 && (await slips()).length > 0;
  };
  expect(await until(idle, 15_000)).toBe(true);
  expect(await slips()).toMatchObject([{ cut: true }]);
  expect(inkBands(await pictureAt('/paper.png'))).toEqual([]);
  await computer.close();
  return pictureAt('/slips/1.png');
}

async function pictureAt(address: string): Promise<SlipPicture> {
  return slipPicture(Buffer.from(await (await printer.get(address)).arrayBuffer()));
}

const symbol = () => QRCode.toBuffer(QR_TEXT, { version: 8, errorCorrectionLevel: 'H', scale: 4, margin: 4 });

type TextItem = Extract<ReceiptItem, { kind: 'text' }>;

/** Lines that begin and end with a letter as wide as its cell, so that the ink says where the cells were. */
function linesFor({ styles, chinese }: PublicGenerator): readonly TextItem[] {
  const styled: readonly TextItem[] = [
    { kind: 'text', text: 'H SAME TEXT H', bold: true },
    { kind: 'text', text: 'H UNDER H', underline: true },
  ];
  return [
    { kind: 'text', text: 'H NUMBER 12345 H', align: 'center' },
    { kind: 'text', text: 'H DOUBLE H', scale: 2 },
    { kind: 'text', text: 'H SAME TEXT H' },
    ...(styles ? styled : []),
    { kind: 'text', text: 'H RIGHT H', align: 'right' },
    // Two columns by blanks, over the whole width of 48 letters.
    { kind: 'text', text: `H COLUMNS${' '.repeat(33)}1.20 H` },
    ...(chinese ? [{ kind: 'text', text: '随申码离线码', scale: 2 } as const] : []),
    { kind: 'text', text: 'H LAST H' },
  ];
}

/** Where the cells of a line must be: what any printer with 12 × 24 letters makes of it. */
function cellsOf({ text, scale = 1, align = 'left' }: TextItem) {
  const width =
    Array.from(text).reduce((sum, letter) => sum + (letter > '\u{7f}' ? HANZI_WIDTH : LETTER.width), 0) *
    scale;
  const spare = HEAD_DOTS - width;
  const left = MARGIN_DOTS + { left: 0, center: Math.floor(spare / 2), right: spare }[align];
  return { left, right: left + width, height: LETTER.height * scale, letter: LETTER.width * scale };
}

/** The ink must fill its cells and stay inside; generators that centre with blanks are up to a letter off. */
function expectInCells(ink: InkBox | undefined, item: TextItem): void {
  const { left, right, height, letter } = cellsOf(item);
  const play = item.align === 'center' ? letter : 0;
  expect(ink, item.text).toBeDefined();
  if (!ink) return;
  expect(ink.left, `${item.text} begins`).toBeGreaterThanOrEqual(left - play);
  expect(ink.left, `${item.text} begins`).toBeLessThan(left + letter / 2 + play);
  expect(ink.right, `${item.text} ends`).toBeLessThanOrEqual(right + play);
  expect(ink.right, `${item.text} ends`).toBeGreaterThan(right - letter / 2 - play);
  expect(ink.bottom - ink.top, `${item.text} is as high`).toBeLessThanOrEqual(height);
  expect(ink.bottom - ink.top, `${item.text} is as high`).toBeGreaterThan(height / 2);
}

describe.each(Object.values(publicGenerators))('a receipt made by $name', (generator) => {
  it('has each line where it belongs, legible, and its symbol, and nothing besides', async () => {
    const lines = linesFor(generator);
    const [first, ...rest] = lines;
    if (!first) throw new Error('no lines');
    const picture = await printed(
      await generator.build([
        first,
        { kind: 'picture', png: await symbol() },
        ...rest,
        { kind: 'feed', lines: 4 },
      ]),
    );
    const bands = inkBands(picture);
    const [symbolBand, texts] = [bands[1], bands.filter((_, index) => index !== 1)];
    expect(texts).toHaveLength(lines.length);
    lines.forEach((line, index) => {
      expectInCells(texts[index], line);
    });
    // 49 modules of 4 dots, in the middle.
    expect([symbolBand?.right, symbolBand?.bottom].map(Number)).toEqual([
      (symbolBand?.left ?? 0) + 196,
      (symbolBand?.top ?? 0) + 196,
    ]);
    expect(Math.abs((symbolBand?.left ?? 0) + 98 - (MARGIN_DOTS + HEAD_DOTS / 2))).toBeLessThanOrEqual(8);
    expect(readByZbar(picture)).toEqual([QR_TEXT]);
    for (const [index, { text }] of lines.entries()) {
      const band = texts[index];
      if (!band) continue;
      const language = text > '\u{7f}' ? 'chi_sim' : 'eng';
      const read = readText(picture, band, { language, layout: 7, scale: 2 });
      const wanted = text.replaceAll(' ', '');
      expect(distanceWithin(read, wanted), `${wanted} was read as ${read}`).toBeLessThanOrEqual(
        wanted.length / 6,
      );
    }
  }, 60_000);
});

const styled = Object.values(publicGenerators).filter(({ styles }) => styles);

describe.each(styled)('styles said by $name', (generator) => {
  it('make bold lines blacker, and draw a line under underlined ones', async () => {
    const text = 'H SAME TEXT H';
    const picture = await printed(
      await generator.build([
        { kind: 'text', text },
        { kind: 'text', text, bold: true },
        { kind: 'text', text, underline: true },
        { kind: 'text', text },
        { kind: 'feed', lines: 4 },
      ]),
    );
    const [plain, bold, underlined, after] = inkBands(picture);
    expect(bold?.dots).toBeGreaterThan((plain?.dots ?? Infinity) * 1.15);
    expect(after?.dots).toBe(plain?.dots);
    const lowest = (underlined?.bottom ?? 0) - 1;
    const run = Array.from({ length: text.length * LETTER.width }, (_, x) =>
      picture.black(MARGIN_DOTS + x, lowest),
    );
    expect(run.every(Boolean)).toBe(true);
  }, 30_000);
});

describe("symbols in other generators' own ways", () => {
  it('are drawn when receiptline makes pictures of them', async () => {
    const document = `{code:${QR_TEXT};option:qrcode,4,h}\n\n\n`;
    for (const command of ['generic', 'escpos'] as const) {
      await printer.stop();
      printer = await startSimulator('receipt-printer', 'tcp', ['--speed-mm', '1000']);
      const stream = receiptline.transform(document, { cpl: 48, encoding: 'gb18030', command });
      expect(readByZbar(await printed(Buffer.from(stream, 'latin1'))), command).toEqual([QR_TEXT]);
    }
  }, 30_000);

  it('are drawn from columns of dots, 24 at a time', async () => {
    const { width, height, data } = PNG.sync.read(await symbol());
    const encoder = new ReceiptPrinterEncoder({
      language: 'esc-pos',
      columns: 48,
      imageMode: 'column',
      feedBeforeCut: 5,
    });
    // It wants multiples of 8, and takes pixels as a browser has them.
    const [side, rows] = [Math.ceil(width / 24) * 24, Math.ceil(height / 24) * 24];
    const pixels = new Uint8ClampedArray(side * rows * 4).fill(255);
    for (let y = 0; y < height; y += 1)
      pixels.set(data.subarray(y * width * 4, (y + 1) * width * 4), y * side * 4);
    encoder.initialize().image({ data: pixels, width: side, height: rows }, side, rows, 'threshold');
    expect(readByZbar(await printed(encoder.cut().encode()))).toEqual([QR_TEXT]);
  }, 30_000);

  it("leave nothing on paper when the printer's own command is meant, which this one skips by its length", async () => {
    const thermal = new ThermalPrinter({ type: PrinterTypes.EPSON, interface: 'tcp://127.0.0.1' });
    thermal.println('H BEFORE H');
    thermal.printQR(QR_TEXT, { cellSize: 4, correction: 'H', model: 2 });
    thermal.println('H AFTER H');
    thermal.cut({ verticalTabAmount: 2 });
    const picture = await printed(thermal.getBuffer());
    const bands = inkBands(picture);
    expect(bands).toHaveLength(2);
    expectInCells(bands[0], { kind: 'text', text: 'H BEFORE H' });
    expectInCells(bands[1], { kind: 'text', text: 'H AFTER H' });
    expect(readByZbar(picture)).toEqual([]);
  });
});
