/** A screen takes no press so soon after it was seen, nor while taps go on, for so long at most (`src/screens/press-arbiter.ts`). */
const DEAF_MS = 400;
const DEAF_MOST_MS = 2_000;

/** What happened on the page while a gesture lasted, by the page's clock, ms since the epoch. */
export interface Traced {
  readonly what: 'down' | 'screen' | 'seen';
  readonly atMs: number;
}

/**
 * Runs in the page before its own scripts: tells each finger that comes down, and of each change of screens when it is made and when
 * it is seen, also over a new start.
 */
export function trace(): void {
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
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        note('seen');
      }),
    );
  }).observe(document, { subtree: true, childList: true, attributes: true });
}

/**
 * How many further presses are no mistake of the screen: on a busy machine a hand's next tap can come so late that the screen had
 * been at rest before it.
 */
export function lateTaps(traced: readonly Traced[]): number {
  let seenAtMs = Number.POSITIVE_INFINITY;
  let deafUntilMs = Number.POSITIVE_INFINITY;
  let late = 0;
  for (const { what, atMs } of traced) {
    if (what === 'screen') {
      seenAtMs = Number.POSITIVE_INFINITY;
      deafUntilMs = Number.POSITIVE_INFINITY;
    } else if (what === 'seen') {
      seenAtMs = atMs;
      deafUntilMs = atMs + DEAF_MS;
    } else if (atMs >= deafUntilMs) late += 1;
    else if (Number.isFinite(seenAtMs)) deafUntilMs = Math.min(atMs + DEAF_MS, seenAtMs + DEAF_MOST_MS);
  }
  return late;
}
