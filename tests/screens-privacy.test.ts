import { expect, test } from 'vitest';
import { GALLERY_VIEWS } from '../sandbox/gallery/views.ts';
import { galleryOfTests } from './fixtures/gallery-of-tests.ts';

const gallery = galleryOfTests();

const documentText = () => gallery.page.evaluate(() => document.documentElement.outerHTML);
const FULL_NAME = '䶮㛃𬱖';
const ID_NUMBER = /\d{17}[\dXx]/u;
const MASKED_NUMBER = /310.*1234/su;

test('the page says what is painted, with its session', async () => {
  await gallery.show('home');
  await gallery.page.waitForFunction(() => window.gallery.painted.length > 0);
  expect(await gallery.page.evaluate(() => window.gallery.painted.at(-1))).toEqual({
    epoch: 1,
    screen: 'home',
  });
});

test('the full name is on the glass only while it was asked for, 10 s at most', async () => {
  await gallery.show('confirm-identity');
  expect(await documentText()).not.toContain(FULL_NAME);
  await gallery.show('confirm-identity-full-name');
  await gallery.page.waitForSelector(`text=${FULL_NAME}`);
  await gallery.show('confirm-identity');
  expect(await documentText()).not.toContain(FULL_NAME);
  await gallery.show('confirm-identity-full-name');
  await gallery.page.waitForSelector(`text=${FULL_NAME}`);
  await gallery.page.waitForTimeout(10_300);
  expect(await documentText()).not.toContain(FULL_NAME);
}, 30_000);

test('no view has a number of an ID card anywhere, nor the full name where nobody asked for it', async () => {
  const found: string[] = [];
  for (const [name, { screen }] of Object.entries(GALLERY_VIEWS)) {
    await gallery.show(name);
    const isNameAskedFor = screen.name === 'confirm-identity' && screen.person.fullNameShown;
    if (isNameAskedFor) await gallery.page.waitForSelector(`text=${FULL_NAME}`);
    const { nodes } = await gallery.cdp.send('Accessibility.getFullAXTree');
    for (const told of [await documentText(), JSON.stringify(nodes)]) {
      if (ID_NUMBER.test(told)) found.push(`${name}: ${ID_NUMBER.exec(told)?.[0]}`);
      if (told.includes(FULL_NAME) !== isNameAskedFor) found.push(`${name}: full name`);
    }
  }
  expect(found).toEqual([]);
}, 60_000);

test('rare characters of a name are drawn by fonts that have them', async () => {
  await gallery.show('confirm-identity');
  await gallery.show('confirm-identity-full-name');
  await gallery.page.waitForSelector(`text=${FULL_NAME}`);
  const { root } = await gallery.cdp.send('DOM.getDocument', { depth: 0 });
  const { nodeId } = await gallery.cdp.send('DOM.querySelector', {
    nodeId: root.nodeId,
    selector: '[data-fact="name"]',
  });
  await gallery.cdp.send('CSS.enable');
  const { fonts } = await gallery.cdp.send('CSS.getPlatformFontsForNode', { nodeId });
  const names = fonts.map(({ familyName }) => familyName);
  expect(fonts.reduce((sum, { glyphCount }) => sum + glyphCount, 0)).toBe(3);
  expect(names.every((name) => /Noto Sans CJK|HanaMin/u.test(name))).toBe(true);
});

test('the portrait is shown, and let go when its screen is over', async () => {
  await gallery.show('confirm-identity');
  await gallery.page.waitForSelector('.photo img');
  const url = await gallery.page.evaluate(
    () => document.querySelector<HTMLImageElement>('.photo img')?.src ?? '',
  );
  expect(url).toMatch(/^blob:/u);
  await gallery.show('printing');
  await gallery.page.waitForTimeout(100);
  const stillThere = await gallery.page.evaluate(
    (gone) =>
      fetch(gone).then(
        () => true,
        () => false,
      ),
    url,
  );
  expect(stillThere).toBe(false);
  gallery.complaints.length = 0;
});

test('the time-out dialog covers everything: what lies beneath is not even in the document', async () => {
  await gallery.show('confirm-identity');
  expect(await documentText()).toMatch(/证件号/u);
  await gallery.show('still-there');
  expect(await documentText()).not.toMatch(/证件号|张/u);
  await gallery.page.waitForFunction(() =>
    document.querySelector('[data-overlay="still-there"]')?.textContent?.includes('59'),
  );
});

test('while the bridge is lost nothing of a person is left on the page', async () => {
  await gallery.show('confirm-identity');
  await gallery.page.evaluate(() => {
    window.gallery.lose();
  });
  await gallery.page.waitForSelector('[data-screen="preparing"]');
  const html = await documentText();
  expect(html).not.toMatch(/张/u);
  expect(html).not.toMatch(MASKED_NUMBER);
  await gallery.show('home');
  expect(await gallery.page.locator('[data-screen="home"]').count()).toBe(1);
});

test('another session is never drawn: the page empties itself and asks to be loaded anew, once', async () => {
  await gallery.show('confirm-identity');
  const shown = await gallery.page.evaluate(() => {
    window.gallery.show('home', 2);
    window.gallery.show('confirm-identity', 2);
    window.gallery.show('confirm-identity', 1);
    return {
      text: document.getElementById('kiosk')?.textContent,
      restarts: window.gallery.restarts,
    };
  });
  expect(shown).toEqual({ text: '', restarts: 1 });
});
