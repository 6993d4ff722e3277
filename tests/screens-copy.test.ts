import { beforeAll, describe, expect, test } from 'vitest';
import { CITIZEN_LANGUAGES } from '../src/copy/citizen-languages.ts';
import { GALLERY_VIEWS } from '../sandbox/gallery/views.ts';
import { viewsInTurn } from './fixtures/views-in-turn.ts';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';

const gallery = galleryOfTests({ coarse: true });
const ERRORS = Object.entries(GALLERY_VIEWS).filter(([, { screen }]) => screen.name === 'error');

describe.for(CITIZEN_LANGUAGES)('in %s', (language) => {
  const names = viewsInTurn(CITIZEN_LANGUAGES.indexOf(language), CITIZEN_LANGUAGES.length, 1);

  beforeAll(async () => {
    await gallery.setUp({ language });
  });

  test('a screen has at most four choices, four keys in the footer, and one main key', async () => {
    const counted = await gallery.lookAtEach(names, () =>
      ['.keys .key', '.footer .key', '.key.primary'].map((keys) => document.querySelectorAll(keys).length),
    );
    const tooMany = Object.entries(counted).filter(
      ([, [choices = 9, footer = 9, primary = 9]]) => choices > 4 || footer > 4 || primary > 1,
    );
    expect(tooMany).toEqual([]);
  });

  test('lines stand apart, and no title has more than two', async () => {
    const seen = await gallery.lookAtEach(names, () =>
      [...document.querySelectorAll('.title, .body')].map((element) => {
        const { fontSize, lineHeight } = getComputedStyle(element);
        const apart = Number.parseFloat(lineHeight) / Number.parseFloat(fontSize);
        const count = Math.round(element.getBoundingClientRect().height / Number.parseFloat(lineHeight));
        return { title: element.classList.contains('title'), apart: Math.round(apart * 100) / 100, count };
      }),
    );
    for (const [name, lines] of Object.entries(seen)) {
      for (const { title, apart, count } of lines) {
        expect(apart, name).toBeGreaterThanOrEqual(title ? 1.3 : 1.5);
        if (title) expect(count, name).toBeLessThanOrEqual(2);
      }
    }
  });
});

/** Errors that say more than two sentences, and why none can be left out. */
const REVIEWED: Readonly<Record<string, string>> = {
  E15: 'not to pull the paper, that the earlier slip still counts, and whom to call: each keeps somebody from harm',
};

interface Said {
  readonly hanzi: number;
  readonly sentences: number;
}

/** Runs in the page: how much title and sentences say. */
function howMuch(): Said {
  const told = [...document.querySelectorAll('.title, .body, .sentence, .attract-title, .attract-body')];
  // A sentence mostly stands in a body, which is counted already.
  const text = told
    .filter((one) => !told.some((other) => other !== one && other.contains(one)))
    .map(({ textContent }) => textContent)
    .join('');
  return {
    hanzi: text.match(/\p{Script=Han}/gu)?.length ?? 0,
    sentences: document.querySelectorAll('.body .sentence').length,
  };
}

describe('of what is said in Chinese', () => {
  let said: Readonly<Record<string, Said>>;
  beforeAll(async () => {
    await gallery.setUp({ language: 'zh-CN' });
    said = await gallery.lookAtEach(Object.keys(GALLERY_VIEWS), howMuch);
  }, 120_000);

  test('no screen says more than 60 hanzi in its title and sentences, and none says nothing', () => {
    expect(Object.entries(said).filter(([, { hanzi }]) => hanzi === 0 || hanzi > 60)).toEqual([]);
  });

  test('no error says more than two sentences, but where each was reviewed', () => {
    const tooMany = ERRORS.filter(([name]) => (said[name]?.sentences ?? 9) > 2).map(([name]) => name);
    expect(tooMany).toEqual(Object.keys(REVIEWED));
  });
});

test('every error leads to a person', () => {
  expect(ERRORS.length).toBeGreaterThan(30);
  expect(ERRORS.filter(([, { choices }]) => !choices.includes('call-help'))).toEqual([]);
});
