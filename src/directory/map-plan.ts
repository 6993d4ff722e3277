import { MAP_HEIGHT, MARK_RADIUS, type MapPlan, type MapPoint } from '../view/directory-view.ts';
import type { Offset } from './places.ts';

/** Marks stay whole, and a hand's breadth of the paper stays white around them. */
const MARGIN = MARK_RADIUS + 0.02;
/** A map is not drawn closer than this, or two doors of one house would look like a walk. Metres across. */
const NARROWEST_M = 200;
/** The bar takes no more of the width than this. */
const LONGEST_BAR = 0.4;
/** Marks closer than this cover each other. */
const APART = 2 * MARK_RADIUS + 0.01;
/** Four marks come to rest within a few rounds; a bound, so that it always ends. */
const ROUNDS = 200;

/** Draws this machine (at 0 m, 0 m) and `terminals` true to scale, north up; the whole as large as it fits. */
export function planMap(terminals: readonly Offset[]): MapPlan {
  const all: readonly Offset[] = [{ eastM: 0, northM: 0 }, ...terminals];
  const [west, east] = rangeOf(all.map(({ eastM }) => eastM));
  const [south, north] = rangeOf(all.map(({ northM }) => northM));
  const widthM = Math.max(
    NARROWEST_M,
    (east - west) / (1 - 2 * MARGIN),
    (north - south) / (MAP_HEIGHT - 2 * MARGIN),
  );
  const [here = { x: 0.5, y: MAP_HEIGHT / 2 }, ...places] = keptApart(
    all.map(({ eastM, northM }) => ({
      x: 0.5 + (eastM - (west + east) / 2) / widthM,
      y: MAP_HEIGHT / 2 - (northM - (south + north) / 2) / widthM,
    })),
  );
  const metres = roundLength(widthM * LONGEST_BAR);
  return { here, terminals: places, scale: { metres, width: metres / widthM } };
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** The longest of 1, 2 and 5 times a power of ten that is no longer than `metres`. */
function roundLength(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres));
  const times = [5, 2].find((times) => times * power <= metres) ?? 1;
  return times * power;
}

/**
 * Marks that would cover each other move apart, in the direction in which they lie, and stay on the map. That is at most about a
 * mark's own size: less than what a person at a map of this kind goes by.
 */
function keptApart(marks: readonly MapPoint[]): readonly MapPoint[] {
  const points = marks.map(({ x, y }) => ({ x, y }));
  for (let round = 0; round < ROUNDS; round += 1) {
    let moved = false;
    for (const [index, one] of points.entries()) {
      for (const other of points.slice(index + 1)) {
        const distance = Math.hypot(other.x - one.x, other.y - one.y);
        if (distance >= APART) continue;
        moved = true;
        // Of two at the same place the later one goes to the right.
        const [dx, dy] =
          distance < 1e-9 ? [1, 0] : [(other.x - one.x) / distance, (other.y - one.y) / distance];
        const push = (APART - distance) / 2 + 1e-6;
        Object.assign(one, withinMap({ x: one.x - dx * push, y: one.y - dy * push }));
        Object.assign(other, withinMap({ x: other.x + dx * push, y: other.y + dy * push }));
      }
    }
    if (!moved) break;
  }
  return points;
}

function withinMap({ x, y }: MapPoint): MapPoint {
  return {
    x: Math.min(1 - MARGIN, Math.max(MARGIN, x)),
    y: Math.min(MAP_HEIGHT - MARGIN, Math.max(MARGIN, y)),
  };
}
