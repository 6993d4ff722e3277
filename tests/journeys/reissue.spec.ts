import { expect, test } from '@playwright/test';
import { inFullRunOnly } from './harness/bounded.ts';
import { Kiosk } from './harness/kiosk.ts';
import { person, shanghaiDay } from '../live-kiosk/people.ts';
import { decodeSlip } from '../live-kiosk/slip.ts';

test.describe.configure({ mode: 'serial' });

let kiosk: Kiosk;
test.beforeAll(async () => {
  kiosk = await Kiosk.start({ pictures: 'reissue', line: 'tcp' });
});
test.afterAll(async () => {
  await kiosk.stop();
});

/** Confirms, takes the slip, and returns what its QR says. */
async function takeSlip(): Promise<string> {
  await kiosk.glass.shows('take-slip', 25_000);
  const slips = await kiosk.slips();
  const slip = slips.at(-1);
  if (slip === undefined) throw new Error('no slip');
  const [token] = await decodeSlip(kiosk.slipPicture(slip));
  await kiosk.leave();
  return token ?? '';
}

async function statusOf(token: string): Promise<string> {
  const answer = await kiosk.client('verifier-sandbox').verify(token);
  return answer.ok ? answer.value.status : 'refused';
}

let first = '';
let second = '';

test('补领 says beforehand that the earlier one stops working, and afterwards exactly the new one verifies', async () => {
  await kiosk.identify(person('xu-meifang'));
  await kiosk.glass.touch('confirm');
  first = await takeSlip();
  expect(await statusOf(first)).toBe('valid');

  await kiosk.wake();
  kiosk.glass.countTouches();
  await kiosk.glass.touch('reissue');
  await kiosk.glass.shows('choose-method');
  await kiosk.glass.touch('use-id-card');
  await kiosk.glass.shows('present-id-card');
  await kiosk.layCard(person('xu-meifang'));
  await kiosk.glass.shows('confirm-identity');
  expect(await kiosk.glass.text()).toContain('是我，补领');
  await kiosk.glass.touch('confirm');
  await kiosk.glass.shows('confirm-reissue');
  expect(await kiosk.glass.text()).toContain('原来那张就不能用了');
  await kiosk.glass.picture('S9-confirm-reissue');
  expect(await statusOf(first)).toBe('valid');
  await kiosk.glass.touch('confirm-reissue');
  expect(kiosk.glass.touches).toBeLessThanOrEqual(4);
  second = await takeSlip();
  expect(await statusOf(first)).toBe('replaced');
  expect(await statusOf(second)).toBe('valid');
});

test('领取 by somebody with an active code leads to the same warning', async () => {
  await kiosk.identify(person('wu-yuzhu'));
  expect(await kiosk.glass.text()).toContain('是我，补领');
  await kiosk.glass.touch('confirm');
  await kiosk.glass.shows('confirm-reissue');
  await kiosk.glass.touch('decline-reissue');
  await kiosk.liftCard();
  await kiosk.atRest();
});

test('挂失 revokes at once, and the kiosk says so and offers a new one', async () => {
  const answer = await kiosk.client('portal-sandbox').reportLoss(person('xu-meifang').idNumber);
  expect(answer).toMatchObject({ ok: true });
  expect(await statusOf(second)).toBe('revoked');

  await kiosk.wake();
  await kiosk.glass.touch('check');
  await kiosk.glass.shows('choose-method');
  await kiosk.glass.touch('use-id-card');
  await kiosk.glass.shows('present-id-card');
  await kiosk.layCard(person('xu-meifang'));
  await kiosk.glass.shows('code-status');
  expect(await kiosk.glass.text()).toContain('挂失');
  await kiosk.glass.picture('S10-lost');
  await kiosk.glass.touch('apply-now');
  await kiosk.glass.shows('confirm-identity');
  expect(await kiosk.glass.text()).toContain('是我，申领');
  await kiosk.glass.touch('confirm');
  const third = await takeSlip();
  expect(await statusOf(third)).toBe('valid');
  expect(await statusOf(second)).toBe('revoked');
});

for (const [id, picture, said] of [
  ['sun-yonglin', 'S10-active', '可以用'],
  ['cao-genmei', 'S10-expiring', '快到期'],
  ['jiang-xiaomei', 'S10-expired', '过期'],
  ['qian-baosheng', 'S10-none', '没领过'],
] as const) {
  const isMore = id !== 'sun-yonglin';
  test(`查看 tells ${id} the truth about the code`, inFullRunOnly(isMore), async () => {
    await kiosk.wake();
    await kiosk.glass.touch('check');
    await kiosk.glass.shows('choose-method');
    await kiosk.glass.touch('use-id-card');
    await kiosk.glass.shows('present-id-card');
    await kiosk.layCard(person(id));
    await kiosk.glass.shows('code-status');
    expect(await kiosk.glass.text()).toContain(said);
    await kiosk.glass.picture(picture);
    await kiosk.glass.touch('home');
    await kiosk.liftCard();
    await kiosk.atRest();
  });
}

test('somebody whose code expired claims again, and the new one runs 180 days', async () => {
  await kiosk.identify(person('dong-azhong'));
  expect(await kiosk.glass.text()).toContain('是我，申领');
  await kiosk.glass.touch('confirm');
  const token = await takeSlip();
  expect(await kiosk.client('verifier-sandbox').verify(token)).toMatchObject({
    ok: true,
    value: { status: 'valid', validUntil: shanghaiDay(179) },
  });
});
