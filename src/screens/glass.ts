import type { PressArbiter } from './press-arbiter.ts';

/** The design's size in portrait, CSS px. */
const DESIGN_WIDTH_PX = 1080;
const DESIGN_HEIGHT_PX = 1920;
/** A window without a manager is one pixel short; that is no reason to scale text. */
const SAME_SIZE = 0.01;

/**
 * Fits the design to the panel or window: a 4K panel shows it twice as large, a laptop's window smaller. Portrait only; a wide
 * panel shows it in its middle.
 */
export function fitToPanel(): void {
  const fit = () => {
    const scale = Math.min(window.innerWidth / DESIGN_WIDTH_PX, window.innerHeight / DESIGN_HEIGHT_PX);
    const { style } = document.body;
    if (Math.abs(scale - 1) < SAME_SIZE && window.innerWidth < DESIGN_WIDTH_PX * 1.1) {
      style.transform = '';
      return;
    }
    const left = (window.innerWidth - DESIGN_WIDTH_PX * scale) / 2;
    style.transform = `translateX(${left}px) scale(${scale})`;
  };
  window.addEventListener('resize', fit);
  fit();
}

/** Takes from the browser what a kiosk's glass must not do: menus, pinch, drag, selection, scroll. */
export function guardGlass(arbiter: PressArbiter): void {
  const refuse = (event: Event) => {
    event.preventDefault();
  };
  for (const kind of ['contextmenu', 'dragstart', 'selectstart', 'gesturestart']) {
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
