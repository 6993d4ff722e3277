import { recordedLine, spoken, type SpokenLine } from '../../copy/spoken-slots.ts';
import type { CurrentCodeView, KioskView, Overlay, Screen } from '../../view/kiosk-view.ts';
import { homeTold } from '../home-told.ts';
import { lastDayTold } from '../last-day-told.ts';
import { nothingToReplace } from '../nothing-to-replace.ts';

/**
 * What is said when a view comes: what stands on the glass, in its order, without keys. Never a name, a number of somebody's, or
 * anything else that a neighbour should not hear.
 */
export function spokenOfView(view: KioskView): readonly SpokenLine[] {
  return view.overlay === undefined ? ofScreen(view) : ofOverlay(view.overlay);
}

function ofOverlay(overlay: Overlay): readonly SpokenLine[] {
  switch (overlay.name) {
    case 'still-there':
      return all('overlay.stillThere.title', 'overlay.stillThere.body');
    case 'help':
      return all(`overlay.help.${overlay.call}Title`, `overlay.help.${overlay.call}Body`);
    default:
      return overlay satisfies never;
  }
}

function ofScreen(view: KioskView): readonly SpokenLine[] {
  const { screen } = view;
  switch (screen.name) {
    case 'attract':
      // Nobody is there: a machine that talks to itself all day is switched off.
      return [];
    case 'home':
      return ofHome(view);
    case 'how-to':
      return all('screen.howTo.title', 'screen.howTo.first', 'screen.howTo.second', 'screen.howTo.third');
    case 'nearby':
      // Names and addresses are to be read, and to be carried along on paper.
      return all('screen.nearby.title');
    case 'nearby-map':
      return all('screen.nearby.mapTitle');
    case 'address-slip':
      return all(`screen.addressSlip.${screen.state}.title`, `screen.addressSlip.${screen.state}.body`);
    case 'notices':
      return all('screen.notices.title', 'screen.notices.body');
    case 'notice':
      return screen.content.recording === undefined ? [] : [recordedLine(screen.content.recording)];
    case 'choose-method':
      return view.choices.includes('use-id-card')
        ? all('screen.chooseMethod.title', 'screen.chooseMethod.body')
        : all('screen.chooseMethod.onlySuishenCodeTitle', 'screen.chooseMethod.onlySuishenCodeBody');
    case 'bring-id-card':
      return all('screen.bringIdCard.title', 'screen.bringIdCard.body');
    case 'present-id-card':
      return all('screen.presentIdCard.title', 'screen.presentIdCard.body');
    case 'present-suishen-code':
      return all('screen.presentSuishenCode.title', 'screen.presentSuishenCode.body');
    case 'suishen-code-help':
      return all(
        'screen.suishenCodeHelp.title',
        'screen.suishenCodeHelp.first',
        'screen.suishenCodeHelp.second',
        'screen.suishenCodeHelp.third',
      );
    case 'identifying':
      return all(
        'screen.identifying.title',
        `screen.identifying.${screen.method === 'id-card' ? 'idCard' : 'suishenCode'}Body`,
      );
    case 'confirm-identity':
      return nothingToReplace(screen)
        ? all('screen.confirmIdentity.title', 'screen.confirmIdentity.nothingToReplace')
        : all('screen.confirmIdentity.title');
    case 'printing':
      return all('screen.printing.title', 'screen.printing.body');
    case 'take-slip':
      return ofTakeSlip(screen);
    case 'read-back':
      return ofReadBack(screen);
    case 'finished':
      return all(
        'screen.finished.title',
        ...(screen.readBack ? ['screen.finished.readBack'] : []),
        'screen.finished.body',
      );
    case 'confirm-reissue':
      return ofConfirmReissue(screen.current);
    case 'code-status':
      return ofCode(screen.current);
    case 'take-id-card':
      return all('screen.takeIdCard.title', `screen.takeIdCard.${screen.seen ? 'seenBody' : 'body'}`);
    case 'error':
      return [
        ...spoken(`error.${screen.code}.title`),
        ...ofDate('validUntil', screen.validUntil),
        ...spoken(`error.${screen.code}.body`),
      ];
    default:
      return screen satisfies never;
  }
}

function all(...paths: readonly string[]): readonly SpokenLine[] {
  return paths.flatMap((path) => spoken(path));
}

function ofDate(path: string, date: string | undefined): readonly SpokenLine[] {
  return date === undefined ? [] : spoken(path, { date });
}

function ofHome(view: KioskView): readonly SpokenLine[] {
  const { state, obstacle } = homeTold(view);
  if (state === 'starting') return all('screen.preparing.title', 'screen.preparing.body');
  return all(
    `screen.home.${state === 'open' ? 'title' : 'closedTitle'}`,
    ...(obstacle === undefined ? [] : [`obstacle.${obstacle}`]),
    ...(state === 'open' ? [] : ['screen.home.closedBody']),
  );
}

function ofTakeSlip({ toTake, validUntil }: Extract<Screen, { name: 'take-slip' }>): readonly SpokenLine[] {
  return [
    ...spoken('screen.takeSlip.title'),
    ...toTake.flatMap((item) => spoken(`screen.takeSlip.${item === 'slip' ? 'slip' : 'idCard'}`)),
    ...ofDate('screen.takeSlip.validUntil', validUntil),
    ...spoken('screen.takeSlip.days'),
  ];
}

function ofReadBack({ lastScan }: Extract<Screen, { name: 'read-back' }>): readonly SpokenLine[] {
  if (lastScan === undefined) return all('screen.readBack.title', 'screen.readBack.body');
  return all('screen.readBack.title', `screen.readBack.${lastScan === 'other' ? 'otherCode' : 'illegible'}`);
}

function ofConfirmReissue(current: CurrentCodeView): readonly SpokenLine[] {
  return [
    ...spoken('screen.confirmReissue.title'),
    ...(current.status === 'unconfirmed' ? spoken('screen.confirmReissue.unconfirmed') : []),
    ...spoken('screen.confirmReissue.body'),
    ...ofDate('screen.confirmReissue.current', current.validUntil),
  ];
}

function ofCode(current: CurrentCodeView): readonly SpokenLine[] {
  const { status } = current;
  return [
    ...spoken(`screen.codeStatus.${status}Title`),
    ...(status === 'active' ? [] : spoken(`screen.codeStatus.${status}Body`)),
    ...lastDayTold(current).flatMap(([path, value]) => spoken(path, value)),
  ];
}
