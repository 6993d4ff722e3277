import { Kiosk } from '../journeys/harness/kiosk.ts';
import { seeded } from '../simulation/seeded.ts';
import { gestureFor, makeGesture, type Expected } from './gestures.ts';
import { Hand, type Key } from './hand.ts';
import { lateTaps, trace, type Traced } from './page-trace.ts';
import { Surroundings } from './surroundings.ts';

/** Nothing is to happen by itself while fingers are tried out. */
const PATIENT = { idleSeconds: 600, confirmSeconds: 600, warningSeconds: 300 };
/** A choice goes over the bridge within this after the finger has left the glass. */
const SENT_WITHIN_MS = 250;
/** No key is deaf any more, and a tap of the same one is no repetition. */
const SETTLED_MS = 750;
/** So often in a row there may be no key at all, as while a page is loaded. */
const KEYLESS_MOST = 40;
/** So often the hand is on a key that only changes how things look or sound, where there are others. */
const SILENT_PART = 0.1;

/** What a run of taps came to. */
export interface TremorReport {
  readonly taps: number;
  /** Gestures that were lost with a page that was just going away, and count as none. */
  readonly untold: number;
  readonly wrong: readonly string[];
}

/** Half the time to the main key, so that sessions go on to their end. */
function aim(hand: Hand, keys: readonly Key[]): Key | undefined {
  const main = keys.filter((key) => key.main);
  if (main.length > 0 && hand.between(0, 1) < 0.5) return hand.pick(main);
  const silent = hand.between(0, 1) < SILENT_PART;
  const wanted = keys.filter(({ choice }) => (choice === '') === silent);
  return hand.pick(wanted.length > 0 ? wanted : keys);
}

/** Tries `taps` touches on the screens of a running kiosk; nothing may come of them that was not meant. */
export async function tremble(options: {
  readonly taps: number;
  readonly seed: number;
  readonly onProgress?: (taps: number) => void;
}): Promise<TremorReport> {
  const kiosk = await Kiosk.start({ line: 'tcp', limits: PATIENT });
  const wrong: string[] = [];
  try {
    const { page } = kiosk.glass;
    const hand = new Hand(page, await page.context().newCDPSession(page), seeded(options.seed));
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        for (const [, choice = ''] of String(payload).matchAll(/"choice":"([a-z-]+)"/g))
          hand.sent.push(choice);
      });
    });
    // The page that is there was opened before anybody listened.
    await page.exposeFunction('tell', (told: Traced) => {
      hand.traced.push(told);
    });
    await page.addInitScript(trace);
    await page.reload();
    await kiosk.glass.shows('attract');
    const around = new Surroundings(kiosk, () => hand.between(0, 1));
    let keyless = 0;
    while (hand.taps < options.taps) {
      hand.traced.length = 0;
      const over = await around.attend(await kiosk.glass.screen().catch(() => ''));
      if (over !== undefined) wrong.push(over);
      await hand.pause(SETTLED_MS);
      const changedBefore = hand.traced.some(({ what }) => what === 'screen');
      hand.traced.length = 0;
      const screen = await kiosk.glass.screen().catch(() => '');
      const keys = await hand.keys();
      const key = aim(hand, keys);
      if (key === undefined) keyless += 1;
      if (keyless > KEYLESS_MOST) throw new Error(`no key on ${screen}`);
      // Changed while it was looked at: the keys may be those of the screen before.
      if (key === undefined || hand.traced.some(({ what }) => what === 'screen')) continue;
      keyless = 0;
      const [name, gesture] = gestureFor(hand, key);
      hand.sent.length = 0;
      hand.traced.length = 0;
      const expected = await makeGesture(gesture, hand, key, keys);
      await hand.pause(SENT_WITHIN_MS);
      for (const choice of hand.sent) around.chosen(choice, screen);
      if (expected === undefined) continue;
      // What a tap did that came late was meant by it; it is no part of what is judged.
      const own = key.choice !== '' && hand.sent[0] === key.choice ? 1 : 0;
      hand.sent.length = Math.max(Math.min(own, hand.sent.length), hand.sent.length - lateTaps(hand.traced));
      // Where nothing was sent the machine itself went on, as it does when paper is out: whoever was in mid-press, or pressed before
      // the new screen had settled, pressed nothing.
      const wentOn =
        hand.sent.length === 0 && (changedBefore || hand.traced.some(({ what }) => what === 'screen'));
      const judged = key.choice === '' ? 'none' : wentOn ? 'at most one' : expected;
      if (!isWell(judged, key.choice, hand.sent))
        wrong.push(
          `${name} on ${key.name} of ${screen}: ${judged} expected, sent ${hand.sent.join(', ') || 'nothing'}`,
        );
      options.onProgress?.(hand.taps);
    }
    wrong.push(...(await around.wrong()));
    return { taps: hand.taps, untold: hand.untold, wrong };
  } finally {
    await kiosk.stop();
  }
}

function isWell(expected: Expected, choice: string, sent: readonly string[]): boolean {
  if (expected === 'none' || (expected === 'at most one' && sent.length === 0)) return sent.length === 0;
  return sent.length === 1 && sent[0] === choice;
}
