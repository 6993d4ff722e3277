import type { ReactNode } from 'react';
import sprite from '../../../assets/device-pictures.svg?no-inline';
import type { citizen } from '../../copy/zh-cn/citizen.ts';
import { useKiosk } from '../kiosk-context.ts';
import { useCitizenText } from './citizen-text.ts';

/** The physical part (or place) that a screen speaks of, and what happens there. */
export type DeviceScene =
  | 'card-to-slip'
  | 'id-card'
  | 'phone'
  | 'phone-apps'
  | 'lay-card'
  | 'read-card'
  | 'take-card'
  | 'hold-code'
  | 'read-code'
  | 'slip-comes'
  | 'take-slip'
  | 'slip-goes-back'
  | 'addresses-come'
  | 'take-addresses'
  | 'scan-slip'
  | 'done'
  | 'slip-void'
  | 'slip-replaced'
  | 'wait'
  | 'service-window';

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function Part(props: Place & { name: string; className?: string }): ReactNode {
  const { name, className, ...place } = props;
  return (
    <g className={className}>
      <use href={`${sprite}#${name}`} {...place} />
    </g>
  );
}

function Arrow(props: { x: number; y: number; turn: number }): ReactNode {
  const { x, y, turn } = props;
  return (
    <g transform={`rotate(${turn} ${x + 60} ${y + 75})`}>
      <Part name="arrow" x={x} y={y} width={120} height={150} className="part-pulse" />
    </g>
  );
}

/** Card above the reader: going down (`lay`), lying (`read`), or going up (`take`). */
function CardScene(props: { move: 'lay' | 'read' | 'take' }): ReactNode {
  const lying = props.move === 'read';
  return (
    <>
      <Part name="card-reader" x={164} y={290} width={640} height={200} />
      <Part
        name={lying ? 'id-card-lying' : 'id-card'}
        x={lying ? 284 : 324}
        y={lying ? 318 : 10}
        width={lying ? 400 : 320}
        height={lying ? 120 : 202}
        {...(lying ? {} : { className: `part-${props.move}` })}
      />
      {!lying && <Arrow x={704} y={70} turn={props.move === 'take' ? 180 : 0} />}
    </>
  );
}

/** The slip at its slot: coming out, lying there to be taken, or going back. */
function SlipScene(props: { move: 'come' | 'take' | 'go-back'; paper?: 'slip' | 'address-slip' }): ReactNode {
  const coming = props.move === 'come';
  return (
    <>
      <Part name="slot" x={164} y={66} width={640} height={110} />
      <svg x={0} y={122} width={968} height={440} viewBox="0 122 968 440">
        <Part
          name={props.paper ?? 'slip'}
          x={324}
          y={122}
          width={320}
          height={395}
          {...(coming ? { className: 'part-emerge' } : {})}
        />
      </svg>
      {!coming && <Arrow x={724} y={250} turn={props.move === 'take' ? 0 : 180} />}
    </>
  );
}

function CodeScene(props: { moving: boolean }): ReactNode {
  return (
    <>
      <Part
        name="phone-with-code"
        x={props.moving ? 110 : 200}
        y={40}
        width={240}
        height={440}
        {...(props.moving ? { className: 'part-approach' } : {})}
      />
      {props.moving && <Arrow x={440} y={190} turn={-90} />}
      <Part name="scanner" x={620} y={120} width={260} height={280} />
    </>
  );
}

/** The slip in front of the scanner, its code towards the window. */
function ScanSlip(): ReactNode {
  return (
    <>
      <Part name="slip" x={84} y={60} width={320} height={395} className="part-approach" />
      <Arrow x={460} y={190} turn={-90} />
      <Part name="scanner" x={620} y={120} width={260} height={280} />
    </>
  );
}

function CardToSlip(): ReactNode {
  return (
    <>
      <Part name="id-card" x={110} y={54} width={320} height={202} />
      <Arrow x={478} y={80} turn={-90} />
      <Part name="slip" x={640} y={4} width={240} height={296} />
    </>
  );
}

function IdCardAlone(): ReactNode {
  return <Part name="id-card" x={324} y={14} width={320} height={202} />;
}

function PhoneAlone(props: { name: 'phone-with-code' | 'phone-with-apps' }): ReactNode {
  return <Part name={props.name} x={402} y={0} width={164} height={300} />;
}

/** The slip that no longer counts, and the one that does. */
function SlipReplaced(): ReactNode {
  return (
    <>
      <Part name="slip" x={90} y={4} width={240} height={296} />
      <Part name="void" x={254} y={172} width={120} height={120} />
      <Arrow x={424} y={80} turn={-90} />
      <Part name="slip" x={600} y={4} width={240} height={296} />
      <Part name="done" x={764} y={172} width={120} height={120} />
    </>
  );
}

function Wait(): ReactNode {
  return <Part name="clock" x={354} y={20} width={260} height={260} />;
}

/** The slip, and whether it counts. */
function MarkedSlip(props: { mark: 'done' | 'void' }): ReactNode {
  return (
    <>
      <Part name="slip" x={314} y={60} width={340} height={420} />
      <Part name={props.mark} x={560} y={340} width={180} height={180} />
    </>
  );
}

function ServiceWindow(): ReactNode {
  return (
    <>
      <Part name="service-window" x={184} y={10} width={600} height={540} />
    </>
  );
}

const SCENES: Readonly<Record<DeviceScene, () => ReactNode>> = {
  'card-to-slip': CardToSlip,
  'id-card': IdCardAlone,
  phone: () => <PhoneAlone name="phone-with-code" />,
  'phone-apps': () => <PhoneAlone name="phone-with-apps" />,
  'lay-card': () => <CardScene move="lay" />,
  'read-card': () => <CardScene move="read" />,
  'take-card': () => <CardScene move="take" />,
  'hold-code': () => <CodeScene moving />,
  'read-code': () => <CodeScene moving={false} />,
  'slip-comes': () => <SlipScene move="come" />,
  'take-slip': () => <SlipScene move="take" />,
  'slip-goes-back': () => <SlipScene move="go-back" />,
  'addresses-come': () => <SlipScene move="come" paper="address-slip" />,
  'take-addresses': () => <SlipScene move="take" paper="address-slip" />,
  'scan-slip': ScanSlip,
  done: () => <MarkedSlip mark="done" />,
  'slip-void': () => <MarkedSlip mark="void" />,
  'slip-replaced': SlipReplaced,
  wait: Wait,
  'service-window': ServiceWindow,
};

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

/** Scenes that are wider than they are high: their height, px. */
const LOW_SCENES: Partial<Record<DeviceScene, number>> = {
  'card-to-slip': 300,
  'id-card': 230,
  phone: 300,
  'phone-apps': 300,
  'slip-replaced': 300,
  wait: 300,
};

/**
 * Shows the part of the machine, this very one where the configuration has a photo of it, with an arrow that pulses calmly (static
 * when motion is unwanted). The drawing is as small as its place, the part's name never smaller than other words; where there is
 * no place for both there is neither.
 */
export function DevicePicture(props: { scene: DeviceScene }): ReactNode {
  const t = useCitizenText();
  const { machinePictures } = useKiosk();
  const Scene = SCENES[props.scene];
  const height = LOW_SCENES[props.scene] ?? 560;
  const part = PART_OF[props.scene];
  const photo = part && machinePictures[part];
  return (
    <figure className={`device-picture scene-${props.scene}`} aria-hidden="true">
      <svg className="drawing" viewBox={`0 0 968 ${height}`} focusable="false">
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
  phone: { x: 398, y: 0, width: 172, height: 300 },
  'phone-apps': { x: 398, y: 0, width: 172, height: 300 },
  'hold-code': { x: 104, y: 36, width: 782, height: 448 },
} as const satisfies Partial<Record<DeviceScene, Place>>;

/** The scenes that a step of a lesson can show. */
export type SmallScene = keyof typeof SMALL;

/** A scene small and still, with no name and no photo. */
export function SmallDrawing(props: { scene: SmallScene }): ReactNode {
  const Scene = SCENES[props.scene];
  const { x, y, width, height } = SMALL[props.scene];
  return (
    <svg
      className="small-drawing"
      viewBox={`${x} ${y} ${width} ${height}`}
      aria-hidden="true"
      focusable="false"
    >
      <Scene />
    </svg>
  );
}
