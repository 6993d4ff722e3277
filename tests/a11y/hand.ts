import type { CDPSession, Page } from '@playwright/test';
import { sleep, systemClock, withTimeLimit } from '../../src/platform/clock.ts';
import type { Traced } from './page-trace.ts';

/** So often a question is asked that fell into a page that was just loaded anew. */
const ATTEMPTS = 5;
/** Of a touch on a page that is just going away Chromium may never tell that it came; anywhere else it does at once. */
const TOLD_WITHIN_MS = 5_000;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Key extends Point {
  /** Empty: nothing of this key goes over the bridge (再听一遍, 大字大声, 语言 and the keys of their dialogs). */
  readonly choice: string;
  readonly name: string;
  /** The one that most people want. */
  readonly main: boolean;
  readonly width: number;
  readonly height: number;
}

/** Nobody knows what came of this gesture. */
export class UntoldTouch extends Error {
  constructor() {
    super(`Chromium has not told within ${TOLD_WITHIN_MS} ms that a touch came to the page`);
  }
}

/** A hand on the glass of one running kiosk. */
export class Hand {
  readonly #page: Page;
  readonly #cdp: CDPSession;
  readonly #random: () => number;
  /** Choices that went over the bridge. */
  readonly sent: string[] = [];
  /** What the page told, over all its new starts. */
  readonly traced: Traced[] = [];
  taps = 0;
  /** Gestures that were lost with their page. */
  untold = 0;
  /** How often the page was loaded anew. */
  pages = 0;

  constructor(page: Page, cdp: CDPSession, random: () => number) {
    this.#page = page;
    this.#cdp = cdp;
    this.#random = random;
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.pages += 1;
    });
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
    type: 'touchStart' | 'touchMove' | 'touchEnd' | 'touchCancel',
    ...fingers: readonly (Point & { id?: number })[]
  ): Promise<void> {
    const touched = this.#cdp.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: fingers.map(({ x, y, id = 0 }) => ({ x, y, id })),
    });
    if ((await withTimeLimit(systemClock, TOLD_WITHIN_MS, touched)) === 'timed-out') throw new UntoldTouch();
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
