import type { ReactNode } from 'react';
import sprite from '../../../assets/device-pictures.svg?no-inline';

/** The physical part that a screen speaks of, and what happens there. */
export type DeviceScene = 'lay-card' | 'read-card' | 'hold-code' | 'slip-comes' | 'take-slip' | 'take-card';

function Part(props: {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
  className?: string;
}): ReactNode {
  const { name, className, ...place } = props;
  return (
    <g className={className}>
      <use href={`${sprite}#${name}`} {...place} />
    </g>
  );
}

/** Card above the reader: going down (`lay`), lying (`read`), or going up (`take`). */
function CardScene(props: { move: 'lay' | 'read' | 'take' }): ReactNode {
  const lying = props.move === 'read';
  return (
    <>
      <Part name="card-reader" x={164} y={320} width={640} height={200} />
      <Part
        name="id-card"
        x={324}
        y={lying ? 246 : 60}
        width={320}
        height={202}
        className={lying ? 'part-still' : `part-${props.move}`}
      />
      {!lying && (
        <g transform={props.move === 'take' ? 'rotate(180 764 190)' : undefined}>
          <Part name="arrow" x={704} y={115} width={120} height={150} className="part-pulse" />
        </g>
      )}
    </>
  );
}

function SlipScene(props: { taking: boolean }): ReactNode {
  return (
    <>
      <Part name="slot" x={164} y={20} width={640} height={130} />
      <svg x={0} y={84} width={968} height={476} viewBox="0 84 968 476">
        <Part
          name="slip"
          x={314}
          y={84}
          width={340}
          height={420}
          className={props.taking ? 'part-still' : 'part-emerge'}
        />
      </svg>
      {props.taking && (
        <Part name="arrow" x={734} y={230} width={120} height={150} className="part-pulse" />
      )}
    </>
  );
}

function CodeScene(): ReactNode {
  return (
    <>
      <Part name="scanner" x={620} y={110} width={300} height={330} />
      <Part name="phone-with-code" x={70} y={60} width={240} height={440} className="part-approach" />
      <g transform="rotate(-90 470 270)">
        <Part name="arrow" x={410} y={195} width={120} height={150} className="part-pulse" />
      </g>
    </>
  );
}

/** Shows the part of the machine as it looks, with an arrow that pulses calmly (static when motion is unwanted). */
export function DevicePicture(props: { scene: DeviceScene }): ReactNode {
  const { scene } = props;
  return (
    <svg className="device-picture" viewBox="0 0 968 560" aria-hidden="true" focusable="false">
      {scene === 'lay-card' && <CardScene move="lay" />}
      {scene === 'read-card' && <CardScene move="read" />}
      {scene === 'take-card' && <CardScene move="take" />}
      {scene === 'hold-code' && <CodeScene />}
      {scene === 'slip-comes' && <SlipScene taking={false} />}
      {scene === 'take-slip' && <SlipScene taking />}
    </svg>
  );
}
