import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';

const gallery = galleryOfTests();

/** Longer than the 400 ms in which a new screen takes no press, and the 700 ms of a repeated one. */
const SETTLED_MS = 800;

async function sleep(ms: number): Promise<void> {
  await gallery.page.waitForTimeout(ms);
}

interface Finger {
  readonly x: number;
  readonly y: number;
  readonly id?: number;
}

async function touch(
  type: 'touchStart' | 'touchMove' | 'touchEnd' | 'touchCancel',
  ...fingers: Finger[]
): Promise<void> {
  await gallery.cdp.send('Input.dispatchTouchEvent', {
    type,
    touchPoints: fingers.map(({ x, y, id = 0 }) => ({ x, y, id })),
  });
}

async function boxOf(choice: string): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await gallery.page.locator(`[data-choice="${choice}"]`).first().boundingBox();
  if (box === null) throw new Error(`${choice} is not on the glass`);
  return box;
}

async function centreOf(choice: string): Promise<Finger> {
  const { x, y, width, height } = await boxOf(choice);
  return { x: x + width / 2, y: y + height / 2 };
}

async function chosen(): Promise<string[]> {
  await sleep(60);
  return gallery.page.evaluate(() => window.gallery.chosen.splice(0));
}

async function drag(from: Finger, to: Finger, holdMs: number): Promise<void> {
  await touch('touchStart', from);
  const steps = 4;
  for (let step = 1; step <= steps; step += 1) {
    const part = step / steps;
    await sleep(holdMs / steps);
    if (from.x !== to.x || from.y !== to.y) {
      await touch('touchMove', { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });
    }
  }
  await touch('touchEnd');
}

beforeEach(async () => {
  await gallery.show('home');
  await gallery.show('confirm-reissue');
  await sleep(SETTLED_MS);
  await gallery.page.evaluate(() => window.gallery.chosen.splice(0));
});

test.for([0, 14, 16, 24, 40])('a finger that drifts %d px inside a key presses it once', async (drift) => {
  const at = await centreOf('confirm-reissue');
  await drag(at, { x: at.x + drift, y: at.y }, 120);
  expect(await chosen()).toEqual(['confirm-reissue']);
});

test.for([
  { drift: 10, expected: ['confirm-reissue'] },
  { drift: 22, expected: ['confirm-reissue'] },
  { drift: 40, expected: [] },
])('a finger that leaves the glass $drift px above the key: $expected', async ({ drift, expected }) => {
  const { x, y, width } = await boxOf('confirm-reissue');
  await drag({ x: x + width / 2, y: y + 6 }, { x: x + width / 2, y: y - drift }, 120);
  expect(await chosen()).toEqual(expected);
});

test('toward a neighbour the tolerance is half the gap, and the neighbour is not pressed either', async () => {
  const { x, y, width, height } = await boxOf('confirm-reissue');
  const edge = { x: x + width / 2, y: y + height - 6 };
  await drag(edge, { x: edge.x, y: y + height + 14 }, 120);
  expect(await chosen()).toEqual(['confirm-reissue']);
  await sleep(SETTLED_MS);
  await drag(edge, { x: edge.x, y: y + height + 20 }, 120);
  await drag(edge, { x: edge.x, y: y + height + 60 }, 120);
  expect(await chosen()).toEqual([]);
});

test.for([40, 450, 1_600, 3_000])('a press of %d ms counts once', async (holdMs) => {
  const at = await centreOf('decline-reissue');
  await drag(at, at, holdMs);
  expect(await chosen()).toEqual(['decline-reissue']);
});

test.for([80, 200, 400])(
  'a second tap of the same key %d ms later is a tremor, not a wish',
  async (pauseMs) => {
    const at = await centreOf('confirm-reissue');
    for (let tap = 0; tap < 3; tap += 1) {
      await drag(at, at, 40);
      if (tap < 1) await sleep(pauseMs);
    }
    expect(await chosen()).toEqual(['confirm-reissue']);
  },
);

test('two keys one after the other are two wishes, once the first is answered', async () => {
  const yes = await centreOf('confirm-reissue');
  const no = await centreOf('decline-reissue');
  await drag(yes, yes, 40);
  expect(await chosen()).toEqual(['confirm-reissue']);
  await drag(no, no, 40);
  expect(await chosen()).toEqual(['decline-reissue']);
  await sleep(SETTLED_MS);
  await gallery.page.evaluate(() => {
    window.gallery.answerMs = 600;
  });
  await drag(yes, yes, 40);
  await drag(no, no, 40);
  expect(await chosen()).toEqual(['confirm-reissue']);
  await sleep(SETTLED_MS);
  await gallery.page.evaluate(() => {
    window.gallery.answerMs = 0;
  });
  await drag(no, no, 40);
  expect(await chosen()).toEqual(['decline-reissue']);
});

test('a second finger on another key does nothing while the first one presses', async () => {
  const first = { ...(await centreOf('confirm-reissue')), id: 0 };
  const second = { ...(await centreOf('decline-reissue')), id: 1 };
  await touch('touchStart', first);
  await touch('touchStart', first, second);
  await touch('touchEnd', first);
  await sleep(80);
  await touch('touchEnd');
  expect(await chosen()).toEqual(['confirm-reissue']);
});

test('a palm that rests beside the keys keeps no finger from pressing', async () => {
  const palm = { x: 540, y: 400, id: 0 };
  const finger = { ...(await centreOf('confirm-reissue')), id: 1 };
  await touch('touchStart', palm);
  await touch('touchStart', palm, finger);
  await sleep(80);
  await touch('touchEnd', palm);
  await touch('touchEnd');
  expect(await chosen()).toEqual(['confirm-reissue']);
});

test('a tap in the gap between two keys does nothing', async () => {
  const { x, y, width, height } = await boxOf('confirm-reissue');
  const gap = { x: x + width / 2, y: y + height + 16 };
  await drag(gap, gap, 80);
  expect(await chosen()).toEqual([]);
});

test('a touch that the system takes away presses nothing, and the next one works', async () => {
  const at = await centreOf('confirm-reissue');
  await touch('touchStart', at);
  await touch('touchCancel');
  expect(await chosen()).toEqual([]);
  await drag(at, at, 60);
  expect(await chosen()).toEqual(['confirm-reissue']);
});

test('a tap in the first moment of a screen was meant for the one before', async () => {
  const at = await centreOf('confirm-reissue');
  await gallery.show('E01');
  await drag(at, at, 40);
  expect(await chosen()).toEqual([]);
  await sleep(SETTLED_MS);
  const retry = await centreOf('retry');
  await drag(retry, retry, 40);
  expect(await chosen()).toEqual(['retry']);
});

test('a tap on a screen that a busy machine painted late was meant for the one before', async () => {
  await gallery.show('E01');
  const retry = await centreOf('retry');
  await gallery.show('confirm-reissue');
  const painted = gallery.page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const made = new MutationObserver(() => {
          made.disconnect();
          for (const from = performance.now(); performance.now() < from + 1_000;);
          resolve();
        });
        made.observe(document, { subtree: true, childList: true });
        window.gallery.show('E01');
      }),
  );
  // It is made and not yet painted: both wait in Chromium until the page has time.
  await sleep(300);
  await Promise.all([touch('touchStart', retry), touch('touchEnd'), painted]);
  expect(await chosen()).toEqual([]);
  await sleep(SETTLED_MS);
  await drag(retry, retry, 40);
  expect(await chosen()).toEqual(['retry']);
});

test('a finger that is still down when the screen changes presses nothing on the next one', async () => {
  const at = await centreOf('confirm-reissue');
  await touch('touchStart', at);
  await gallery.show('E01');
  await sleep(SETTLED_MS);
  await touch('touchEnd');
  expect(await chosen()).toEqual([]);
  const retry = await centreOf('retry');
  await drag(retry, retry, 40);
  expect(await chosen()).toEqual(['retry']);
});

test('the keyboard presses a key once, and the focus can be seen', async () => {
  await gallery.page.keyboard.press('Tab');
  const ring = await gallery.page.evaluate(() => {
    const focused = document.activeElement;
    return focused === null
      ? ''
      : `${focused.getAttribute('data-choice')} ${getComputedStyle(focused).boxShadow}`;
  });
  expect(ring).toMatch(/^confirm-reissue .*0px 0px 0px 6px.*0px 0px 0px 12px/u);
  await gallery.page.keyboard.press('Enter');
  expect(await chosen()).toEqual(['confirm-reissue']);
});

test('the menu, the drag and the pinch of a browser are not to be had', async () => {
  const refused = await gallery.page.evaluate(() =>
    ['contextmenu', 'dragstart', 'selectstart', 'wheel'].filter((kind) => {
      const event = new Event(kind, { bubbles: true, cancelable: true });
      document.querySelector('h1')?.dispatchEvent(event);
      return event.defaultPrevented;
    }),
  );
  expect(refused).toEqual(['contextmenu', 'dragstart', 'selectstart', 'wheel']);
  await touch('touchStart', { x: 300, y: 500, id: 0 }, { x: 700, y: 500, id: 1 });
  await touch('touchMove', { x: 100, y: 500, id: 0 }, { x: 900, y: 500, id: 1 });
  await touch('touchEnd');
  expect(await gallery.page.evaluate(() => window.visualViewport?.scale)).toBe(1);
});

test('a pressed key looks pressed at once', async () => {
  const at = await centreOf('confirm-reissue');
  await touch('touchStart', at);
  const lag = await gallery.page.evaluate(async () => {
    const from = performance.now();
    while (document.querySelector('.is-pressed') === null) {
      if (performance.now() - from > 1_000) return Number.POSITIVE_INFINITY;
      await new Promise(requestAnimationFrame);
    }
    return performance.now() - from;
  });
  await touch('touchEnd');
  expect(lag).toBeLessThan(1_000);
});

test('a finger takes the ring from the key at which the arrows were', async () => {
  const ringed = () =>
    gallery.page.evaluate(
      () =>
        [...document.querySelectorAll('.key')].filter((key) => getComputedStyle(key).boxShadow !== 'none')
          .length,
    );
  const usual = await ringed();
  await gallery.page.keyboard.press('Tab');
  expect(await ringed()).toBe(usual + 1);
  await gallery.page.touchscreen.tap(300, 500);
  expect(await ringed()).toBe(usual);
});

test('a key that comes under the finger does not get the focus of its touch', async () => {
  onTestFinished(() => gallery.setUp({}));
  await gallery.setUp({ orientation: 'landscape', size: 'large' });
  await gallery.show('home');
  const box = await gallery.page.locator('.footer-adjust').boundingBox();
  if (box === null) throw new Error('no key');
  await gallery.press('.footer-adjust');
  await gallery.page.locator('[data-overlay="adjust"]').waitFor();
  await sleep(300);
  const keys = await gallery.page.evaluate(
    ([x, y]) => ({
      isUnderFinger: document.elementFromPoint(x, y)?.matches('[data-overlay="adjust"] .key'),
      focused: document.querySelectorAll('.key:focus').length,
    }),
    [box.x + box.width / 2, box.y + box.height / 2] as const,
  );
  expect(keys).toEqual({ isUnderFinger: true, focused: 0 });
});
