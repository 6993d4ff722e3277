import { expect, test } from '@playwright/test';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { codesOf, type CodeAtCentre } from '../live-kiosk/invariants.ts';
import { inFullRunOnly } from './harness/bounded.ts';
import { Kiosk } from './harness/kiosk.ts';
import { person } from '../live-kiosk/people.ts';
import { filesHolding } from '../live-kiosk/residue.ts';
import { decodeSlip } from '../live-kiosk/slip.ts';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

let kiosk: Kiosk;
test.beforeAll(async () => {
  kiosk = await Kiosk.start({
    pictures: 'read-back',
    line: 'tcp',
    // A printer that proves its work no better than by E1: every slip is asked to be read back.
    printer: { simulator: { 'no-process-id': true }, configuration: { minimumEvidence: 'E1' } },
  });
});
test.afterAll(async () => {
  await kiosk.stop();
});

async function newest(citizen: Citizen): Promise<CodeAtCentre> {
  const code = (await codesOf(kiosk, citizen)).at(-1);
  if (code === undefined) throw new Error('no code at the centre');
  return code;
}

async function statusOf(token: string): Promise<string> {
  const answer = await kiosk.client('verifier-sandbox').verify(token);
  return answer.ok ? answer.value.status : 'refused';
}

/** What an independent decoder reads from the picture of the newest slip. */
async function codeOnSlip(count: number): Promise<string> {
  const [token] = await decodeSlip(kiosk.slipPicture(await kiosk.slipAfter(count)));
  if (token === undefined) throw new Error('there is no code on the slip');
  return token;
}

/** As far as S7b, with the slip in the hand; its code is what the picture of the paper says. */
async function readsBack(citizen: Citizen): Promise<string> {
  const before = (await kiosk.slips()).length;
  await kiosk.identify(citizen);
  await kiosk.glass.touch('confirm');
  await kiosk.glass.shows('take-slip', 30_000);
  const token = await codeOnSlip(before);
  await kiosk.liftCard();
  await kiosk.glass.touch('got-everything');
  await kiosk.glass.shows('read-back');
  return token;
}

async function goesHome(): Promise<void> {
  await kiosk.glass.shows('finished');
  await kiosk.glass.touch('home');
  await kiosk.atRest();
}

test('the slip under the scanner is known, said to work, and told as scanned', async () => {
  const wang = person('wang-guilan');
  const token = await readsBack(wang);
  await kiosk.glass.picture('S7b-read-back');
  expect((await newest(wang)).delivery).toBeUndefined();
  await kiosk.scanner.command('show-code', { text: token });
  await kiosk.glass.shows('finished');
  await kiosk.glass.picture('S8-read-back');
  expect(await kiosk.glass.text()).toContain('这张纸扫出来了，可以用。');
  await expect.poll(async () => (await newest(wang)).delivery).toBe('scanned');
  await goesHome();
  expect(await statusOf(token)).toBe('valid');
});

test(
  'another code is named as another one; 不扫了 leaves the slip as it is',
  inFullRunOnly(true),
  async () => {
    const chen = person('chen-fusheng');
    await readsBack(chen);
    await kiosk.scanner.command('show-code', { text: (await newest(person('wang-guilan'))).token });
    await expect(kiosk.glass.page.getByText('这不是刚打好的那张')).toBeVisible();
    await kiosk.glass.picture('S7b-another-code');
    await kiosk.glass.touch('skip-read-back');
    await kiosk.glass.shows('finished');
    expect(await kiosk.glass.text()).not.toContain('扫出来了');
    await expect.poll(async () => (await newest(chen)).delivery).toBe('cut');
    await goesHome();
  },
);

test('a slip that cannot be read is replaced by one with another code', async () => {
  const li = person('li-xiuzhen');
  const worn = await readsBack(li);
  await kiosk.glass.touch('cannot-scan');
  await expect(kiosk.glass.page.locator('[data-error="E21"]')).toBeVisible();
  await kiosk.glass.picture('E21');
  await expect.poll(async () => (await newest(li)).delivery).toBe('unconfirmed');
  const before = (await kiosk.slips()).length;
  await kiosk.glass.touch('confirm-reissue');
  await kiosk.glass.shows('take-slip', 30_000);
  const fresh = await codeOnSlip(before);
  expect(fresh).not.toBe(worn);
  await kiosk.glass.touch('got-everything');
  await kiosk.glass.shows('read-back');
  await kiosk.scanner.command('show-code', { text: fresh });
  await goesHome();
  expect(await statusOf(fresh)).toBe('valid');
  await expect.poll(() => statusOf(worn)).toBe('replaced');
  expect((await codesOf(kiosk, li)).map(({ state }) => state)).toEqual(['superseded', 'active']);
});

test('afterwards no file holds a code, a name or a number', async () => {
  const people = ['wang-guilan', 'chen-fusheng', 'li-xiuzhen'].map(person);
  const codes = (await Promise.all(people.map((citizen) => codesOf(kiosk, citizen)))).flat();
  const secrets = [
    ...people.flatMap(({ name, idNumber }) => [name, idNumber]),
    ...codes.flatMap(({ token, shortCode }) => [token, shortCode]),
  ];
  // Only the stand-in of the centre may know.
  const found = filesHolding(kiosk.stack.directory, secrets).filter((file) => !file.startsWith('central/'));
  expect(found).toEqual([]);
});
