import { UntoldTouch, type Hand, type Key, type Point } from './hand.ts';

/** Beyond the edge of a key, CSS px: so far a press still counts (elderly-ux §6.4). */
const TOLERANCE_PX = 24;
/** On the edge of what counts Chromium's rounding decides. */
const ROUNDING_PX = 2;
/** So many gestures may be lost with their page at one kiosk. */
const UNTOLD_MOST = 5;

/** What came of one gesture. `one`: exactly this key's choice; `none`: nothing; `at most one`: this key's or nothing. */
export type Expected = 'one' | 'none' | 'at most one';

export type Gesture = (hand: Hand, key: Key, others: readonly Key[]) => Promise<Expected>;

function within(point: Point, { x, y, width, height }: Key, grownPx: number): boolean {
  return (
    point.x >= x - grownPx &&
    point.x <= x + width + grownPx &&
    point.y >= y - grownPx &&
    point.y <= y + height + grownPx
  );
}

function expectedOfDrift(to: Point, key: Key): Expected {
  if (within(to, key, -ROUNDING_PX)) return 'one';
  return within(to, key, TOLERANCE_PX + ROUNDING_PX) ? 'at most one' : 'none';
}

const hold: Gesture = async (hand, key) => {
  const at = hand.inside(key);
  // Short ones are common, three seconds are not.
  await hand.tap(at, at, 40 + 2_960 * hand.between(0, 1) ** 4);
  return 'one';
};

/** Ways in which hands touch a glass (elderly-ux §5.6); each returns what is to come of it. */
const GESTURES: Readonly<Record<string, Gesture>> = {
  drift: async (hand, key) => {
    const from = hand.inside(key);
    const far = hand.between(0, 40);
    const angle = hand.between(0, 2 * Math.PI);
    const to = { x: from.x + far * Math.cos(angle), y: from.y + far * Math.sin(angle) };
    await hand.tap(from, to, hand.between(40, 300));
    return expectedOfDrift(to, key);
  },
  hold,
  'double tap': async (hand, key) => {
    const at = hand.inside(key);
    await hand.tap(at, at, 40);
    await hand.pause(hand.between(80, 400));
    await hand.tap(at, at, 40);
    return 'one';
  },
  'triple tap': async (hand, key) => {
    const at = hand.inside(key);
    for (let tap = 0; tap < 3; tap += 1) {
      if (tap > 0) await hand.pause(hand.between(80, 250));
      await hand.tap(at, at, 40);
    }
    return 'one';
  },
  'five taps a second': async (hand, key) => {
    const at = hand.inside(key);
    for (let tap = 0; tap < 6; tap += 1) {
      await hand.tap(at, at, 60);
      await hand.pause(140);
    }
    return 'one';
  },
  'a finger rests beside the keys': async (hand, key) => {
    const rest = { x: 12, y: 300, id: 1 };
    const at = { ...hand.inside(key), id: 2 };
    hand.taps += 1;
    await hand.touch('touchStart', rest);
    await hand.touch('touchStart', rest, at);
    await hand.pause(80);
    await hand.touch('touchEnd', rest);
    await hand.touch('touchEnd');
    return 'at most one';
  },
  'a second finger on another key': async (hand, key, others) => {
    const other = hand.pick(others.filter(({ name }) => name !== key.name));
    if (other === undefined) return hold(hand, key, others);
    const first = { ...hand.inside(key), id: 1 };
    const second = { ...hand.inside(other), id: 2 };
    hand.taps += 2;
    await hand.touch('touchStart', first);
    await hand.pause(60);
    await hand.touch('touchStart', first, second);
    await hand.pause(60);
    await hand.touch('touchEnd', first);
    await hand.pause(60);
    await hand.touch('touchEnd');
    return 'one';
  },
  // Chromium takes a finger within 10 px of a key for one on it; the middle belongs to neither.
  'into the gap': async (hand, key) => {
    const at = { x: key.x + hand.between(8, key.width - 8), y: key.y + key.height + hand.between(12, 20) };
    await hand.tap(at);
    return 'none';
  },
  'during the change': async (hand, key) => {
    const at = hand.inside(key);
    await hand.tap(at, at, 40);
    await hand.pause(hand.between(10, 350));
    await hand.tap({ x: hand.between(60, 1020), y: hand.between(640, 1880) });
    return 'one';
  },
};

/** The whole glass is the key of the attract screen; where a key changes no screen, the next tap is as good as the first. */
export function gestureFor(hand: Hand, { choice }: Key): readonly [string, Gesture] {
  const leftOut: string[] = [];
  if (choice === 'start') leftOut.push('into the gap', 'a second finger on another key');
  if (choice === '' || choice === 'show-full-name') leftOut.push('during the change');
  return hand.pick(Object.entries(GESTURES).filter(([name]) => !leftOut.includes(name))) ?? ['hold', hold];
}

/** Makes a gesture, and says what is to come of it; undefined: it was lost with its page, and its taps are not counted. */
export async function makeGesture(
  gesture: Gesture,
  hand: Hand,
  key: Key,
  others: readonly Key[],
): Promise<Expected | undefined> {
  const { taps, pages } = hand;
  try {
    return await gesture(hand, key, others);
  } catch (error) {
    if (!(error instanceof UntoldTouch)) throw error;
    hand.untold += 1;
    // A page that stays and feels nothing is a dead one.
    if (hand.pages === pages || hand.untold > UNTOLD_MOST) throw error;
    hand.taps = taps;
    // No finger is on the glass where the last one was just leaving it.
    await hand.touch('touchCancel').catch(() => undefined);
    return undefined;
  }
}
