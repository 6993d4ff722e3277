import { expect, test } from 'vitest';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';

/** A terminal with many services: another program's menu has opened the page for one visit. */
const gallery = galleryOfTests({ visit: true });

const seen = () =>
  gallery.page.evaluate(() => ({
    chosen: window.gallery.chosen,
    left: window.gallery.left,
    screen: document.querySelector('main')?.dataset['screen'],
  }));

test('whoever was let in is led to the home screen, leaves by 返回, and at the end the glass is given back', async () => {
  await gallery.page.evaluate(() => {
    window.gallery.show('attract');
  });
  await expect.poll(seen).toEqual({ chosen: ['start'], left: 0, screen: 'preparing' });
  // Another look at who is ready comes before the answer.
  await gallery.page.evaluate(() => {
    window.gallery.show('out-of-service');
    window.gallery.show('attract');
  });
  await expect.poll(async () => (await seen()).chosen.length).toBe(3);
  expect((await seen()).left).toBe(0);
  await gallery.show('home');
  expect(await gallery.page.locator('.footer-way-back').innerText()).toBe('返回');
  await gallery.press('.footer-way-back');
  expect(await seen()).toEqual({ chosen: ['start', 'start', 'start'], left: 1, screen: 'home' });
  await gallery.page.evaluate(() => {
    window.gallery.show('attract');
  });
  await expect.poll(seen).toEqual({ chosen: ['start', 'start', 'start'], left: 2, screen: 'home' });
});
