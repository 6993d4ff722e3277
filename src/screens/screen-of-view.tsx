import type { ReactNode } from 'react';
import type { Clock } from '../platform/clock.ts';
import type { KioskView, Screen } from '../view/kiosk-view.ts';
import { CodeStatusScreen, ConfirmReissueScreen } from './flow/code-screens.tsx';
import {
  AttractScreen,
  BringIdCardScreen,
  ChooseMethodScreen,
  HomeScreen,
  HowToScreen,
} from './flow/entrance-screens.tsx';
import { ErrorScreen } from './flow/error-screen.tsx';
import {
  ConfirmIdentityScreen,
  FinishedScreen,
  PrintingScreen,
  ReadBackScreen,
  TakeIdCardScreen,
  TakeSlipScreen,
} from './flow/issue-screens.tsx';
import { AddressSlipScreen, NearbyMapScreen, NearbyScreen } from './flow/nearby-screens.tsx';
import { NoticeScreen, NoticesScreen } from './flow/notice-screens.tsx';
import {
  IdentifyingScreen,
  PresentIdCardScreen,
  PresentSuishenCodeScreen,
  SuishenCodeHelpScreen,
} from './flow/sign-in-screens.tsx';
import { nothingToReplace } from './nothing-to-replace.ts';
import type { KioskBridge } from './kiosk-bridge.ts';
import { useFullName, usePortrait, type PortraitCache } from './personal-data.ts';

/** What reaches personal data: the bridge for the full name, the cache for the portrait. */
export interface PersonalSources {
  readonly bridge: KioskBridge;
  readonly portraits: PortraitCache;
  readonly clock: Clock;
}

function Person(props: {
  epoch: number;
  screen: Extract<Screen, { name: 'confirm-identity' }>;
  sources: PersonalSources;
}): ReactNode {
  const { epoch, screen, sources } = props;
  const { person, kind } = screen;
  const portrait = usePortrait(sources.portraits, epoch, person.photoRef);
  const fullName = useFullName(sources.bridge, sources.clock, epoch, person.fullNameShown);
  return (
    <ConfirmIdentityScreen
      {...{ person, kind, portrait, fullName }}
      nothingToReplace={nothingToReplace(screen)}
    />
  );
}

/** Draws the view's screen. The only place that knows which component belongs to which name. */
export function ScreenOfView(props: {
  view: KioskView;
  deadlineMs: number | undefined;
  sources: PersonalSources;
}): ReactNode {
  const { view } = props;
  const { screen } = view;
  switch (screen.name) {
    case 'attract':
      return view.readiness.obstacles.includes('out-of-service') ? (
        <HomeScreen view={view} />
      ) : (
        <AttractScreen />
      );
    case 'home':
      return <HomeScreen view={view} />;
    case 'how-to':
      return <HowToScreen />;
    case 'nearby':
      return <NearbyScreen {...screen} />;
    case 'nearby-map':
      return <NearbyMapScreen {...screen} />;
    case 'address-slip':
      return <AddressSlipScreen {...screen} />;
    case 'notices':
      return <NoticesScreen {...screen} />;
    case 'notice':
      return <NoticeScreen {...screen} />;
    case 'choose-method':
      return <ChooseMethodScreen view={view} />;
    case 'bring-id-card':
      return <BringIdCardScreen />;
    case 'present-id-card':
      return <PresentIdCardScreen />;
    case 'present-suishen-code':
      return <PresentSuishenCodeScreen />;
    case 'suishen-code-help':
      return <SuishenCodeHelpScreen />;
    case 'identifying':
      return <IdentifyingScreen method={screen.method} />;
    case 'confirm-identity':
      return <Person epoch={view.epoch} screen={screen} sources={props.sources} />;
    case 'printing':
      return <PrintingScreen />;
    case 'take-slip':
      return <TakeSlipScreen validUntil={screen.validUntil} toTake={screen.toTake} />;
    case 'read-back':
      return <ReadBackScreen lastScan={screen.lastScan} />;
    case 'finished':
      return <FinishedScreen deadlineMs={props.deadlineMs} readBack={screen.readBack} />;
    case 'confirm-reissue':
      return <ConfirmReissueScreen current={screen.current} />;
    case 'code-status':
      return <CodeStatusScreen current={screen.current} />;
    case 'take-id-card':
      return <TakeIdCardScreen seen={screen.seen} />;
    case 'error':
      return <ErrorScreen screen={screen} offered={view.choices} />;
    default:
      return screen satisfies never;
  }
}
