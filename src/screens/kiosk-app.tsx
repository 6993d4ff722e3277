import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import type { MachinePictureUrls } from '../bridge/client.ts';
import { spokenLanguage } from '../copy/citizen-languages.ts';
import { slotsOf, type SpokenLine, type SpokenSlot } from '../copy/spoken-slots.ts';
import type { Clock } from '../platform/clock.ts';
import type { Choice, KioskView, Screen } from '../view/kiosk-view.ts';
import type { Adjustments, AdjustmentStore } from './adjustments.ts';
import { ADJUST_SAMPLE, ADJUST_SPOKEN, AdjustDialog } from './flow/adjust-dialog.tsx';
import { LANGUAGE_SPOKEN, LanguageDialog } from './flow/language-dialog.tsx';
import { OverlayDialog } from './flow/overlay-dialog.tsx';
import { KioskContext } from './kiosk-context.ts';
import { useResetBetweenPeople } from './next-person.ts';
import { useCitizenText } from './parts/citizen-text.ts';
import { Title } from './parts/title.tsx';
import { PortraitCache } from './personal-data.ts';
import type { KioskBridge } from './kiosk-bridge.ts';
import type { PressArbiter } from './press-arbiter.ts';
import { ScreenOfView } from './screen-of-view.tsx';
import { Sentences } from './sentences.tsx';
import type { ViewStore } from './view-store.ts';
import { beepOfOverlay, beepOfScreen, type Beep } from './voice/beeps.ts';
import type { VoiceGuide } from './voice/guide.ts';
import { spokenOfView } from './voice/spoken-view.ts';

/** One key for each screen that a person would call another one. */
function screenKeyOf({ screen, overlay }: KioskView): string {
  const name = nameOf(screen);
  return overlay === undefined ? name : `${name}/${overlay.name}`;
}

function nameOf(screen: Screen): string {
  if (screen.name === 'error') return `error/${screen.code}`;
  // Each page is another screen: a second tap on 下一页 must not turn two.
  if (screen.name === 'nearby' || screen.name === 'notices') return `${screen.name}/${screen.at.page}`;
  if (screen.name === 'notice') return `notice/${screen.title}/${screen.at.page}`;
  if (screen.name === 'address-slip') return `address-slip/${screen.state}`;
  // 拿好了 means the slip at first and then the card: a finger on its way to the one does not answer for the other.
  return screen.name === 'take-slip' ? `take-slip/${screen.toTake.join()}` : screen.name;
}

/**
 * Mounted anew with each screen, and with each size of type, which moves the keys: no press counts until it has been seen for a
 * while. Tells the agent what is on the glass once it is, in the frame after the one in which it was committed.
 */
function Arrival(props: {
  arbiter: PressArbiter;
  bridge: KioskBridge;
  epoch: number;
  screen: string;
}): ReactNode {
  const { arbiter, bridge, epoch, screen } = props;
  useLayoutEffect(() => {
    arbiter.screenMade();
  }, [arbiter]);
  useEffect(() => {
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        arbiter.screenSeen();
        bridge.painted(epoch, screen);
      });
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [arbiter, bridge, epoch, screen]);
  return null;
}

/** Mounted anew with each screen, and when a screen has something else to say. */
function Speech(props: { guide: VoiceGuide; slots: readonly SpokenSlot[] }): ReactNode {
  const { guide, slots } = props;
  useEffect(() => {
    guide.screenCame(slots);
    return () => {
      guide.stop();
    };
    // What it says is its key: another view that says the same does not begin again.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [guide]);
  return null;
}

/** What a person opens over a screen, and what is said then. */
const DIALOG_SPOKEN = { adjust: ADJUST_SPOKEN, language: LANGUAGE_SPOKEN } as const satisfies Record<
  string,
  readonly SpokenLine[]
>;
type OwnDialog = keyof typeof DIALOG_SPOKEN;

/** Mounted anew with each screen or overlay that comes or has another thing to beep for, and not when a dialog over it goes. */
function Heard(props: { guide: VoiceGuide; beep: Beep | undefined }): ReactNode {
  const { guide, beep } = props;
  useEffect(
    () => (beep === undefined ? undefined : guide.beep(beep)),
    // Another view of the same screen does not beep again.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [guide],
  );
  return null;
}

function ViewFrame(props: {
  view: KioskView;
  deadlineMs: number | undefined;
  bridge: KioskBridge;
  portraits: PortraitCache;
  arbiter: PressArbiter;
  clock: Clock;
  guide: VoiceGuide;
  adjustments: AdjustmentStore;
  machinePictures: MachinePictureUrls;
  leave: (() => void) | undefined;
}): ReactNode {
  const { machinePictures, leave } = props;
  const { view, bridge, arbiter, clock, portraits, deadlineMs, guide } = props;
  const { epoch, screen, overlay } = view;
  const viewKey = screenKeyOf(view);
  const adjustments = useSyncExternalStore(props.adjustments.subscribe, props.adjustments.current);
  useResetBetweenPeople(props.adjustments, adjustments, clock, screen.name === 'attract');
  const [opened, setOpened] = useState<{ readonly dialog: OwnDialog; readonly on: string }>();
  // Opened on one screen; when another one comes, that one is what matters, and it stays closed.
  const dialog = opened?.on === viewKey ? opened.dialog : undefined;
  if (opened !== undefined && dialog === undefined) setOpened(undefined);
  const screenKey = dialog === undefined ? viewKey : `${viewKey}/${dialog}`;
  const lines = dialog === undefined ? spokenOfView(view) : DIALOG_SPOKEN[dialog];
  const language = spokenLanguage(adjustments.language);
  const slots = slotsOf(lines, language);
  const unanswered = useRef<{ readonly on: string }>(undefined);
  const kiosk = useMemo(
    () => ({
      clock,
      arbiter,
      screenKey,
      offered: new Set(view.choices),
      machinePictures,
      leave,
      choose: (choice: Choice) => {
        // Another key before the answer to the first would be answered on the next screen, which nobody saw.
        if (unanswered.current?.on === viewKey) return;
        const asked = { on: viewKey };
        unanswered.current = asked;
        bridge
          .choose(epoch, choice)
          .catch(() => {
            // The bridge is down; the page says so by itself, and the next view says what counts.
          })
          .finally(() => {
            if (unanswered.current === asked) unanswered.current = undefined;
          });
      },
      pageKeyPressed: () => {
        bridge.pageKeyPressed(epoch);
      },
      tick: () => {
        guide.tick();
      },
      sayAgain: () => {
        guide.again();
      },
      adjust: () => {
        setOpened({ dialog: 'adjust', on: viewKey });
      },
      openLanguages: () => {
        setOpened({ dialog: 'language', on: viewKey });
      },
    }),
    [clock, arbiter, screenKey, viewKey, view.choices, bridge, epoch, guide, machinePictures, leave],
  );
  const change = (what: Partial<Adjustments>) => {
    props.adjustments.change(what);
    if (what.size === undefined) guide.aside(slotsOf(ADJUST_SAMPLE, language));
  };
  const close = () => {
    setOpened(undefined);
  };
  const sources = { bridge, portraits, clock };
  const beep = beepOfScreen(screen);
  const overlayBeep = overlay && beepOfOverlay(overlay);
  return (
    <KioskContext value={kiosk}>
      <Arrival
        key={`arrival/${screenKey}/${adjustments.size}`}
        screen={screen.name}
        {...{ arbiter, bridge, epoch }}
      />
      <Speech key={`speech/${screenKey}/${slots.join()}`} {...{ guide, slots }} />
      <Heard key={`heard/${nameOf(screen)}/${beep?.tone ?? ''}`} {...{ beep, guide }} />
      {overlay !== undefined && (
        <Heard key={`heard/${viewKey}/${overlayBeep?.tone ?? ''}`} beep={overlayBeep} guide={guide} />
      )}
      <main
        className="frame"
        data-screen={screen.name}
        data-error={screen.name === 'error' ? screen.code : undefined}
        key={screenKey}
      >
        {overlay === undefined && dialog === undefined && <ScreenOfView {...{ view, deadlineMs, sources }} />}
      </main>
      {dialog === 'adjust' && <AdjustDialog adjustments={adjustments} onChange={change} onDone={close} />}
      {dialog === 'language' && (
        <LanguageDialog
          adjustments={adjustments}
          onChoose={(what) => {
            props.adjustments.change(what);
            close();
          }}
          onBack={close}
        />
      )}
      {overlay !== undefined && <OverlayDialog {...{ overlay, deadlineMs }} />}
    </KioskContext>
  );
}

/** Shown while there is no view: calm, without anybody's data and without keys. */
function Preparing(props: { wasUp: boolean }): ReactNode {
  const t = useCitizenText();
  return (
    <main
      className={props.wasUp ? 'frame preparing' : 'frame preparing is-first'}
      data-screen="preparing"
      role="status"
    >
      <Title>{t('screen.preparing.title')}</Title>
      <Sentences text={t('screen.preparing.body')} />
    </main>
  );
}

const NO_PICTURES: MachinePictureUrls = {};

/** Asked for once a page; until they are known, and where there are none, the parts are drawn. */
function useMachinePictures(bridge: KioskBridge): MachinePictureUrls {
  const [pictures, setPictures] = useState(NO_PICTURES);
  useEffect(() => {
    bridge.machinePictures().then(setPictures, () => {
      // The agent is away; the next page asks again.
    });
  }, [bridge]);
  return pictures;
}

/** The whole touchscreen: a function of the newest view. */
export function KioskApp(props: {
  store: ViewStore;
  bridge: KioskBridge;
  arbiter: PressArbiter;
  clock: Clock;
  guide: VoiceGuide;
  adjustments: AdjustmentStore;
  leave?: (() => void) | undefined;
}): ReactNode {
  const { store, bridge, arbiter, clock, guide, adjustments, leave } = props;
  const shown = useSyncExternalStore(store.subscribe, store.shown);
  const machinePictures = useMachinePictures(bridge);
  const portraits = useMemo(() => new PortraitCache(bridge), [bridge]);
  const hasPerson = shown.kind === 'view' && shown.view.screen.name === 'confirm-identity';
  useEffect(() => {
    if (!hasPerson) portraits.forget();
  }, [hasPerson, portraits]);
  switch (shown.kind) {
    case 'preparing':
      return <Preparing wasUp={shown.wasUp} />;
    case 'leaving':
      return null;
    case 'view':
      return (
        <ViewFrame
          view={shown.view}
          deadlineMs={shown.deadlineMs}
          {...{ bridge, portraits, arbiter, clock, guide, adjustments, machinePictures, leave }}
        />
      );
    default:
      return shown satisfies never;
  }
}
