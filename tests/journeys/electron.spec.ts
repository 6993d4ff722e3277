import { expect, test } from '@playwright/test';
import { electronRuntime } from '../../scripts/electron-runtime.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { coverPageUrl } from '../../src/shell-recovery/cover-page.ts';
import { ElectronGlass } from './harness/electron-glass.ts';
import { agentAfter, agentInstance } from '../live-kiosk/kill.ts';
import { inFullRunOnly } from './harness/bounded.ts';
import { Kiosk } from './harness/kiosk.ts';
import { person, shanghaiDay } from '../live-kiosk/people.ts';
import { decodeSlip } from '../live-kiosk/slip.ts';

const runtime = await electronRuntime();
if (typeof runtime === 'string') process.stdout.write(`electron journeys not run: ${runtime}\n`);
test.skip(typeof runtime === 'string', typeof runtime === 'string' ? runtime : '');
test.describe.configure({ mode: 'serial' });

let kiosk: Kiosk;
let glass: ElectronGlass;
test.beforeAll(async () => {
  if (typeof runtime === 'string') return;
  kiosk = await Kiosk.start({
    pictures: 'electron',
    launchGlass: async (options) => {
      glass = await ElectronGlass.launch(options);
      return glass;
    },
  });
});
test.afterAll(async () => {
  if (typeof runtime !== 'string') await kiosk.stop();
});

/** From 是我，申领 to the slip in the hand, whose both codes verify at the centre. */
async function confirmAndTakeSlip(): Promise<void> {
  const before = (await kiosk.slips()).length;
  await glass.touch('confirm');
  await glass.shows('take-slip', 20_000);
  const slip = await kiosk.slipAfter(before);
  const texts = await decodeSlip(kiosk.slipPicture(slip));
  expect(texts).toHaveLength(2);
  expect(texts[1]).toBe(texts[0]);
  expect(await kiosk.client('verifier-sandbox').verify(texts[0] ?? '')).toMatchObject({
    ok: true,
    value: { status: 'valid', validUntil: shanghaiDay(179) },
  });
}

/** Each screen that the glass showed until it shows the given one anew. A page without screens is told by scheme and title. */
async function shownUntil(screen: string): Promise<readonly string[]> {
  const seen = [await look()];
  const deadline = systemClock.monotonicMs() + 30_000;
  while (systemClock.monotonicMs() < deadline) {
    const now = await look();
    if (seen.at(-1) !== now) seen.push(now);
    if (now === screen && seen.length > 1) return seen;
    await sleep(systemClock, 20);
  }
  throw new Error(`never came to ${screen}; the glass showed ${seen.join(', ')}`);
}

async function look(): Promise<string> {
  try {
    return await glass.page.evaluate(() => {
      const name = document.querySelector('[data-screen]')?.getAttribute('data-screen');
      return name ?? `${location.protocol} ${document.title}`;
    });
  } catch {
    // One page went, the next is not there yet.
    return 'in between';
  }
}

test('in Electron somebody gets a code, touched as a finger does, and the paper verifies', async () => {
  const wang = person('wang-guilan');
  await glass.shows('attract');
  await glass.picture('S0-attract');
  await kiosk.identify(wang);
  await glass.picture('S5-confirm-identity');
  expect(await glass.text()).toContain('王*兰');
  expect(await glass.text()).not.toContain(wang.name);
  await confirmAndTakeSlip();
  await glass.picture('S7-take-slip');
  await kiosk.leave();
});

test('when the page dies it comes back to where the person was, who goes on', async () => {
  await kiosk.identify(person('li-xiuzhen'));
  const before = glass.addresses.length;
  glass.killRenderer();
  await shownUntil('confirm-identity');
  expect(glass.addresses.slice(before)).toContain(coverPageUrl());
  await glass.picture('S5-after-crash');
  await confirmAndTakeSlip();
  await kiosk.leave();
});

test('when the agent dies the glass is calm, nobody is shown, and the next person begins anew', async () => {
  await kiosk.identify(person('chen-fusheng'));
  const instance = await agentInstance(kiosk);
  const seen = shownUntil('attract');
  kiosk.stack.agent.kill();
  await glass.shows('preparing');
  expect(await glass.text()).not.toContain('陈*生');
  await glass.picture('agent-gone');
  await agentAfter(kiosk, instance);
  const screens = (await seen).filter((shown) => shown !== 'in between' && !shown.startsWith('http:'));
  expect(screens).toEqual(['confirm-identity', 'preparing', 'attract']);
  await kiosk.liftCard();
});

test(
  'when page and agent die at once the shell covers the glass by itself, and all comes back',
  inFullRunOnly(true),
  async () => {
    await glass.shows('attract');
    const instance = await agentInstance(kiosk);
    const seen = shownUntil('attract');
    kiosk.stack.agent.kill();
    glass.killRenderer();
    await agentAfter(kiosk, instance);
    expect(await seen).toContain('data: 机器正在准备');
    await kiosk.identify(person('chen-fusheng'));
    await confirmAndTakeSlip();
    await glass.picture('S7-after-everything');
  },
);
