import { beforeAll, describe, expect, test } from 'vitest';
import { GALLERY_VIEWS } from '../sandbox/gallery/views.ts';
import { textsOnGlass } from './a11y/pixels.ts';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';
import { PANELS, PANEL_SETTINGS } from './fixtures/open-gallery.ts';
import { SETTLED_MS } from './fixtures/settled.ts';
import { lookAt, OWN_DIALOGS } from './fixtures/own-dialogs.ts';
import { viewsInTurn } from './fixtures/views-in-turn.ts';

const gallery = galleryOfTests({ coarse: true });

interface Stop {
  readonly what: string;
  readonly isKey: boolean;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** How far the ring goes beyond the element, px; below 0 it lies inside; absent: there is none. */
  readonly ring: number | undefined;
}

/** Runs in the page: where the focus is. */
function focused(): Stop | undefined {
  const element = document.activeElement;
  if (element === null || element === document.body) return undefined;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const isWide = (shadow: string) => /0px 0px 0px 6px.*0px 0px 0px 12px/u.test(shadow);
  const ring = isWide(getComputedStyle(element).boxShadow)
    ? 12
    : isWide(getComputedStyle(element, '::after').boxShadow)
      ? -12
      : undefined;
  const what = `${element.getAttribute('class')}: ${element.textContent}`;
  return { what, isKey: element.matches('button'), left, top, right, bottom, ring };
}

async function pressAndLook(key: string): Promise<Stop | undefined> {
  await gallery.page.keyboard.press(key);
  return gallery.page.evaluate(focused);
}

/** Every stop of so many presses of Tab, kept by the page: asking it after each takes longer than the presses. */
async function stopsByTab(presses: number): Promise<readonly Stop[]> {
  await gallery.page.evaluate(`{
    const focused = ${focused.toString()};
    window.stopsByTab = [];
    window.keepStop = () => window.stopsByTab.push(focused());
    document.addEventListener('focusin', window.keepStop);
  }`);
  for (let tab = 0; tab < presses; tab += 1) await gallery.page.keyboard.press('Tab');
  return gallery.page.evaluate(`{
    document.removeEventListener('focusin', window.keepStop);
    window.stopsByTab;
  }`);
}

/**
 * Runs in the page: all stops on the way up, and from there down, until one more press leads nowhere. A press each way from here takes
 * longer than everything else.
 */
function walk(): { readonly up: readonly Stop[]; readonly down: readonly Stop[] } {
  const { focusedStop } = window as unknown as { focusedStop: typeof focused };
  const go = (key: string) => {
    const stops: Stop[] = [];
    for (let before = document.activeElement; stops.length < 60; before = document.activeElement) {
      before?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      if (document.activeElement === before) break;
      const stop = focusedStop();
      if (stop !== undefined) stops.push(stop);
    }
    return stops;
  };
  return { up: go('ArrowUp'), down: go('ArrowDown') };
}

/** Nobody sees a ring that is painted beside the glass. */
function ringsUnseen(stops: readonly Stop[], { width, height }: { width: number; height: number }): string[] {
  return stops
    .filter(
      ({ ring, left, top, right, bottom }) =>
        ring === undefined ||
        left - ring < 0 ||
        top - ring < 0 ||
        right + ring > width ||
        bottom + ring > height,
    )
    .map(({ what }) => what);
}

/** Goes through everything on the glass, there and back, and says how that must be. */
async function reachesEverything(panel: (typeof PANELS)[keyof typeof PANELS]): Promise<void> {
  // By a real key, so that the browser knows that keys are used, and from the top of the screen on.
  const from = await pressAndLook('ArrowUp');
  if (from === undefined) throw new Error('an arrow leads nowhere');
  await gallery.page.evaluate(`window.focusedStop = ${focused.toString()}`);
  const { up, down } = await gallery.page.evaluate(walk);
  const stops = [up.at(-1) ?? from, ...down];
  expect(stops.slice(0, up.length).toReversed()).toEqual(up);
  expect(ringsUnseen(stops, panel)).toEqual([]);

  const keys = await gallery.page.locator('.key:visible, .attract:visible').count();
  expect(stops.filter(({ isKey }) => isKey)).toHaveLength(keys);
  const texts = await gallery.page.evaluate(textsOnGlass);
  const unread = texts.filter(
    ({ box: { x, y, width, height } }) =>
      !stops.some(
        ({ left, top, right, bottom }) =>
          left - 1 <= x && x + width <= right + 1 && top <= y + height / 2 && y + height / 2 <= bottom,
      ),
  );
  // What a picture of the machine calls its parts is said by the sentences, too.
  const parts = await gallery.page.locator('.part-name').allTextContents();
  expect(unread.map(({ text }) => text).filter((text) => !parts.includes(text))).toEqual([]);

  // Down, or to the right; the key of languages is the last of its screen, wherever there is room for it.
  const backwards = stops.filter((stop, at) => {
    const before = stops[at - 1];
    if (before === undefined || stop.what.includes('language-key')) return false;
    return stop.top + stop.bottom < before.top + before.bottom && stop.left < before.right;
  });
  expect(backwards).toEqual([]);
}

test.for(Object.keys(GALLERY_VIEWS))('every key of %s is reached by keyboard alone', async (name) => {
  // From another screen: the focus begins anew.
  await gallery.show(name.startsWith('printing') ? 'home' : 'printing');
  await gallery.show(name);
  const keys = await gallery.page.locator('.key:visible, .attract:visible').count();
  const stops = (await stopsByTab(keys)).filter(({ isKey }) => isKey);
  expect(new Set(stops.map(({ what, top, left }) => `${what} ${top} ${left}`)).size).toBe(keys);
  expect(ringsUnseen(stops, PANELS.portrait)).toEqual([]);
  expect(stops).toEqual(stops.toSorted((one, other) => one.top - other.top || one.left - other.left));
});

test('a new screen is read from its title', async () => {
  const isAtTitle = await gallery.lookAtEach(Object.keys(GALLERY_VIEWS), () => {
    const { activeElement } = document;
    return activeElement?.matches('h1, [role="dialog"], [role="alertdialog"], .attract, body') === true;
  });
  expect(Object.entries(isAtTitle).filter(([, held]) => !held)).toEqual([]);
});

describe.for(PANEL_SETTINGS.map((setting, index) => ({ ...setting, index })))(
  'five keys, $orientation, $size',
  ({ orientation, size, index }) => {
    const panel = PANELS[orientation];
    beforeAll(async () => {
      await gallery.setUp({ orientation, size });
    });

    // In `npm test` a fourth of the views, each in one setting.
    test.for(viewsInTurn(index * 4, PANEL_SETTINGS.length * 4, 1))(
      'the arrows reach every text and key of %s in reading order, and the ring is seen',
      async (name) => {
        await gallery.show(name.startsWith('printing') ? 'home' : 'printing');
        await gallery.show(name);
        await reachesEverything(panel);
      },
    );

    test.for(Object.keys(OWN_DIALOGS))(
      'the arrows reach everything in the dialog %s, and nothing under it',
      async (name) => {
        await gallery.show('printing');
        await lookAt(gallery, name, () => reachesEverything(panel));
      },
    );
  },
);

test('arrows go on from the title, Enter presses once, and a key held down is one step', async () => {
  await gallery.setUp({});
  await gallery.show('printing');
  await gallery.show('confirm-reissue');
  await gallery.page.waitForTimeout(SETTLED_MS);
  const title = await gallery.page.evaluate(focused);
  expect((await pressAndLook('ArrowRight'))?.top).toBeGreaterThan(title?.bottom ?? Number.POSITIVE_INFINITY);
  expect(await pressAndLook('ArrowLeft')).toMatchObject({ top: title?.top, ring: 12 });
  await gallery.page.keyboard.down('ArrowDown');
  const once = await gallery.page.evaluate(focused);
  await gallery.page.keyboard.down('ArrowDown');
  await gallery.page.keyboard.up('ArrowDown');
  expect(await gallery.page.evaluate(focused)).toEqual(once);
  // Three steps, and the kiosk knows that somebody reads.
  expect(await gallery.page.evaluate(() => window.gallery.pageKeys)).toBe(3);
  while ((await pressAndLook('ArrowDown'))?.isKey !== true);
  await gallery.page.evaluate(() => window.gallery.chosen.splice(0));
  await gallery.page.keyboard.press('Enter');
  await gallery.page.keyboard.press('Enter');
  expect(await gallery.page.evaluate(() => window.gallery.chosen)).toEqual(['confirm-reissue']);
});

test('a finger sees no ring around the title of the screen that it comes to', async () => {
  await gallery.show('home');
  await gallery.press('.footer-adjust');
  expect(await gallery.page.evaluate(focused)).toMatchObject({ ring: undefined });
  await gallery.press('.big-button.primary');
  await gallery.show('printing');
  expect(await gallery.page.evaluate(focused)).toMatchObject({ ring: undefined });
  await gallery.page.keyboard.press('Tab');
  await gallery.show('home');
  expect(await gallery.page.evaluate(focused)).toMatchObject({ ring: 12 });
});

test.for([
  ['home-no-paper', '.notice', 'status'],
  ['read-back-other', '.notice', 'alert'],
  ['take-id-card-seen', '.body', 'status'],
  ['help', '.lead', 'status'],
] as const)(
  'what changes while %s stays on the glass is told by a screen reader',
  async ([name, selector, role]) => {
    await gallery.show(name);
    expect(await gallery.page.locator(selector).first().getAttribute('role')).toBe(role);
  },
);
