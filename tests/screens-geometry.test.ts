import { afterAll, beforeAll, expect, test } from 'vitest';
import { openGallery, type GalleryPage } from './fixtures/gallery/open-gallery.ts';
import { GALLERY_VIEWS } from './fixtures/gallery/views.ts';

let gallery: GalleryPage;
beforeAll(async () => {
  gallery = await openGallery();
}, 60_000);
afterAll(async () => {
  await gallery.close();
});

interface Measured {
  readonly keys: {
    choice: string;
    primary: boolean;
    left: number;
    top: number;
    right: number;
    bottom: number;
  }[];
  readonly smallText: string[];
  readonly overflowing: string[];
  readonly overlapping: string[];
}

/** Runs in the page. */
function measure(): Measured {
  const visible = (element: Element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  };
  const keys = [...document.querySelectorAll('[data-choice]')].map((key) => {
    const { left, top, right, bottom } = key.getBoundingClientRect();
    const choice = key.getAttribute('data-choice') ?? '';
    return { choice, primary: key.classList.contains('primary'), left, top, right, bottom };
  });
  const texts: { element: Element; box: DOMRect; text: string }[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    // A dialog's own hidden dismiss button is for screen readers and has no place on the glass.
    if (element === null || text === '' || element.closest('[style*="clip"]') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    texts.push({ element, box: range.getBoundingClientRect(), text });
  }
  const pxOf = (element: Element) => {
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    const matrix = element instanceof SVGGraphicsElement ? element.getScreenCTM() : null;
    return matrix === null ? size : size * matrix.a;
  };
  const smallText = texts
    .filter(({ element }) => pxOf(element) < 43.9)
    .map(({ element, text }) => `${text} ${pxOf(element)}px`);
  const overflowing = [...document.querySelectorAll('main *, .overlay *')]
    .filter((element) => element instanceof HTMLElement && visible(element))
    .filter((element) => {
      const { overflowX } = getComputedStyle(element);
      return (
        overflowX !== 'hidden' && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
      );
    })
    .map((element) => `${element.className} ${element.scrollWidth}>${element.clientWidth}`);
  const outside = texts
    .filter(({ box }) => box.left < 23 || box.right > 1057 || box.top < 0 || box.bottom > 1920)
    .map(({ text }) => `outside: ${text}`);
  const blocks = [...document.querySelectorAll('.lead, .middle > *, .keys, .footer-key')].filter(visible);
  const overlapping: string[] = [];
  for (const [index, one] of blocks.entries()) {
    for (const other of blocks.slice(index + 1)) {
      const a = one.getBoundingClientRect();
      const b = other.getBoundingClientRect();
      const clear =
        a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
      if (!clear) overlapping.push(`${one.getAttribute('class')} × ${other.getAttribute('class')}`);
    }
  }
  return { keys, smallText, overflowing: [...overflowing, ...outside], overlapping };
}

function gapBetween(a: Measured['keys'][number], b: Measured['keys'][number]): number {
  const across = Math.max(b.left - a.right, a.left - b.right);
  const down = Math.max(b.top - a.bottom, a.top - b.bottom);
  return Math.max(across, down);
}

test.for(Object.keys(GALLERY_VIEWS))('%s can be reached, hit and read', async (name) => {
  await gallery.show(name);
  const { keys, smallText, overflowing, overlapping } = await gallery.page.evaluate(measure);
  expect(keys.length).toBeGreaterThan(0);
  expect(smallText).toEqual([]);
  expect(overflowing).toEqual([]);
  expect(overlapping).toEqual([]);
  if (name === 'attract') {
    expect(keys).toEqual([{ choice: 'start', primary: false, left: 0, top: 0, right: 1080, bottom: 1920 }]);
    return;
  }
  expect(keys.filter((key) => key.primary).length).toBeLessThanOrEqual(1);
  for (const key of keys) {
    const { left, top, right, bottom } = key;
    expect(right - left, key.choice).toBeGreaterThanOrEqual(104);
    expect(bottom - top, key.choice).toBeGreaterThanOrEqual(key.primary ? 176 : 120);
    expect(top, key.choice).toBeGreaterThanOrEqual(640);
    expect(left, key.choice).toBeGreaterThanOrEqual(24);
    expect(right, key.choice).toBeLessThanOrEqual(1056);
    expect(bottom, key.choice).toBeLessThanOrEqual(1896);
  }
  for (const [index, one] of keys.entries()) {
    for (const other of keys.slice(index + 1)) {
      expect(gapBetween(one, other), `${one.choice} – ${other.choice}`).toBeGreaterThanOrEqual(31.9);
    }
  }
});

test('the way back and the call for help stand at the same place on every screen', async () => {
  const places = new Set<string>();
  for (const name of Object.keys(GALLERY_VIEWS)) {
    await gallery.show(name);
    const found = await gallery.page.evaluate(() =>
      [...document.querySelectorAll('.footer-key')].map((key) => {
        const { left, top, right, bottom } = key.getBoundingClientRect();
        return `${key.classList.contains('footer-help') ? 'help' : 'way back'} ${left} ${top} ${right} ${bottom}`;
      }),
    );
    for (const place of found) places.add(place);
  }
  expect([...places].sort()).toEqual(['help 556 1744 1024 1880', 'way back 56 1744 524 1880']);
});

test('a key that the view does not offer is not drawn', async () => {
  for (const [name, view] of Object.entries(GALLERY_VIEWS)) {
    await gallery.show(name);
    const drawn = await gallery.page.evaluate(() =>
      [...document.querySelectorAll('[data-choice]')].map((key) => key.getAttribute('data-choice')),
    );
    expect(drawn.filter((choice) => !view.choices.some((offered) => offered === choice))).toEqual([]);
  }
});

test('every choice that a view offers can be found on the glass', async () => {
  for (const [name, view] of Object.entries(GALLERY_VIEWS)) {
    await gallery.show(name);
    for (const choice of view.choices) {
      // A second way home beside a way back would be one key too many.
      if (choice === 'home' && view.choices.includes('back')) continue;
      expect(
        await gallery.page.locator(`[data-choice="${choice}"]`).count(),
        `${name}: ${choice}`,
      ).toBeGreaterThan(0);
    }
  }
});

test('the page runs under the strict policy with trusted types: nothing was refused', () => {
  expect(gallery.complaints).toEqual([]);
});
