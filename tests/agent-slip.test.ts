import { afterAll, beforeAll, expect, test } from 'vitest';
import { cardOf } from '../sandbox/citizens/card.ts';
import { citizens } from '../sandbox/citizens/citizens.ts';
import { eventually, kioskInProcess, type KioskInProcess } from './fixtures/kiosk-in-process.ts';

const TODAY = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const ordinary = citizens(TODAY).filter((one) => one.case === 'ordinary');

let kiosk: KioskInProcess;
beforeAll(async () => {
  kiosk = await kioskInProcess(undefined, 'always');
}, 30_000);
afterAll(() => kiosk.stop());

const inVault = (column: 'token' | 'shortCode' | 'subjectToken') => kiosk.serving.live.current()?.get(column);

/** The nth ordinary citizen, with the slip in the hand and S7b on the glass. Returns the code on the slip. */
async function atReadBack(nth: number): Promise<string> {
  const citizen = ordinary[nth];
  if (citizen === undefined) throw new Error('nobody');
  await eventually(() => ['attract', 'home', 'take-id-card'].includes(kiosk.view().screen.name), 'rest');
  if (kiosk.view().screen.name === 'attract') kiosk.choose('start');
  if (kiosk.view().screen.name === 'take-id-card') kiosk.choose('home');
  kiosk.choose('apply');
  kiosk.choose('use-id-card');
  await kiosk.until('present-id-card');
  await kiosk.reader({ command: 'lay-card', card: cardOf(citizen) });
  await kiosk.until('confirm-identity');
  kiosk.choose('confirm');
  await kiosk.until('take-slip');
  await kiosk.reader({ command: 'lift-card' });
  kiosk.choose('got-everything');
  await kiosk.until('read-back');
  const token = inVault('token');
  if (token === undefined) throw new Error('the vault has forgotten the code');
  return token;
}

async function shows(text: string, until: () => boolean): Promise<void> {
  await eventually(async () => {
    if (!until()) await kiosk.scanner({ command: 'show-code', text });
    return until();
  }, 'the scan to be seen');
}

test('the code is in the vault until its slip is read back, and no longer, while the session goes on', async () => {
  const token = await atReadBack(0);
  const lastScan = () => {
    const { screen } = kiosk.view();
    return screen.name === 'read-back' ? screen.lastScan : screen.name;
  };
  await shows('OC1AAAAAAAAAAAAAAAAAAAAAAAAAABCDEF', () => lastScan() === 'other');
  expect(inVault('token')).toBe(token);
  await shows(token, () => kiosk.view().screen.name === 'finished');
  expect(kiosk.view().screen).toEqual({ name: 'finished', readBack: true });
  expect(inVault('token')).toBeUndefined();
  expect(inVault('shortCode')).toBeUndefined();
  expect(inVault('subjectToken')).toBeDefined();
  kiosk.choose('home');
}, 60_000);

test('a slip that cannot be read leaves the vault before the next one has a code, and the next one has its own', async () => {
  const worn = await atReadBack(1);
  kiosk.choose('cannot-scan');
  expect(await kiosk.until('error')).toMatchObject({ code: 'E21' });
  expect(inVault('token')).toBeUndefined();
  kiosk.choose('confirm-reissue');
  await kiosk.until('take-slip');
  kiosk.choose('got-everything');
  await kiosk.until('read-back');
  const fresh = inVault('token');
  expect(fresh).toBeDefined();
  expect(fresh).not.toBe(worn);
  kiosk.choose('skip-read-back');
  await kiosk.until('finished');
  expect(inVault('token')).toBeUndefined();
  kiosk.choose('home');
  expect(kiosk.fatal).toEqual([]);
}, 60_000);
