import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { ChromiumShell } from '../../sandbox/launcher/chromium-shell.ts';
import { startStack, type Stack } from '../../sandbox/launcher/stack.ts';
import { sleep, systemClock } from '../../src/platform/clock.ts';
import { VirtualScreen } from './harness/virtual-screen.ts';
import { settled } from '../fixtures/settled.ts';

test.describe.configure({ mode: 'serial' });

const directory = mkdtempSync(path.join(tmpdir(), 'chromium-shell-'));
const debuggingFile = path.join(directory, 'chromium-profile/DevToolsActivePort');
let screen: VirtualScreen;
let stack: Stack;
let shell: ChromiumShell;
let browser: Browser;

test.beforeAll(async () => {
  [screen, stack] = await Promise.all([VirtualScreen.start(directory), startStack({ directory })]);
  process.env['DISPLAY'] = screen.display;
  shell = new ChromiumShell(systemClock, stack, ['--remote-debugging-port=0']);
  browser = await lookInto();
});
test.afterAll(async () => {
  await browser.close();
  await shell.stop();
  await stack.stop();
  await screen.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Chromium says in its profile where it can be looked into. */
async function lookInto(): Promise<Browser> {
  const deadline = systemClock.monotonicMs() + 20_000;
  while (systemClock.monotonicMs() < deadline) {
    const port = existsSync(debuggingFile) ? readFileSync(debuggingFile, 'utf8').split('\n')[0] : '';
    if (port !== '') return chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
    await sleep(systemClock, 100);
  }
  throw new Error('Chromium opens no debugging port');
}

function page(): Page {
  const [found] = browser.contexts().flatMap((context) => context.pages());
  if (found === undefined) throw new Error('Chromium shows no page');
  return found;
}

const shows = (name: string) =>
  page().locator(`[data-screen="${name}"]`).waitFor({ state: 'visible', timeout: 20_000 });

/** A finger on the middle of a key; returns as what the page felt it. */
async function touch(choice: string): Promise<readonly string[]> {
  await page().evaluate(() => {
    const felt: string[] = [];
    (window as unknown as { felt: string[] }).felt = felt;
    addEventListener('pointerdown', ({ pointerType }) => felt.push(pointerType), { capture: true });
  });
  await settled(page());
  const box = await page().locator(`[data-choice="${choice}"]`).first().boundingBox();
  if (box === null) throw new Error(`no key ${choice}`);
  const session = await page().context().newCDPSession(page());
  const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  await page().waitForTimeout(60);
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await session.detach();
  return page().evaluate(() => (window as unknown as { felt: string[] }).felt);
}

test('Chromium as a shell attaches by itself, fills the screen, and feels a finger', async () => {
  await shows('attract');
  expect(await page().evaluate(() => [innerWidth, innerHeight >= 1920])).toEqual([1080, true]);
  screen.picture(path.resolve('var/pictures/chromium-shell/attract-display.png'));
  expect(await touch('start')).toEqual(['touch']);
  await shows('home');
  expect(await touch('apply')).toEqual(['touch']);
  await shows('choose-method');
  screen.picture(path.resolve('var/pictures/chromium-shell/choose-method-display.png'));
});

test('when Chromium dies another one comes, attached, to where the person was', async () => {
  const { pid } = shell;
  if (pid === undefined) throw new Error('no Chromium to kill');
  rmSync(debuggingFile);
  process.kill(pid, 'SIGKILL');
  await browser.close();
  browser = await lookInto();
  expect(shell.pid).not.toBe(pid);
  await shows('choose-method');
});

test('when the agent dies the page is calm, and finds back in the same Chromium', async () => {
  const { pid } = shell;
  stack.agent.kill();
  await shows('preparing');
  await shows('attract');
  expect(await touch('start')).toEqual(['touch']);
  await shows('home');
  expect(shell.pid).toBe(pid);
});
