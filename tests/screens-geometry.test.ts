import { beforeAll, describe, expect, test } from 'vitest';
import { viewsInTurn } from './fixtures/views-in-turn.ts';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';
import { PANELS } from './fixtures/open-gallery.ts';
import { lookAt, OWN_DIALOGS } from './fixtures/own-dialogs.ts';
import { GALLERY_VIEWS } from '../sandbox/gallery/views.ts';
import { CITIZEN_LANGUAGES } from '../src/copy/citizen-languages.ts';
import { CHOICES } from '../src/view/kiosk-view.ts';

interface Measured {
  readonly keys: {
    choice: string;
    primary: boolean;
    left: number;
    top: number;
    right: number;
    bottom: number;
  }[];
  readonly footer: { which: string; place: string }[];
  readonly smallText: string[];
  readonly overflowing: string[];
  readonly overlapping: string[];
  /** Words that do not stand on one line. */
  readonly torn: string[];
}

/** Runs in the page. `floorPx`: the smallest type there may be. */
function measure({ floorPx, width, height }: { floorPx: number; width: number; height: number }): Measured {
  const visible = (element: Element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  };
  const keys = [...document.querySelectorAll('.key, [data-choice]')].map((key) => {
    const { left, top, right, bottom } = key.getBoundingClientRect();
    const choice = key.getAttribute('data-choice') ?? key.className;
    return { choice, primary: key.classList.contains('primary'), left, top, right, bottom };
  });
  const texts = window.gallery.texts();
  const pxOf = (element: Element) => {
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    const matrix = element instanceof SVGGraphicsElement ? element.getScreenCTM() : null;
    return matrix === null ? size : size * matrix.a;
  };
  const smallText = texts
    .filter(({ element }) => pxOf(element) < floorPx - 0.1)
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
    .filter(({ box }) => box.left < 23 || box.right > width - 23 || box.top < 0 || box.bottom > height)
    .map(({ text }) => `outside: ${text}`);
  const blocks = [
    ...document.querySelectorAll(
      '.lead, .middle > *, .keys, .language-key, .volume, .overlay-picture, .footer-key',
    ),
  ].filter(visible);
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
  const footer = [...document.querySelectorAll('.footer-key')].map((key) => {
    const { left, top, right, bottom } = key.getBoundingClientRect();
    const which =
      [...key.classList].find((name) => /^footer-(?:way-back|again|adjust|help)$/.test(name)) ?? '?';
    return { which, place: [left, top, right, bottom].map(Math.round).join(' ') };
  });
  const isTorn = (node: Node, from: number, to: number) => {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
  };
  // Chinese breaks behind its marks, which are no word; of names, of what the centre has written, and of the footer's keys it may
  // break anywhere.
  const anywhere = '.name, .footer-label, .notice-body, .notice-title, .keys-titles, .place-text';
  const words = /[^\s\u200b\p{P}]+/gu;
  const torn = texts
    .filter(({ element }) => element.closest(anywhere) === null)
    .flatMap(({ node, element }) =>
      Array.from(node.data.matchAll(words))
        .filter(({ index, 0: word }) => isTorn(node, index, index + word.length))
        .map(({ 0: word }) => `${word} (${element.className})`),
    );
  return { keys, footer, smallText, overflowing: [...overflowing, ...outside], overlapping, torn };
}

function gapBetween(a: Measured['keys'][number], b: Measured['keys'][number]): number {
  const across = Math.max(b.left - a.right, a.left - b.right);
  const down = Math.max(b.top - a.bottom, a.top - b.bottom);
  return Math.max(across, down);
}

const SETTINGS = [
  // Smallest type, least height of a main key and of any other, highest place of a key (portrait: what a hand reaches).
  { orientation: 'portrait', size: 'standard', floorPx: 44, primaryPx: 200, keyPx: 120, topPx: 640 },
  { orientation: 'portrait', size: 'large', floorPx: 56, primaryPx: 200, keyPx: 120, topPx: 640 },
  { orientation: 'landscape', size: 'standard', floorPx: 44, primaryPx: 176, keyPx: 120, topPx: 104 },
  { orientation: 'landscape', size: 'large', floorPx: 56, primaryPx: 176, keyPx: 120, topPx: 104 },
] as const;
const IN_EVERY_LANGUAGE = CITIZEN_LANGUAGES.flatMap((language) =>
  SETTINGS.map((setting) => ({ language, ...setting })),
).map((setting, index) => ({ ...setting, index }));

const gallery = galleryOfTests({ coarse: true });

describe.for(IN_EVERY_LANGUAGE)('$language, $orientation, $size', (setting) => {
  const { language, orientation, size, floorPx, primaryPx, keyPx, topPx, index: turn } = setting;
  const names = viewsInTurn(turn, IN_EVERY_LANGUAGE.length, 4);
  const panel = PANELS[orientation];
  let measured: Readonly<Record<string, Measured>>;
  beforeAll(async () => {
    await gallery.setUp({ language, orientation, size });
    measured = await gallery.lookAtEach(names, measure, { floorPx, ...panel });
  }, 120_000);
  /** Everything that must be true of what is on the glass. */
  function holds({ keys, smallText, overflowing, overlapping, torn }: Measured): void {
    expect(keys.length).toBeGreaterThan(0);
    expect(smallText).toEqual([]);
    expect(overflowing).toEqual([]);
    expect(overlapping).toEqual([]);
    expect(torn).toEqual([]);
    expect(keys.filter((key) => key.primary).length).toBeLessThanOrEqual(1);
    for (const key of keys) {
      const { left, top, right, bottom } = key;
      expect(right - left, key.choice).toBeGreaterThanOrEqual(104);
      expect(bottom - top, key.choice).toBeGreaterThanOrEqual(key.primary ? primaryPx : keyPx);
      expect(top, key.choice).toBeGreaterThanOrEqual(topPx);
      expect(left, key.choice).toBeGreaterThanOrEqual(24);
      expect(right, key.choice).toBeLessThanOrEqual(panel.width - 24);
      expect(bottom, key.choice).toBeLessThanOrEqual(panel.height - 24);
    }
    for (const [index, one] of keys.entries()) {
      for (const other of keys.slice(index + 1)) {
        expect(gapBetween(one, other), `${one.choice} – ${other.choice}`).toBeGreaterThanOrEqual(31.9);
      }
    }
  }

  test.for(names.filter((name) => name !== 'attract'))('%s can be reached, hit and read', (name) => {
    const found = measured[name];
    if (found === undefined) throw new Error('it was not measured');
    holds(found);
  });

  test.for(Object.keys(OWN_DIALOGS))(
    'the dialog %s can be reached, hit and read, and is left again',
    async (name) => {
      holds(await lookAt(gallery, name, () => gallery.page.evaluate(measure, { floorPx, ...panel })));
    },
  );

  test('the name of the scanner stands under the scanner', async () => {
    const apart = await gallery.lookAtEach(['present-suishen-code', 'E05', 'read-back-illegible'], () => {
      const name = document.querySelector('.part-name.of-scanner')?.getBoundingClientRect();
      const scanner = document.querySelector<SVGUseElement>('use[href$="#scanner"]');
      const toGlass = scanner?.getScreenCTM();
      if (name === undefined || scanner === null || !toGlass || name.width === 0) return undefined;
      // By its place in the drawing: it may be fetched a moment later.
      const [x, y, width, height] = (['x', 'y', 'width', 'height'] as const).map(
        (side) => scanner[side].baseVal.value,
      ) as [number, number, number, number];
      const foot = new DOMPoint(x + width / 2, y + height).matrixTransform(toGlass);
      return { px: Math.abs((name.left + name.right) / 2 - foot.x), isUnder: name.top >= foot.y - 1 };
    });
    const drawn = Object.values(apart).filter((one) => one !== undefined);
    expect(drawn.length).toBeGreaterThan(0);
    expect(drawn.filter(({ px, isUnder }) => px > 4 || !isUnder)).toEqual([]);
  });

  test('the attract screen is one key', async () => {
    await gallery.show('attract');
    const { keys, footer: _footer, ...found } = await gallery.page.evaluate(measure, { floorPx, ...panel });
    const { width: right, height: bottom } = panel;
    expect(keys).toEqual([{ choice: 'start', primary: false, left: 0, top: 0, right, bottom }]);
    expect(found).toEqual({ smallText: [], overflowing: [], overlapping: [], torn: [] });
  });

  test('the keys of the footer stand at the same place on every screen', () => {
    const places = new Map<string, Set<string>>();
    for (const { footer } of Object.values(measured))
      for (const { which, place } of footer) places.set(which, (places.get(which) ?? new Set()).add(place));
    expect(new Set(places.keys())).toEqual(
      new Set(['footer-adjust', 'footer-again', 'footer-help', 'footer-way-back']),
    );
    for (const [which, found] of places) expect([...found], which).toHaveLength(1);
  });

  test('a key that the view does not offer is not drawn, and each that it offers can be found', () => {
    for (const [name, view] of Object.entries(GALLERY_VIEWS).filter(([one]) => names.includes(one))) {
      const drawn = (measured[name]?.keys ?? []).map(({ choice }) => choice);
      const invented = drawn.filter(
        (choice) =>
          CHOICES.some((one) => one === choice) && !view.choices.some((offered) => offered === choice),
      );
      expect(invented, name).toEqual([]);
      // Nobody can begin there, and the session is asked by no key.
      if (name.startsWith('out-of-service')) continue;
      // Where a way back is drawn, another way to the same place would be one key too many.
      const alsoBack = name === 'suishen-code-help' ? 'use-suishen-code' : 'home';
      const wanted = view.choices.filter((choice) => choice !== alsoBack || !view.choices.includes('back'));
      expect(
        wanted.filter((choice) => !drawn.includes(choice)),
        name,
      ).toEqual([]);
    }
  });

  test('the page runs under the strict policy with trusted types: nothing was refused', () => {
    expect(gallery.complaints).toEqual([]);
  });
});
