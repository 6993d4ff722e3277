import { beforeAll, describe, expect, it } from 'vitest';
import type { SlipBody } from '../src/slip/slip-document.ts';
import { PAPERS, printSlips, SAMPLE_SLIP, type PrintedSlip } from './fixtures/printed-slips.ts';
import {
  distanceWithin,
  inkBands,
  readByJsqr,
  readByZbar,
  readByZxing,
  readText,
  wholeOf,
} from './fixtures/slip-picture.ts';
import type { SlipPicture } from './fixtures/slip-picture.ts';

const TOKEN = SAMPLE_SLIP.token;

/** Invented people; one whose name no printer has in its memory. */
const SLIPS = {
  ordinary: { maskedName: '*小明', kind: 'apply' },
  'rare name': { maskedName: '*𬱖', kind: 'apply' },
  reissue: { maskedName: '买买提·吐尔逊·*', kind: 'reissue' },
} as const satisfies Record<string, Pick<SlipBody, 'maskedName' | 'kind'>>;
type SlipName = keyof typeof SLIPS;

const slipOf = (name: SlipName): SlipBody => ({ ...SAMPLE_SLIP, ...SLIPS[name] });

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
      slips = await printSlips(paper, nativeText, NAMES.map(slipOf));
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
