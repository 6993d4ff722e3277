import { expect, test } from '@playwright/test';
import { spellDate } from '../../src/copy/calendar-date.ts';
import { citizen as english } from '../../src/copy/en/citizen.ts';
import { citizen as chinese } from '../../src/copy/zh-cn/citizen.ts';
import { person, shanghaiDay } from '../live-kiosk/people.ts';
import { decodeSlip } from '../live-kiosk/slip.ts';
import { Kiosk } from './harness/kiosk.ts';

let kiosk: Kiosk;
test.beforeAll(async () => {
  kiosk = await Kiosk.start({ pictures: 'english' });
});
test.afterAll(async () => {
  await kiosk.stop();
});

test('somebody who reads English gets a code in English, and the next person finds Chinese', async () => {
  const wang = person('wang-guilan');
  const before = (await kiosk.slips()).length;
  const { page } = kiosk.glass;
  await kiosk.wake();
  expect(await kiosk.glass.text()).toContain(chinese.screen.home.title);
  await kiosk.glass.touchKey('.language-key');
  await kiosk.glass.touchKey('[data-overlay="language"] .key:has([lang="en"])');
  await expect(page.locator('main h1')).toHaveText(english.screen.home.title);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await kiosk.glass.picture('home');

  kiosk.glass.countTouches();
  await kiosk.identify(wang);
  expect(await kiosk.glass.text()).toContain(english.screen.confirmIdentity.title);
  expect(await kiosk.glass.text()).toContain('王*兰');
  await kiosk.glass.picture('confirm-identity');
  await kiosk.glass.touch('confirm');
  await kiosk.glass.shows('take-slip');
  expect(kiosk.glass.touches).toBeLessThanOrEqual(3);
  const lastDay = shanghaiDay(179);
  await expect(page.getByText(`Valid until ${spellDate(lastDay, 'en')}.`)).toBeVisible();
  // All of it: the one thing in Chinese is the key back to it, and that is at home.
  expect(await kiosk.glass.text()).not.toMatch(/\p{Script=Han}/u);
  await kiosk.glass.picture('take-slip');

  const [token] = await decodeSlip(kiosk.slipPicture(await kiosk.slipAfter(before)));
  expect(await kiosk.client('verifier-sandbox').verify(token ?? '')).toMatchObject({
    ok: true,
    value: { status: 'valid', maskedName: '王*兰', validUntil: lastDay },
  });

  await kiosk.leave();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await kiosk.wake();
  expect(await kiosk.glass.text()).toContain(chinese.screen.home.title);
});
