import type { ReactNode } from 'react';
import type { NearbyTerminal } from '../../view/directory-view.ts';
import type { Screen } from '../../view/kiosk-view.ts';
import { ADDRESS_SLIP_LOOKS } from '../address-slip-looks.ts';
import { KeyList } from '../parts/big-button.tsx';
import { useCitizenText, useSpelledDistance } from '../parts/citizen-text.ts';
import { DevicePicture } from '../parts/device-picture.tsx';
import { inFrame } from '../parts/kiosk-frame.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { PlaceMap } from '../parts/place-map.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { Title } from '../parts/title.tsx';
import { Sentences } from '../sentences.tsx';

/** How far it is: minutes on foot, or for what nobody walks the distance. */
function Way(props: { terminal: NearbyTerminal }): ReactNode {
  const t = useCitizenText();
  const spelled = useSpelledDistance();
  const { distanceM, walkMinutes: minutes } = props.terminal;
  if (distanceM === undefined) return null;
  return (
    <span className="place-way">
      {minutes === undefined
        ? t('screen.nearby.far', { distance: spelled(distanceM) })
        : t('screen.nearby.walk', { minutes })}
    </span>
  );
}

/** S11: the machines of one page, nothing cut off, nothing to scroll. */
export function NearbyScreen({ terminals, at }: Extract<Screen, { name: 'nearby' }>): ReactNode {
  const t = useCitizenText();
  return inFrame({
    lead: <PageTitle at={at}>{t('screen.nearby.title')}</PageTitle>,
    middle: (
      <ol className="places">
        {terminals.map((terminal, index) => (
          <li key={`${terminal.name} ${terminal.address}`}>
            <span className="place-number">{index + 1}</span>
            <span className="place-text">
              <span className="place-name">{terminal.name}</span>
              <span className="place-address">{terminal.address}</span>
              <span className="place-when">
                <Way terminal={terminal} />
                <span className="place-hours">{terminal.openingHours}</span>
              </span>
            </span>
          </li>
        ))}
      </ol>
    ),
    keys: (
      <KeyList
        shape="pages"
        main="print-addresses"
        keys={[
          { choice: 'print-addresses', label: t('choice.print-addresses') },
          { choice: 'previous-page', label: t('choice.previous-page') },
          { choice: 'show-map', label: t('choice.show-map') },
          { choice: 'next-page', label: t('choice.next-page') },
        ]}
      />
    ),
  });
}

/** S11 看地图 */
export function NearbyMapScreen({ terminals, map }: Extract<Screen, { name: 'nearby-map' }>): ReactNode {
  const t = useCitizenText();
  return inFrame({
    lead: <Title>{t('screen.nearby.mapTitle')}</Title>,
    middle: <PlaceMap plan={map} />,
    keys: (
      <>
        <ol className="legend">
          <li>
            <span className="legend-here" />
            <span className="place-text">{t('screen.nearby.here')}</span>
          </li>
          {terminals.map((terminal, index) => (
            <li key={`${terminal.name} ${terminal.address}`}>
              <span className="place-number">{index + 1}</span>
              <span className="place-text">{terminal.name}</span>
            </li>
          ))}
        </ol>
        <KeyList
          main="print-addresses"
          keys={[{ choice: 'print-addresses', label: t('choice.print-addresses') }]}
        />
      </>
    ),
  });
}

/** S11 打印这张地址: whether it is on paper, as it is. */
export function AddressSlipScreen({ state }: Extract<Screen, { name: 'address-slip' }>): ReactNode {
  const t = useCitizenText();
  const { tone, picture } = ADDRESS_SLIP_LOOKS[state];
  return inFrame({
    lead: (
      <>
        {tone !== undefined && <StatusMark tone={tone} />}
        <Title>{t(`screen.addressSlip.${state}.title`)}</Title>
        <Sentences text={t(`screen.addressSlip.${state}.body`)} />
      </>
    ),
    middle: <DevicePicture scene={picture} />,
    keys: (
      <KeyList
        keys={[
          { choice: 'print-addresses', label: t('key.printAgain') },
          { choice: 'back', label: t('key.backToAddresses') },
          { choice: 'home', label: t('choice.home') },
        ]}
      />
    ),
    drawnAbove: ['back', 'home'],
  });
}
