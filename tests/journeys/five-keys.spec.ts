import { expect, test } from '@playwright/test';
import { Kiosk } from './harness/kiosk.ts';
import { person, shanghaiDay, spoken } from '../live-kiosk/people.ts';
import { decodeSlip } from '../live-kiosk/slip.ts';
import { settled } from '../fixtures/settled.ts';

test.describe.configure({ mode: 'serial' });

let kiosk: Kiosk;
test.beforeAll(async () => {
  kiosk = await Kiosk.start({ pictures: 'five-keys' });
});
test.afterAll(async () => {
  await kiosk.stop();
});

/** More arrows than any screen has texts and keys. */
const MOST_ARROWS = 40;

/** What a screen reader is given where the focus is. */
async function focused(): Promise<string> {
  return kiosk.glass.page.evaluate(() => {
    const { activeElement } = document;
    return activeElement === document.body ? '' : (activeElement?.textContent ?? '');
  });
}

/** Down to a key and Enter, and all that was read on the way there. */
async function choose(choice: string): Promise<readonly string[]> {
  const { page } = kiosk.glass;
  const key = page.locator(`[data-choice="${choice}"]`).first();
  await key.waitFor({ state: 'visible', timeout: 15_000 });
  await settled(page);
  const read = [await focused()];
  while (!(await key.evaluate((element) => element === document.activeElement))) {
    if (read.length > MOST_ARROWS) throw new Error(`no arrow leads to ${choice}: ${read.join(' · ')}`);
    await page.keyboard.press('ArrowDown');
    read.push(await focused());
  }
  await page.keyboard.press('Enter');
  return read;
}

async function toTheReader(): Promise<void> {
  await kiosk.atRest();
  if ((await kiosk.glass.screen()) === 'attract') await choose('start');
  await kiosk.glass.shows('home');
  await choose('apply');
  await kiosk.glass.shows('choose-method');
  await choose('use-id-card');
  await kiosk.glass.shows('present-id-card');
}

test('from the screen that invites to the slip in the hand with five keys', async () => {
  const before = (await kiosk.slips()).length;
  kiosk.glass.countTouches();
  await toTheReader();
  await kiosk.layCard(person('wang-guilan'));
  await kiosk.glass.shows('confirm-identity');
  const asked = await choose('confirm');
  expect(asked.join(' ')).toContain('王*兰');
  await kiosk.glass.shows('take-slip', 30_000);
  const told = await choose('got-everything');
  expect(told.join(' ')).toContain(spoken(shanghaiDay(179)));
  await kiosk.glass.shows('finished');
  const [token = ''] = await decodeSlip(kiosk.slipPicture(await kiosk.slipAfter(before)));
  expect(await kiosk.client('verifier-sandbox').verify(token)).toMatchObject({
    ok: true,
    value: { status: 'valid' },
  });
  await kiosk.liftCard();
  await choose('home');
  await kiosk.atRest();
  expect(kiosk.glass.touches).toBe(0);
});

test('somebody who is refused reads why, calls help and goes home with five keys', async () => {
  await toTheReader();
  await kiosk.layCard(person('fang-xiaojun'));
  await kiosk.glass.page.locator('[data-error="E07"]').waitFor({ state: 'visible', timeout: 15_000 });
  await kiosk.liftCard();
  const refused = await choose('call-help');
  expect(refused.join(' ')).toMatch(/手机上的随申码/);
  await kiosk.glass.page.locator('[data-overlay="help"]').waitFor();
  await kiosk.glass.picture('help');
  await choose('close-help');
  await kiosk.glass.page.locator('[data-overlay="help"]').waitFor({ state: 'detached' });
  await choose('home');
  await kiosk.atRest();
});
