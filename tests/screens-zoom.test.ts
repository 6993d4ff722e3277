import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { viewsInTurn } from './fixtures/views-in-turn.ts';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';
import { PANELS, PANEL_SETTINGS } from './fixtures/open-gallery.ts';

/*
 * A kiosk has no menu of a browser, and a screen that scrolls is lost on who does not know it: its own means against small type is
 * 特大字 (tests/screens-geometry.test.ts), and its standard type is as large as other pages are at 275 % (44 px). What is held here is
 * that whoever enlarges all the same — the scale of the system, a Ctrl + left in a profile, another style of text — takes nothing
 * away: WCAG 1.4.4 and 1.4.10 at 200 and 400 %, 1.4.12 with its spacing, in
 * standard type (特大字 is what a person chooses instead of a style of their own).
 */

/** A piece of text or a key, where it stands on the glass in parts of its width and height. */
interface Place {
  readonly what: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Glass {
  readonly places: Place[];
  /** Text that stands out of its key, card or the glass. */
  readonly lost: string[];
  readonly overlapping: string[];
  readonly scrolls: boolean;
}

/** Runs in the page. */
function look(): Glass {
  const { innerWidth, innerHeight } = window;
  const isThere = (element: Element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0;
  };
  const placeOf = (what: string, { left, top, right, bottom }: DOMRect): Place => ({
    what,
    left: left / innerWidth,
    top: top / innerHeight,
    right: right / innerWidth,
    bottom: bottom / innerHeight,
  });
  const places: Place[] = [];
  const lost: string[] = [];
  for (const { element, text, box } of window.gallery.texts()) {
    // The clock goes on, and a picture may give way to words that say the same.
    if (element.closest('.header > :not(.service), .device-picture') !== null) continue;
    places.push(placeOf(text, box));
    // A line's box is higher than its letters: what stands out by that is not seen.
    const slack = Number.parseFloat(getComputedStyle(element).fontSize) * 0.25;
    const around = element.closest('.key, .notice, .info-card, .result-facts, .mark, .header');
    const room = around?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth, innerHeight);
    if (
      box.left < room.left - 1 ||
      box.right > room.right + 1 ||
      box.top < room.top - slack ||
      box.bottom > room.bottom + slack
    )
      lost.push(text);
  }
  for (const key of document.querySelectorAll('.key, [data-choice]')) {
    const box = key.getBoundingClientRect();
    places.push(placeOf(key.getAttribute('data-choice') ?? key.className, box));
    if (box.left < 0 || box.top < 0 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
      lost.push(`key ${key.textContent}`);
  }
  const blocks = [
    ...document.querySelectorAll('.lead > *, .middle > *, .keys > *, .volume, .overlay-picture, .footer-key'),
  ].filter(isThere);
  const overlapping = blocks.flatMap((one, index) => {
    const a = one.getBoundingClientRect();
    return blocks.slice(index + 1).flatMap((other) => {
      const b = other.getBoundingClientRect();
      const clear =
        a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
      return clear ? [] : [`${one.getAttribute('class')} × ${other.getAttribute('class')}`];
    });
  });
  const { scrollWidth, scrollHeight } = document.documentElement;
  return {
    places,
    lost,
    overlapping,
    scrolls: scrollWidth > innerWidth + 1 || scrollHeight > innerHeight + 1,
  };
}

const SETTINGS = PANEL_SETTINGS.map((setting, index) => ({ ...setting, index }));

/**
 * Two ems between paragraphs leave no room where a page is as full as it may be: a list of three machines, the longest paragraph of a
 * notice, five lines beside the portrait or over the date. What has no room there stands under keys; nobody sets such spacing on a kiosk.
 */
const NO_ROOM: Readonly<Record<'portrait' | 'landscape', readonly string[]>> = {
  portrait: ['nearby', 'nearby-middle', 'notice-middle'],
  landscape: [
    'confirm-identity-nothing-to-replace',
    'confirm-reissue-unconfirmed',
    'nearby',
    'nearby-middle',
    'nearby-no-paper',
    'nearby-no-paper-middle',
    'notice-middle',
  ],
};

const EDGES = ['left', 'top', 'right', 'bottom'] as const;
/** Of the glass: lines are rounded to whole px, of which there are fewer. */
const ROUNDING = 0.006;

const ZOOM = { timeout: 120_000 };

describe.for(SETTINGS)('$orientation, $size', ({ orientation, size, index }) => {
  const viewNames = viewsInTurn(index, SETTINGS.length, 1);
  const gallery = galleryOfTests({ orientation, size, coarse: true });
  const panel = PANELS[orientation];
  let usual: Readonly<Record<string, Glass>>;
  const lookAtAll = () => gallery.lookAtEach(viewNames, look);

  beforeAll(async () => {
    usual = await lookAtAll();
  }, 120_000);

  test.for([200, 400])('at %d %% of zoom everything stands where it stood', ZOOM, async (percent) => {
    // What a page sees of zoom: fewer px on the same glass.
    await gallery.page.setViewportSize({
      width: Math.round((panel.width * 100) / percent),
      height: Math.round((panel.height * 100) / percent),
    });
    const zoomed = await lookAtAll();
    await gallery.page.setViewportSize(panel);
    for (const name of viewNames) {
      const { places, scrolls } = zoomed[name] ?? { places: [], scrolls: true };
      const before = usual[name]?.places ?? [];
      expect(scrolls, name).toBe(false);
      expect(
        places.map(({ what }) => what),
        name,
      ).toEqual(before.map(({ what }) => what));
      const moved = places.filter((place, at) =>
        EDGES.some((edge) => Math.abs(place[edge] - (before[at]?.[edge] ?? 0)) > ROUNDING),
      );
      expect(moved, name).toEqual([]);
    }
  });

  if (size !== 'standard') return;
  describe('with the spacing of WCAG 1.4.12', () => {
    let spaced: Readonly<Record<string, Glass>>;
    beforeAll(async () => {
      // The page's policy forbids styles of others; a person's own come by another way, as this one does.
      await gallery.page.evaluate(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(
          '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }',
        );
        document.adoptedStyleSheets.push(sheet);
      });
      spaced = await lookAtAll();
    }, 120_000);
    afterAll(async () => {
      await gallery.page.evaluate(() => document.adoptedStyleSheets.pop());
    });

    const names = viewNames.filter((name) => !NO_ROOM[orientation].includes(name));
    test.for(names)('%s loses nothing', (name) => {
      const { places, lost, overlapping, scrolls } = spaced[name] ?? {
        places: [],
        lost: ['everything'],
        overlapping: [],
        scrolls: true,
      };
      expect(places.map(({ what }) => what)).toEqual(usual[name]?.places.map(({ what }) => what));
      expect({ lost, overlapping, scrolls }).toEqual({ lost: [], overlapping: [], scrolls: false });
    });
  });
});
