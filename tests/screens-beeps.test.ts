import { beforeAll, beforeEach, expect, test } from 'vitest';
import { ERROR_PLANS } from '../src/screens/error-plans.ts';
import { beepOfScreen } from '../src/screens/voice/beeps.ts';
import { GALLERY_VIEWS } from '../sandbox/gallery/views.ts';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';

const gallery = galleryOfTests();

/** A note as the page asked Chromium for it: how high, Hz; when and how long, seconds; its effective value, 1: full scale. */
interface AskedNote {
  readonly hz: number;
  readonly from: number;
  readonly lasts: number;
  readonly level: number;
  /** It was ended before its time. */
  cut: boolean;
}

interface Asked {
  readonly notes: AskedNote[];
  /** Effective value of each recording that was played after them, without its pauses. */
  readonly words: number[];
}

/* oxlint-disable typescript/unbound-method -- each is called with its own node */
/** Runs in the page before its own scripts; what it notes is what goes to the loudspeaker, after all gains on the way. */
function listen(): void {
  const asked: Asked = { notes: [], words: [] };
  Object.assign(window, { asked });
  const into = new WeakMap<AudioNode, AudioNode>();
  const peaks = new WeakMap<AudioParam, number>();
  /** The product of the gains between a node and the loudspeaker. */
  const gainFrom = (node: AudioNode): number => {
    const next = into.get(node);
    if (next === undefined || next instanceof AudioDestinationNode) return 1;
    const own = next instanceof GainNode ? (peaks.get(next.gain) ?? next.gain.value) : 1;
    return own * gainFrom(next);
  };
  const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
  AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode) {
    into.set(this, to);
    return connect.call(this, to);
  } as typeof AudioNode.prototype.connect;
  const { linearRampToValueAtTime } = AudioParam.prototype;
  AudioParam.prototype.linearRampToValueAtTime = function (this: AudioParam, value, endTime) {
    peaks.set(this, Math.max(peaks.get(this) ?? 0, value));
    return linearRampToValueAtTime.call(this, value, endTime);
  };
  const starts = new WeakMap<AudioScheduledSourceNode, number>();
  const notes = new WeakMap<AudioScheduledSourceNode, AskedNote>();
  const { start, stop } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (this: OscillatorNode, when = 0) {
    starts.set(this, when);
    start.call(this, when);
  };
  OscillatorNode.prototype.stop = function (this: OscillatorNode, when?: number) {
    const from = starts.get(this) ?? Number.NaN;
    const known = notes.get(this);
    if (when !== undefined) {
      const level = gainFrom(this) / Math.SQRT2;
      const note = { hz: this.frequency.value, from, lasts: when - from, level, cut: false };
      notes.set(this, note);
      asked.notes.push(note);
    } else if (known !== undefined && this.context.currentTime < from + known.lasts) known.cut = true;
    stop.call(this, when);
  };
  const play = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode, ...when) {
    const samples = this.buffer?.getChannelData(0) ?? new Float32Array();
    const frame = Math.round((this.buffer?.sampleRate ?? 0) / 50);
    const energies: number[] = [];
    for (let at = 0; at + frame <= samples.length; at += frame)
      energies.push(samples.subarray(at, at + frame).reduce((sum, one) => sum + one ** 2, 0) / frame);
    const loud = energies.filter((energy) => energy > 1e-6);
    const level = Math.sqrt(loud.reduce((sum, energy) => sum + energy, 0) / loud.length);
    asked.words.push(level * gainFrom(this));
    play.apply(this, when);
  };
}

/* oxlint-enable typescript/unbound-method */

beforeAll(async () => {
  await gallery.page.addInitScript(listen);
});

beforeEach(async () => {
  await gallery.page.reload();
  await gallery.page.waitForSelector('[data-screen]');
  await gallery.show('home');
});

const asked = () => gallery.page.evaluate(() => (window as unknown as { asked: Asked }).asked);

async function forget(): Promise<void> {
  await gallery.page.evaluate(() => {
    const { asked } = window as unknown as { asked: Asked };
    asked.notes.length = 0;
    asked.words.length = 0;
  });
}

/** The notes of a view from the moment at which it comes; a tick of a key is no beep. */
async function beepOf(view: string): Promise<readonly AskedNote[]> {
  await forget();
  await gallery.show(view);
  await gallery.page.waitForTimeout(200);
  return beepsOf(await asked());
}

const beepsOf = ({ notes }: Asked) => notes.filter(({ lasts }) => lasts > 0.1);

test.for([
  { view: 'identifying', hz: [1_000, 1_500], why: 'the card was read' },
  { view: 'take-slip', hz: [1_000, 1_500], why: 'the slip is out' },
  { view: 'help-called', hz: [1_000, 1_500], why: 'somebody comes' },
  { view: 'E01', hz: [1_250], why: 'to be done once more' },
  { view: 'take-id-card-seen', hz: [1_250], why: 'something is left behind' },
  { view: 'still-there', hz: [1_250], why: 'somebody has to say something' },
  { view: 'E15', hz: [1_000, 1_000, 1_000], why: 'it came to nothing' },
] as const)('$view beeps as its mark looks: $why', async ({ view, hz }) => {
  const notes = await beepOf(view);
  expect(notes.map((note) => note.hz)).toEqual(hz);
  for (const [at, { from, lasts }] of notes.entries()) {
    expect(lasts).toBeGreaterThan(0.119);
    expect(lasts).toBeLessThan(0.201);
    const before = notes[at - 1];
    if (before !== undefined) expect(from - before.from - before.lasts).toBeGreaterThan(0.03);
  }
});

test.for(['choose-method', 'confirm-identity', 'printing', 'attract'])(
  '%s does not beep: it was touched for, or comes of something that has beeped',
  async (view) => {
    expect(await beepOf(view)).toEqual([]);
  },
);

/** Keys of 大字大声 by their words. */
async function adjust(...words: readonly string[]): Promise<void> {
  await gallery.press('.footer-adjust');
  const dialog = gallery.page.locator('[data-overlay="adjust"]');
  await dialog.waitFor();
  for (const label of words) {
    await gallery.page.waitForTimeout(400);
    await gallery.press(`[data-overlay="adjust"] .key:text-is("${label}")`);
  }
  await gallery.press('[data-overlay="adjust"] .primary');
  await dialog.waitFor({ state: 'detached' });
}

test('a beep is as loud as somebody has set, and never louder than the words after it', async () => {
  const levels: number[] = [];
  for (const words of [[], ['小声一点'], ['大声一点', '大声一点']]) {
    if (words.length > 0) await adjust(...words);
    // Its second sentence is the softest of all recordings.
    const [beep] = await beepOf('E07');
    await expect.poll(async () => (await asked()).words.length, { timeout: 10_000 }).toBe(2);
    expect(beep?.level).toBeLessThan(Math.min(...(await asked()).words));
    levels.push(beep?.level ?? 0);
    await gallery.show('home');
  }
  const [standard = 0, soft = 0, loud = 0] = levels;
  expect([soft / standard, loud / standard]).toEqual([0.5, 2]);
}, 40_000);

test('a key answers a finger with a tick, and a finger ends what beeps', async () => {
  await gallery.show('choose-method');
  await forget();
  await gallery.press('[data-choice="use-id-card"]');
  const { notes: ticks } = await asked();
  expect(ticks).toHaveLength(1);
  expect(ticks[0]?.lasts).toBeCloseTo(0.03, 3);

  await forget();
  await gallery.page.evaluate(async () => {
    window.gallery.show('E15');
    const { asked } = window as unknown as { asked: Asked };
    while (asked.notes.length === 0)
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    document.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
  });
  expect((await asked()).notes.map(({ cut }) => cut)).toEqual([true, true, true]);
});

test('what has been heard is not heard again when a dialog over it goes', async () => {
  expect(await beepOf('help-called')).toHaveLength(2);
  expect(await beepOf('home')).toEqual([]);
  await gallery.show('E01');
  await forget();
  await adjust();
  await gallery.page.waitForTimeout(200);
  const heard = await asked();
  expect(heard.notes).toHaveLength(2);
  expect(beepsOf(heard)).toEqual([]);
});

test.for([
  ['help-calling', 'help-called', [1_000, 1_500]],
  ['read-back', 'read-back-other', [1_250]],
  ['address-slip-printing', 'address-slip-printed', [1_000, 1_500]],
  ['address-slip-printing', 'address-slip-fault', [1_000, 1_000, 1_000]],
] as const)('%s does not beep, and what becomes of it does: %s', async ([before, after, hz]) => {
  expect(await beepOf(before)).toEqual([]);
  expect((await beepOf(after)).map((note) => note.hz)).toEqual(hz);
});

test('every error beeps as its mark looks', () => {
  for (const { screen } of Object.values(GALLERY_VIEWS))
    if (screen.name === 'error') expect(beepOfScreen(screen)?.tone).toBe(ERROR_PLANS[screen.code].tone);
});
