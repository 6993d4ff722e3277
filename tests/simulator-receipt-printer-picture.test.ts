import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import QRCode from 'qrcode';
import { afterEach, describe, expect, it } from 'vitest';
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

afterEach(async () => {
  await computer.close();
  await printer.stop();
});

describe('what comes out of the simulated printer', () => {
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
