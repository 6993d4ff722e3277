import type { CDPSession, Page } from '@playwright/test';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { Kiosk } from '../journeys/harness/kiosk.ts';
import { spreadOf, type Spread } from './figures.ts';

/** How much slower than this machine the page's processor is made. */
const THROTTLE = 6;
/** Nothing is to happen by itself meanwhile. */
const PATIENT = { idleSeconds: 600, confirmSeconds: 600, warningSeconds: 300 };
/** An old finger stays so long on the glass, ms. */
const HOLD_MS = 250;
/** A screen takes no press before, and the same key none so soon after itself, ms. */
const SETTLED_MS = 800;

/** Event Timing tells of nothing shorter, ms. */
const LEAST_TOLD_MS = 16;

/** What a finger waits for on a slow machine, ms. Chromium rounds the times of events to 8 ms. */
export interface TouchReport {
  readonly throttle: number;
  /** From the finger on the glass to the frame in which its key looks pressed (Event Timing: `pointerdown`). Target: p95 ≤ 100. */
  readonly pressedMs: Spread;
  /** Touches after which the next frame did not show it: the finger was gone before it was drawn. */
  readonly unseen: number;
  /** From the finger that leaves the glass to the frame that shows the next screen; the agent's answer lies between. */
  readonly nextScreenMs: Spread;
  /** From the beginning of loading to the first paint, and to the first screen. Target: first paint ≤ 1500. */
  readonly firstPaintMs: Spread;
  readonly firstScreenMs: Spread;
}

/** One touch, as the page has it. */
interface Touched {
  /** Undefined: the frame after the touch did not show it. */
  readonly pressedMs: number | undefined;
  readonly nextScreenMs: number;
}

/** Runs in the page before its own scripts. */
function observe(): void {
  interface Waiting {
    down?: number;
    pressedSeen: boolean;
    upAt?: number;
    nextAt?: number;
    duration?: number;
  }
  const touch: Waiting = { pressedSeen: false };
  Object.assign(window, { touch, firstScreenAt: Number.NaN });
  const afterFrame = (task: () => void) => {
    // The second frame begins when the first one has been drawn.
    requestAnimationFrame(() => requestAnimationFrame(task));
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.name === 'pointerdown' && entry.startTime === touch.down) touch.duration = entry.duration;
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  addEventListener(
    'pointerdown',
    ({ timeStamp }) => {
      Object.assign(touch, { down: timeStamp, pressedSeen: false, duration: undefined, nextAt: undefined });
      requestAnimationFrame(() => {
        touch.pressedSeen = document.querySelector('.is-pressed') !== null;
      });
    },
    { capture: true },
  );
  addEventListener('pointerup', ({ timeStamp }) => (touch.upAt = timeStamp), { capture: true });
  let shown = '';
  new MutationObserver(() => {
    const screen = document.querySelector('[data-screen]')?.getAttribute('data-screen') ?? '';
    if (screen === shown) return;
    shown = screen;
    if (screen === '' || screen === 'preparing') return;
    afterFrame(() => {
      const now = performance.now();
      if (Number.isNaN((window as unknown as { firstScreenAt: number }).firstScreenAt))
        Object.assign(window, { firstScreenAt: now });
      touch.nextAt ??= now;
    });
  }).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-screen'],
  });
}

/** A finger on the kiosk's own page, its agent beside it, on a processor that is {@link THROTTLE} times as slow. */
export async function benchTouch(touches: number, loads: number): Promise<TouchReport> {
  const kiosk = await Kiosk.start({ line: 'tcp', limits: PATIENT });
  try {
    const { page } = kiosk.glass;
    const cdp = await page.context().newCDPSession(page);
    await page.addInitScript(observe);
    await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
    const firstPaints: number[] = [];
    const firstScreens: number[] = [];
    for (let load = 0; load < loads; load += 1) {
      const { firstPaintMs, firstScreenMs } = await loadOnce(page);
      firstPaints.push(firstPaintMs);
      firstScreens.push(firstScreenMs);
    }
    await touchOnce(page, cdp, 'start');
    const pressed: number[] = [];
    const nextScreens: number[] = [];
    // To and fro within one session: at its end the page is loaded anew, and its figures with it.
    const round = [
      ...(['use-id-card', 'back', 'have-neither', 'back'] as const),
      ...(['use-suishen-code', 'teach-suishen-code', 'back', 'back'] as const),
    ];
    await touchOnce(page, cdp, 'apply');
    for (let touch = 0; touch < touches; touch += 1) {
      const { pressedMs, nextScreenMs } = await touchOnce(page, cdp, round[touch % round.length] ?? 'back');
      if (pressedMs !== undefined) pressed.push(pressedMs);
      nextScreens.push(nextScreenMs);
    }
    if (pressed.every((ms) => ms === LEAST_TOLD_MS)) throw new Error('Chromium tells of no event');
    return {
      throttle: THROTTLE,
      pressedMs: spreadOf(pressed),
      unseen: touches - pressed.length,
      nextScreenMs: spreadOf(nextScreens),
      firstPaintMs: spreadOf(firstPaints),
      firstScreenMs: spreadOf(firstScreens),
    };
  } finally {
    await kiosk.stop();
  }
}

async function loadOnce(page: Page): Promise<{ firstPaintMs: number; firstScreenMs: number }> {
  await page.reload();
  await page.waitForFunction(
    () => !Number.isNaN((window as unknown as { firstScreenAt: number }).firstScreenAt),
  );
  return page.evaluate(() => ({
    firstPaintMs: performance.getEntriesByName('first-paint')[0]?.startTime ?? Number.NaN,
    firstScreenMs: (window as unknown as { firstScreenAt: number }).firstScreenAt,
  }));
}

/** Throws when no other screen comes. */
async function touchOnce(page: Page, cdp: CDPSession, choice: string): Promise<Touched> {
  const key = page.locator(`[data-choice="${choice}"]`).first();
  await key.waitFor({ state: 'visible', timeout: 20_000 });
  await sleep(systemClock, SETTLED_MS);
  const box = await key.boundingBox();
  if (box === null) throw new Error(`no place to touch ${choice}`);
  const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  await sleep(systemClock, HOLD_MS);
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await page.waitForFunction(
    () => (window as unknown as { touch: { nextAt?: number } }).touch.nextAt !== undefined,
    undefined,
    { timeout: 20_000 },
  );
  const touch = await page.evaluate(async () => {
    // Event Timing tells of a frame after it.
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
    return (
      window as unknown as {
        touch: { pressedSeen: boolean; duration?: number; upAt: number; nextAt: number };
      }
    ).touch;
  });
  // What takes less than the least that Chromium tells is one frame.
  return {
    pressedMs: touch.pressedSeen ? (touch.duration ?? LEAST_TOLD_MS) : undefined,
    nextScreenMs: touch.nextAt - touch.upAt,
  };
}
