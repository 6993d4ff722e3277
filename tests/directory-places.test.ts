import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spellDistance } from '../src/copy/distance.ts';
import { planMap } from '../src/directory/map-plan.ts';
import { distanceM, offsetFrom, walkMinutes, type Offset, type Place } from '../src/directory/places.ts';
import { MAP_HEIGHT, MARK_RADIUS } from '../src/view/directory-view.ts';

const SHANGHAI: Place = { latitude: 31.2304, longitude: 121.4737 };
/** Within the city and its islands. */
const nearby: fc.Arbitrary<Place> = fc.record({
  latitude: fc.double({ min: 30.7, max: 31.9, noNaN: true }),
  longitude: fc.double({ min: 120.9, max: 122, noNaN: true }),
});

describe('distances', () => {
  test('are those of the sphere: a degree of latitude, a quarter of the way round, the other side', () => {
    const at = (latitude: number, longitude: number): Place => ({ latitude, longitude });
    expect(distanceM(at(0, 0), at(1, 0))).toBeCloseTo(111_195.1, 0);
    expect(distanceM(at(0, 0), at(0, 90))).toBeCloseTo((6_371_008.8 * Math.PI) / 2, 0);
    expect(distanceM(at(0, 0), at(0, 180))).toBeCloseTo(6_371_008.8 * Math.PI, 0);
    expect(distanceM(SHANGHAI, SHANGHAI)).toBe(0);
  });

  test('are the same there and back, and never shorter by a detour', () => {
    fc.assert(
      fc.property(nearby, nearby, nearby, (a, b, c) => {
        expect(distanceM(a, b)).toBeCloseTo(distanceM(b, a), 6);
        expect(distanceM(a, c)).toBeLessThanOrEqual(distanceM(a, b) + distanceM(b, c) + 1e-6);
      }),
    );
  });

  test('on the map are those on the sphere, to a part in two hundred within 30 km', () => {
    fc.assert(
      fc.property(nearby, nearby, (origin, place) => {
        const metres = distanceM(origin, place);
        fc.pre(metres > 10 && metres < 30_000);
        const { eastM, northM } = offsetFrom(origin, place);
        expect(Math.abs(Math.hypot(eastM, northM) - metres) / metres).toBeLessThan(0.005);
        if (Math.abs(northM) > 1) expect(northM > 0).toBe(place.latitude > origin.latitude);
        if (Math.abs(eastM) > 1) expect(eastM > 0).toBe(place.longitude > origin.longitude);
      }),
    );
    expect(
      offsetFrom({ latitude: 0, longitude: 179.99 }, { latitude: 0, longitude: -179.99 }).eastM,
    ).toBeCloseTo(2_224, 0);
  });

  test('are walked unhurriedly, and not at all when it takes more than an hour', () => {
    expect(walkMinutes(0)).toBe(1);
    expect(walkMinutes(500)).toBe(13);
    expect(walkMinutes(2_492)).toBe(60);
    expect(walkMinutes(2_493)).toBeUndefined();
  });

  test('are told as people say them', () => {
    expect([3, 314, 994, 1_000, 1_249, 10_150].map((metres) => spellDistance(metres))).toEqual([
      '10\u00a0米',
      '310\u00a0米',
      '990\u00a0米',
      '1\u00a0公里',
      '1.2\u00a0公里',
      '10\u00a0公里',
    ]);
  });
});

describe('a map', () => {
  const metres = fc.double({ min: -30_000, max: 30_000, noNaN: true });
  const offset: fc.Arbitrary<Offset> = fc.record({ eastM: metres, northM: metres });
  const places = fc.array(offset, { minLength: 1, maxLength: 3 });

  test('holds every mark whole, and none covers another', () => {
    fc.assert(
      fc.property(places, (terminals) => {
        const plan = planMap(terminals);
        const marks = [plan.here, ...plan.terminals];
        expect(marks).toHaveLength(terminals.length + 1);
        for (const [index, { x, y }] of marks.entries()) {
          expect(x).toBeGreaterThanOrEqual(MARK_RADIUS);
          expect(x).toBeLessThanOrEqual(1 - MARK_RADIUS);
          expect(y).toBeGreaterThanOrEqual(MARK_RADIUS);
          expect(y).toBeLessThanOrEqual(MAP_HEIGHT - MARK_RADIUS);
          for (const other of marks.slice(index + 1))
            expect(Math.hypot(other.x - x, other.y - y)).toBeGreaterThanOrEqual(2 * MARK_RADIUS - 1e-6);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('is true to scale, north up, but for marks that had to make room for each other', () => {
    fc.assert(
      fc.property(places, (terminals) => {
        const plan = planMap(terminals);
        const widthM = plan.scale.metres / plan.scale.width;
        const roomM = widthM * (2 * MARK_RADIUS + 0.02);
        const all = [{ eastM: 0, northM: 0 }, ...terminals];
        fc.pre(
          all.every((one, index) =>
            all
              .slice(index + 1)
              .every((other) => Math.hypot(other.eastM - one.eastM, other.northM - one.northM) > roomM),
          ),
        );
        for (const [index, { eastM, northM }] of terminals.entries()) {
          const at = plan.terminals[index] ?? plan.here;
          expect((at.x - plan.here.x) * widthM).toBeCloseTo(eastM, 3);
          expect((plan.here.y - at.y) * widthM).toBeCloseTo(northM, 3);
        }
      }),
    );
  });

  test('has a scale of a round length that is not too long', () => {
    fc.assert(
      fc.property(places, (terminals) => {
        const { metres, width } = planMap(terminals).scale;
        expect(String(metres)).toMatch(/^[125]0*$/);
        expect(width).toBeLessThanOrEqual(0.4);
        expect(width).toBeGreaterThan(0.15);
      }),
    );
  });

  test('shows two doors of one house beside each other, the later one to the right', () => {
    const { terminals } = planMap([
      { eastM: 100, northM: 0 },
      { eastM: 100, northM: 0 },
    ]);
    expect(terminals[1]?.x).toBeGreaterThan((terminals[0]?.x ?? 1) + 2 * MARK_RADIUS - 1e-6);
  });
});
