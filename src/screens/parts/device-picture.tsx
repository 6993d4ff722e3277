import type { ReactNode } from 'react';
import type { citizen } from '../../copy/zh-cn/citizen.ts';
import { useKiosk } from '../kiosk-context.ts';
import { useCitizenText } from './citizen-text.ts';
import { Arrow, Part, SCENES, type DeviceScene, type Place } from './device-scenes.tsx';

/** What lies over the photo of a part: what is held to it, and an arrow to the middle, where the part is. */
type Photographed = Partial<
  Record<DeviceScene, { readonly held?: Held; readonly arrow?: 'down' | 'up' | 'right' }>
>;
type Held = Place & { readonly name: string; readonly className?: string };

const CARD: Held = { name: 'id-card', x: 384, y: 6, width: 200, height: 126 };
const OVER_PHOTO: Photographed = {
  'lay-card': { held: { ...CARD, className: 'part-lay' }, arrow: 'down' },
  'take-card': { held: { ...CARD, className: 'part-take' }, arrow: 'up' },
  'hold-code': {
    held: { name: 'phone-with-code', x: 60, y: 130, width: 164, height: 300, className: 'part-approach' },
    arrow: 'right',
  },
  'scan-slip': {
    held: { name: 'slip', x: 40, y: 150, width: 210, height: 260, className: 'part-approach' },
    arrow: 'right',
  },
  'take-slip': { arrow: 'down' },
  'take-addresses': { arrow: 'down' },
  'slip-goes-back': { arrow: 'up' },
};

const ARROWS = {
  down: { x: 424, y: 136, turn: 0 },
  up: { x: 424, y: 136, turn: 180 },
  right: { x: 290, y: 205, turn: -90 },
} as const;

/** This very machine's part, in the middle of its photo. */
function PhotoScene(props: { scene: DeviceScene; url: string }): ReactNode {
  const { held, arrow } = OVER_PHOTO[props.scene] ?? {};
  return (
    <>
      <image href={props.url} x={84} y={0} width={800} height={560} preserveAspectRatio="xMidYMid slice" />
      {held !== undefined && <Part {...held} />}
      {arrow !== undefined && <Arrow {...ARROWS[arrow]} />}
    </>
  );
}

/** The part that a scene is about, by the name that the sentences have for it. */
const PART_OF: Partial<Record<DeviceScene, keyof typeof citizen.part>> = {
  'lay-card': 'cardReader',
  'read-card': 'cardReader',
  'take-card': 'cardReader',
  'hold-code': 'scanner',
  'read-code': 'scanner',
  'slip-comes': 'slot',
  'slip-goes-back': 'slot',
  'take-slip': 'slot',
  'take-addresses': 'slot',
  'addresses-come': 'slot',
  'scan-slip': 'scanner',
  'service-window': 'window',
};

/** Of what is to be taken the title speaks. */
const UNNAMED: ReadonlySet<DeviceScene> = new Set(['take-slip', 'take-addresses']);

const WHOLE: Place = { x: 0, y: 0, width: 968, height: 560 };
const PHONE: Place = { x: 398, y: 0, width: 172, height: 300 };
/** What of a scene is seen, units of the scene: what is alone in it is as large as its place lets it be. */
const SEEN: Partial<Record<DeviceScene, Place>> = {
  'card-to-slip': { ...WHOLE, height: 300 },
  'slip-replaced': { ...WHOLE, height: 300 },
  'id-card': { x: 304, y: 0, width: 360, height: 230 },
  phone: PHONE,
  wait: { x: 344, y: 10, width: 280, height: 280 },
  // The scanner's name follows where it ends.
  'hold-code': { ...WHOLE, height: 490 },
  'read-code': { ...WHOLE, height: 490 },
  'scan-slip': { ...WHOLE, height: 490 },
};

function viewBoxOf({ x, y, width, height }: Place): string {
  return `${x} ${y} ${width} ${height}`;
}

/**
 * Shows the part of the machine, this very one where the configuration has a photo of it, with an arrow that pulses calmly (static
 * when motion is unwanted). The drawing is as small as its place, the part's name never smaller than other words; where there is
 * no place for both there is neither.
 */
export function DevicePicture(props: { scene: DeviceScene }): ReactNode {
  const t = useCitizenText();
  const { machinePictures } = useKiosk();
  const Scene = SCENES[props.scene];
  const part = PART_OF[props.scene];
  const photo = part && machinePictures[part];
  const seen = photo === undefined ? (SEEN[props.scene] ?? WHOLE) : WHOLE;
  return (
    <figure className={`device-picture scene-${props.scene}`} aria-hidden="true">
      <svg className="drawing" viewBox={viewBoxOf(seen)} focusable="false">
        {photo === undefined ? <Scene /> : <PhotoScene scene={props.scene} url={photo} />}
      </svg>
      {part !== undefined && !UNNAMED.has(props.scene) && (
        <figcaption className={photo === undefined ? `part-name of-${part}` : 'part-name'}>
          {t(`part.${part}`)}
        </figcaption>
      )}
    </figure>
  );
}

/** What of a scene belongs on a small drawing, units of the scene. */
const SMALL = {
  'lay-card': { x: 160, y: 0, width: 668, height: 496 },
  'id-card': { x: 320, y: 10, width: 328, height: 210 },
  'take-slip': { x: 160, y: 60, width: 690, height: 464 },
  phone: PHONE,
  'phone-apps': PHONE,
  'hold-code': { x: 104, y: 36, width: 800, height: 448 },
} as const satisfies Partial<Record<DeviceScene, Place>>;

/** The scenes that a step of a lesson can show. */
export type SmallScene = keyof typeof SMALL;

/** A scene small and still, with no name and no photo. */
export function SmallDrawing(props: { scene: SmallScene }): ReactNode {
  const Scene = SCENES[props.scene];
  return (
    <svg
      className="small-drawing"
      viewBox={viewBoxOf(SMALL[props.scene])}
      aria-hidden="true"
      focusable="false"
    >
      <Scene />
    </svg>
  );
}
