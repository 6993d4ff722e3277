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
  recording: KioskPort['recording'];
  clock: Clock;
  machinePictures: KioskPort['machinePictures'];
  /** `undefined`: no page listens any more, so nothing is known to be on the glass. */
  onPainted: (painted: Painted | undefined) => void;
}): KioskPort {
  const { session, central, live } = parts;
  let pages = 0;
  /** The person on the confirmation page, if the epoch is the living one. */
  const personShown = (epoch: number) => {
    const view = session.view();
    return view.epoch === epoch && view.screen.name === 'confirm-identity' ? view.screen.person : undefined;
  };
  return {
    view: () => session.view(),
    onView: (listener) => {
      const stopListening = session.onView(listener);
      pages += 1;
      return () => {
        stopListening();
        pages -= 1;
        if (pages === 0) parts.onPainted(undefined);
      };
    },
    choose: (request) => session.choose(request),
    pageKeyPressed: (epoch) => {
      session.pageKeyPressed(epoch);
    },
    fullName: async (epoch) => {
      const hold = live.current();
      const signedIn = hold?.signedIn();
      if (signedIn === undefined || personShown(epoch)?.fullNameShown !== true) return undefined;
      const answer = await central.fullName(signedIn.identificationId, signedIn.subjectToken, hold?.ended);
      // The ten seconds may be over, the person gone, or another card read while the centre answered.
      const still =
        personShown(epoch)?.fullNameShown === true &&
        hold?.signedIn()?.identificationId === signedIn.identificationId;
      return answer.ok && still ? answer.value.fullName : undefined;
    },
    photo: async (epoch, photoRef) => {
      const hold = live.current();
      const signedIn = hold?.signedIn();
      if (signedIn === undefined || personShown(epoch)?.photoRef !== photoRef) return undefined;
      const answer = await central.photo(signedIn.identificationId, signedIn.subjectToken, hold?.ended);
      const still = personShown(epoch)?.photoRef === photoRef;
      return answer.ok && still ? answer.value : undefined;
    },
    machinePictures: parts.machinePictures,
    recording: parts.recording,
    painted: (epoch, screen) => {
      if (epoch === session.view().epoch) parts.onPainted({ screen, atMs: parts.clock.monotonicMs() });
    },
  };
}
