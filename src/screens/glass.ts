import type { PressArbiter } from './press-arbiter.ts';

/** The design's sizes, CSS px. */
const DESIGN = {
  portrait: { widthPx: 1080, heightPx: 1920 },
  landscape: { widthPx: 1920, heightPx: 1080 },
} as const;
/** A window without a manager is one pixel short; that is no reason to scale text. */
const SAME_SIZE = 0.01;

/**
 * Fits the design to the panel or window, upright or wide: a 4K panel shows it twice as large, a laptop's window smaller. The
 * document's `data-orientation` tells the styles which of the two it is.
 */
export function fitToPanel(): void {
  const fit = () => {
    const { innerWidth, innerHeight } = window;
    const orientation = innerWidth > innerHeight ? 'landscape' : 'portrait';
    document.documentElement.dataset['orientation'] = orientation;
    const { widthPx, heightPx } = DESIGN[orientation];
    const scale = Math.min(innerWidth / widthPx, innerHeight / heightPx);
    const { style } = document.body;
    if (Math.abs(scale - 1) < SAME_SIZE && innerWidth < widthPx * 1.1) {
      style.transform = '';
      return;
    }
    const left = (innerWidth - widthPx * scale) / 2;
    style.transform = `translateX(${left}px) scale(${scale})`;
  };
  window.addEventListener('resize', fit);
  fit();
}

/** Takes from the browser what a kiosk's glass must not do: menus, pinch, drag, selection, scroll, focus by touch. */
export function guardGlass(arbiter: PressArbiter): void {
  const refuse = (event: Event) => {
    event.preventDefault();
  };
  // A mouse that comes down, which is what the browser makes up after a finger, takes the focus along: to whatever came under the
  // finger meanwhile. Not `pointerdown`: without it some versions count the click that follows as a key's.
  for (const kind of ['mousedown', 'contextmenu', 'dragstart', 'selectstart', 'gesturestart']) {
    document.addEventListener(kind, refuse);
  }
  for (const kind of ['wheel', 'touchmove']) {
    document.addEventListener(kind, refuse, { passive: false });
  }
  // Runs after the keys' own handlers, also when a key was taken from the page under the finger.
  const release = (event: PointerEvent) => {
    arbiter.cancel(event.pointerId);
  };
  window.addEventListener('pointerup', release);
  window.addEventListener('pointercancel', release);
}
