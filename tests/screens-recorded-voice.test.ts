import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { readVoiceManifest } from '../scripts/voice-manifest.ts';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';
import { PANELS } from './fixtures/open-gallery.ts';

const RATE = 8_000;

/** A tone, as a WAV file: what somebody has dropped in. Each is as many milliseconds long as it is high. */
function tone(hertz: number): Buffer {
  const samples = (RATE * hertz) / 1000;
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  // PCM, one channel.
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(RATE * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let at = 0; at < samples; at += 1)
    wav.writeInt16LE(Math.round(Math.sin((2 * Math.PI * hertz * at) / RATE) * 12_000), 44 + at * 2);
  return wav;
}

const RECORDED = {
  'wuu/screen.home.title': tone(300),
  // Its body is missing: nobody changes tongues in the middle of a sentence.
  'wuu/screen.printing.title': tone(400),
  'zh-CN/screen.presentIdCard.title': tone(500),
  'zh-CN/screen.home.title': tone(600),
  'en/screen.home.title': tone(700),
} as const;
const folder = mkdtempSync(path.join(tmpdir(), 'recorded-voice-'));
for (const [slot, wav] of Object.entries(RECORDED)) {
  mkdirSync(path.join(folder, path.dirname(slot)), { recursive: true });
  writeFileSync(path.join(folder, `${slot}.wav`), wav);
}
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const recorded = (slot: keyof typeof RECORDED) => sum(RECORDED[slot]);
const secondsOf = (slot: keyof typeof RECORDED) => (RECORDED[slot].length - 44) / 2 / RATE;
const rendered = (slot: string) => readVoiceManifest('zh-CN').slots[slot]?.audio.normal.sha256 ?? '?';

describe('recordings that people dropped in', () => {
  const gallery = galleryOfTests({ recordedVoice: folder });
  const stopListening: (() => void)[] = [];
  afterEach(() => {
    for (const stop of stopListening.splice(0)) stop();
  });

  /** The sums of all recordings that the page has taken since. */
  function listen(): () => Promise<readonly string[]> {
    const heard: Promise<string>[] = [];
    const note = (response: { url: () => string; body: () => Promise<Buffer> }) => {
      if (/\.(?:opus|wav)$/u.test(response.url())) heard.push(response.body().then(sum));
    };
    gallery.page.on('response', note);
    stopListening.push(() => gallery.page.off('response', note));
    return () => Promise.all(heard);
  }

  async function restart(): Promise<void> {
    await gallery.page.reload();
    await gallery.page.waitForSelector('[data-screen]');
  }

  async function choose(words: string): Promise<void> {
    await gallery.press('.language-key');
    await gallery.press(`[data-overlay="language"] .key:has-text("${words}")`);
    await gallery.page.locator('[data-overlay]').waitFor({ state: 'detached' });
  }

  test('stand before what was rendered', async () => {
    await restart();
    const heard = listen();
    await gallery.show('present-id-card');
    const body = rendered('screen.presentIdCard.body');
    await expect
      .poll(heard, { timeout: 5_000 })
      .toEqual(expect.arrayContaining([recorded('zh-CN/screen.presentIdCard.title'), body]));
    expect(await heard()).not.toContain(rendered('screen.presentIdCard.title'));
  });

  test('in 上海话 make it a choice, and it is heard where all of a text was recorded', async () => {
    await restart();
    await gallery.show('home');
    expect(await gallery.page.locator('.language-key').innerText()).toBe('听上海话 / English / 繁體');
    const heard = listen();
    await choose('听上海话');
    await expect.poll(heard, { timeout: 5_000 }).toContain(recorded('wuu/screen.home.title'));
    await gallery.show('printing');
    await expect.poll(heard, { timeout: 5_000 }).toContain(rendered('screen.printing.title'));
    expect(await heard()).not.toContain(recorded('wuu/screen.printing.title'));
    expect(await gallery.page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
  });

  test('in 上海话 are left again for Mandarin, and never heard in English', async () => {
    await restart();
    await gallery.page.evaluate(() => {
      const played: number[] = [];
      (window as unknown as { played: number[] }).played = played;
      // oxlint-disable-next-line typescript/unbound-method -- it is called with its own node below
      const { start } = AudioBufferSourceNode.prototype;
      AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode, when?: number) {
        played.push(this.buffer?.duration ?? 0);
        start.call(this, when);
      };
    });
    /** Length of what was played last, seconds. */
    const lastPlayed = () =>
      gallery.page.evaluate(() => (window as unknown as { played: number[] }).played.at(-1) ?? 0);
    await gallery.show('home');
    for (const [words, slot] of [
      ['听上海话', 'wuu/screen.home.title'],
      ['简体中文', 'zh-CN/screen.home.title'],
      ['听上海话', 'wuu/screen.home.title'],
      ['English', 'en/screen.home.title'],
    ] as const) {
      await choose(words);
      await expect.poll(lastPlayed, { timeout: 5_000 }).toBeCloseTo(secondsOf(slot), 2);
    }
  });

  test.for(['portrait', 'landscape'] as const)(
    'leave every key of the choice its place (%s)',
    async (panel) => {
      await gallery.page.setViewportSize(PANELS[panel]);
      await gallery.show('printing');
      await gallery.show('home');
      await gallery.press('.language-key');
      await gallery.page.locator('[data-overlay="language"]').waitFor();
      const boxes = await gallery.page.evaluate(() =>
        [...document.querySelectorAll('[data-overlay] .title, [data-overlay] .keys > .key')].map(
          (element) => {
            const { top, bottom, height } = element.getBoundingClientRect();
            return { top, bottom, height, key: element.matches('.key') };
          },
        ),
      );
      const keys = boxes.filter(({ key }) => key);
      expect(keys).toHaveLength(5);
      for (const [index, { top, bottom, height }] of keys.entries()) {
        expect(height).toBeGreaterThanOrEqual(120);
        expect(bottom).toBeLessThanOrEqual(PANELS[panel].height - 24);
        if (index > 0) expect(top - (keys[index - 1]?.bottom ?? 0)).toBeGreaterThanOrEqual(31.9);
      }
      await gallery.press('[data-overlay="language"] .keys > .key:last-child');
    },
  );
});

describe('without any', () => {
  const gallery = galleryOfTests();

  test('there is no 上海话 to choose', async () => {
    await gallery.show('home');
    expect(await gallery.page.locator('.language-key').innerText()).toBe('English / 繁體');
    await gallery.press('.language-key');
    await gallery.page.locator('[data-overlay="language"]').waitFor();
    expect(await gallery.page.locator('[data-overlay="language"]').innerText()).not.toContain('上海话');
  });
});
