import type { Page } from '@playwright/test';

/** What the glass did and when, in epoch milliseconds of this machine. */
export interface GlassTimes {
  readonly painted: readonly { readonly screen: string; readonly atMs: number }[];
  readonly pointerUps: readonly number[];
}

/**
 * Watches the page from outside the product: a frame counts as painted in the second animation frame after the screen's
 * name changed, when the first one was drawn.
 */
export async function watchGlass(page: Page): Promise<void> {
  await page.evaluate(() => {
    const times = { painted: [] as { screen: string; atMs: number }[], pointerUps: [] as number[] };
    (window as unknown as { glassTimes: typeof times }).glassTimes = times;
    const now = () => performance.timeOrigin + performance.now();
    let last = '';
    const look = () => {
      const screen = document.querySelector('[data-screen]')?.getAttribute('data-screen') ?? '';
      if (screen === last) return;
      last = screen;
      requestAnimationFrame(() => {
        requestAnimationFrame(() => {
          times.painted.push({ screen, atMs: now() });
        });
      });
    };
    new MutationObserver(look).observe(document.documentElement, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ['data-screen'],
    });
    window.addEventListener('pointerup', () => times.pointerUps.push(now()), { capture: true });
  });
}

/** What was seen since `watchGlass`; lost when the page reloads. */
export async function glassTimes(page: Page): Promise<GlassTimes> {
  return page.evaluate(() => (window as unknown as { glassTimes: GlassTimes }).glassTimes);
}
