import { beforeEach, expect, test } from 'vitest';
import { VoiceGuide } from '../src/screens/voice/guide.ts';
import { createManualClock, type ManualClock } from './fixtures/manual-clock.ts';

/** What is being said, and what was; a recording takes as long as the test lets it. */
class Mouth {
  readonly said: (readonly string[])[] = [];
  readonly beeped: string[] = [];
  silenced = 0;
  #over: () => void = () => undefined;

  say(slots: readonly string[]): Promise<void> {
    this.said.push(slots);
    return new Promise((resolve) => {
      this.#over = resolve;
    });
  }

  beep(tone: string): void {
    this.beeped.push(tone);
  }

  tick(): void {
    this.beeped.push('tick');
  }

  silence(): void {
    this.silenced += 1;
    this.#over();
  }

  async finish(): Promise<void> {
    this.#over();
    await Promise.resolve();
    await Promise.resolve();
  }
}

let clock: ManualClock;
let mouth: Mouth;
let guide: VoiceGuide;
beforeEach(() => {
  clock = createManualClock();
  mouth = new Mouth();
  guide = new VoiceGuide(mouth, clock);
});

test('a screen speaks half a second after it came, and once more to whoever does nothing for 20 s', async () => {
  guide.screenCame(['a']);
  await clock.advance(499);
  expect(mouth.said).toEqual([]);
  await clock.advance(1);
  expect(mouth.said).toEqual([['a']]);
  await mouth.finish();
  await clock.advance(19_999);
  expect(mouth.said).toHaveLength(1);
  await clock.advance(1);
  expect(mouth.said).toHaveLength(2);
  await mouth.finish();
  await clock.advance(600_000);
  expect(mouth.said).toHaveLength(2);
});

test('a touch silences at once, and the 20 s begin anew', async () => {
  guide.screenCame(['a']);
  await clock.advance(500);
  const before = mouth.silenced;
  guide.touched();
  expect(mouth.silenced).toBe(before + 1);
  await mouth.finish();
  await clock.advance(19_999);
  expect(mouth.said).toHaveLength(1);
  await clock.advance(1);
  expect(mouth.said).toHaveLength(2);
});

test('a touch before it has begun: it is not begun under the finger', async () => {
  guide.screenCame(['a']);
  await clock.advance(200);
  guide.touched();
  await clock.advance(10_000);
  expect(mouth.said).toEqual([]);
});

test('再听一遍 says it whenever it is asked for', async () => {
  guide.screenCame(['a']);
  await clock.advance(500);
  await mouth.finish();
  guide.touched();
  guide.again();
  guide.touched();
  guide.again();
  expect(mouth.said).toEqual([['a'], ['a'], ['a']]);
});

test('the next screen speaks for itself, and nothing of the one before comes late', async () => {
  guide.screenCame(['a']);
  await clock.advance(500);
  guide.stop();
  guide.screenCame(['b']);
  await mouth.finish();
  await clock.advance(500);
  expect(mouth.said).toEqual([['a'], ['b']]);
});

test('a screen with nothing to say stays silent, also when it is asked', async () => {
  guide.screenCame([]);
  await clock.advance(60_000);
  guide.again();
  expect(mouth.said).toEqual([]);
});

test('a beep comes at once, and what is said of it after its last note', async () => {
  guide.screenCame(['a']);
  guide.beep({ tone: 'stopped' });
  expect(mouth.beeped).toEqual(['stopped']);
  await clock.advance(699);
  expect(mouth.said).toEqual([]);
  await clock.advance(1);
  expect(mouth.said).toEqual([['a']]);
});

test('a beep of a screen that lies under another one does not make that one begin anew', async () => {
  guide.screenCame(['a']);
  await clock.advance(500);
  guide.beep({ tone: 'good' });
  await clock.advance(10_000);
  expect(mouth.said).toEqual([['a']]);
});

test('what is to call somebody back beeps every 5 s until it is over, and never into what is said', async () => {
  guide.screenCame(['a']);
  const over = guide.beep({ tone: 'attention', everyMs: 5_000 });
  await clock.advance(5_000);
  expect(mouth.beeped).toHaveLength(1);
  await mouth.finish();
  await clock.advance(9_999);
  expect(mouth.beeped).toHaveLength(2);
  // A hand on the glass is not yet a card in the hand.
  guide.touched();
  await clock.advance(1);
  expect(mouth.beeped).toHaveLength(3);
  over();
  await clock.advance(60_000);
  expect(mouth.beeped).toHaveLength(3);
});
