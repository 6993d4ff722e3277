import { afterEach, expect, test } from 'vitest';
import { viewsInTurn } from './fixtures/views-in-turn.ts';
import { openGallery, type GalleryPage } from './fixtures/open-gallery.ts';

let gallery: GalleryPage;
afterEach(async () => {
  await gallery.close();
});

/** Runs in the page: what goes on without end, and how often a second it comes back to where it was. */
function endless(): readonly { readonly name: string; readonly perSecond: number }[] {
  return document
    .getAnimations()
    .filter((animation) => animation.effect?.getTiming().iterations === Number.POSITIVE_INFINITY)
    .map((animation) => {
      const { duration, direction } = animation.effect?.getTiming() ?? {};
      const ms = Number(duration) * (direction === 'alternate' ? 2 : 1);
      return { name: (animation as CSSAnimation).animationName, perSecond: 1000 / ms };
    });
}

test('nothing moves faster than once a second, and nothing flashes', { timeout: 60_000 }, async () => {
  gallery = await openGallery({ coarse: true, motion: 'no-preference' });
  const seen = new Set<string>();
  for (const [name, moving] of Object.entries(await gallery.lookAtEach(viewsInTurn(0, 2, 1), endless))) {
    for (const { name: what, perSecond } of moving) {
      seen.add(what);
      expect(perSecond, `${name}: ${what}`).toBeLessThanOrEqual(1);
    }
  }
  expect(seen.size).toBeGreaterThan(2);
});

test('everything stands still when motion is unwanted', { timeout: 60_000 }, async () => {
  gallery = await openGallery({ coarse: true });
  const seen = Object.entries(await gallery.lookAtEach(viewsInTurn(1, 2, 1), endless));
  expect(seen.filter(([, moving]) => moving.length > 0)).toEqual([]);
});
