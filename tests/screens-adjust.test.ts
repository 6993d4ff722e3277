import { beforeEach, expect, test } from 'vitest';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';

const gallery = galleryOfTests();

/** Everything that was said since the page came: which files, how loud. */
interface Said {
  readonly gain: number;
}

beforeEach(async () => {
  await gallery.page.reload();
  await gallery.page.waitForSelector('[data-screen]');
  await gallery.page.evaluate(() => {
    const said: Said[] = [];
    (window as unknown as { said: Said[] }).said = said;
    // oxlint-disable-next-line typescript/unbound-method -- it is called with its own node below
    const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
    AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode) {
      if (this instanceof AudioBufferSourceNode && to instanceof GainNode) said.push({ gain: to.gain.value });
      return connect.call(this, to);
    } as typeof AudioNode.prototype.connect;
  });
  await gallery.show('present-id-card');
  await gallery.press('.footer-adjust');
  await gallery.page.locator('[data-overlay="adjust"]').waitFor();
});

/** A key of the dialog by its words. */
async function press(words: string): Promise<void> {
  await gallery.page.waitForTimeout(750);
  await gallery.press(`[data-overlay="adjust"] .key:text-is("${words}")`);
}

/** How loud the newest recording is played, 1: full scale. */
const loudness = () => gallery.page.evaluate(() => (window as unknown as { said: Said[] }).said.at(-1)?.gain);
const bars = () => gallery.page.locator('.volume-bar.is-reached').count();

test('each of its keys says that somebody is there', async () => {
  const pageKeys = () => gallery.page.evaluate(() => window.gallery.pageKeys);
  expect(await pageKeys()).toBe(1);
  await press('特大字');
  expect(await pageKeys()).toBe(2);
  await gallery.press('[data-overlay="adjust"] .footer-again');
  expect(await pageKeys()).toBe(3);
  expect(await gallery.page.evaluate(() => window.gallery.chosen)).toEqual([]);
});

test('louder and softer are heard at once, three steps of 6 dB, and the last one says that it is the last', async () => {
  expect(await bars()).toBe(2);
  for (const [words, shown, gain] of [
    ['大声一点', 3, 1],
    ['最大声了', 3, 1],
    ['小声一点', 2, 0.5],
    ['小声一点', 1, 0.25],
    ['最小声了', 1, 0.25],
  ] as const) {
    await press(words);
    expect(await bars()).toBe(shown);
    await expect.poll(loudness, { timeout: 15_000 }).toBe(gain);
  }
}, 90_000);

test('slower speech is other recordings, and back again', async () => {
  const files: string[] = [];
  gallery.page.on('request', (request) => {
    if (request.url().includes('.opus')) files.push(request.url());
  });
  await press('说慢一点');
  const samples = () => new Set(files.filter((file) => file.includes('adjust.sample'))).size;
  await expect.poll(samples).toBe(1);
  await press('说快一点');
  await expect.poll(samples).toBe(2);
  expect(await gallery.page.locator('.key:text-is("说慢一点")').count()).toBe(1);
});

test('larger type is there at once, on every screen, and can be taken back', async () => {
  const size = () => gallery.page.evaluate(() => document.documentElement.dataset['size']);
  const titlePx = () =>
    gallery.page.evaluate(() =>
      Number.parseFloat(getComputedStyle(document.querySelector('.title') ?? document.body).fontSize),
    );
  expect(await titlePx()).toBe(80);
  await press('特大字');
  expect(await titlePx()).toBe(96);
  await press('好了，接着办');
  expect(await gallery.page.locator('[data-overlay]').count()).toBe(0);
  expect(await gallery.page.locator('main').getAttribute('data-screen')).toBe('present-id-card');
  await gallery.show('home');
  expect(await titlePx()).toBe(96);
  await gallery.press('.footer-adjust');
  await press('字改回来');
  expect(await size()).toBe('standard');
});

test('another screen closes it: what happens now matters more', async () => {
  await gallery.show('identifying');
  expect(await gallery.page.locator('[data-overlay]').count()).toBe(0);
  await gallery.show('present-id-card');
  expect(await gallery.page.locator('main h1').count()).toBe(1);
});

test('the next person finds everything as it was', async () => {
  await press('特大字');
  await press('大声一点');
  await gallery.page.reload();
  await gallery.page.waitForSelector('[data-screen]');
  await gallery.show('home');
  expect(await gallery.page.evaluate(() => document.documentElement.dataset['size'])).toBe('standard');
  await gallery.press('.footer-adjust');
  await gallery.page.locator('[data-overlay="adjust"]').waitFor();
  expect(await bars()).toBe(2);
});
