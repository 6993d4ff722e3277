import type { KioskView } from '../view/kiosk-view.ts';
import type { BridgeListeners } from './kiosk-bridge.ts';

/** How a page that another program opened for one visit comes and goes. */
export interface Visit {
  /** Whether somebody was let in; outlives a page that is loaded anew between two sessions. */
  readonly entered: () => boolean;
  readonly enter: () => void;
  /** Gives the glass back to the other program. */
  readonly leave: () => void;
}

/**
 * On a terminal with many services another program's menu is what attracts people: whoever chose 随申码离线服务 there is led to the home
 * screen at once, and where the kiosk would wait for the next person, the glass goes back to that menu.
 *
 * @param begin sends the choice `start` of this epoch
 */
export function forOneVisit(
  listeners: BridgeListeners,
  visit: Visit,
  begin: (epoch: number) => void,
): BridgeListeners {
  return {
    onView: (view: KioskView) => {
      if (view.screen.name !== 'attract') {
        visit.enter();
        listeners.onView(view);
      } else if (visit.entered()) visit.leave();
      else begin(view.epoch);
    },
    onConnection: listeners.onConnection,
  };
}

const ENTERED = 'entered';

/** The visit of the page at this address, when it is one: `/?visit`. */
export function visitOf(page: Window): Visit | undefined {
  if (!new URLSearchParams(page.location.search).has('visit')) return undefined;
  return {
    entered: () => page.sessionStorage.getItem(ENTERED) !== null,
    enter: () => {
      page.sessionStorage.setItem(ENTERED, '');
    },
    leave: () => {
      page.close();
    },
  };
}
