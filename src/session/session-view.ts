import type { SnapshotFrom } from 'xstate';
import { CHOICES } from '../view/kiosk-view.ts';
import type { Choice, KioskView, Overlay, Readiness, Screen, TakeAway } from '../view/kiosk-view.ts';
import { nearbyScreen, noticesScreen } from './browsing.ts';
import type { SessionContext } from './session-context.ts';
import type { createSessionMachine } from './session-machine.ts';

/** A state of the whole statechart. */
export type SessionSnapshot = SnapshotFrom<ReturnType<typeof createSessionMachine>>;

/** What is said while the last person's data could not be wiped: nobody is served. */
const OUT_OF_SERVICE: Readiness = { methods: [], issue: false, check: false, obstacles: ['out-of-service'] };

const noScreen: Screen = { name: 'attract' };

function screenAfter(context: SessionContext): Screen {
  if (context.vaultStuck) return noScreen;
  if (context.next === 'sign-in-again')
    return { name: context.method === 'id-card' ? 'present-id-card' : 'present-suishen-code' };
  if (context.cardUsed) return { name: 'take-id-card', seen: context.cardSeen };
  // 附近的机器 comes within a moment; what it shows is not opened yet.
  return { name: context.next === 'nearby' ? 'home' : context.next };
}

function errorScreen({ trouble }: SessionContext): Screen {
  const { code, reference, validUntil } = trouble ?? { code: 'E20', reference: 'S-03' };
  return {
    name: 'error',
    code,
    ...(reference === undefined ? {} : { reference }),
    ...(validUntil === undefined ? {} : { validUntil }),
  };
}

/** Nobody who came with a phone is told to leave a card where it is. */
function longWait({ method }: SessionContext): Screen {
  return { name: 'error', code: method === 'suishen-code' ? 'E13-phone' : 'E13' };
}

function signInScreen(snapshot: SessionSnapshot): Screen {
  const { context } = snapshot;
  if (snapshot.matches({ step: { session: { signingIn: 'presenting' } } }))
    return { name: context.method === 'id-card' ? 'present-id-card' : 'present-suishen-code' };
  if (snapshot.matches({ step: { session: { signingIn: 'misread' } } })) return errorScreen(context);
  if (snapshot.matches({ step: { session: { signingIn: { identifying: 'long' } } } }))
    return longWait(context);
  return { name: 'identifying', method: context.method };
}

type ServiceState =
  | 'codeStatus'
  | 'confirmIdentity'
  | 'confirmReissue'
  | 'printing'
  | 'takeSlip'
  | 'readBack';

/** Where a sensor sees the slip, one thing after the other is asked for; otherwise both at once. */
function toTake({ exit, slipTaken, cardUsed }: SessionContext): readonly TakeAway[] {
  const slip: readonly TakeAway[] = slipTaken ? [] : ['slip'];
  const card: readonly TakeAway[] = cardUsed && (slipTaken || exit === 'blind') ? ['id-card'] : [];
  return [...slip, ...card];
}

function slipScreen(snapshot: SessionSnapshot): Screen {
  const { context } = snapshot;
  const at = (state: 'reminding' | 'takingBack') =>
    snapshot.matches({ step: { session: { service: { takeSlip: state } } } });
  if (at('reminding')) return { name: 'error', code: context.exit === 'retracts' ? 'E16-retracts' : 'E16' };
  if (at('takingBack')) return { name: 'error', code: 'E16-retracting' };
  return { name: 'take-slip', validUntil: context.validUntil ?? '', toTake: toTake(context) };
}

function readBackScreen(snapshot: SessionSnapshot): Screen {
  const at = (state: 'anotherCode' | 'illegible') =>
    snapshot.matches({ step: { session: { service: { readBack: state } } } });
  if (at('anotherCode')) return { name: 'read-back', lastScan: 'other' };
  return at('illegible') ? { name: 'read-back', lastScan: 'illegible' } : { name: 'read-back' };
}

function serviceScreen(snapshot: SessionSnapshot): Screen {
  const { context } = snapshot;
  const { person, current, kind, errand } = context;
  const at = (state: ServiceState) => snapshot.matches({ step: { session: { service: state } } });
  if (at('codeStatus')) return { name: 'code-status', current: current ?? { status: 'none' } };
  if (at('confirmIdentity') && person) {
    const fullNameShown = snapshot.matches({
      step: { session: { service: { confirmIdentity: 'fullName' } } },
    });
    return { name: 'confirm-identity', errand, kind, person: { ...person, fullNameShown } };
  }
  if (at('confirmReissue')) return { name: 'confirm-reissue', current: current ?? { status: 'active' } };
  if (snapshot.matches({ step: { session: { service: { printing: 'waitingLong' } } } }))
    return context.progress === 'activating' ? { name: 'error', code: 'E13-paper' } : longWait(context);
  if (at('printing')) return { name: 'printing', kind };
  if (at('takeSlip')) return slipScreen(snapshot);
  if (at('readBack')) return readBackScreen(snapshot);
  return { name: 'finished', readBack: context.slipAnswer === 'read-back' };
}

const NEARBY_STATES = ['list', 'map', 'printing', 'told'] as const;

/** The screen of the step, whatever lies over it. */
function screenOf(snapshot: SessionSnapshot): Screen {
  const { context } = snapshot;
  if (snapshot.matches({ step: 'attract' })) return noScreen;
  if (snapshot.matches({ step: 'home' })) return { name: 'home' };
  if (snapshot.matches({ step: 'howTo' })) return { name: 'how-to' };
  const nearby = NEARBY_STATES.find((at) => snapshot.matches({ step: { browsing: { nearby: at } } }));
  if (nearby !== undefined) return nearbyScreen(context, nearby);
  if (snapshot.matches({ step: { browsing: 'notices' } })) return noticesScreen(context);
  if (snapshot.matches({ step: 'takeIdCard' })) return { name: 'take-id-card', seen: context.cardSeen };
  if (snapshot.matches({ step: 'ending' })) return screenAfter(context);
  if (snapshot.matches({ step: { session: 'chooseMethod' } }))
    return { name: 'choose-method', errand: context.errand };
  if (snapshot.matches({ step: { session: 'bringIdCard' } })) return { name: 'bring-id-card' };
  if (snapshot.matches({ step: { session: 'suishenCodeHelp' } })) return { name: 'suishen-code-help' };
  if (snapshot.matches({ step: { session: 'signingIn' } })) return signInScreen(snapshot);
  if (snapshot.matches({ step: { session: 'error' } })) return errorScreen(context);
  return serviceScreen(snapshot);
}

function overlayOf(snapshot: SessionSnapshot): Overlay | undefined {
  if (snapshot.matches({ presence: 'warning' })) return { name: 'still-there' };
  const call = (['calling', 'called', 'nobody'] as const).find((state) =>
    snapshot.matches({ help: { open: state } }),
  );
  return call && { name: 'help', call };
}

const OVERLAY_CHOICES: Readonly<Record<Overlay['name'], readonly Choice[]>> = {
  'still-there': ['still-here', 'cancel'],
  help: ['close-help'],
};

/**
 * Exactly what the statechart would act on now; what lies over the step takes the step's choices away. Guards are only asked where
 * a state listens at all: that is ten times quicker than asking the chart for each choice.
 */
function choicesOf(snapshot: SessionSnapshot, overlay: Overlay | undefined): readonly Choice[] {
  const possible = overlay ? OVERLAY_CHOICES[overlay.name] : CHOICES;
  return possible.filter((choice) => {
    const type = `choice.${choice}` as const;
    return snapshot._nodes.some(({ transitions }) => transitions.has(type)) && snapshot.can({ type });
  });
}

/** The next machine, where this one can begin nothing. */
function nearestOf(snapshot: SessionSnapshot): Pick<KioskView, 'nearest'> {
  const { readiness, latest, vaultStuck } = snapshot.context;
  const closed = vaultStuck || readiness.obstacles.includes('out-of-service');
  const told = snapshot.matches({ step: 'attract' })
    ? closed
    : snapshot.matches({ step: 'home' }) && !readiness.issue && !readiness.check;
  const nearest = latest.terminalPages[0]?.terminals[0];
  return told && nearest !== undefined ? { nearest } : {};
}

/** What the person sees, as a function of the statechart's state; `nowMs` is monotonic. */
export function viewOf(snapshot: SessionSnapshot, nowMs: number): KioskView {
  const { epoch, readiness, deadlineMs, vaultStuck } = snapshot.context;
  const overlay = overlayOf(snapshot);
  return {
    epoch,
    screen: screenOf(snapshot),
    ...(overlay ? { overlay } : {}),
    ...(deadlineMs === undefined ? {} : { remainingMs: Math.max(0, deadlineMs - nowMs) }),
    readiness: vaultStuck ? OUT_OF_SERVICE : readiness,
    ...nearestOf(snapshot),
    choices: choicesOf(snapshot, overlay),
  };
}
