import type { Conversation, DeviceBench, Place } from './bench.ts';
import { type CaseSetting, gone, online, RECONNECT_MS, workWithin } from './cases.ts';

/** One device and no other beside it. */
export function aloneWith(
  bench: DeviceBench,
  patience: number,
  notes: Partial<CaseSetting['notes']> = {},
): CaseSetting {
  return {
    bench,
    beside: () => Promise.reject(new Error('one device is enough here')),
    notes: { unplugged: () => undefined, replugged: () => undefined, ...notes },
    patience,
  };
}

/** Lets a piece of work happen and says what it looked like on the cable. */
export async function survey(setting: CaseSetting): Promise<Conversation> {
  const { bench, patience } = setting;
  await online(bench, patience);
  await workOrThrow(setting);
  bench.conversation();
  await workOrThrow(setting);
  return bench.conversation();
}

/** The end of each frame in both directions. */
export function boundaries(conversation: Conversation): readonly Place[] {
  const sums = (sizes: readonly number[]) => {
    let sum = 0;
    return sizes.map((size) => (sum += size));
  };
  return [
    ...sums(conversation.in).map((bytes) => ({ in: bytes })),
    ...sums(conversation.out).map((bytes) => ({ out: bytes })),
  ];
}

/** Every byte in both directions. */
export function everyByte(conversation: Conversation): readonly Place[] {
  const count = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);
  const places = (bytes: number, make: (at: number) => Place) =>
    Array.from({ length: bytes }, (_, index) => make(index + 1));
  return [
    ...places(count(conversation.in), (at) => ({ in: at })),
    ...places(count(conversation.out), (at) => ({ out: at })),
  ];
}

/** Some of many, evenly spread, never the same ones for another `offset`. */
export function some(places: readonly Place[], most: number, offset = 0): readonly Place[] {
  if (places.length <= most) return places;
  const step = places.length / most;
  return Array.from(
    { length: most },
    (_, index) => places[Math.floor(offset + index * step) % places.length],
  ).filter((place) => place !== undefined);
}

/**
 * The cable is pulled at a place of a piece of work; whatever came of that, nothing hangs, the device is found again, works,
 * and has not done anything twice. Returns the ms from plugging in until it was online again.
 */
export async function unplugAt(setting: CaseSetting, place: Place): Promise<number> {
  const { bench, patience, notes } = setting;
  await online(bench, patience);
  await bench.unplugAt(place);
  const outcome = await workWithin(setting, 'work whose cable is pulled');
  // Nothing was sent beyond the place, or what was still missing was of no consequence: also well, if it was once.
  if (outcome.kind === 'done' && outcome.times !== 1) throw new Error(`done ${outcome.times} times`);
  await bench.unplug();
  notes.unplugged();
  await gone(bench, patience);
  await bench.replug();
  const pluggedMs = performance.now();
  await online(bench, patience, RECONNECT_MS);
  const ms = Math.round(performance.now() - pluggedMs);
  notes.replugged(ms);
  await workOrThrow(setting);
  return ms;
}

async function workOrThrow(setting: CaseSetting): Promise<void> {
  const outcome = await workWithin(setting, 'work on a device that is well');
  if (outcome.kind !== 'done' || outcome.times !== 1)
    throw new Error(`work was ${JSON.stringify(outcome)} on a device that was well`);
}
