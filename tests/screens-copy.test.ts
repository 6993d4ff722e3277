import { beforeAll, describe, expect, test } from 'vitest';
import { CITIZEN_LANGUAGES } from '../src/copy/citizen-languages.ts';
import { viewsInTurn } from './fixtures/views-in-turn.ts';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';

const gallery = galleryOfTests({ coarse: true });

describe.for(CITIZEN_LANGUAGES)('in %s', (language) => {
  const names = viewsInTurn(CITIZEN_LANGUAGES.indexOf(language), CITIZEN_LANGUAGES.length, 1);

  beforeAll(async () => {
    await gallery.setUp({ language });
  });

  test('a screen has at most four choices, four keys in the footer, and one main key', async () => {
    for (const name of names) {
      await gallery.show(name);
      const counted = await gallery.page.evaluate(() =>
        ['.keys .key', '.footer .key', '.key.primary'].map((keys) => document.querySelectorAll(keys).length),
      );
      const [choices = 9, footer = 9, primary = 9] = counted;
      expect([choices <= 4, footer <= 4, primary <= 1], name).toEqual([true, true, true]);
    }
  });

  test('lines stand apart, and no title has more than two', async () => {
    for (const name of names) {
      await gallery.show(name);
      const lines = await gallery.page.evaluate(() =>
        [...document.querySelectorAll('.title, .body')].map((element) => {
          const { fontSize, lineHeight } = getComputedStyle(element);
          const apart = Number.parseFloat(lineHeight) / Number.parseFloat(fontSize);
          const count = Math.round(element.getBoundingClientRect().height / Number.parseFloat(lineHeight));
          return { title: element.classList.contains('title'), apart: Math.round(apart * 100) / 100, count };
        }),
      );
      for (const { title, apart, count } of lines) {
        expect(apart, name).toBeGreaterThanOrEqual(title ? 1.3 : 1.5);
        if (title) expect(count, name).toBeLessThanOrEqual(2);
      }
    }
  });
});
