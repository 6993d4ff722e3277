import { afterEach, expect, test } from 'vitest';
import { systemClock, sleep } from '../src/platform/clock.ts';
import type { Screen } from '../src/view/kiosk-view.ts';
import { codesOf, lookAround, violations, type CodeAtCentre } from './live-kiosk/invariants.ts';
import { LiveKiosk } from './live-kiosk/live-kiosk.ts';
import { PaperTrail } from './live-kiosk/paper.ts';
import { person } from './live-kiosk/people.ts';

/**
 * A printer that says "printed" and did not is outside P3 (an active code is on paper) and P22. What is promised of it: whoever
 * looks at the paper finds it out, by read-back or with their own eyes; then the code is listed as unconfirmed, and the next
 * operation, with a code of its own, takes its place.
 */

const DEVICE = 'kiosk-sandbox-1';
/** Half of a body: the first symbol may be on paper, the second is not. */
const MID_BODY_DOTS = 640;
/** All of a slip: the printer takes it whole and stands still. */
const BUFFER_BYTES = 4_000_000;
/** Quick, and slow enough to be believed. */
const SPEED_MM = 300;

const citizen = person('wang-guilan');
/** Served by a printer that tells the truth. */
const before = person('chen-fusheng');
let kiosk: LiveKiosk;
afterEach(async () => {
  await kiosk.stop();
});

/** From now on every answer says that all is well and printed, and in mid-body the paper stops. */
async function lies(): Promise<void> {
  await kiosk.printer.command('answers', { mode: 'false' });
  await kiosk.printer.command('stop-after-dots', { n: MID_BODY_DOTS, reason: 'stand-still' });
}

/** Somebody switches it off and on, and takes what hangs there away: its buffer is empty, and it tells the truth. */
async function isMended(): Promise<void> {
  await kiosk.printer.command('answers', { mode: 'normal' });
  await kiosk.printer.command('power-cycle');
  await kiosk.printer.command('release');
  await kiosk.printer.command('take-paper');
  await kiosk.ready();
}

async function newest(): Promise<CodeAtCentre> {
  const code = (await codesOf(kiosk, citizen)).at(-1);
  if (code === undefined) throw new Error('no code at the centre');
  return code;
}

async function deliveryBecomes(delivery: string): Promise<void> {
  await expect.poll(async () => (await newest()).delivery, { timeout: 15_000 }).toBe(delivery);
}

/** All codes of the person, oldest first. */
async function statesBecome(states: readonly string[]): Promise<void> {
  const now = async () => (await codesOf(kiosk, citizen)).map(({ state }) => state);
  await expect.poll(now, { timeout: 15_000 }).toEqual(states);
}

async function unconfirmedIds(): Promise<readonly string[]> {
  const operators = kiosk.client('operator-sandbox');
  const answer = await operators.unconfirmed();
  await operators.close();
  if (!answer.ok) throw new Error(answer.error.kind);
  return answer.value.unconfirmed.map(({ operationId }) => operationId);
}

/** Centre and paper now; what is broken of the invariants, by their names. */
async function brokenNow(): Promise<readonly string[]> {
  const world = await lookAround(kiosk, new PaperTrail(kiosk), [citizen, before]);
  return violations(world, DEVICE).map((sentence) => sentence.slice(0, sentence.indexOf(':')));
}

async function shows(...names: readonly Screen['name'][]): Promise<Screen> {
  const screen = await (await kiosk.shell()).until(names, 20_000);
  return screen;
}

test('a printer that claims each id echoed while the paper stands: 纸没出来 lists the code, and 补领 takes its place', async () => {
  kiosk = await LiveKiosk.start({
    printer: {
      simulator: { buffer: BUFFER_BYTES, 'speed-mm': SPEED_MM },
      configuration: { speedMmPerSecond: SPEED_MM },
    },
  });
  const shell = await kiosk.shell();
  await lies();
  expect((await kiosk.issue(citizen, 'apply')).name).toBe('take-slip');
  const claimed = await newest();
  expect(claimed).toMatchObject({ state: 'active' });
  expect(await brokenNow()).toEqual(['P3']);

  await kiosk.liftCard();
  await shell.choose('no-paper-came');
  expect(await shows('error')).toMatchObject({ code: 'E19b' });
  await shell.choose('home');
  await deliveryBecomes('unconfirmed');
  expect(await unconfirmedIds()).toContain(claimed.operationId);
  await isMended();

  expect((await kiosk.issue(citizen, 'reissue')).name).toBe('take-slip');
  await shell.choose('got-everything');
  await statesBecome(['superseded', 'active']);
  expect(await unconfirmedIds()).not.toContain(claimed.operationId);
  expect(await brokenNow()).toEqual([]);
}, 90_000);

test('where a slip is read back the lie is found at once: E21, listed, and a new operation with a code of its own', async () => {
  kiosk = await LiveKiosk.start({
    printer: {
      simulator: { buffer: BUFFER_BYTES, 'speed-mm': SPEED_MM, 'no-process-id': true },
      configuration: { speedMmPerSecond: SPEED_MM, minimumEvidence: 'E1' },
    },
  });
  const shell = await kiosk.shell();
  // Whoever comes first teaches the kiosk that this printer has no echo, and is asked to read back as well.
  expect((await kiosk.issue(before, 'apply')).name).toBe('take-slip');
  await kiosk.liftCard();
  await shell.choose('got-everything');
  await shows('read-back');
  await kiosk.printer.command('take-paper');
  await kiosk.atHome();

  await lies();
  expect((await kiosk.issue(citizen, 'apply')).name).toBe('take-slip');
  const claimed = await newest();
  expect(claimed).toMatchObject({ state: 'active' });
  expect(await brokenNow()).toEqual(['P3']);
  await kiosk.liftCard();
  await shell.choose('got-everything');
  await shows('read-back');
  expect((await newest()).delivery).toBeUndefined();
  await shell.choose('cannot-scan');
  expect(await shows('error')).toMatchObject({ code: 'E21' });
  await deliveryBecomes('unconfirmed');
  expect(await unconfirmedIds()).toContain(claimed.operationId);
  await isMended();

  await shell.choose('confirm-reissue');
  await shows('take-slip');
  const fresh = await newest();
  expect(fresh.token === claimed.token).toBe(false);
  await kiosk.liftCard();
  await shell.choose('got-everything');
  await shows('read-back');
  await sleep(systemClock, 50);
  await kiosk.scanner.command('show-code', { text: fresh.token });
  await statesBecome(['superseded', 'active']);
  await deliveryBecomes('scanned');
  expect(await unconfirmedIds()).not.toContain(claimed.operationId);
  expect(await brokenNow()).toEqual([]);
}, 90_000);
