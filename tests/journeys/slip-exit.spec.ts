import { expect, test } from '@playwright/test';
import { inFullRunOnly } from './harness/bounded.ts';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { codesOf, lookAround, violations, type CodeAtCentre } from '../live-kiosk/invariants.ts';
import { codeFromElsewhere } from './harness/earlier-code.ts';
import { agentAfter, agentInstance, killAgent } from '../live-kiosk/kill.ts';
import { Kiosk } from './harness/kiosk.ts';
import { PaperTrail } from '../live-kiosk/paper.ts';
import { person } from '../live-kiosk/people.ts';
import { decodeSlip } from '../live-kiosk/slip.ts';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

const DEVICE = 'kiosk-sandbox-1';

let kiosk: Kiosk;
let trail: PaperTrail;
const served: Citizen[] = [];

test.afterEach(async () => {
  if (test.info().status !== test.info().expectedStatus) return;
  await kiosk.liftCard();
  const world = await lookAround(kiosk, trail, served);
  expect(violations(world, DEVICE)).toEqual([]);
});

/** A printer with a sensor at its exit. It echoes no process id, so every slip is asked to be read back. */
async function start(name: string, more: Readonly<Record<string, true>> = {}): Promise<void> {
  kiosk = await Kiosk.start({
    pictures: name,
    line: 'tcp',
    printer: {
      simulator: { family: 'custom', ...more },
      configuration: { profile: 'custom-vkp80', minimumEvidence: 'E1' },
    },
    limits: { takeSlipSeconds: 5, takeIdCardSeconds: 3, idleSeconds: 20, warningSeconds: 5 },
  });
  trail = new PaperTrail(kiosk);
  served.length = 0;
}

async function confirms(citizen: Citizen, kind: 'apply' | 'reissue' = 'apply'): Promise<void> {
  served.push(citizen);
  await kiosk.identify(citizen, kind);
  await kiosk.glass.touch('confirm');
  if (kind === 'apply') return;
  await kiosk.glass.shows('confirm-reissue');
  await kiosk.glass.touch('confirm-reissue');
}

async function says(code: string, words: RegExp, limitMs = 30_000): Promise<void> {
  await expect(kiosk.glass.page.locator(`[data-error="${code}"]`)).toBeVisible({ timeout: limitMs });
  expect(await kiosk.glass.text()).toMatch(words);
  await kiosk.glass.picture(code);
}

async function newest(citizen: Citizen): Promise<CodeAtCentre> {
  const code = (await codesOf(kiosk, citizen)).at(-1);
  if (code === undefined) throw new Error('no code at the centre');
  return code;
}

async function statusOf(token: string): Promise<string> {
  const answer = await kiosk.client('verifier-sandbox').verify(token);
  return answer.ok ? answer.value.status : 'refused';
}

const takePaper = () => kiosk.printer.command('take-paper');
const choice = (name: string) => kiosk.glass.page.locator(`[data-choice="${name}"]`);

/** From the slip in the hand to the attract or home screen, without reading it back. */
async function leaves(): Promise<void> {
  await kiosk.glass.touch('got-everything');
  await kiosk.glass.shows('read-back');
  await kiosk.glass.touch('skip-read-back');
  await kiosk.glass.shows('finished');
  await kiosk.liftCard();
  await kiosk.glass.touch('home');
  await kiosk.atRest();
}

const cardsTurn = () => expect(kiosk.glass.page.getByText('请取走身份证')).toBeVisible({ timeout: 10_000 });

test.describe('a printer that sees its exit and can pull a slip back', () => {
  test.beforeAll(() => start('slip-exit'));
  test.afterAll(() => kiosk.stop());

  test('the hand that takes the slip counts: first the slip, then the card, and the centre hears of the hand', async () => {
    const wang = person('wang-guilan');
    await confirms(wang);
    await kiosk.glass.shows('take-slip', 30_000);
    await kiosk.glass.picture('S7-slip');
    expect(await kiosk.glass.text()).toContain('请取走离线码');
    expect(await kiosk.glass.text()).not.toContain('请取走身份证');
    await takePaper();
    await cardsTurn();
    await kiosk.glass.picture('S7-card');
    await expect(choice('no-paper-came')).toHaveCount(0);
    // The centre is told once, at the end.
    expect((await newest(wang)).delivery).toBeUndefined();
    await leaves();
    await expect.poll(async () => (await newest(wang)).delivery).toBe('taken');
  });

  test('whoever says 都拿好了 while it lies there is told so, and the hand is what counts', async () => {
    const chen = person('chen-fusheng');
    await confirms(chen);
    await kiosk.glass.shows('take-slip', 30_000);
    await kiosk.glass.touch('got-everything');
    await says('E16-retracts', /还在出纸口/);
    await takePaper();
    await cardsTurn();
    await leaves();
    await expect.poll(async () => (await newest(chen)).delivery).toBe('taken');
  });

  test('nobody takes the slip: it goes back, is void, the earlier code holds, and 再办一次 gives another one', async () => {
    const yu = person('yu-axiang');
    const earlier = await codeFromElsewhere(kiosk, yu);
    await confirms(yu, 'reissue');
    await kiosk.glass.shows('take-slip', 30_000);
    await says('E16-retracts', /过一会儿，机器会收回去/);
    await says('E16-retracting', /不要拉/);
    await says('E19a-retracted', /收回去了[\s\S]*那张不能用[\s\S]*还能用/);
    const back = await newest(yu);
    expect(back).toMatchObject({ state: 'void' });
    expect(await statusOf(earlier)).toBe('valid');
    expect(await statusOf(back.token)).toBe('void');

    const before = (await kiosk.slips()).length;
    await kiosk.glass.touch('retry');
    await kiosk.glass.shows('take-slip', 30_000);
    const [token] = await decodeSlip(kiosk.slipPicture(await kiosk.slipAfter(before)));
    await takePaper();
    await cardsTurn();
    await kiosk.glass.touch('got-everything');
    await kiosk.glass.shows('read-back');
    await kiosk.scanner.command('show-code', { text: token ?? '' });
    await kiosk.glass.shows('finished');
    await expect.poll(async () => (await newest(yu)).delivery).toBe('scanned');
    expect(await statusOf(token ?? '')).toBe('valid');
    expect(await statusOf(earlier)).toBe('replaced');
    await kiosk.liftCard();
    await kiosk.glass.touch('home');
    await kiosk.atRest();
  });

  test(
    'somebody who walks away from 叫人帮忙 leaves no slip behind for the next one',
    inFullRunOnly(true),
    async () => {
      const he = person('he-shan');
      await confirms(he);
      await kiosk.glass.shows('take-slip', 30_000);
      await kiosk.glass.touch('call-help');
      await kiosk.glass.shows('attract', 60_000);
      await expect.poll(async () => (await newest(he)).state, { timeout: 20_000 }).toBe('void');
      await kiosk.liftCard();
      await kiosk.wake();
      await expect(choice('apply')).toHaveCount(1, { timeout: 10_000 });
    },
  );
});

test.describe('killed while a slip lies at the exit', () => {
  test.beforeAll(() => start('slip-kill'));
  test.afterAll(() => kiosk.stop());

  for (const [when, who, next, goesBack] of [
    ['while the person is asked to take it', 'xu-meifang', 'shen-dexing', false],
    ['while it is being pulled back', 'lu-yun', 'qian-baosheng', true],
  ] as const) {
    test(
      `${when}: the code stays, nobody saw its delivery, and the next one is served`,
      inFullRunOnly(goesBack),
      async () => {
        const citizen = person(who);
        await confirms(citizen);
        await kiosk.glass.shows('take-slip', 30_000);
        const instance = await agentInstance(kiosk);
        if (goesBack) await says('E16-retracting', /不要拉/);
        const { token, shortCode } = await newest(citizen);
        const left = killAgent(kiosk, [citizen.name, citizen.idNumber, token, shortCode]);
        expect(left.personal).toEqual([]);
        // Where the slip is, only the sensor knows: what is written down says that it is out.
        expect(left.journal).toMatchObject([{ state: 'DONE', delivery: null }]);
        await kiosk.liftCard();
        await agentAfter(kiosk, instance);
        await expect
          .poll(async () => (await newest(citizen)).delivery, { timeout: 30_000 })
          .toBe('unconfirmed');
        expect((await newest(citizen)).state).toBe('active');
        await kiosk.glass.shows('attract', 30_000);
        await kiosk.wake();
        if (!goesBack) {
          await expect(kiosk.glass.page.getByText('出纸口有一张纸，请先拿走。')).toBeVisible({
            timeout: 20_000,
          });
          await takePaper();
        }
        await expect(choice('apply')).toHaveCount(1, { timeout: 20_000 });
        await confirms(person(next));
        await kiosk.glass.shows('take-slip', 30_000);
        await takePaper();
        await cardsTurn();
        await leaves();
      },
    );
  }
});

test.describe('a printer that sees its exit and pulls nothing back', () => {
  // The presenter is not fitted: the command to retract comes to nothing, and the sensor goes on seeing the slip.
  test.beforeAll(() => start('slip-stays', { 'no-presenter': true }));
  test.afterAll(() => kiosk.stop());

  // Whoever is told three times and walks away takes a minute.
  test(
    'a slip that nobody takes stays valid, stops the next one, and whoever takes it away makes room',
    inFullRunOnly(true),
    async () => {
      const li = person('li-xiuzhen');
      await confirms(li);
      await kiosk.glass.shows('take-slip', 30_000);
      await says('E16-retracting', /不要拉/);
      await says('E19b', /请看看出纸口/);
      await kiosk.glass.shows('attract', 60_000);
      await expect.poll(async () => (await newest(li)).delivery).toBe('unconfirmed');
      expect((await newest(li)).state).toBe('active');

      await kiosk.liftCard();
      await kiosk.wake();
      await expect(kiosk.glass.page.getByText('出纸口有一张纸，请先拿走。')).toBeVisible();
      await expect(choice('apply')).toHaveCount(0);
      await expect(choice('check')).toHaveCount(1);
      await kiosk.glass.picture('S1-slip-at-exit');
      const before = (await kiosk.slips()).length;
      await takePaper();
      await expect(choice('apply')).toHaveCount(1, { timeout: 10_000 });
      await confirms(person('zhang-guoqiang'));
      await kiosk.glass.shows('take-slip', 30_000);
      expect((await kiosk.slips()).length).toBe(before + 1);
      await takePaper();
      await cardsTurn();
      await leaves();
    },
  );

  test('a printer that is lost while the slip lies there cannot tell any more, and 都拿好了 counts', async () => {
    const gu = person('gu-cuiying');
    await confirms(gu);
    await kiosk.glass.shows('take-slip', 30_000);
    await kiosk.printer.command('unplug');
    await cardsTurn();
    await leaves();
    await expect.poll(async () => (await newest(gu)).delivery).toBe('cut');
    await takePaper();
    await kiosk.printer.command('replug');
    await kiosk.wake();
    await expect(choice('apply')).toHaveCount(1, { timeout: 30_000 });
  });
});
