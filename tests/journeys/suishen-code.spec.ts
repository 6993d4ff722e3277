import { expect, test } from '@playwright/test';
import { Kiosk } from './harness/kiosk.ts';
import { person } from '../live-kiosk/people.ts';
import { decodeSlip } from '../live-kiosk/slip.ts';

test.describe.configure({ mode: 'serial' });

let kiosk: Kiosk;
let paperCode = '';
test.beforeAll(async () => {
  kiosk = await Kiosk.start({ pictures: 'suishen-code', line: 'tcp' });
});
test.afterAll(async () => {
  await kiosk.stop();
});

/** A living code of a citizen, as their phone shows it. */
async function livingCode(id: string): Promise<string> {
  const answer = await kiosk.client('portal-sandbox').issueSuishenCode(person(id).idNumber);
  if (!answer.ok) throw new Error('the sandbox makes no code');
  return answer.value.code;
}

async function toTheScanner(): Promise<void> {
  await kiosk.wake();
  await kiosk.glass.touch('apply');
  await kiosk.glass.shows('choose-method');
  await kiosk.glass.touch('use-suishen-code');
  await kiosk.glass.shows('present-suishen-code');
}

async function isRefused(code: string, picture: string): Promise<void> {
  await expect(kiosk.glass.page.locator(`[data-error="${code}"]`)).toBeVisible({ timeout: 10_000 });
  await kiosk.glass.picture(picture);
  await kiosk.glass.touch('home');
  await kiosk.atRest();
}

test('somebody with a phone gets a code by the living code, and the paper verifies', async () => {
  const before = (await kiosk.slips()).length;
  const code = await livingCode('li-xiuzhen');
  await toTheScanner();
  await kiosk.glass.picture('S3b-present-suishen-code');
  await kiosk.scanner.command('show-code', { text: code });
  await kiosk.glass.shows('confirm-identity');
  expect(await kiosk.glass.text()).toContain('李*珍');
  await kiosk.glass.touch('confirm');
  await kiosk.glass.shows('take-slip');
  expect(await kiosk.glass.text()).not.toContain('身份证');
  const [token] = await decodeSlip(kiosk.slipPicture(await kiosk.slipAfter(before)));
  paperCode = token ?? '';
  expect(await kiosk.client('verifier-sandbox').verify(paperCode)).toMatchObject({
    ok: true,
    value: { status: 'valid', maskedName: '李*珍' },
  });
  await kiosk.leave();

  await toTheScanner();
  await kiosk.scanner.command('show-code', { text: code });
  await isRefused('E06', 'E06-replayed');
});

test('a code that was scanned while nobody asked for one signs nobody in later', async () => {
  const code = await livingCode('zhang-guoqiang');
  await kiosk.atRest();
  await kiosk.scanner.command('show-code', { text: code });
  await toTheScanner();
  await kiosk.glass.page.waitForTimeout(1_000);
  expect(await kiosk.glass.screen()).toBe('present-suishen-code');
  await kiosk.glass.touch('back');
  await kiosk.glass.shows('choose-method');
  await kiosk.glass.touch('back');
  await kiosk.glass.shows('home');
});

test('an old code is refused in a plain sentence', async () => {
  const code = await livingCode('zhang-guoqiang');
  await kiosk.central.post('/clock', { offsetMs: 61_000 });
  await toTheScannerFromHome();
  await kiosk.scanner.command('show-code', { text: code });
  await isRefused('E06', 'E06-old');
  await kiosk.central.post('/clock', { offsetMs: 0 });
});

test('a foreign code is refused in a plain sentence', async () => {
  await toTheScanner();
  await kiosk.scanner.command('show-code', { text: 'https://example.invalid/pay/12345' });
  await isRefused('E06', 'E06-foreign');
});

test('the paper held under the scanner by mistake is recognised as the paper', async () => {
  await toTheScanner();
  await kiosk.scanner.command('show-code', { text: paperCode });
  await isRefused('E06-paper', 'E06-paper');
});

async function toTheScannerFromHome(): Promise<void> {
  await kiosk.glass.touch('apply');
  await kiosk.glass.shows('choose-method');
  await kiosk.glass.touch('use-suishen-code');
  await kiosk.glass.shows('present-suishen-code');
}
