import type { Clock } from '../platform/clock.ts';
import type { KioskView } from '../view/kiosk-view.ts';
import type { BridgeListeners } from './kiosk-bridge.ts';

/**
 * What the page has to show. `preparing`: no view yet, or the bridge is down; nothing personal is shown.
 * `leaving`: another session began, the page is about to be loaded anew; nothing at all is shown.
 */
export type Shown =
  | { readonly kind: 'preparing'; readonly wasUp: boolean }
  | { readonly kind: 'leaving' }
  | {
      readonly kind: 'view';
      readonly view: KioskView;
      /** When `view.remainingMs` is over, by the page's monotonic clock. */
      readonly deadlineMs: number | undefined;
    };

/**
 * Holds the newest view of one session. The first view's epoch is the page's own; a view of another one is never shown:
 * `onForeignEpoch` has the page loaded anew, so that the next person gets a fresh world.
 */
export class ViewStore implements BridgeListeners {
  readonly #clock: Clock;
  readonly #onForeignEpoch: () => void;
  readonly #listeners = new Set<() => void>();
  #shown: Shown = { kind: 'preparing', wasUp: false };
  #epoch: number | undefined;

  constructor(clock: Clock, onForeignEpoch: () => void) {
    this.#clock = clock;
    this.#onForeignEpoch = onForeignEpoch;
  }

  readonly shown = (): Shown => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  readonly onView = (view: KioskView): void => {
    if (this.#shown.kind === 'leaving') return;
    this.#epoch ??= view.epoch;
    if (view.epoch !== this.#epoch) {
      this.#show({ kind: 'leaving' });
      this.#onForeignEpoch();
      return;
    }
    const { remainingMs } = view;
    const deadlineMs = remainingMs === undefined ? undefined : this.#clock.monotonicMs() + remainingMs;
    this.#show({ kind: 'view', view, deadlineMs });
  };

  readonly onConnection = (state: 'connected' | 'lost'): void => {
    if (state === 'lost' && this.#shown.kind === 'view') {
      this.#show({ kind: 'preparing', wasUp: true });
    }
  };

  #show(shown: Shown): void {
    this.#shown = shown;
    for (const listener of this.#listeners) listener();
  }
}
