import type { ReactNode } from 'react';
import sprite from '../../../assets/device-pictures.svg?no-inline';

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

/** Where something stands in a scene, units of the scene. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One drawing of `assets/device-pictures.svg`. */
export function Part(props: Place & { name: string; className?: string }): ReactNode {
  const { name, className, ...place } = props;
  return (
    <g className={className}>
      <use href={`${sprite}#${name}`} {...place} />
    </g>
  );
}

/** It pulses calmly, and points down until it is turned, degrees. */
export function Arrow(props: { x: number; y: number; turn: number }): ReactNode {
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

/** On the right of what is held in front of it; its name stands under it (`.part-name.of-scanner`). */
function Scanner(): ReactNode {
  return <Part name="scanner" x={600} y={150} width={297} height={320} />;
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
      {props.moving && <Arrow x={430} y={220} turn={-90} />}
      <Scanner />
    </>
  );
}

/** The slip in front of the scanner, its code towards the window. */
function ScanSlip(): ReactNode {
  return (
    <>
      <Part name="slip" x={84} y={60} width={320} height={395} className="part-approach" />
      <Arrow x={450} y={220} turn={-90} />
      <Scanner />
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

/** Every scene, 968 units wide. */
export const SCENES: Readonly<Record<DeviceScene, () => ReactNode>> = {
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
