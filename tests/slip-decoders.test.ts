import { beforeAll, describe, expect, it } from 'vitest';
import { createReceiptPrinterDriver } from '../drivers/receipt-printer/receipt-printer.ts';
import { tcpTransport } from '../drivers/transport/tcp-transport.ts';
import type { ReceiptPrinterConnection } from '../src/devices/contract.ts';
import { systemClock } from '../src/platform/clock.ts';
import { bodyDocument, footerDocument } from '../src/slip/slip-document.ts';
import type { SlipBody } from '../src/slip/slip-document.ts';
import { fastLine, givenProfile } from './fixtures/scripted-printer.ts';
import { startSimulator } from './fixtures/simulator-program.ts';
import type { SimulatorProgram } from './fixtures/simulator-program.ts';
import {
  distanceWithin,
  inkBands,
  readByJsqr,
  readByZbar,
  readByZxing,
  readText,
  slipPicture,
  wholeOf,
} from './fixtures/slip-picture.ts';
import type { SlipPicture } from './fixtures/slip-picture.ts';

const TOKEN = 'OC1ABCDEFGHJKMNPQRSTVWXYZ234567ABCD';

/** Invented people; one whose name no printer has in its memory. */
const SLIPS = {
  ordinary: { maskedName: '*小明', kind: 'apply' },
  'rare name': { maskedName: '*𬱖', kind: 'apply' },
  reissue: { maskedName: '买买提·吐尔逊·*', kind: 'reissue' },
} as const satisfies Record<string, Pick<SlipBody, 'maskedName' | 'kind'>>;
type SlipName = keyof typeof SLIPS;

const PAPERS = [
  { name: '80 mm', profile: 'generic-80mm', widthDots: 576 },
  { name: '58 mm', profile: 'generic-58mm', widthDots: 384 },
] as const;

function documentsOf(name: SlipName) {
  const body = bodyDocument({
    ...SLIPS[name],
    token: TOKEN,
    shortCode: 'ABCD2345WXYZ',
    validUntil: '2027-05-20',
    issuedOn: '2026-11-22',
  });
  if (!body.ok) throw new Error(body.error);
  return { body: body.value, footer: footerDocument() };
}

interface PrintedSlip {
  readonly picture: SlipPicture;
  /** What the printer took in for it. */
  readonly bytes: number;
}

/** Prints the slips by the real driver over the wire, in their order. */
async function printed(
  paper: (typeof PAPERS)[number],
  nativeText: boolean,
  names: readonly SlipName[],
): Promise<readonly PrintedSlip[]> {
  const printer = await startSimulator('receipt-printer', 'tcp', [
    '--width-dots',
    String(paper.widthDots),
    '--speed-mm',
    '1000',
    '--buffer',
    '65536',
  ]);
  try {
    const connection = await connect(printer, paper.profile, nativeText);
    for (const [index, name] of names.entries()) {
      const { body, footer } = documentsOf(name);
      const first = await connection.print({ document: body, cut: false, processId: `B00${index}` });
      const second = await connection.print({ document: footer, cut: true, processId: `F00${index}` });
      expect([first.kind, second.kind]).toEqual(['printed', 'printed']);
    }
    await connection.close();
    const tray = (await (await printer.get('/slips')).json()) as readonly {
      id: number;
      bytes: number;
      cut: boolean;
    }[];
    expect(tray.map(({ cut }) => cut)).toEqual(names.map(() => true));
    return await Promise.all(
      tray.map(async ({ id, bytes }) => ({ picture: await pictureOf(printer, id), bytes })),
    );
  } finally {
    await printer.stop();
  }
}

async function connect(
  printer: SimulatorProgram,
  profileName: string,
  nativeText: boolean,
): Promise<ReceiptPrinterConnection> {
  const profile = givenProfile(profileName, { chineseRom: 'gb18030', speedMmPerSecond: 500 });
  const transport = tcpTransport({ host: '127.0.0.1', port: Number(printer.device), clock: systemClock });
  const driver = createReceiptPrinterDriver({
    transport,
    clock: systemClock,
    profile,
    line: fastLine,
    nativeText,
  });
  const connected = await driver.connect(new AbortController().signal);
  if (!connected.ok) throw new Error(connected.error.code);
  return connected.value;
}

async function pictureOf(printer: SimulatorProgram, slip: number): Promise<SlipPicture> {
  return slipPicture(Buffer.from(await (await printer.get(`/slips/${slip}.png`)).arrayBuffer()));
}

const NAMES = Object.keys(SLIPS) as SlipName[];
const CASES = PAPERS.flatMap((paper) =>
  [false, true].map((nativeText) => ({
    paper,
    nativeText,
    how: nativeText ? "in the printer's own font" : 'drawn',
  })),
);

describe.each(CASES)(
  'slips of $paper.name, $how, read by decoders of other people',
  ({ paper, nativeText }) => {
    let slips: readonly PrintedSlip[] = [];

    beforeAll(async () => {
      slips = await printed(paper, nativeText, NAMES);
    }, 60_000);

    const pictureOfSlip = (name: SlipName): SlipPicture => {
      const slip = slips[NAMES.indexOf(name)];
      if (!slip) throw new Error('it was not printed');
      return slip.picture;
    };

    it('came over the wire as they were meant to', () => {
      const [ordinary] = slips;
      expect(slips).toHaveLength(NAMES.length);
      // Drawn lines of text alone are ten times as much as set ones.
      if (nativeText) expect(ordinary?.bytes).toBeLessThan(12_000);
      else expect(ordinary?.bytes).toBeGreaterThan(16_000);
    });

    it.each(NAMES)('%s: ZBar and ZXing read both symbols, and nothing else', async (name) => {
      const picture = pictureOfSlip(name);
      expect(readByZbar(picture)).toEqual([TOKEN, TOKEN]);
      expect(await readByZxing(picture)).toEqual([TOKEN, TOKEN]);
    });

    it.each(NAMES)('%s: jsQR reads each half of the folded slip', (name) => {
      const picture = pictureOfSlip(name);
      const middle = Math.round(picture.height / 2);
      expect(readByJsqr(picture, { ...wholeOf(picture), bottom: middle })).toBe(TOKEN);
      expect(readByJsqr(picture, { ...wholeOf(picture), top: middle - 200 })).toBe(TOKEN);
    });

    it('says in legible Chinese what it is, until when, and that only 已启用 counts', () => {
      const picture = pictureOfSlip('ordinary');
      // At the size it has: enlarged steps are read no better.
      const text = readText(picture, wholeOf(picture), { language: 'chi_sim', layout: 6 });
      for (const [wanted, mostWrong] of [
        ['随申码离线码', 1],
        ['能用到', 0],
        ['2027年5月20日', 1],
        ['请同时出示身份证', 1],
        // The inverted commas look like many things.
        ['没有“已启用”字样无效', 3],
      ] as const) {
        expect(distanceWithin(text, wanted), wanted).toBeLessThanOrEqual(mostWrong);
      }
    }, 30_000);

    it('ends in a large 已启用', () => {
      const picture = pictureOfSlip('ordinary');
      const mark = inkBands(picture, 12).at(-1) ?? { ...wholeOf(picture), dots: 0 };
      // 34 pt with a frame around, which no reader of text expects.
      expect(mark.bottom - mark.top).toBeGreaterThan(90);
      const inside = {
        left: mark.left + 12,
        right: mark.right - 12,
        top: mark.top + 12,
        bottom: mark.bottom - 12,
      };
      const text = readText(picture, inside, { language: 'chi_sim', layout: 7 });
      // Doubled dots make 启 look like 局 to a reader that sees one word and no sentence around it.
      expect(distanceWithin(text, '已启用'), text).toBeLessThanOrEqual(nativeText ? 1 : 0);
    });
  },
);

describe('a blank picture', () => {
  it('is read by nobody', async () => {
    const blank: SlipPicture = { width: 640, height: 1700, black: () => false };
    expect(readByZbar(blank)).toEqual([]);
    expect(await readByZxing(blank)).toEqual([]);
    expect(readByJsqr(blank, { ...wholeOf(blank), bottom: 800 })).toBeUndefined();
    expect(readText(blank, wholeOf(blank), { language: 'chi_sim', layout: 6 }).trim()).toBe('');
    expect(inkBands(blank)).toEqual([]);
  });
});
