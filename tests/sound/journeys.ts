import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Speed } from '../../scripts/voice-manifest.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { Kiosk } from '../journeys/harness/kiosk.ts';
import { person } from '../live-kiosk/people.ts';
import { bestFit } from './correlation.ts';
import { promptSamples, spokenMs } from './prompts.ts';
import { ShellGlass } from './shell-glass.ts';
import { RATE, SoundCard, type Recording } from './sound-card.ts';

/** A prompt that must have been heard while its screen was up. */
interface HeardPrompt {
  readonly screen: string;
  readonly slot: string;
  readonly speed: Speed;
  /** As in `correlation.ts`; at least {@link LEAST_CORRELATION}. */
  readonly correlation: number;
  /** From the moment at which the screen was seen to the first sample of the prompt, ms. */
  readonly afterMs: number;
  /** Of full scale: what the volume makes of the file. */
  readonly gain: number;
  /** The best that a prompt came to which was not to be said there: it must be far below. */
  readonly otherCorrelation: number;
}

/** A prompt that was touched in the middle of. */
interface HushedPrompt {
  readonly slot: string;
  /** From the finger on the glass to the last sound, ms. */
  readonly stoppedAfterMs: number;
  /** So much of it was left to be said, ms. */
  readonly unsaidMs: number;
}

export interface SoundJourney {
  readonly name: string;
  readonly prompts: readonly HeardPrompt[];
  readonly hushed: readonly HushedPrompt[];
  /** So often a screen had to be heard once more, for the machine had torn what it said. */
  readonly tornTurns: number;
  readonly seconds: number;
  readonly wrong: readonly string[];
}

export const LEAST_CORRELATION = 0.9;
/** What is not said there stays below; one voice at one pitch resembles itself in whatever it says. */
const MOST_OF_OTHERS = 0.6;
/** From the touch to silence, with all buffers between the page and the sound card, ms. */
const SILENT_WITHIN_MS = 500;
/** −46 dB of full scale; below it lies what is left of a sound that fades. */
const AUDIBLE = 0.005;
/** A screen is looked at before it speaks, and a busy machine takes its time to decode, ms. */
const BEGINS_WITHIN_MS = 10_000;
/** The first sound may be a beep, before the words, ms. */
const MORE_MS = 1_200;
/** A busy machine tears what it plays; then 再听一遍 is touched. So often at most is a screen listened to. */
const TURNS = 3;

/** Where no key is, CSS px. */
const WORDS = { x: 540, y: 300 };

/** Never said in these journeys. */
const OTHERS = ['error.E15.body', 'error.E07.body', 'overlay.stillThere.body'];

const decoded = new Map<string, Float64Array>();
function prompt(slot: string, speed: Speed): Float64Array {
  const key = `${speed}/${slot}`;
  const known = decoded.get(key) ?? promptSamples(slot, speed);
  decoded.set(key, known);
  return known;
}

/** Somebody who stands at a kiosk and listens. */
class Listener {
  readonly kiosk: Kiosk;
  readonly #recording: Recording;
  readonly prompts: HeardPrompt[] = [];
  readonly hushed: HushedPrompt[] = [];
  readonly wrong: string[] = [];
  tornTurns = 0;
  speed: Speed = 'normal';
  #shownAtMs = 0;

  constructor(kiosk: Kiosk, recording: Recording) {
    this.kiosk = kiosk;
    this.#recording = recording;
  }

  /** Waits for a screen, by what stands in its `data-…`. */
  async sees(selector: string, limitMs = 30_000): Promise<void> {
    await this.kiosk.glass.page.locator(selector).first().waitFor({ state: 'visible', timeout: limitMs });
    this.#shownAtMs = systemClock.wallClockMs();
  }

  /** Waits until a screen has said what it has to say, and looks for it in what was recorded meanwhile. */
  async hears(screen: string, ...slots: readonly string[]): Promise<void> {
    const { page } = this.kiosk.glass;
    let found = await this.#listensFor(screen, slots);
    for (
      let turn = 1;
      turn < TURNS && found.some(({ correlation }) => correlation < LEAST_CORRELATION);
      turn += 1
    ) {
      const again = await page.locator('.footer-again').boundingBox();
      if (again === null) break;
      this.tornTurns += 1;
      await this.kiosk.glass.touchAt(again.x + again.width / 2, again.y + again.height / 2);
      this.#shownAtMs = systemClock.wallClockMs();
      found = await this.#listensFor(screen, slots);
    }
    this.prompts.push(...found);
    for (const [at, { slot, correlation, afterMs, otherCorrelation }] of found.entries()) {
      if (correlation < LEAST_CORRELATION)
        this.wrong.push(`${screen}: ${slot} fits what was heard by ${correlation.toFixed(3)} only`);
      if (afterMs <= (found[at - 1]?.afterMs ?? 0))
        this.wrong.push(`${screen}: ${slot} was said out of its turn`);
      if (otherCorrelation > MOST_OF_OTHERS)
        this.wrong.push(`${screen}: what nobody said fits by ${otherCorrelation.toFixed(3)}`);
    }
  }

  async #listensFor(screen: string, slots: readonly string[]): Promise<readonly HeardPrompt[]> {
    const { speed } = this;
    const from = this.#recording.sampleAt(this.#shownAtMs);
    await this.#speaks(from);
    await sleep(systemClock, spokenMs(slots, speed) + MORE_MS);
    const heard = this.#recording.samples(from);
    const others = OTHERS.map((slot) => bestFit(heard, prompt(slot, speed)).correlation);
    return slots.map((slot) => {
      const { correlation, lag, gain } = bestFit(heard, prompt(slot, speed));
      const afterMs = Math.round((lag / RATE) * 1_000);
      return { screen, slot, speed, correlation, afterMs, gain, otherCorrelation: Math.max(...others) };
    });
  }

  /** A finger comes down into a prompt, a second after its screen began to speak; nothing is heard any more soon after it. */
  async hushes(slot: string): Promise<void> {
    const { page } = this.kiosk.glass;
    const from = this.#recording.sampleAt(this.#shownAtMs);
    const whole = prompt(slot, this.speed);
    await this.#speaks(from);
    await sleep(systemClock, 1_000);
    await page.evaluate(() => {
      addEventListener(
        'pointerdown',
        () => {
          Object.assign(window, { touchedAtMs: performance.timeOrigin + performance.now() });
        },
        { capture: true, once: true },
      );
    });
    // Among the words: a key would tick, and another screen come.
    await this.kiosk.glass.touchAt(WORDS.x, WORDS.y);
    const touchedAtMs = await page.evaluate(() => (window as unknown as { touchedAtMs: number }).touchedAtMs);
    await sleep(systemClock, 2_000);
    const heard = this.#recording.samples(from);
    const last = heard.findLastIndex((sample) => Math.abs(sample) > AUDIBLE);
    const { lag } = bestFit(heard, whole.subarray(0, Math.round(whole.length / 4)));
    const stoppedAfterMs = Math.round(((from + last - this.#recording.sampleAt(touchedAtMs)) / RATE) * 1_000);
    const unsaidMs = Math.round(((lag + whole.length - last) / RATE) * 1_000);
    this.hushed.push({ slot, stoppedAfterMs, unsaidMs });
    if (stoppedAfterMs > SILENT_WITHIN_MS)
      this.wrong.push(`${slot} went on for ${stoppedAfterMs} ms under a finger`);
    if (unsaidMs < 500) this.wrong.push(`${slot} was over before the finger came`);
  }

  /** Waits for the first sound since a sample. */
  async #speaks(from: number): Promise<void> {
    const deadline = systemClock.monotonicMs() + BEGINS_WITHIN_MS;
    while (systemClock.monotonicMs() < deadline) {
      if (this.#recording.samples(from).some((one) => Math.abs(one) > AUDIBLE)) return;
      await sleep(systemClock, 50);
    }
    throw new Error('the kiosk says nothing');
  }
}

/** Who does what, and what must be heard. */
const JOURNEYS: Readonly<Record<string, (listener: Listener) => Promise<void>>> = {
  apply: async (listener) => {
    const { kiosk } = listener;
    await kiosk.glass.touch('start');
    await listener.sees('[data-screen="home"]');
    await listener.hears('home', 'screen.home.title');
    await kiosk.glass.touch('apply');
    await listener.sees('[data-screen="choose-method"]');
    await listener.hushes('screen.chooseMethod.title');
    await kiosk.glass.touch('use-id-card');
    await listener.sees('[data-screen="present-id-card"]');
    await listener.hears('present-id-card', 'screen.presentIdCard.title', 'screen.presentIdCard.body');
    await kiosk.layCard(person('wang-guilan'));
    await listener.sees('[data-screen="confirm-identity"]');
    await listener.hears('confirm-identity', 'screen.confirmIdentity.title');
    await kiosk.glass.touch('confirm');
    await listener.sees('[data-screen="take-slip"]');
    // Where a sensor sees the slip, the card's turn comes after it.
    await listener.hears('take-slip', 'screen.takeSlip.title', 'screen.takeSlip.slip');
  },
  trouble: async (listener) => {
    const { kiosk } = listener;
    await kiosk.glass.touch('start');
    await listener.sees('[data-screen="home"]');
    await listener.hushes('screen.home.title');
    await kiosk.glass.touch('apply');
    await kiosk.glass.shows('choose-method');
    await kiosk.glass.touch('use-id-card');
    await kiosk.glass.shows('present-id-card');
    await kiosk.reader.command('lay-other');
    await listener.sees('[data-error="E03"]');
    await listener.hears('E03', 'error.E03.title', 'error.E03.body');
    await kiosk.liftCard();
    await kiosk.printer.command('paper', { state: 'out' });
    await kiosk.glass.touch('home');
    await kiosk.wake();
    await listener.sees('[data-screen="home"] .notice');
    await listener.hears('home without paper', 'screen.home.title', 'obstacle.no-paper');
  },
  'larger, louder, slower': async (listener) => {
    const { kiosk } = listener;
    await kiosk.glass.touch('start');
    await listener.sees('[data-screen="home"]');
    await listener.hears('home', 'screen.home.title');
    await adjust(listener, '特大字', '大声一点', '说慢一点');
    listener.speed = 'slow';
    await listener.sees('[data-overlay="adjust"]');
    await listener.hears('adjust', 'adjust.sample');
    await adjust(listener, '好了，接着办');
    await listener.sees('[data-screen="home"] h1');
    await listener.hears('home', 'screen.home.title');
    const [before, , after] = listener.prompts;
    const step = (after?.gain ?? 0) / (before?.gain ?? 1);
    if (Math.abs(step - 2) > 0.1)
      listener.wrong.push(`louder is ${step.toFixed(2)} times as loud, not twice`);
    await kiosk.glass.touch('how-to');
    await listener.sees('[data-screen="how-to"]');
    const lessons = ['first', 'second', 'third'].map((which) => `screen.howTo.${which}`);
    await listener.hears('how-to', 'screen.howTo.title', ...lessons);
  },
};

export const JOURNEY_NAMES = Object.keys(JOURNEYS);

/** Touches keys of 大字大声 by their words; opens it when it is not open. */
async function adjust({ kiosk }: Listener, ...words: readonly string[]): Promise<void> {
  const { page } = kiosk.glass;
  const press = async (selector: string) => {
    await sleep(systemClock, 800);
    const box = await page.locator(selector).first().boundingBox();
    if (box === null) throw new Error(`no place to touch ${selector}`);
    await kiosk.glass.touchAt(box.x + box.width / 2, box.y + box.height / 2);
  };
  if ((await page.locator('[data-overlay="adjust"]').count()) === 0) await press('.footer-adjust');
  for (const label of words) await press(`[data-overlay="adjust"] .key:text-is("${label}")`);
}

/** Makes one journey on a kiosk of its own whose Chromium plays into a sound card of its own. */
export async function hearJourney(name: string): Promise<SoundJourney> {
  const walk = JOURNEYS[name];
  if (walk === undefined) throw new Error(`no journey ${name}`);
  const sinceMs = systemClock.monotonicMs();
  const directory = mkdtempSync(path.join(tmpdir(), 'sound-'));
  const card = await SoundCard.start(directory);
  Object.assign(process.env, card.environment);
  try {
    const recording = card.record();
    const kiosk = await Kiosk.start({ line: 'tcp', launchGlass: (options) => ShellGlass.launch(options) });
    const listener = new Listener(kiosk, recording);
    try {
      await walk(listener);
    } catch (error) {
      listener.wrong.push(error instanceof Error ? error.message : String(error));
    } finally {
      await kiosk.stop();
      await recording.stop();
    }
    const { prompts, hushed, tornTurns, wrong } = listener;
    const seconds = Math.round((systemClock.monotonicMs() - sinceMs) / 1_000);
    return { name, prompts, hushed, tornTurns, seconds, wrong };
  } finally {
    await card.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
