import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import QRCode from 'qrcode';
import { afterEach, describe, expect, it } from 'vitest';
import { printedCharacters } from '../drivers/simulators/receipt-printer/character-rom.ts';
import { Interpreter, type TextMake } from '../drivers/simulators/receipt-printer/interpreter.ts';
import {
  type ComputerSide,
  hex,
  type LineKind,
  type SimulatorProgram,
  startSimulator,
  until,
} from './fixtures/simulator-program.ts';

let printer: SimulatorProgram;
let computer: ComputerSide;

async function start(line: LineKind, flags: readonly string[] = []): Promise<void> {
  printer = await startSimulator('receipt-printer', line, ['--speed-mm', '400', ...flags]);
  computer = await printer.open();
}

const picture = async (path: string) => Buffer.from(await (await printer.get(path)).arrayBuffer());
const slipsComeTo = (count: number) =>
  until(async () => ((await (await printer.get('/slips')).json()) as unknown[]).length === count);
const CUT = '1d 56 42 00';

describe('what comes out of the simulated printer', () => {
  afterEach(async () => {
    await computer.close();
    await printer.stop();
  });

  const QR_TEXT = 'OC1EXAMPLEEXAMPLEEXAMPLE7';

  /** Decodes a picture with zbar, a program that knows nothing of this project. */
  function decode(file: string): string {
    return execFileSync('zbarimg', ['--quiet', '--raw', file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  }

  it("is what another generator's raster stream says: zbar reads its QR code", async () => {
    await start('pty', ['--baud', '460800', '--cutter-mm', '15']);
    computer.send(await streamOfEscpos(QR_TEXT));
    expect(await slipsComeTo(1)).toBe(true);
    const file = join(printer.folder, 'slip.png');
    writeFileSync(file, await picture('/slips/1.png'));
    expect(decode(file)).toBe(QR_TEXT);
  });

  it('is written to --out under its name, also when the image came in bands of doubled dots', async () => {
    const out = mkdtempSync(join(tmpdir(), 'slips-'));
    await start('tcp', ['--out', out]);
    computer.send(Buffer.concat([hex('1b 40 1b 61 01'), ...bandsOfQr(QR_TEXT, 2, 24), hex(CUT)]));
    expect(await slipsComeTo(1)).toBe(true);
    expect(decode(join(out, 'slip-0001.png'))).toBe(QR_TEXT);
    rmSync(out, { recursive: true });
  });

  it("is text in the printer's own font, each dot of it enlarged to a block, lines as far apart as was said", async () => {
    await start('tcp', ['--cutter-mm', '0']);
    computer.send(hex(`1b 40 1d 21 11 1b 33 64 b9 fa 0a b9 fa 0a ${CUT}`));
    expect(await slipsComeTo(1)).toBe(true);
    const { width, data } = PNG.sync.read(await picture('/slips/1.png'));
    // Left of the head's first dot.
    const margin = 32;
    const black = (x: number, y: number) => data[(y * width + margin + x) * 4] === 0;
    const inkOf = (top: number) =>
      Array.from({ length: 100 * 60 }, (_, at) => [at % 60, top + Math.floor(at / 60)] as const).filter(
        ([x, y]) => black(x, y),
      );
    const [first, second] = [inkOf(0), inkOf(100)];
    expect(first.length).toBeGreaterThan(300);
    expect(second).toEqual(first.map(([x, y]) => [x, y + 100]));
    for (const [x, y] of first) {
      expect(x).toBeLessThan(48);
      expect(y).toBeLessThan(48);
      expect(black(x ^ 1, y ^ 1)).toBe(true);
    }
  });
});

describe('text of a simulated printer', () => {
  const habits: TextMake = { chineseRom: 'gb18030', scalesChineseBy: 'both', largestScale: 8 };
  const command = (name: string, ...args: number[]) => ({
    name,
    length: 2 + args.length,
    args: Uint8Array.from(args),
  });
  const hanzi = command('text', 0xb9, 0xfa);
  const letter = command('text', 0x48);

  /** Prints the line; gives its height, and which dots across have ink. */
  function printed(make: Partial<TextMake>, ...commands: ReturnType<typeof command>[]) {
    const interpreter = new Interpreter(576, { ...habits, ...make });
    const effects = [...commands, command('feed-dots', 0)].flatMap((each) => interpreter.run(each));
    const rows = effects.flatMap((effect) => (effect.kind === 'rows' ? effect.rows : []));
    const inked = Array.from({ length: 576 }, (_, x) => x).filter((x) =>
      rows.some((row) => ((row[x >> 3] ?? 0) & (0x80 >> (x & 7))) !== 0),
    );
    return { height: rows.length, first: inked[0] ?? 0, last: inked.at(-1) ?? 0, inked };
  }

  it.each([
    ['both', [3, 2, 2]],
    ['gs', [3, 3, 3]],
    ['fs', [1, 2, 2]],
  ] as const)(
    'obeys %s of GS ! and FS ! for Chinese characters: %j times after each',
    (scalesChineseBy, scales) => {
      const make = { scalesChineseBy };
      const commands = [
        command('size', 0x22),
        command('chinese-mode', 0x0c),
        command('chinese-quadruple', 1),
      ];
      const heights = commands.map(
        (_, count) => printed(make, ...commands.slice(0, count + 1), hanzi).height,
      );
      expect(heights).toEqual(scales.map((scale) => scale * 24));
      // Letters are none of the business of FS.
      expect(printed(make, ...commands, letter).height).toBe(72);
    },
  );

  it('does not obey a factor larger than it knows', () => {
    const make = { largestScale: 2 };
    expect(printed(make, command('size', 0x11), command('size', 0x22), hanzi, letter).height).toBe(48);
  });

  it('puts white around characters, enlarged with them', () => {
    const plain = printed({}, hanzi);
    const spaced = printed({}, command('chinese-spacing', 10, 4), hanzi);
    expect(spaced.first - plain.first).toBe(10);
    const doubled = printed({}, command('size', 0x11), hanzi);
    const both = printed({}, command('chinese-spacing', 10, 4), command('size', 0x11), hanzi, hanzi);
    expect(both.first - doubled.first).toBe(20);
    expect(both.last - doubled.last).toBe(48 + 2 * 20 + 8);
    const letters = printed({}, command('character-spacing', 6), letter, letter);
    expect(letters.last - printed({}, letter).last).toBe(12 + 6);
  });

  it('forgets sizes and spacings at ESC @', () => {
    const modes = [command('size', 0x33), command('chinese-mode', 0x8c), command('chinese-spacing', 9, 9)];
    expect(printed({}, ...modes, command('initialize'), hanzi)).toEqual(printed({}, hanzi));
  });

  it('comes out as letters where there is no Chinese memory, and as nothing where the memory has a hole', () => {
    expect(new Interpreter(576, { ...habits, chineseRom: 'none' }).twoByteText).toBe(false);
    // 喆 is of GBK alone: a memory of GB 2312 takes its two bytes for two letters.
    const twoLetters = printed({ chineseRom: 'none' }, command('text', 0x86, 0xb4));
    expect(printed({ chineseRom: 'gb2312' }, command('text', 0x86, 0xb4))).toEqual(twoLetters);
    expect(printed({}, command('text', 0x86, 0xb4)).inked).not.toEqual(twoLetters.inked);
    expect(printed({ chineseRom: 'gb2312' }, hanzi)).toEqual(printed({}, hanzi));
    expect(printed({ chineseRom: 'gb2312' }, command('text', 0xaa, 0xa1)).inked).toEqual([]);
    expect(printed({}, command('text', 0xaa, 0xa1)).inked).toEqual([]);
    expect(printed({ chineseRom: 'gb2312' }, command('text', 0xd7, 0xfa)).inked).toEqual([]);
  });

  it('of GB 2312 has the 6763 hanzi and 682 signs of the standard', () => {
    const taken = { hanzi: 0, signs: 0 };
    for (let lead = 0xa1; lead <= 0xf7; lead += 1) {
      for (let trail = 0xa1; trail <= 0xfe; trail += 1) {
        const [character] = printedCharacters(Uint8Array.of(lead, trail), 'gb2312');
        if (character?.text !== '\u3000' || (lead === 0xa1 && trail === 0xa1)) {
          taken[lead < 0xb0 ? 'signs' : 'hanzi'] += 1;
        }
      }
    }
    expect(taken).toEqual({ hanzi: 6763, signs: 682 });
  });
});

/** A QR code as GS v 0 bands of `bandRows` rows with m = 3 (dots doubled by the printer). */
function bandsOfQr(content: string, dots: number, bandRows: number): Buffer[] {
  const { modules } = QRCode.create(content, { version: 8, errorCorrectionLevel: 'H' });
  const side = modules.size * dots;
  const bytes = Math.ceil(side / 8);
  const bands: Buffer[] = [];
  for (let top = 0; top < side; top += bandRows) {
    const rows = Math.min(bandRows, side - top);
    const band = Buffer.alloc(bytes * rows);
    for (let y = 0; y < rows; y += 1) {
      for (let x = 0; x < side; x += 1) {
        const dark = modules.get(Math.floor((top + y) / dots), Math.floor(x / dots));
        const at = y * bytes + (x >> 3);
        if (dark) band[at] = (band[at] ?? 0) | (0x80 >> (x & 7));
      }
    }
    bands.push(Buffer.from([0x1d, 0x76, 0x30, 3, bytes, 0, rows, 0]), band);
  }
  return bands;
}

/** Text and a QR picture as the `escpos` package puts them on the wire. */
async function streamOfEscpos(content: string): Promise<Buffer> {
  const require = createRequire(import.meta.url);
  // The package has no types; this is the part of it that is used here.
  const escpos = require('escpos') as {
    Image: new (pixels: { data: Uint8Array; shape: [number, number, number] }) => unknown;
    Printer: new (
      adapter: object,
      options: object,
    ) => {
      align(where: string): unknown;
      text(content: string): unknown;
      raster(image: unknown): unknown;
      feed(lines: number): unknown;
      cut(): unknown;
      flush(callback: () => void): unknown;
    };
  };
  const { width, height, data } = PNG.sync.read(
    await QRCode.toBuffer(content, { version: 8, errorCorrectionLevel: 'H', scale: 6, margin: 4 }),
  );
  const pieces: Buffer[] = [];
  const adapter = {
    open: (done: () => void) => done(),
    write: (bytes: Buffer, done?: () => void) => {
      pieces.push(Buffer.from(bytes));
      done?.();
    },
    close: () => undefined,
  };
  const generator = new escpos.Printer(adapter, { encoding: 'GB18030' });
  generator.align('ct');
  generator.text('随申码离线码 OFFLINE');
  generator.raster(new escpos.Image({ data, shape: [width, height, 4] }));
  generator.feed(5);
  generator.cut();
  await new Promise<void>((resolve) => generator.flush(resolve));
  return Buffer.concat(pieces);
}
