import { expect, test } from '@playwright/test';
import { inFullRunOnly } from './harness/bounded.ts';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { codeFromElsewhere } from './harness/earlier-code.ts';
import { codesOf, lookAround, violations, type CodeAtCentre } from '../live-kiosk/invariants.ts';
import { journalOnDisk, personalFiles } from '../live-kiosk/kill.ts';
import { Kiosk } from './harness/kiosk.ts';
import { PaperTrail, type Piece } from '../live-kiosk/paper.ts';
import { person } from '../live-kiosk/people.ts';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

const DEVICE = 'kiosk-sandbox-1';
/** Half of a body: the first symbol is on paper, the second is not. */
const MID_BODY_DOTS = 640;

let kiosk: Kiosk;
let trail: PaperTrail;
/** Everybody who stood here, for what must hold of all of them. */
const served: Citizen[] = [];

test.beforeAll(async () => {
  kiosk = await Kiosk.start({ pictures: 'print-trouble', line: 'tcp' });
  trail = new PaperTrail(kiosk);
});
test.afterAll(async () => {
  await kiosk.stop();
});
test.afterEach(async () => {
  if (test.info().status === test.info().expectedStatus) await isAsIfNothingHadBeen();
});

for (const given of [
  {
    name: 'the paper jams in mid-body',
    reason: 'jam',
    who: 'wang-guilan',
    next: 'chen-fusheng',
    error: 'E15',
    said: /请不要拉纸/,
    mend: () => kiosk.printer.command('clear-jam'),
    left: 'torn',
  },
  {
    name: 'the paper runs out in mid-body',
    reason: 'paper-out',
    who: 'li-xiuzhen',
    next: 'zhang-guoqiang',
    error: 'E19a',
    said: /出来的纸作废/,
    mend: () => kiosk.printer.command('paper', { state: 'full' }),
    left: 'torn',
  },
  {
    name: 'somebody opens the cover in mid-body',
    reason: 'cover-open',
    who: 'xu-meifang',
    next: 'gu-cuiying',
    error: 'E19a',
    said: /出来的纸作废/,
    mend: () => kiosk.printer.command('cover', { open: false }),
    left: 'cut off as void',
  },
] as const) {
  const isMore = given.reason !== 'paper-out';
  test(
    `${given.name}: the earlier code stays, the new one is void, the next person gets exactly one slip`,
    inFullRunOnly(isMore),
    async () => {
      const citizen = person(given.who);
      const earlier = await codeFromElsewhere(kiosk, citizen);
      const from = (await trail.pieces()).length - 1;
      await kiosk.printer.command('stop-after-dots', { n: MID_BODY_DOTS, reason: given.reason });
      await confirms(citizen, 'reissue');
      await fails(given.error, given.said);
      await kiosk.glass.picture(`${given.error}-${given.reason}`);
      expect(await kiosk.glass.text()).toMatch(/原来.*还能用/);
      expect(await statusOf(earlier)).toBe('valid');
      const broken = await newest(citizen);
      expect(await statusOf(broken.token)).toBe('void');

      await kiosk.liftCard();
      await kiosk.glass.touch('home');
      await kiosk.wake();
      await expect(choice('apply')).toHaveCount(0, { timeout: 10_000 });
      await kiosk.glass.picture(`S1-after-${given.reason}`);
      await given.mend();
      await offersEverything();
      // What is owed to the paper comes before the next person, or nobody would know whose it is.
      await expect.poll(journalIsEmpty, { timeout: 20_000 }).toBe(true);
      const debris = (await trail.pieces()).slice(from, -1);
      expect(debris.flatMap(({ marks }) => marks)).not.toContain('valid');
      const body = debris.find(({ tokens }) => tokens.length > 0);
      expect(new Set(body?.tokens)).toEqual(new Set([broken.token]));
      expect(debris.at(-1)?.marks).toEqual(['void']);
      if (given.left === 'cut off as void') expect(debris).toHaveLength(1);

      const next = person(given.next);
      const [slip, ...more] = await slipsOf(next, 'apply');
      expect(more).toEqual([]);
      expect(slip).toMatchObject({ marks: ['valid'] });
      const code = await newest(next);
      expect(slip?.tokens).toEqual([code.token, code.token]);
      expect(await statusOf(code.token)).toBe('valid');
      expect(await statusOf(broken.token)).toBe('void');
    },
  );
}

test('the printer is unplugged while 已启用 is due: look at the exit; without paper, 补领 at the same kiosk mends it', async () => {
  const citizen = person('qian-baosheng');
  await kiosk.printer.command('hold-at', { what: 'footer' });
  await confirms(citizen, 'apply');
  await expect.poll(printerIsHeld, { timeout: 15_000 }).toBe(true);
  await kiosk.printer.command('unplug');
  await fails('E19b', /请看看出纸口/);
  await kiosk.glass.picture('E19b-unplugged');
  const lost = await newest(citizen);
  expect(lost.state).toBe('active');

  // Whoever puts the cable back finds the printer as it stood.
  await kiosk.printer.command('replug');
  await kiosk.printer.command('release');
  await expect.poll(journalIsEmpty, { timeout: 30_000 }).toBe(true);
  await kiosk.glass.touch('no-paper-came');
  await kiosk.glass.shows('confirm-reissue');
  await kiosk.glass.picture('S9-after-E19b');
  const from = (await trail.pieces()).length - 1;
  await kiosk.glass.touch('confirm-reissue');
  await kiosk.glass.shows('take-slip', 25_000);
  await kiosk.leave();
  const fresh = (await trail.pieces()).slice(from, -1);
  const code = await newest(citizen);
  expect(fresh).toMatchObject([{ marks: ['valid'], tokens: [code.token, code.token] }]);
  expect(await statusOf(code.token)).toBe('valid');
  expect(await statusOf(lost.token)).toBe('replaced');
});

test('纸没出来 leaves an unconfirmed delivery that operators see and the next sign-in speaks of, and 补领 mends it', async () => {
  const citizen = person('yu-axiang');
  await confirms(citizen, 'apply');
  await kiosk.glass.shows('take-slip', 25_000);
  await kiosk.glass.touch('no-paper-came');
  await fails('E19b', /没有纸/);
  await kiosk.glass.picture('E19b-no-paper-came');
  await kiosk.liftCard();
  await kiosk.glass.touch('home');
  await kiosk.identify(citizen, 'reissue');
  await kiosk.glass.touch('confirm');
  await kiosk.glass.shows('confirm-reissue');
  expect(await kiosk.glass.text()).toContain('机器没看到您拿走');
  await kiosk.glass.picture('S9-unconfirmed');
  const lost = await newest(citizen);
  await expect.poll(async () => (await newest(citizen)).delivery).toBe('unconfirmed');
  expect(await unconfirmedIds()).toContain(lost.operationId);
  await kiosk.glass.touch('confirm-reissue');
  await kiosk.glass.shows('take-slip', 25_000);
  await kiosk.leave();
  const code = await newest(citizen);
  expect(code.operationId).not.toBe(lost.operationId);
  await expect.poll(() => statusOf(lost.token)).toBe('replaced');
  expect(await statusOf(code.token)).toBe('valid');
  expect(await unconfirmedIds()).not.toContain(lost.operationId);
});

test('a printer that never says that it has printed: nothing is activated, its slip is marked void, and 再办一次 works when it is well again', async () => {
  const citizen = person('he-shan');
  const earlier = await codeFromElsewhere(kiosk, citizen);
  const from = (await trail.pieces()).length - 1;
  await kiosk.printer.command('answers', { mode: 'never', only: 'fences' });
  await confirms(citizen, 'reissue');
  await fails('E19a', /这张不算/, 40_000);
  await kiosk.glass.picture('E19a-no-proof');
  const broken = await newest(citizen);
  expect(broken.activatedAt).toBeUndefined();
  expect(await statusOf(broken.token)).toBe('void');
  expect(await statusOf(earlier)).toBe('valid');
  // Without proof 作废 is printed all the same; proven and cut off it is before anything else is printed.
  await expect.poll(async () => (await trail.pieces()).at(-1)?.marks).toEqual(['void']);
  await kiosk.printer.command('answers', { mode: 'normal' });
  await kiosk.glass.touch('retry');
  await kiosk.glass.shows('take-slip', 25_000);
  await kiosk.leave();
  const code = await newest(citizen);
  expect((await trail.pieces()).slice(from, -1)).toMatchObject([
    { marks: ['void', 'void'], tokens: [broken.token, broken.token] },
    { marks: ['valid'], tokens: [code.token, code.token] },
  ]);
  expect(await statusOf(code.token)).toBe('valid');
  expect(await statusOf(earlier)).toBe('replaced');
});

test('a centre that takes its time is said, and with 接着等 everything goes on', async () => {
  const citizen = person('shen-dexing');
  await kiosk.central.post('/hold', { operation: 'reserve', when: 'before', ms: 8_000 });
  await confirms(citizen, 'apply');
  const sinceMs = systemClock.monotonicMs();
  await fails('E13', /请再等一会儿/);
  saysWithin('E13 at reserve', sinceMs, 8_000);
  await kiosk.glass.picture('E13-reserve');
  await kiosk.glass.touch('keep-waiting');
  await kiosk.glass.shows('printing');
  await kiosk.glass.shows('take-slip', 25_000);
  await kiosk.leave();
  expect((await codesOf(kiosk, citizen)).map(({ state }) => state)).toEqual(['active']);
});

test('whoever does not want to wait goes, and a reservation that arrives afterwards finds it closed', async () => {
  const citizen = person('lu-yun');
  const from = (await trail.pieces()).length - 1;
  await kiosk.central.post('/hold', { operation: 'reserve', when: 'before' });
  await confirms(citizen, 'apply');
  await fails('E13', /请再等一会儿/);
  await kiosk.liftCard();
  await kiosk.glass.touch('cancel');
  await kiosk.atRest();
  await kiosk.central.post('/release', {});
  await expect.poll(journalIsEmpty, { timeout: 20_000 }).toBe(true);
  expect((await codesOf(kiosk, citizen)).filter(({ state }) => state !== 'void')).toEqual([]);
  expect((await trail.pieces()).slice(from, -1)).toEqual([]);
});

test(
  'the centre goes away between print and activation: said in time, void in the end, and told when it is back',
  inFullRunOnly(true),
  async () => {
    const citizen = person('ouyang-jianping');
    const earlier = await codeFromElsewhere(kiosk, citizen);
    const from = (await trail.pieces()).length - 1;
    await kiosk.printer.command('hold-at', { what: 'fence' });
    await confirms(citizen, 'reissue');
    await expect.poll(printerIsHeld, { timeout: 15_000 }).toBe(true);
    await kiosk.central.post('/offline', { on: true });
    await kiosk.printer.command('release');
    const sinceMs = systemClock.monotonicMs();
    await fails('E13-paper', /先不要拉/);
    saysWithin('E13 at activate', sinceMs, 8_000);
    await expect(choice('cancel')).toHaveCount(0);
    await kiosk.glass.picture('E13-paper');
    // Whoever goes on waiting is not left alone with 大约 15 秒.
    await kiosk.glass.touch('keep-waiting');
    await kiosk.glass.shows('printing');
    await fails('E13-paper', /先不要拉/, 25_000);
    await fails('E19a-pending', /作废/, 75_000);
    expect(await kiosk.glass.text()).not.toContain('还能用');
    saysWithin('given up', sinceMs, 75_000);
    await kiosk.glass.picture('E19a-pending');
    expect((await trail.pieces()).slice(from, -1)).toMatchObject([{ marks: ['void'] }]);
    expect(journalOnDisk(kiosk.stack.dataDirectory)).toMatchObject([{ state: 'VOIDING' }]);
    await kiosk.liftCard();
    await kiosk.central.post('/offline', { on: false });
    await expect.poll(journalIsEmpty, { timeout: 15_000 }).toBe(true);
    expect(await statusOf((await newest(citizen)).token)).toBe('void');
    expect(await statusOf(earlier)).toBe('valid');
    await kiosk.glass.touch('home');
  },
);

/** Signs in and confirms by touch. */
async function confirms(citizen: Citizen, kind: 'apply' | 'reissue'): Promise<void> {
  served.push(citizen);
  await kiosk.identify(citizen, kind);
  await kiosk.glass.touch('confirm');
  if (kind !== 'reissue') return;
  await kiosk.glass.shows('confirm-reissue');
  await kiosk.glass.touch('confirm-reissue');
}

/** The paper that comes out for somebody who does everything right. */
async function slipsOf(citizen: Citizen, kind: 'apply' | 'reissue'): Promise<readonly Piece[]> {
  const from = (await trail.pieces()).length - 1;
  await confirms(citizen, kind);
  await kiosk.glass.shows('take-slip', 25_000);
  await kiosk.leave();
  return (await trail.pieces()).slice(from, -1);
}

async function fails(code: string, said: RegExp, limitMs = 20_000): Promise<void> {
  await expect(kiosk.glass.page.locator(`[data-error="${code}"]`)).toBeVisible({ timeout: limitMs });
  expect(await kiosk.glass.text()).toMatch(said);
}

function choice(name: string) {
  return kiosk.glass.page.locator(`[data-choice="${name}"]`);
}

async function offersEverything(): Promise<void> {
  await kiosk.wake();
  for (const name of ['apply', 'reissue', 'check']) {
    await expect(choice(name)).toBeVisible({ timeout: 20_000 });
  }
}

/** Whatever happened before: nobody's, nothing left, and everything on offer. */
async function isAsIfNothingHadBeen(): Promise<void> {
  await kiosk.liftCard();
  await offersEverything();
  await expect.poll(journalIsEmpty, { timeout: 20_000 }).toBe(true);
  const world = await lookAround(kiosk, trail, served);
  expect(violations(world, DEVICE)).toEqual([]);
  expect(world.pieces.at(-1)?.blank, 'nothing hangs in the printer').toBe(true);
  const codes = [...world.people.values()].flat();
  expect(codes.filter(({ state }) => state === 'pending')).toEqual([]);
  const untold = codes.filter(({ state, delivery }) => state === 'active' && delivery === undefined);
  expect(untold).toEqual([]);
  const personal = served.flatMap(({ name, idNumber }) => [name, idNumber]);
  const secrets = codes.flatMap(({ token, shortCode }) => [token, shortCode]);
  expect(personalFiles(kiosk, [...personal, ...secrets])).toEqual([]);
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

async function unconfirmedIds(): Promise<readonly string[]> {
  const answer = await kiosk.client('operator-sandbox').unconfirmed();
  if (!answer.ok) throw new Error(answer.error.kind);
  return answer.value.unconfirmed.map(({ operationId }) => operationId);
}

async function printerIsHeld(): Promise<boolean> {
  const { held } = await kiosk.printer.state<{ held: string | number | null }>();
  return held !== null;
}

/** False also while the files change under the copy. */
function journalIsEmpty(): boolean {
  try {
    return journalOnDisk(kiosk.stack.dataDirectory).length === 0;
  } catch {
    return false;
  }
}

/** How long somebody stood there before the glass said something; goes into the report. */
function saysWithin(what: string, sinceMs: number, limitMs: number): void {
  const tookMs = Math.round(systemClock.monotonicMs() - sinceMs);
  test.info().annotations.push({ type: what, description: `${tookMs} ms` });
  process.stdout.write(`${what}: ${tookMs} ms\n`);
  expect(tookMs).toBeLessThan(limitMs);
}
