import { expect, test } from 'vitest';
import { GALLERY_VIEWS } from '../sandbox/gallery/views.ts';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';

const gallery = galleryOfTests({ coarse: true });

interface Stop {
  readonly key: string;
  readonly top: number;
  readonly left: number;
  readonly ring: boolean;
}

/** Runs in the page: where the focus is. */
function focused(): Stop | undefined {
  const element = document.activeElement;
  if (element === null || !element.matches('button')) return undefined;
  const { top, left } = element.getBoundingClientRect();
  const ring = getComputedStyle(element).boxShadow !== 'none';
  return { key: element.className, top: Math.round(top), left: Math.round(left), ring };
}

test.for(Object.keys(GALLERY_VIEWS))(
  'every key of %s is reached by keyboard alone, in reading order, and seen to be',
  async (name) => {
    // From another screen: the focus begins anew.
    await gallery.show(name.startsWith('printing') ? 'home' : 'printing');
    await gallery.show(name);
    const keys = await gallery.page.locator('.key:visible, .attract:visible').count();
    const stops: Stop[] = [];
    for (let tab = 0; tab < keys; tab += 1) {
      await gallery.page.keyboard.press('Tab');
      const stop = await gallery.page.evaluate(focused);
      if (stop !== undefined) stops.push(stop);
    }
    expect(new Set(stops.map(({ key, top, left }) => `${key} ${top} ${left}`)).size).toBe(keys);
    expect(stops.filter(({ ring }) => !ring)).toEqual([]);
    const inOrder = stops.toSorted((one, other) => one.top - other.top || one.left - other.left);
    expect(stops).toEqual(inOrder);
  },
);

test('a new screen is read from its title', async () => {
  for (const name of Object.keys(GALLERY_VIEWS)) {
    await gallery.show(name);
    const title = await gallery.page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.matches('h1, [role="dialog"], [role="alertdialog"], .attract, body') === true;
    });
    expect(title, name).toBe(true);
  }
});
