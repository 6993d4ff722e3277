import type { KioskPort } from '../bridge/ports.ts';
import type { CentralClient } from '../central-api/client.ts';
import type { Clock } from '../platform/clock.ts';
import type { Session } from '../session/session.ts';
import type { LiveSession } from './live-session.ts';

/** The last frame that is known to be on the glass. */
export interface Painted {
  readonly screen: string;
  readonly atMs: number;
}

/** The page's side of the agent: view and choices of the session, and personal data for as long as its epoch lives. */
export function createKioskPort(parts: {
  session: Session;
  central: CentralClient;
  live: LiveSession;
  clock: Clock;
  onPainted: (painted: Painted) => void;
}): KioskPort {
  const { session, central, live } = parts;
  /** The person on the confirmation page, if the epoch is the living one. */
  const personShown = (epoch: number) => {
    const view = session.view();
    return view.epoch === epoch && view.screen.name === 'confirm-identity' ? view.screen.person : undefined;
  };
  return {
    view: () => session.view(),
    onView: (listener) => session.onView(listener),
    choose: (request) => session.choose(request),
    fullName: async (epoch) => {
      const signedIn = live.signedIn();
      if (signedIn === undefined || personShown(epoch)?.fullNameShown !== true) return undefined;
      const answer = await central.fullName(signedIn.identificationId, signedIn.subjectToken);
      // The ten seconds may be over, or the person gone, while the centre answered.
      return answer.ok && personShown(epoch)?.fullNameShown === true ? answer.value.fullName : undefined;
    },
    photo: async (epoch, photoRef) => {
      const signedIn = live.signedIn();
      if (signedIn === undefined || personShown(epoch)?.photoRef !== photoRef) return undefined;
      const answer = await central.photo(signedIn.identificationId, signedIn.subjectToken);
      return answer.ok && session.view().epoch === epoch ? answer.value : undefined;
    },
    painted: (epoch, screen) => {
      if (epoch === session.view().epoch) parts.onPainted({ screen, atMs: parts.clock.monotonicMs() });
    },
  };
}
