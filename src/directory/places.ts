/** A place on the earth, degrees, WGS 84. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Metres east and north of somewhere. */
export interface Offset {
  readonly eastM: number;
  readonly northM: number;
}

/** Mean radius of the earth, IUGG: (2a + b) / 3 of GRS 80. */
const EARTH_RADIUS_M = 6_371_008.8;

/**
 * Ways through a city are longer than the straight line. A judgement for Shanghai's blocks, on the careful side of the 1.2 to 1.4
 * that street networks have; a site that knows better has its terminals measured at the centre.
 */
const DETOUR = 1.3;
/**
 * 0.9 m/s. Below the comfortable speed of people over 80 (men 0.97, women 0.94 m/s: Bohannon & Williams Andrews, Normal walking
 * speed: a descriptive meta-analysis, Physiotherapy 97 (2011) 182–189), because of crossings and stairs.
 */
const METRES_PER_MINUTE = 54;
/** Nobody is told to walk for longer than this; such places get their distance only. */
const LONGEST_WALK_MIN = 60;

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Great-circle distance in metres (haversine: R. W. Sinnott, Virtues of the Haversine, Sky & Telescope 68 (1984) 159). */
export function distanceM(a: Place, b: Place): number {
  const half =
    Math.sin(radians(b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(radians(a.latitude)) *
      Math.cos(radians(b.latitude)) *
      Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(Math.min(1, half)));
}

/** Minutes on foot for that distance as the crow flies, rounded up; undefined: too far to be walked. */
export function walkMinutes(straightM: number): number | undefined {
  const minutes = Math.max(1, Math.ceil((straightM * DETOUR) / METRES_PER_MINUTE));
  return minutes <= LONGEST_WALK_MIN ? minutes : undefined;
}

/** Where `place` lies, seen from `origin`: the equirectangular projection around it, exact enough (0.1 %) within a city. */
export function offsetFrom(origin: Place, place: Place): Offset {
  const east = ((place.longitude - origin.longitude + 540) % 360) - 180;
  return {
    eastM: radians(east) * Math.cos(radians(origin.latitude)) * EARTH_RADIUS_M,
    northM: radians(place.latitude - origin.latitude) * EARTH_RADIUS_M,
  };
}
