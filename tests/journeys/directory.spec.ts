import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { readText, slipPicture, wholeOf } from '../fixtures/slip-picture.ts';
import { decodeSlip } from '../live-kiosk/slip.ts';
import { Kiosk } from './harness/kiosk.ts';

test.describe.configure({ mode: 'serial' });

let kiosk: Kiosk;
test.beforeAll(async () => {
  kiosk = await Kiosk.start({ pictures: 'directory' });
});
test.afterAll(async () => {
  await kiosk.stop();
});

/** What a machine that knows nothing of the kiosk reads on a slip. */
function readSlip(pngFile: string): string {
  const picture = slipPicture(readFileSync(pngFile));
  return readText(picture, wholeOf(picture), { language: 'chi_sim', layout: 6 });
}

test('somebody pages through the machines, looks at the map and takes the addresses along on paper', async () => {
  const { glass } = kiosk;
  const before = (await kiosk.slips()).length;
  await kiosk.wake();
  await glass.touch('nearby');
  await glass.shows('nearby');
  await glass.picture('S11-nearby');
  expect(await glass.text()).toContain('银杏里邻里汇');
  await glass.touch('next-page');
  await expect(glass.page.getByText('第 2 页，共 3 页')).toBeVisible();
  await glass.touch('show-map');
  await glass.shows('nearby-map');
  await glass.picture('S11-map');
  await glass.touch('back');
  await glass.shows('nearby');
  await glass.touch('previous-page');
  await expect(glass.page.getByText('第 1 页，共 3 页')).toBeVisible();
  await glass.touch('print-addresses');
  await glass.shows('address-slip');
  await expect(glass.page.getByText('地址打印好了')).toBeVisible({ timeout: 20_000 });
  await glass.picture('S11-printed');

  const slip = kiosk.slipPicture(await kiosk.slipAfter(before));
  expect(await decodeSlip(slip)).toEqual([]);
  const read = readSlip(slip);
  for (const part of ['附近的机器', '银杏里', '88', '8:00', '18:00', '走路约', '12345'])
    expect(read).toContain(part);
  await glass.touch('home');
  await glass.shows('home');
});

test('without paper it is said so, and the addresses stay on the glass', async () => {
  const { glass } = kiosk;
  await kiosk.wake();
  await glass.touch('nearby');
  await glass.shows('nearby');
  await kiosk.printer.command('paper', { state: 'out' });
  try {
    await expect(glass.page.locator('[data-choice="print-addresses"]')).toHaveCount(0, { timeout: 10_000 });
    await glass.touch('next-page');
    await expect(glass.page.getByText('第 2 页，共 3 页')).toBeVisible();
  } finally {
    await kiosk.printer.command('paper', { state: 'full' });
  }
  await expect(glass.page.locator('[data-choice="print-addresses"]')).toBeVisible({ timeout: 10_000 });
  await glass.touch('back');
  await glass.shows('home');
});

test('a notice is opened, turned, and read aloud with the centre’s own recording', async () => {
  const { glass } = kiosk;
  await kiosk.wake();
  await glass.touch('how-to');
  await glass.shows('how-to');
  await glass.touch('notices');
  await glass.shows('notices');
  await glass.picture('S12b-notices');
  const sound = glass.page.waitForResponse((response) => response.url().includes('/recordings/'));
  await glass.touch('open-first');
  await glass.shows('notice');
  const answer = await sound;
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'audio/ogg']);
  await glass.picture('S12c-notice');
  expect(await glass.text()).toContain('谁可以领');
  await glass.touch('next-page');
  await expect(glass.page.getByText('第 2 页，共 7 页')).toBeVisible();
  await glass.touch('back');
  await glass.shows('notices');
});
