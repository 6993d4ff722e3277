import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { GALLERY_VIEWS } from '../sandbox/gallery/views.ts';
import { readVoiceManifest } from '../scripts/voice-manifest.ts';
import { CITIZEN_LANGUAGES, CITIZEN_PACKS, type CitizenLanguage } from '../src/copy/citizen-languages.ts';
import { citizenCharacters } from '../src/copy/citizen-text.ts';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';
import { settled } from './fixtures/settled.ts';

const gallery = galleryOfTests();
const dialog = () => gallery.page.locator('[data-overlay="language"]');
const title = () => gallery.page.locator('main h1').innerText();
const htmlLanguage = () => gallery.page.evaluate(() => document.documentElement.lang);
const titleAtHome = (language: CitizenLanguage) => CITIZEN_PACKS[language].screen.home.title;

beforeEach(async () => {
  await gallery.page.reload();
  await gallery.page.waitForSelector('[data-screen]');
  await gallery.show('home');
});

/** From the home screen, by touch. */
async function choose(language: CitizenLanguage): Promise<void> {
  await gallery.press('.language-key');
  await dialog().waitFor();
  await gallery.press(`[data-overlay="language"] .key:has([lang="${language}"])`);
  await dialog().waitFor({ state: 'detached' });
}

test('nobody chooses a language to start, and the key to the others stands at home and nowhere else', async () => {
  expect(await htmlLanguage()).toBe('zh-CN');
  expect(await gallery.page.locator('.language-key').innerText()).toBe('English / 繁體');
  const keys = await gallery.lookAtEach(
    Object.keys(GALLERY_VIEWS),
    () => document.querySelectorAll('.language-key').length,
  );
  expect(Object.keys(keys).filter((name) => keys[name] !== 0)).toEqual(
    Object.entries(GALLERY_VIEWS)
      .filter(([, { screen, overlay, readiness }]) => {
        const outOfService = screen.name === 'attract' && readiness.obstacles.includes('out-of-service');
        return overlay === undefined && (screen.name === 'home' || outOfService);
      })
      .map(([name]) => name),
  );
}, 60_000);

test.for(CITIZEN_LANGUAGES.filter((language) => language !== 'zh-CN'))(
  'one touch on its name, and every screen is in %s; one more, and all is as before',
  async (language) => {
    await choose(language);
    expect(await title()).toBe(titleAtHome(language));
    expect(await htmlLanguage()).toBe(language);
    await gallery.show('take-slip');
    expect(await title()).toBe(CITIZEN_PACKS[language].screen.takeSlip.title);
    expect(await gallery.page.locator('.result-facts').innerText()).toContain(
      language === 'en' ? '20\u00a0December\u00a02027' : '2027年12月20日',
    );
    await gallery.show('home');
    await choose('zh-CN');
    expect(await title()).toBe(titleAtHome('zh-CN'));
    expect(await htmlLanguage()).toBe('zh-CN');
  },
);

test('the choice names each language in its own words, marks what is, and leads back without a change', async () => {
  await gallery.press('.language-key');
  await dialog().waitFor();
  const keys = await dialog().locator('.keys > .key').allInnerTexts();
  expect(keys).toEqual(['简体中文', 'English', '繁體中文', '返回']);
  expect(await dialog().locator('.key[aria-current="true"]').allInnerTexts()).toEqual(['简体中文']);
  await gallery.press('[data-overlay="language"] .keys > .key:last-child');
  await dialog().waitFor({ state: 'detached' });
  expect(await title()).toBe(titleAtHome('zh-CN'));
});

test('it is reached and used by keyboard alone', async () => {
  const key = gallery.page.locator('.language-key');
  for (let tab = 0; tab < 10; tab += 1) {
    await gallery.page.keyboard.press('Tab');
    if (await key.evaluate((element) => element === document.activeElement)) break;
  }
  await settled(gallery.page);
  await gallery.page.keyboard.press('Enter');
  await dialog().waitFor();
  const english = dialog().locator('.key:has([lang="en"])');
  for (let tab = 0; tab < 5; tab += 1) {
    await gallery.page.keyboard.press('Tab');
    if (await english.evaluate((element) => element === document.activeElement)) break;
  }
  await settled(gallery.page);
  await gallery.page.keyboard.press('Enter');
  await dialog().waitFor({ state: 'detached' });
  expect(await title()).toBe(titleAtHome('en'));
});

test('the next person finds zh-CN: after a session, and when somebody went away without one', async () => {
  await choose('en');
  await gallery.page.reload();
  await gallery.page.waitForSelector('[data-screen]');
  await gallery.show('home');
  expect(await htmlLanguage()).toBe('zh-CN');
  await choose('en');
  await gallery.show('attract');
  await gallery.page.locator(`text=${CITIZEN_PACKS['zh-CN'].screen.attract.title}`).waitFor();
  await gallery.show('home');
  expect(await title()).toBe(titleAtHome('zh-CN'));
});

test('out of service it goes back after a minute without a change', async () => {
  await gallery.page.clock.install();
  await gallery.page.reload();
  await gallery.page.waitForSelector('[data-screen]');
  await gallery.page.evaluate(() => {
    window.gallery.show('out-of-service');
  });
  await gallery.page.clock.runFor(500);
  await gallery.page.locator('.language-key').tap();
  await gallery.page.clock.runFor(500);
  await dialog().locator('.key:has([lang="en"])').tap();
  await gallery.page.clock.runFor(58_000);
  expect(await htmlLanguage()).toBe('en');
  await gallery.page.clock.runFor(3_000);
  expect(await htmlLanguage()).toBe('zh-CN');
});

test.for([
  ['en', 'en'],
  ['zh-Hant', 'zh-CN'],
] as const)('who reads %s hears the recordings in %s', async ([language, spoken]) => {
  const { slots } = readVoiceManifest(spoken);
  const heard: Promise<string>[] = [];
  gallery.page.on('response', (response) => {
    if (!response.url().endsWith('.opus')) return;
    heard.push(response.body().then((body) => createHash('sha256').update(body).digest('hex')));
  });
  await choose(language);
  const wanted = slots['screen.home.title']?.audio.normal.sha256;
  await expect
    .poll(async () => (await Promise.all(heard)).includes(wanted ?? ''), { timeout: 5_000 })
    .toBe(true);
});

test.for(CITIZEN_LANGUAGES)(
  'every character of %s is drawn, in a font that has its form',
  async (language) => {
    const characters = Array.from(citizenCharacters(language)).filter((character) => character.trim() !== '');
    await choose(language);
    await gallery.page.evaluate((text) => {
      const sample = document.createElement('p');
      sample.id = 'sample';
      // One glyph for each character.
      sample.style.fontVariantLigatures = 'none';
      sample.textContent = text;
      document.body.append(sample);
    }, characters.join(''));
    await gallery.page.evaluate(() => document.fonts.ready);
    const { root } = await gallery.cdp.send('DOM.getDocument', { depth: 0 });
    const { nodeId } = await gallery.cdp.send('DOM.querySelector', {
      nodeId: root.nodeId,
      selector: '#sample',
    });
    await gallery.cdp.send('CSS.enable');
    const { fonts } = await gallery.cdp.send('CSS.getPlatformFontsForNode', { nodeId });
    const names = fonts.map(({ familyName }) => familyName);
    const wanted = language === 'zh-Hant' ? /^Noto Sans CJK TC$/u : /^Noto Sans (?:CJK )?SC/u;
    expect(names.filter((name) => !wanted.test(name))).toEqual([]);
    expect(fonts.reduce((sum, { glyphCount }) => sum + glyphCount, 0)).toBeGreaterThanOrEqual(
      characters.length,
    );
  },
);
