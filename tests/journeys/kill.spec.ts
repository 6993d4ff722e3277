import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { codesOf, lookAround, violations, type CodeAtCentre, type World } from './harness/invariants.ts';
import { agentAfter, agentInstance, journalOnDisk, killAgent, personalFiles } from './harness/kill.ts';
import { KILL_CASES, type KillCase } from './harness/kill-cases.ts';
import { Kiosk } from './harness/kiosk.ts';
import { PaperTrail, type Piece } from './harness/paper.ts';
import { person } from './harness/people.ts';

test.describe.configure({ mode: 'serial' });

const DEVICE = 'kiosk-sandbox-1';

type ReportRow = Readonly<Record<string, string>>;

let kiosk: Kiosk;
let trail: PaperTrail;
const report: ReportRow[] = [];
const deaths: string[] = [];
const served: Citizen[] = [];

test.beforeAll(async () => {
  // TCP carries a body in no time; what a kill cuts off is the same.
  kiosk = await Kiosk.start({ pictures: 'kill', line: 'tcp', onAgentRestart: (code) => deaths.push(code) });
  trail = new PaperTrail(kiosk);
});
test.afterAll(async () => {
  process.stdout.write(`\n${table(report)}\n`);
  await test.info().attach('kill-report', {
    body: JSON.stringify(report, null, 2),
    contentType: 'application/json',
  });
  await kiosk.stop();
});

for (const given of KILL_CASES) {
  test(`killed at ${given.name}`, async () => {
    const citizen = person(given.who);
    served.push(citizen);
    const earlier = await activeCode(citizen);
    expect(earlier !== undefined).toBe(given.kind === 'reissue');
    const piecesBefore = (await trail.pieces()).length - 1;
    const instance = await agentInstance(kiosk);

    await given.arm(kiosk);
    await confirms(citizen, given.kind);
    await given.goOn?.(kiosk);
    await expect
      .poll(() => given.holds(kiosk), { message: 'the world holds', timeout: 20_000, intervals: [20] })
      .toBe(true);

    const left = killAgent(kiosk, await personalTexts(citizen));
    const killedAtMs = systemClock.monotonicMs();
    const atKill = await lookAround(kiosk, trail, served);
    if (given.released === 'before the restart') await given.release(kiosk);
    expect(left.journal.map(({ state }) => state)).toEqual([given.journal]);
    expect(left.personal).toEqual([]);
    expect(violations(atKill, DEVICE)).toEqual([]);
    const opId = left.journal[0]?.opId;
    const seen = codeIn(atKill, citizen, opId);
    expect(seen?.state ?? 'none').toBe(given.atKill);
    if (earlier !== undefined && seen?.activatedAt === undefined) {
      expect(codeIn(atKill, citizen, earlier)?.state, 'P10').toBe('active');
    }

    await agentAfter(kiosk, instance);
    const backAfterMs = Math.round(systemClock.monotonicMs() - killedAtMs);
    if (given.released === 'after the restart') await given.release(kiosk);
    await expect
      .poll(journalIsEmpty, { message: 'every operation closed', timeout: 40_000, intervals: [150] })
      .toBe(true);
    expect(violations(await lookAround(kiosk, trail, served), DEVICE)).toEqual([]);
    if (given.released === 'after recovery') {
      // What was held happens now, when its caller is long dead: it must find that it came too late.
      await given.release(kiosk);
      await expect.poll(() => given.holds(kiosk), { timeout: 5_000 }).toBe(false);
    }

    const world = await lookAround(kiosk, trail, served);
    expect(violations(world, DEVICE)).toEqual([]);
    const end = codeIn(world, citizen, opId);
    expect(end?.state ?? 'none').toBe(given.centre);
    expect(end?.delivery).toBe(given.delivery);
    expect(world.people.get(citizen.id)?.filter(({ state }) => state === 'pending')).toEqual([]);
    const earlierState = codeIn(world, citizen, earlier)?.state;
    expect(earlierState, 'P10').toBe(earlierExpected(given));

    expect(world.pieces.at(-1)?.blank, 'nothing hangs in the printer').toBe(true);
    const fresh = world.pieces.slice(piecesBefore, -1);
    expect(paperOf(fresh)).toBe(given.paper);
    for (const token of fresh.flatMap(({ tokens }) => tokens)) expect(token === end?.token).toBe(true);
    expect(personalFiles(kiosk, await personalTexts(citizen))).toEqual([]);
    expect(deaths.splice(0)).toEqual(['SIGKILL']);
    await kiosk.liftCard();
    for (const { name } of fresh) {
      await test.info().attach(name, { path: path.join(kiosk.stack.slipsDirectory, name) });
    }

    report.push({
      case: given.name,
      'goes on': given.released,
      'journal at the kill': left.journal[0]?.state ?? 'empty',
      'centre at the kill': seen?.state ?? 'none',
      'centre at the end': [end?.state ?? 'none', end?.delivery ?? ''].join(' ').trim(),
      'earlier code': earlierState ?? '-',
      paper: paperOf(fresh),
      'back after ms': String(backAfterMs),
    });
  });
}

test('afterwards the next person is served as if nothing had been', async () => {
  // Her code survived a kill at the footer, unconfirmed; a new one makes it final which of the two counts.
  const gu = person('gu-cuiying');
  const [first] = await codesOf(kiosk, gu);
  const before = (await kiosk.slips()).length;
  await confirms(gu, 'reissue');
  await kiosk.glass.shows('take-slip', 25_000);
  await kiosk.slipAfter(before);
  await kiosk.glass.touch('got-everything');
  await kiosk.liftCard();
  await expect
    .poll(async () => (await codesOf(kiosk, gu)).map(({ state }) => state))
    .toEqual(['superseded', 'active']);
  expect(first?.state).toBe('active');
  const world = await lookAround(kiosk, trail, served);
  expect(violations(world, DEVICE)).toEqual([]);
  expect(world.pieces.at(-2)).toMatchObject({ marks: ['valid'] });
  expect(deaths).toEqual([]);
});

/** Signs in and confirms by touch. */
async function confirms(citizen: Citizen, kind: 'apply' | 'reissue'): Promise<void> {
  await kiosk.identify(citizen, kind);
  await kiosk.glass.touch('confirm');
  if (kind !== 'reissue') return;
  await kiosk.glass.shows('confirm-reissue');
  await kiosk.glass.touch('confirm-reissue');
}

/** The code that somebody comes with. */
async function activeCode(citizen: Citizen): Promise<string | undefined> {
  return (await codesOf(kiosk, citizen)).find(({ state }) => state === 'active')?.operationId;
}

/** What the person must never be known by: the card's name and number, the codes' texts. */
async function personalTexts(citizen: Citizen): Promise<readonly string[]> {
  const codes = await codesOf(kiosk, citizen);
  return [citizen.name, citizen.idNumber, ...codes.flatMap(({ token, shortCode }) => [token, shortCode])];
}

function codeIn(world: World, citizen: Citizen, opId: string | undefined): CodeAtCentre | undefined {
  return world.people.get(citizen.id)?.find(({ operationId }) => operationId === opId);
}

/** A new code that stays takes the earlier one's place; whatever else happens leaves it valid. */
function earlierExpected({ kind, centre, delivery }: KillCase): CodeAtCentre['state'] | undefined {
  if (kind === 'apply') return undefined;
  if (centre !== 'active') return 'active';
  return delivery === 'unconfirmed' ? 'suspended' : 'superseded';
}

/** False also while the files change under the copy. */
function journalIsEmpty(): boolean {
  try {
    return journalOnDisk(kiosk.stack.dataDirectory).length === 0;
  } catch {
    return false;
  }
}

function paperOf(pieces: readonly Piece[]): string {
  return pieces.map(({ marks }) => (marks.length === 0 ? 'bare' : marks.join('+'))).join(', ') || 'none';
}

function table(rows: readonly ReportRow[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((column) =>
    Math.max(column.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(columns), ...rows.map((row) => line(columns.map((column) => row[column] ?? '')))].join('\n');
}
