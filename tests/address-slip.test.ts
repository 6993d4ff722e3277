import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stripBytes } from '../drivers/receipt-printer/commands/commands.ts';
import { createComposer } from '../drivers/receipt-printer/composer/compose-document.ts';
import { loadPaperFonts } from '../drivers/receipt-printer/composer/paper-fonts.ts';
import { planMap } from '../src/directory/map-plan.ts';
import { addressDocument } from '../src/slip/address-slip.ts';
import type { PrintDocument } from '../src/slip/print-document.ts';
import { MAP_HEIGHT, MARK_RADIUS, type MapPlan, type TerminalPage } from '../src/view/directory-view.ts';
import { readText, wholeOf } from './fixtures/slip-picture.ts';
import { decodedByZbar, paperOf, type Paper } from './fixtures/paper-of-raster.ts';

const page: TerminalPage = {
  terminals: [
    {
      name: '银杏里邻里汇',
      address: '示例区银杏里88弄3号',
      openingHours: '8:00–18:00',
      distanceM: 314,
      walkMinutes: 8,
    },
    { name: '东风桥镇便民服务站', address: '东风桥镇向阳路16号', openingHours: '24 小时', distanceM: 10_150 },
  ],
  map: planMap([
    { eastM: -40, northM: 310 },
    { eastM: -7_700, northM: -6_600 },
  ]),
};
const document = addressDocument(page, '2026-11-22');
const loaded = loadPaperFonts();
if (!loaded.ok) throw new Error('no fonts for paper');
const fonts = loaded.value;

function printed(what: PrintDocument, widthDots: number, nativeText?: 'gb18030'): Paper {
  const composer = createComposer(fonts, { widthDots, bandBytes: 1728, nativeText });
  expect(composer.fits(what)).toBe(true);
  return paperOf(Buffer.concat(Array.from(composer.compose(what), stripBytes)), widthDots);
}

const textOf = ({ elements }: PrintDocument) =>
  elements.map((element) => (element.type === 'text' ? element.text : '')).join('\n');

describe('the address slip', () => {
  test('says name, address, hours and way of each machine, in sizes that old eyes can read', () => {
    const text = textOf(document);
    for (const part of ['1. 银杏里邻里汇', '示例区银杏里88弄3号', '8:00–18:00', '走路约 8 分钟，310 米'])
      expect(text).toContain(part);
    for (const part of ['2. 东风桥镇便民服务站', '离这里约 10 公里', '12345', '2026年11月22日'])
      expect(text).toContain(part);
    const sizes = document.elements.flatMap((element) => (element.type === 'text' ? [element.sizePt] : []));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(14);
  });

  test('carries nothing that looks like a code', () => {
    // zbarimg ends with 4 where there is nothing to read.
    for (const widthDots of [576, 384])
      expect(() => decodedByZbar(printed(document, widthDots))).toThrow(
        expect.objectContaining({ status: 4 }),
      );
    expect(document.elements.some(({ type }) => type === 'qr' || type === 'mark')).toBe(false);
  });

  test('has no map where the kiosk does not know where it stands', () => {
    const { elements } = addressDocument({ terminals: page.terminals }, '2026-11-22');
    expect(elements.some(({ type }) => type === 'map')).toBe(false);
  });

  test('executes nothing that the centre says', () => {
    const [first] = page.terminals;
    const spoilt = { ...first, name: '银\u001b@杏\u202e里', address: 'a', openingHours: 'b' };
    expect(textOf(addressDocument({ terminals: [spoilt] }, '2026-11-22'))).toContain('1. 银@杏里');
  });
});

/** Where the black square and the middles of the circles are, found in the dots alone; shares of the paper's width. */
function isBlack(paper: Paper, top: number, x: number, y: number): boolean {
  const [column, row] = [Math.round(x * paper.widthDots), top + Math.round(y * paper.widthDots)];
  return paper.rows[row]?.[column] === 1;
}

/** The first row of a frame across the whole paper. */
function frameTop({ rows, widthDots }: Paper): number {
  return rows.findIndex((row) => row.every((dot, column) => dot === 1 || column >= widthDots));
}

function drawn(plan: MapPlan, widthDots: number): { paper: Paper; top: number } {
  const map = {
    type: 'map',
    plan,
    height: MAP_HEIGHT,
    markRadius: MARK_RADIUS,
    north: '北',
    scale: '500 米',
  } as const;
  const paper = printed({ part: 'addresses', elements: [map] }, widthDots);
  return { paper, top: frameTop(paper) };
}

describe('the map on paper', () => {
  const metres = fc.double({ min: -5_000, max: 5_000, noNaN: true });
  const places = fc.array(fc.record({ eastM: metres, northM: metres }), { minLength: 1, maxLength: 3 });

  test.each([576, 384])(
    'has its square, circles and bar where the plan has them, %i dots wide',
    (widthDots) => {
      fc.assert(
        fc.property(places, (terminals) => {
          const plan = planMap(terminals);
          const { paper, top } = drawn(plan, widthDots);
          expect(top).toBeGreaterThanOrEqual(0);
          const bottom = top + Math.round(widthDots * MAP_HEIGHT) - 1;
          expect(paper.rows[bottom]?.slice(0, widthDots).every((dot) => dot === 1)).toBe(true);
          expect(isBlack(paper, top, plan.here.x, plan.here.y)).toBe(true);
          for (const { x, y } of plan.terminals) {
            // A ring: black on its rim in all four directions, white between rim and number.
            const rim = (Math.round(MARK_RADIUS * widthDots) - 2) / widthDots;
            for (const [dx, dy] of [
              [rim, 0],
              [-rim, 0],
              [0, rim],
              [0, -rim],
            ] as const)
              expect(isBlack(paper, top, x + dx, y + dy)).toBe(true);
            expect(isBlack(paper, top, x + 0.7 * rim, y)).toBe(false);
            expect(isBlack(paper, top, x - 0.7 * rim, y)).toBe(false);
          }
          // The bar below is the longest black run there, as long as the scale says.
          const legend = paper.rows.slice(bottom + 9);
          const runs = legend.map((row) => longestRun(row));
          expect(Math.abs(Math.max(...runs) - plan.scale.width * widthDots)).toBeLessThanOrEqual(2);
        }),
        { numRuns: 40 },
      );
    },
  );

  test('is drawn by a printer that sets its text itself, too', () => {
    const paper = printed(document, 576, 'gb18030');
    expect(frameTop(paper)).toBeGreaterThan(0);
    expect(paper.modesLeft).toEqual([]);
  });
});

function longestRun(row: Uint8Array): number {
  let longest = 0;
  let run = 0;
  for (const dot of row) {
    run = dot === 1 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

const languages = spawnSync('tesseract', ['--list-langs'], { encoding: 'utf8' });
const canRead = languages.status === 0 && languages.stdout.includes('chi_sim');
if (!canRead) process.stderr.write('reading of the address slip not run: no tesseract-ocr with chi-sim\n');

test.runIf(canRead)('a machine that knows nothing of it reads addresses and hours from the paper', () => {
  const { rows, widthDots } = printed(document, 576);
  const picture = {
    width: widthDots,
    height: rows.length,
    black: (x: number, y: number) => rows[y]?.[x] === 1,
  };
  const read = readText(picture, wholeOf(picture), { language: 'chi_sim', layout: 6 });
  for (const part of ['附近的机器', '银杏里', '88', '8:00', '18:00', '东风桥镇', '12345'])
    expect(read).toContain(part);
});
