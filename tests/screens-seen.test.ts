import { PNG } from 'pngjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { agedContrast, contrast } from './a11y/contrast.ts';
import { inkAndGround, textsOnGlass, type SeenText } from './a11y/pixels.ts';
import { SETTLED_MS } from './fixtures/settled.ts';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';
import { lookAt, OWN_DIALOGS } from './fixtures/own-dialogs.ts';
import { viewsInTurn } from './fixtures/views-in-turn.ts';

/*
 * The colours that reach the glass, read off its pictures: whatever styles came together there, in ours and in those that a system
 * forces on it.
 */

const gallery = galleryOfTests();

async function picture(): Promise<PNG> {
  return PNG.sync.read(await gallery.page.screenshot());
}

/** Texts on the glass that cannot be read as they should. */
async function paleTexts(
  isSeen: (ink: `#${string}`, ground: `#${string}`, text: SeenText) => boolean,
): Promise<readonly string[]> {
  const [texts, screenshot] = [await gallery.page.evaluate(textsOnGlass), await picture()];
  expect(texts.length).toBeGreaterThan(2);
  return texts.flatMap((text) => {
    const { ink, ground } = inkAndGround(screenshot, text.box);
    return isSeen(ink, ground, text) ? [] : [`${text.text}: ${ink} on ${ground}`];
  });
}

const looksInTurn = (turn: number) => [...viewsInTurn(turn, 8, 1), ...Object.keys(OWN_DIALOGS)];

/** What has a ring: a title, a sentence, a card of facts, a key, and what fills the glass; and how many arrows it is from its title. */
const RINGED = [
  ['confirm-identity', 'h1', 0],
  ['present-id-card', '.sentence', 1],
  ['how-to', 'li', 1],
  ['confirm-reissue', '.key', 3],
  ['attract', '.attract', 0],
  ['still-there', '.overlay-dialog', undefined],
] as const;

/** The colours of the two halves of the ring around what has the focus, from within, in the middle of each side. */
async function ringOf(name: string, selector: string, arrows: number | undefined) {
  await gallery.show('printing');
  await gallery.page.keyboard.press('ArrowDown');
  await gallery.show(name);
  if (name === 'attract') await gallery.page.keyboard.press('ArrowDown');
  for (let at = 0; at < (arrows ?? 0); at += 1) await gallery.page.keyboard.press('ArrowDown');
  const { x, y, width, height } = await gallery.page.locator(`${selector}:focus`).evaluate((element) => {
    const box = element.getBoundingClientRect();
    return { x: box.x, y: box.y, width: box.width, height: box.height };
  });
  const screenshot = await picture();
  const isWhole = width >= screenshot.width;
  return [isWhole ? -9 : 3, isWhole ? -3 : 9].flatMap((out) =>
    [
      [x - out, y + height / 2],
      [x + width + out, y + height / 2],
      [x + width / 2, y - out],
      [x + width / 2, y + height + out],
    ].map(([left = 0, top = 0]) => {
      const point = { x: Math.floor(left), y: Math.floor(top), width: 1, height: 1 };
      return inkAndGround(screenshot, point).ground;
    }),
  );
}

describe('in our colours', () => {
  test.for(RINGED)('the ring of two colours is on the glass: %s %s', async ([name, selector, arrows]) => {
    const black = Array.from({ length: 4 }, () => '#000000');
    const yellow = Array.from({ length: 4 }, () => '#ffc53d');
    expect(await ringOf(name, selector, arrows)).toEqual([...black, ...yellow]);
  });

  test.for(looksInTurn(0))('%s can be read, also by a 70-year-old under glare', async (name) => {
    const pale = await lookAt(gallery, name, () =>
      paleTexts(
        (ink, ground, { isBody }) =>
          contrast(ink, ground) >= (isBody ? 16 : 8) && agedContrast(ink, ground) >= 4.5,
      ),
    );
    expect(pale).toEqual([]);
  });
});

test.for(['still-there', 'help'])('the dialog %s is on the glass in its first frame', async (name) => {
  await gallery.show('home');
  const isSeen = await gallery.page.evaluate(async (view) => {
    window.gallery.show(view);
    await new Promise(requestAnimationFrame);
    const dialog = document.querySelector('.overlay-dialog');
    const inTheMiddle = document.elementFromPoint(window.innerWidth / 2, window.innerHeight / 2);
    return dialog?.checkVisibility({ opacityProperty: true }) === true && dialog.contains(inTheMiddle);
  }, name);
  expect(isSeen).toBe(true);
});

describe('in forced colours', () => {
  beforeAll(async () => {
    await gallery.setUp({ language: 'en', orientation: 'landscape', size: 'large' });
    await gallery.page.emulateMedia({ forcedColors: 'active' });
  });

  /** Ground of the middle of an element, against that of the glass beside it. */
  const standsOut = async (selector: string): Promise<readonly number[]> => {
    const boxes = await gallery.page.locator(selector).evaluateAll((elements) =>
      elements.map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return { x, y, width, height };
      }),
    );
    const screenshot = await picture();
    const page = inkAndGround(screenshot, { x: 4, y: screenshot.height - 24, width: 20, height: 20 }).ground;
    return boxes.map((box) => contrast(inkAndGround(screenshot, box).ground, page));
  };

  const keyEdges = () =>
    gallery.page.locator('.key').evaluateAll((keys) =>
      keys.map((key) => {
        const { borderTopColor, borderTopStyle, borderTopWidth } = getComputedStyle(key);
        return [borderTopStyle, borderTopColor, borderTopWidth];
      }),
    );

  test.for(looksInTurn(2))('%s can be read', async (name) => {
    const [pale, edges] = await lookAt(gallery, name, async () => [
      await paleTexts((ink, ground) => contrast(ink, ground) >= 7),
      await keyEdges(),
    ]);
    expect(pale).toEqual([]);
    for (const edge of edges) expect(edge).toEqual(['solid', 'rgb(0, 0, 0)', '5px']);
  });

  test.for([
    ['how far one is', 'confirm-identity', '.step-dot.is-reached', 2],
    ['that something is being done', 'identifying', '.working-bar', 1],
    ['where one is on the map', 'nearby-map', '.legend-here', 1],
    ['the main key', 'confirm-reissue', '.big-button.primary', 1],
  ] as const)('%s is still seen', async ([, name, selector, count]) => {
    await gallery.show(name);
    const seen = await standsOut(selector);
    expect(seen).toHaveLength(count);
    for (const one of seen) expect(one).toBeGreaterThanOrEqual(3);
  });

  test('how loud it is is still seen', async () => {
    const [reached, others] = await lookAt(gallery, 'adjust', async () => [
      await standsOut('.volume-bar.is-reached'),
      await standsOut('.volume-bar:not(.is-reached)'),
    ]);
    expect(Math.min(...reached)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...others)).toBe(1);
  });

  test.for(RINGED)('the ring is on the glass: %s %s', async ([name, selector, arrows]) => {
    for (const point of await ringOf(name, selector, arrows))
      expect(contrast(point, '#ffffff')).toBeGreaterThanOrEqual(3);
  });

  test('the focus and a pressed key are still seen', async () => {
    await gallery.show('confirm-reissue');
    await gallery.page.keyboard.press('Tab');
    const outline = await gallery.page.evaluate(() => {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(
        document.activeElement ?? document.body,
      );
      return [outlineStyle, outlineWidth, outlineColor];
    });
    expect(outline).toEqual(['solid', '12px', expect.not.stringContaining('255, 255, 255')]);
    const key = gallery.page.locator('[data-choice="decline-reissue"]');
    const box = await key.boundingBox();
    if (box === null) throw new Error('no key');
    await gallery.page.waitForTimeout(SETTLED_MS);
    const at = { x: box.x + 40, y: box.y + 40, id: 0 };
    await gallery.cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
    await gallery.page.waitForSelector('.is-pressed');
    const [pressed = 1] = await standsOut('.is-pressed');
    await gallery.cdp.send('Input.dispatchTouchEvent', { type: 'touchCancel', touchPoints: [] });
    expect(pressed).toBeGreaterThanOrEqual(3);
  });
});
