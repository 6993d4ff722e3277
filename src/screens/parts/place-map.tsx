import type { ReactNode } from 'react';
import { MAP_HEIGHT, MARK_RADIUS, type MapPlan, type MapPoint } from '../../view/directory-view.ts';
import { useCitizenText, useSpelledDistance } from './citizen-text.ts';

/** Units of the drawing: as wide as the column that it stands in. */
const WIDTH = 968;
const HEIGHT = WIDTH * MAP_HEIGHT;
const RADIUS = WIDTH * MARK_RADIUS;
/** Below the map: the arrow to the north and the scale. */
const LEGEND = { top: HEIGHT + 16, height: 84 };
const HERE_SIDE = RADIUS * 1.4;

function Terminal(props: { at: MapPoint; number: number }): ReactNode {
  const [x, y] = [props.at.x * WIDTH, props.at.y * WIDTH];
  return (
    <>
      <circle className="map-terminal" cx={x} cy={y} r={RADIUS} />
      <text className="map-number" x={x} y={y} textAnchor="middle" dominantBaseline="central">
        {props.number}
      </text>
    </>
  );
}

/** This machine and the terminals of the page, true to scale, north up. What the numbers are stands beside it. */
export function PlaceMap(props: { plan: MapPlan }): ReactNode {
  const t = useCitizenText();
  const spelled = useSpelledDistance();
  const { here, terminals, scale } = props.plan;
  const middle = LEGEND.top + LEGEND.height / 2;
  const bar = { from: 200, to: 200 + scale.width * WIDTH };
  return (
    <svg
      className="place-map"
      viewBox={`0 0 ${WIDTH} ${LEGEND.top + LEGEND.height}`}
      role="img"
      aria-label={t('screen.nearby.map')}
    >
      <rect className="map-ground" x={3} y={3} width={WIDTH - 6} height={HEIGHT - 6} />
      <rect
        className="map-here"
        x={here.x * WIDTH - HERE_SIDE / 2}
        y={here.y * WIDTH - HERE_SIDE / 2}
        width={HERE_SIDE}
        height={HERE_SIDE}
      />
      {terminals.map((at, index) => (
        <Terminal key={`${at.x} ${at.y}`} at={at} number={index + 1} />
      ))}
      <path className="map-arrow" d={`M36 ${LEGEND.top + 4}l28 38h-18v42h-20v-42h-18z`} />
      <text className="map-word" x={84} y={middle} dominantBaseline="central">
        {t('screen.nearby.north')}
      </text>
      <path className="map-bar" d={`M${bar.from} ${middle - 22}v44m0-22H${bar.to}m0-22v44`} />
      <text className="map-word" x={bar.to + 24} y={middle} dominantBaseline="central">
        {spelled(scale.metres)}
      </text>
    </svg>
  );
}
