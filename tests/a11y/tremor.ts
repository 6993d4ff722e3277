import type { CDPSession, Page } from '@playwright/test';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { Kiosk } from '../journeys/harness/kiosk.ts';
import { seeded } from '../simulation/seeded.ts';
import { Surroundings } from './surroundings.ts';

/** Nothing is to happen by itself while fingers are tried out. */
const PATIENT = { idleSeconds: 600, confirmSeconds: 600, warningSeconds: 300 };
/** A choice goes over the bridge within this after the finger has left the glass. */
const SENT_WITHIN_MS = 250;
/** No key is deaf any more, and a tap of the same one is no repetition. */
const SETTLED_MS = 750;
/** A screen takes no press so soon after it came, nor while taps go on, for so long at most (`src/screens/press-arbiter.ts`). */
const DEAF_MS = 400;
const DEAF_MOST_MS = 2_000;
/** Beyond the edge of a key, CSS px: so far a press still counts (elderly-ux §6.4). */
const TOLERANCE_PX = 24;
/** On the edge of what counts Chromium's rounding decides. */
const ROUNDING_PX = 2;
/** So often a question is asked that fell into a page that was just loaded anew. */
const ATTEMPTS = 5;
/** So often in a row there may be no key at all, as while a page is loaded. */
const KEYLESS_MOST = 40;
/** So often the hand is on a key that only changes how things look or sound, where there are others. */
const SILENT_PART = 0.1;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Key extends Point {
  /** Empty: nothing of this key goes over the bridge (再听一遍, 大字大声, 语言 and the keys of their dialogs). */
  readonly choice: string;
  readonly name: string;
  /** The one that most people want. */
  readonly main: boolean;
  readonly width: number;
  readonly height: number;
}

/** What came of one gesture. `one`: exactly this key's choice; `none`: nothing; `at most one`: this key's or nothing. */
type Expected = 'one' | 'none' | 'at most one';

/** What a run of taps came to. */
export interface TremorReport {
  readonly taps: number;
  readonly wrong: readonly string[];
}

/** What happened on the page while a gesture lasted, by the page's clock, ms since the epoch. */
interface Traced {
  readonly what: 'down' | 'screen';
  readonly atMs: number;
}

/** Runs in the page before its own scripts: tells each finger that comes down, and each change of screens, also over a new start. */
function trace(): void {
  const { tell } = window as unknown as { tell: (traced: Traced) => Promise<void> };
  const note = (what: Traced['what']) => {
    void tell({ what, atMs: performance.timeOrigin + performance.now() });
  };
  document.addEventListener(
    'pointerdown',
    () => {
      note('down');
    },
    { capture: true },
  );
  let shown = '';
  let main: Element | null = null;
  new MutationObserver(() => {
    const screen = document.querySelector('[data-screen]')?.getAttribute('data-screen') ?? '';
    const overlay = document.querySelector('[data-overlay]')?.getAttribute('data-overlay') ?? '';
    // The same screen with other facts, such as paper that has come out, is another one: it is drawn anew.
    const now = document.querySelector('main');
    if (`${screen}/${overlay}` === shown && now === main) return;
    shown = `${screen}/${overlay}`;
    main = now;
    note('screen');
  }).observe(document, { subtree: true, childList: true, attributes: true });
}

/**
 * How many further presses are no mistake of the screen: on a busy machine a hand's next tap can come so late that the screen had
 * been at rest before it.
 */
function lateTaps(traced: readonly Traced[]): number {
  let changedAtMs = Number.NaN;
  let deafUntilMs = Number.NEGATIVE_INFINITY;
  let late = 0;
  for (const { what, atMs } of traced) {
    if (what === 'screen') {
      changedAtMs = atMs;
      deafUntilMs = atMs + DEAF_MS;
    } else if (!Number.isNaN(changedAtMs)) {
      if (atMs >= deafUntilMs) late += 1;
      else deafUntilMs = Math.min(atMs + DEAF_MS, changedAtMs + DEAF_MOST_MS);
    }
  }
  return late;
}

/** A hand on the glass of one running kiosk. */
class Hand {
  readonly #page: Page;
  readonly #cdp: CDPSession;
  readonly #random: () => number;
  /** Choices that went over the bridge. */
  readonly sent: string[] = [];
  /** What the page told, over all its new starts. */
  readonly traced: Traced[] = [];
  taps = 0;

  constructor(page: Page, cdp: CDPSession, random: () => number) {
    this.#page = page;
    this.#cdp = cdp;
    this.#random = random;
  }

  between(least: number, most: number): number {
    return least + this.#random() * (most - least);
  }

  pick<T>(things: readonly T[]): T | undefined {
    return things[Math.floor(this.#random() * things.length)];
  }

  async pause(ms: number): Promise<void> {
    await sleep(systemClock, ms);
  }

  async touch(
    type: 'touchStart' | 'touchMove' | 'touchEnd',
    ...fingers: readonly (Point & { id?: number })[]
  ): Promise<void> {
    await this.#cdp.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: fingers.map(({ x, y, id = 0 }) => ({ x, y, id })),
    });
  }

  /** Down at one place and up at another, with moves between them. */
  async tap(from: Point, to: Point = from, holdMs = 60): Promise<void> {
    this.taps += 1;
    await this.touch('touchStart', from);
    const moves = from === to ? 0 : 4;
    for (let move = 1; move <= moves; move += 1) {
      await this.pause(holdMs / moves);
      const part = move / moves;
      await this.touch('touchMove', {
        x: from.x + (to.x - from.x) * part,
        y: from.y + (to.y - from.y) * part,
      });
    }
    if (moves === 0) await this.pause(holdMs);
    await this.touch('touchEnd');
  }

  /** The keys on the glass now, with their boxes. */
  async keys(): Promise<readonly Key[]> {
    return this.#asked(() =>
      [...document.querySelectorAll('[data-choice], .key')].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        const choice = element.getAttribute('data-choice') ?? '';
        return {
          choice,
          name: choice || (element.textContent ?? ''),
          main: element.matches('.primary'),
          x,
          y,
          width,
          height,
        };
      }),
    );
  }

  /** The page is loaded anew at the end of each session; a question that falls into that is asked again. */
  async #asked<T>(question: () => T): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#page.waitForSelector('[data-screen]');
        return await this.#page.evaluate(question);
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await this.pause(200);
      }
    }
  }

  inside({ x, y, width, height }: Key): Point {
    const margin = 8;
    return { x: x + this.between(margin, width - margin), y: y + this.between(margin, height - margin) };
  }
}

function within(point: Point, { x, y, width, height }: Key, grownPx: number): boolean {
  return (
    point.x >= x - grownPx &&
    point.x <= x + width + grownPx &&
    point.y >= y - grownPx &&
    point.y <= y + height + grownPx
  );
}

function expectedOfDrift(to: Point, key: Key): Expected {
  if (within(to, key, -ROUNDING_PX)) return 'one';
  return within(to, key, TOLERANCE_PX + ROUNDING_PX) ? 'at most one' : 'none';
}

/** Ways in which hands touch a glass (elderly-ux §5.6); each returns what is to come of it. */
const GESTURES: Readonly<
  Record<string, (hand: Hand, key: Key, others: readonly Key[]) => Promise<Expected>>
> = {
  drift: async (hand, key) => {
    const from = hand.inside(key);
    const far = hand.between(0, 40);
    const angle = hand.between(0, 2 * Math.PI);
    const to = { x: from.x + far * Math.cos(angle), y: from.y + far * Math.sin(angle) };
    await hand.tap(from, to, hand.between(40, 300));
    return expectedOfDrift(to, key);
  },
  hold: async (hand, key) => {
    const at = hand.inside(key);
    // Short ones are common, three seconds are not.
    await hand.tap(at, at, 40 + 2_960 * hand.between(0, 1) ** 4);
    return 'one';
  },
  'double tap': async (hand, key) => {
    const at = hand.inside(key);
    await hand.tap(at, at, 40);
    await hand.pause(hand.between(80, 400));
    await hand.tap(at, at, 40);
    return 'one';
  },
  'triple tap': async (hand, key) => {
    const at = hand.inside(key);
    for (let tap = 0; tap < 3; tap += 1) {
      if (tap > 0) await hand.pause(hand.between(80, 250));
      await hand.tap(at, at, 40);
    }
    return 'one';
  },
  'five taps a second': async (hand, key) => {
    const at = hand.inside(key);
    for (let tap = 0; tap < 6; tap += 1) {
      await hand.tap(at, at, 60);
      await hand.pause(140);
    }
    return 'one';
  },
  'a finger rests beside the keys': async (hand, key) => {
    const rest = { x: 12, y: 300, id: 1 };
    const at = { ...hand.inside(key), id: 2 };
    hand.taps += 1;
    await hand.touch('touchStart', rest);
    await hand.touch('touchStart', rest, at);
    await hand.pause(80);
    await hand.touch('touchEnd', rest);
    await hand.touch('touchEnd');
    return 'at most one';
  },
  'a second finger on another key': async (hand, key, others) => {
    const other = hand.pick(others.filter(({ name }) => name !== key.name));
    if (other === undefined) return GESTURES['hold']?.(hand, key, others) ?? 'one';
    const first = { ...hand.inside(key), id: 1 };
    const second = { ...hand.inside(other), id: 2 };
    hand.taps += 2;
    await hand.touch('touchStart', first);
    await hand.pause(60);
    await hand.touch('touchStart', first, second);
    await hand.pause(60);
    await hand.touch('touchEnd', first);
    await hand.pause(60);
    await hand.touch('touchEnd');
    return 'one';
  },
  // Chromium takes a finger within 10 px of a key for one on it; the middle belongs to neither.
  'into the gap': async (hand, key) => {
    const at = { x: key.x + hand.between(8, key.width - 8), y: key.y + key.height + hand.between(12, 20) };
    await hand.tap(at);
    return 'none';
  },
  'during the change': async (hand, key) => {
    const at = hand.inside(key);
    await hand.tap(at, at, 40);
    await hand.pause(hand.between(10, 350));
    await hand.tap({ x: hand.between(60, 1020), y: hand.between(640, 1880) });
    return 'one';
  },
};

/** Half the time to the main key, so that sessions go on to their end. */
function aim(hand: Hand, keys: readonly Key[]): Key | undefined {
  const main = keys.filter((key) => key.main);
  if (main.length > 0 && hand.between(0, 1) < 0.5) return hand.pick(main);
  const silent = hand.between(0, 1) < SILENT_PART;
  const wanted = keys.filter(({ choice }) => (choice === '') === silent);
  return hand.pick(wanted.length > 0 ? wanted : keys);
}

/** The whole glass is the key of the attract screen; where a key changes no screen, the next tap is as good as the first. */
function gestureFor(hand: Hand, { choice }: Key): string {
  const leftOut: string[] = [];
  if (choice === 'start') leftOut.push('into the gap', 'a second finger on another key');
  if (choice === '' || choice === 'show-full-name') leftOut.push('during the change');
  return hand.pick(Object.keys(GESTURES).filter((name) => !leftOut.includes(name))) ?? 'hold';
}

/** Tries `taps` touches on the screens of a running kiosk; nothing may come of them that was not meant. */
export async function tremble(options: {
  readonly taps: number;
  readonly seed: number;
  readonly onProgress?: (taps: number) => void;
}): Promise<TremorReport> {
  const kiosk = await Kiosk.start({ line: 'tcp', limits: PATIENT });
  const wrong: string[] = [];
  try {
    const { page } = kiosk.glass;
    const hand = new Hand(page, await page.context().newCDPSession(page), seeded(options.seed));
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        for (const [, choice = ''] of String(payload).matchAll(/"choice":"([a-z-]+)"/g))
          hand.sent.push(choice);
      });
    });
    // The page that is there was opened before anybody listened.
    await page.exposeFunction('tell', (told: Traced) => {
      hand.traced.push(told);
    });
    await page.addInitScript(trace);
    await page.reload();
    await kiosk.glass.shows('attract');
    const around = new Surroundings(kiosk, () => hand.between(0, 1));
    let keyless = 0;
    while (hand.taps < options.taps) {
      hand.traced.length = 0;
      const over = await around.attend(await kiosk.glass.screen().catch(() => ''));
      if (over !== undefined) wrong.push(over);
      await hand.pause(SETTLED_MS);
      const changedBefore = hand.traced.some(({ what }) => what === 'screen');
      hand.traced.length = 0;
      const screen = await kiosk.glass.screen().catch(() => '');
      const keys = await hand.keys();
      const key = aim(hand, keys);
      if (key === undefined) keyless += 1;
      if (keyless > KEYLESS_MOST) throw new Error(`no key on ${screen}`);
      // Changed while it was looked at: the keys may be those of the screen before.
      if (key === undefined || hand.traced.some(({ what }) => what === 'screen')) continue;
      keyless = 0;
      const name = gestureFor(hand, key);
      hand.sent.length = 0;
      hand.traced.length = 0;
      const expected = (await GESTURES[name]?.(hand, key, keys)) ?? 'one';
      await hand.pause(SENT_WITHIN_MS);
      for (const choice of hand.sent) around.chosen(choice, screen);
      // What a tap did that came late was meant by it; it is no part of what is judged.
      const own = key.choice !== '' && hand.sent[0] === key.choice ? 1 : 0;
      hand.sent.length = Math.max(Math.min(own, hand.sent.length), hand.sent.length - lateTaps(hand.traced));
      // Where nothing was sent the machine itself went on, as it does when paper is out: whoever was in mid-press, or pressed before
      // the new screen had settled, pressed nothing.
      const wentOn =
        hand.sent.length === 0 && (changedBefore || hand.traced.some(({ what }) => what === 'screen'));
      const judged = key.choice === '' ? 'none' : wentOn ? 'at most one' : expected;
      if (!isWell(judged, key.choice, hand.sent))
        wrong.push(
          `${name} on ${key.name} of ${screen}: ${judged} expected, sent ${hand.sent.join(', ') || 'nothing'}`,
        );
      options.onProgress?.(hand.taps);
    }
    wrong.push(...(await around.wrong()));
    return { taps: hand.taps, wrong };
  } finally {
    await kiosk.stop();
  }
}

function isWell(expected: Expected, choice: string, sent: readonly string[]): boolean {
  if (expected === 'none' || (expected === 'at most one' && sent.length === 0)) return sent.length === 0;
  return sent.length === 1 && sent[0] === choice;
}
