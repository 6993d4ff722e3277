import { expect, test } from '@playwright/test';
import { inFullRunOnly } from './harness/bounded.ts';
import { Kiosk } from './harness/kiosk.ts';
import { person } from '../live-kiosk/people.ts';
import { filesHolding } from '../live-kiosk/residue.ts';

test.describe.configure({ mode: 'serial' });

let kiosk: Kiosk;
test.beforeAll(async () => {
  // A person has 90 s and a warning of 60; nobody waits so long in a test.
  kiosk = await Kiosk.start({
    pictures: 'walk-away',
    limits: { idleSeconds: 4, confirmSeconds: 4, warningSeconds: 4, takeIdCardSeconds: 4 },
  });
});
test.afterAll(async () => {
  await kiosk.stop();
});

async function walksAway(): Promise<void> {
  await kiosk.glass.page.locator('[data-overlay="still-there"]').waitFor({ timeout: 15_000 });
}

test('whoever walks away from the confirmation page is asked, and then forgotten', async () => {
  const wang = person('wang-guilan');
  await kiosk.identify(wang);
  await walksAway();
  await kiosk.glass.picture('S13-still-there');
  // The dialog covers what was shown, and the page holds nothing personal that shines through.
  await kiosk.glass.touch('still-here');
  await kiosk.glass.shows('confirm-identity');
  await walksAway();
  await expect(kiosk.glass.page.locator('[data-screen="take-id-card"], [data-screen="attract"]')).toBeVisible(
    {
      timeout: 15_000,
    },
  );
  await kiosk.glass.picture('S16-take-id-card');
  expect(await kiosk.glass.text()).not.toContain('王*兰');
  await kiosk.liftCard();
  await kiosk.glass.shows('attract', 40_000);
  const html = await kiosk.glass.page.content();
  for (const text of [wang.name, wang.idNumber, '王*兰', wang.idNumber.slice(-4)])
    expect(html).not.toContain(text);
  expect(filesHolding(kiosk.stack.dataDirectory, [wang.name, wang.idNumber])).toEqual([]);
});

for (const [name, steps] of [
  ['the home screen', []],
  ['the choice of how to sign in', ['apply']],
  ['the reader', ['apply', 'use-id-card']],
  ['the scanner', ['apply', 'use-suishen-code']],
  ['都没带', ['apply', 'have-neither']],
] as const) {
  test(`whoever walks away from ${name} leaves a kiosk at rest`, inFullRunOnly(true), async () => {
    await kiosk.wake();
    for (const step of steps) await kiosk.glass.touch(step);
    await kiosk.glass.shows('attract', 40_000);
  });
}

test('叫人帮忙 says what to do, and closing it leads back to the same step', async () => {
  await kiosk.wake();
  await kiosk.glass.touch('apply');
  await kiosk.glass.touch('use-id-card');
  await kiosk.glass.shows('present-id-card');
  await kiosk.glass.touch('call-help');
  await kiosk.glass.page.locator('[data-overlay="help"]').waitFor();
  expect(await kiosk.glass.text()).toContain('12345');
  await kiosk.glass.picture('S14-help');
  await kiosk.glass.touch('close-help');
  await expect(kiosk.glass.page.locator('[data-overlay]')).toHaveCount(0);
  expect(await kiosk.glass.screen()).toBe('present-id-card');
  await kiosk.glass.shows('attract', 40_000);
});

test('the page that comes after a session is a fresh world', async () => {
  await kiosk.wake();
  await kiosk.glass.page.evaluate(() => {
    (window as unknown as { left: string }).left = 'behind';
  });
  await kiosk.glass.touch('apply');
  await kiosk.glass.shows('attract', 40_000);
  await expect
    .poll(() => kiosk.glass.page.evaluate(() => (window as unknown as { left?: string }).left ?? 'nothing'), {
      timeout: 5_000,
    })
    .toBe('nothing');
});
