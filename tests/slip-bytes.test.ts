import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { stripBytes } from '../drivers/receipt-printer/commands/commands.ts';
import { createComposer, stripDots } from '../drivers/receipt-printer/composer/compose-document.ts';
import type { PaperStrip } from '../drivers/receipt-printer/composer/compose-document.ts';
import { loadPaperFonts } from '../drivers/receipt-printer/composer/paper-fonts.ts';
import type { ChineseRom } from '../drivers/receipt-printer/composer/rom-characters.ts';
import { bandBytes } from '../drivers/receipt-printer/protocol/printer-line.ts';
import { bodyDocument, footerDocument } from '../src/slip/slip-document.ts';
import type { SlipBody } from '../src/slip/slip-document.ts';
import { serialLine } from './fixtures/scripted-printer.ts';
import { hex, startSimulator, until } from './fixtures/simulator-program.ts';
import type { SimulatorProgram } from './fixtures/simulator-program.ts';

const LINE = serialLine(115_200);
const TOKEN = 'OC1ABCDEFGHJKMNPQRSTVWXYZ234567ABCD';
const loaded = loadPaperFonts();
if (!loaded.ok) throw new Error(loaded.error.code);
const fonts = loaded.value;

/** The whole slip, body and footer. */
function slip(
  person: Pick<SlipBody, 'maskedName' | 'kind'>,
  widthDots: number,
  nativeText?: ChineseRom,
): readonly PaperStrip[] {
  const body = bodyDocument({
    ...person,
    token: TOKEN,
    shortCode: 'ABCD2345WXYZ',
    validUntil: '2027-05-20',
    issuedOn: '2026-11-22',
  });
  if (!body.ok) throw new Error(body.error);
  const composer = createComposer(fonts, { widthDots, bandBytes: bandBytes(LINE), nativeText });
  return [body.value, footerDocument()].flatMap((document) => Array.from(composer.compose(document)));
}

const bytesOf = (strips: readonly PaperStrip[]) => Buffer.concat(strips.map(stripBytes));

const people = [
  { maskedName: '*小明', kind: 'apply' },
  { maskedName: '*𬱖', kind: 'apply' },
  // Of GBK, not of GB 2312.
  { maskedName: '*喆', kind: 'apply' },
  { maskedName: '买买提·吐尔逊·*', kind: 'reissue' },
] as const;
const widths = [576, 384] as const;
const cases = widths.flatMap((widthDots) => people.map((person) => ({ ...person, widthDots })));

describe("the bytes of a slip in the printer's own font", () => {
  it.each(cases)(
    'are at most a tenth of those of its plain picture, for $maskedName, $kind, $widthDots dots wide',
    ({ widthDots, ...person }) => {
      const drawn = slip(person, widthDots);
      // Every row in full width, the whole height of the drawn slip, as one GS v 0.
      const rows = drawn.reduce((sum, strip) => sum + stripDots(strip), 0);
      const picture = 8 + rows * (widthDots / 8);
      for (const rom of ['gb18030', 'gb2312'] as const) {
        const native = bytesOf(slip(person, widthDots, rom)).length;
        const share = `${((100 * native) / picture).toFixed(1)} %`;
        process.stdout.write(
          `slip of ${widthDots} dots, ${person.kind}, ${rom}: ${native} bytes, drawn ${bytesOf(drawn).length}, ` +
            `plain picture ${picture}: ${share}\n`,
        );
        expect(native).toBeLessThanOrEqual(picture / 10);
      }
    },
  );

  it('come in pieces that a burst of the line can carry', () => {
    const longest = Math.max(...slip(people[0], 576, 'gb18030').map((strip) => stripBytes(strip).length));
    expect(longest).toBeLessThanOrEqual(bandBytes(LINE) + 8);
  });
});

describe('the picture of such a slip', () => {
  let printer: SimulatorProgram | undefined;

  afterEach(async () => {
    await printer?.stop();
    printer = undefined;
  });

  async function printed(strips: readonly PaperStrip[], widthDots: number): Promise<string> {
    printer = await startSimulator('receipt-printer', 'tcp', [
      '--width-dots',
      String(widthDots),
      '--speed-mm',
      '1000',
    ]);
    const computer = await printer.open();
    computer.send(Buffer.concat([hex('1b 40'), bytesOf(strips), hex('1d 56 42 00')]));
    const tray = async () => (await (await printer?.get('/slips'))?.json()) as unknown[];
    expect(await until(async () => (await tray()).length === 1, 20_000)).toBe(true);
    const file = join(printer.folder, 'slip.png');
    writeFileSync(file, Buffer.from(await (await printer.get('/slips/1.png')).arrayBuffer()));
    await computer.close();
    return file;
  }

  const read = (program: string, ...args: string[]) =>
    execFileSync(program, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, OMP_THREAD_LIMIT: '1' },
    });

  it.each(cases)(
    'has both symbols, for $maskedName, $kind, $widthDots dots wide',
    async ({ widthDots, ...person }) => {
      const file = await printed(slip(person, widthDots, 'gb18030'), widthDots);
      expect(read('zbarimg', '--quiet', '--raw', file).trim().split('\n')).toEqual([TOKEN, TOKEN]);
    },
    30_000,
  );

  const found = spawnSync('tesseract', ['--list-langs'], { encoding: 'utf8' });
  const hasReader = found.error === undefined && found.stdout.includes('chi_sim');
  if (!hasReader) {
    process.stdout.write(
      'reading of the printed text not run: no tesseract-ocr with tesseract-ocr-chi-sim\n',
    );
  }

  it.skipIf(!hasReader)(
    'can be read: an independent reader finds its lines',
    async () => {
      const file = await printed(slip(people[0], 576, 'gb18030'), 576);
      const text = read('tesseract', file, '-', '-l', 'chi_sim', '--psm', '6').replaceAll(' ', '');
      for (const line of [
        '随申码离线码',
        '能用到',
        '2027年5月20日',
        '报这个号',
        '从这里对折',
        '请同时出示身份证',
        '请工作人员用',
        '2026年11月22日',
        '12345',
        '字样无效',
        '已启用',
      ]) {
        expect(text).toContain(line);
      }
    },
    60_000,
  );
});
