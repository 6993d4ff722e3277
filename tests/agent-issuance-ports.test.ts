import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCentrePort } from '../src/agent/issuance-centre.ts';
import { createPrinterPort } from '../src/agent/issuance-printer.ts';
import { LiveSession } from '../src/agent/live-session.ts';
import { createAddressPrinter } from '../src/agent/address-printer.ts';
import { RunningOperations } from '../src/agent/running-operations.ts';
import type { CentralClient } from '../src/central-api/client.ts';
import { problemType } from '../src/central-api/problems.ts';
import type { PrintJob, PrintOutcome, ReceiptPrinterConnection } from '../src/devices/contract.ts';
import { initialStatus } from '../src/devices/initial-status.ts';
import type { ReceiptPrinterStatus } from '../src/devices/status.ts';
import type { CentrePort, PrinterPort } from '../src/issuance/ports.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { err } from '../src/platform/result.ts';
import { openStore, type Store } from '../src/store/open-store.ts';
import type { Citizen } from '../sandbox/citizens/citizen.ts';
import { eventually } from './fixtures/kiosk-in-process.ts';
import { SandboxCentre } from './fixtures/sandbox-centre.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'issuance-ports-'));
const online: ReceiptPrinterStatus = { ...initialStatus.receiptPrinter, device: 'online' };

const centre = new SandboxCentre();
let central: CentralClient;
let store: Store;
let live: LiveSession;
let operations: RunningOperations;
let port: CentrePort;
let printer: PrinterPort;
/** What the printer was given, and what it answers. */
let jobs: PrintJob[];
let outcome: PrintOutcome;
let status: ReceiptPrinterStatus;
let connection: { -readonly [K in keyof ReceiptPrinterConnection]?: ReceiptPrinterConnection[K] };
let epoch = 0;

beforeAll(async () => {
  await centre.start();
  central = centre.client();
  const opened = await openStore({ directory, clock: systemClock, random: systemRandom });
  if (!opened.ok) throw new Error(opened.error.kind);
  store = opened.value;
});

afterAll(async () => {
  store.close();
  await central.close();
  await centre.end();
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(() => {
  jobs = [];
  outcome = { kind: 'printed', grade: 'E2', cut: true };
  status = online;
  live = new LiveSession(store.sessions);
  operations = new RunningOperations();
  port = createCentrePort({ central, operations, hashKey: Buffer.from('key') });
  connection = {
    refreshStatus: () => Promise.resolve(status),
    print: (job) => {
      jobs.push(job);
      return Promise.resolve(outcome);
    },
    purge: () => Promise.resolve(true),
  };
  printer = createPrinterPort({ printer: () => connection as ReceiptPrinterConnection, operations });
});

afterEach(async () => {
  await centre.control('/release', {});
  await centre.control('/offline', { on: false });
  live.end('interrupted');
});

/** Somebody has signed in at the kiosk. */
async function signIn(citizen: Citizen): Promise<void> {
  const subjectToken = await centre.subjectToken(citizen);
  epoch += 1;
  live.begin(epoch);
  live.current()?.put('identificationId', 'i');
  live.current()?.put('subjectToken', subjectToken);
}

/** An operation of whoever is signed in now. */
function begin(): string {
  const opId = systemRandom.uuid();
  const hold = live.current();
  if (hold !== undefined) operations.begin(opId, hold);
  return opId;
}

/** The body is printed and the code made valid. */
async function activated(opId: string, baseEpoch: number): Promise<void> {
  await printer.printBody({ opId, processId: 'AB07' });
  const evidence = { grade: 'E2', processId: 'AB07' } as const;
  expect(await port.activate({ opId, baseEpoch, evidence })).toEqual({ kind: 'ok' });
}

async function held(operation: string): Promise<void> {
  await eventually(async () => {
    const { waiting } = (await centre.control('/hold')) as { waiting: { operation: string }[] };
    return waiting.some((one) => one.operation === operation);
  }, `${operation} to be held`);
}

const textOf = (job: PrintJob | undefined) => JSON.stringify(job?.document);

describe('an operation of the person who is there', () => {
  test('goes from reserve to confirm with the evidence of what was printed, and the vault keeps its token', async () => {
    await signIn(centre.citizen('wang-guilan'));
    const opId = begin();
    const reserved = await port.reserve({ opId, kind: 'apply' });
    if (reserved.kind !== 'ok') throw new Error(reserved.kind);
    const token = live.current()?.get('token') ?? '';
    expect(reserved.tokenHash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(reserved)).not.toContain(token);

    expect(await printer.printBody({ opId, processId: 'AB01' })).toMatchObject({ kind: 'printed' });
    expect(jobs[0]).toMatchObject({ cut: false, processId: 'AB01' });
    expect(textOf(jobs[0])).toContain('王*兰');
    expect(textOf(jobs[0])).not.toContain('王桂兰');
    const evidence = { grade: 'E2', processId: 'AB01' } as const;
    expect(await port.activate({ opId, baseEpoch: reserved.baseEpoch, evidence })).toEqual({ kind: 'ok' });
    expect((await centre.verify(token)).body['status']).toBe('valid');
    expect(await port.confirm({ opId, delivery: 'cut' })).toEqual({ kind: 'ok' });
    // The slip was cut and handed out: nothing takes that back.
    const final = { kind: 'final', problem: 'delivered-final' };
    expect(await port.void({ opId, reason: 'interrupted' })).toEqual(final);
    expect((await centre.verify(token)).body['status']).toBe('valid');
  });

  test('is void when its slip went back into the machine before any delivery was told', async () => {
    await signIn(centre.citizen('ouyang-jianping'));
    const opId = begin();
    const reserved = await port.reserve({ opId, kind: 'apply' });
    if (reserved.kind !== 'ok') throw new Error(reserved.kind);
    await activated(opId, reserved.baseEpoch);
    expect(await port.void({ opId, reason: 'retracted' })).toEqual({ kind: 'ok' });
    expect((await centre.verify(live.current()?.get('token') ?? '')).body['status']).toBe('void');
  });

  test('is told to the centre with every delivery there is', async () => {
    await signIn(centre.citizen('situ-wanqing'));
    const opId = begin();
    const reserved = await port.reserve({ opId, kind: 'apply' });
    if (reserved.kind !== 'ok') throw new Error(reserved.kind);
    await activated(opId, reserved.baseEpoch);
    for (const delivery of ['unconfirmed', 'cut', 'taken', 'scanned'] as const) {
      expect(await port.confirm({ opId, delivery })).toEqual({ kind: 'ok' });
      expect((await centre.status(opId)).body['delivery']).toBe(delivery);
    }
  });

  test('is refused in the words of the contract, with the last day of the code that stands against it', async () => {
    const citizen = centre.citizen('active-code');
    await signIn(citizen);
    const refused = await port.reserve({ opId: begin(), kind: 'apply' });
    expect(refused).toMatchObject({ kind: 'refused', problem: 'already-active' });
    expect(refused).toHaveProperty('validUntil', expect.stringMatching(/^\d{4}-\d\d-\d\d$/));
  });

  test('stays unknown while the centre is away', async () => {
    await signIn(centre.citizen('chen-fusheng'));
    const opId = begin();
    await centre.control('/offline', { on: true });
    expect(await port.reserve({ opId, kind: 'apply' })).toEqual({ kind: 'unknown' });
    expect(await port.void({ opId, reason: 'reserve-unknown' })).toEqual({ kind: 'unknown' });
    expect(await port.openOperations()).toEqual({ kind: 'unknown' });
  });

  test('stays unknown when the copy that was answered is not the one that counted', async () => {
    await signIn(centre.citizen('chen-fusheng'));
    const replayed = () => {
      const type = problemType('replayed');
      return Promise.resolve(err({ kind: 'problem', name: 'replayed', type, status: 401 } as const));
    };
    const doubled = { ...central, reserve: replayed, activate: replayed };
    const doubledPort = createCentrePort({ central: doubled, operations, hashKey: Buffer.from('key') });
    const opId = begin();
    expect(await doubledPort.reserve({ opId, kind: 'apply' })).toEqual({ kind: 'unknown' });
    const evidence = { grade: 'E2', processId: 'AB09' } as const;
    operations.printed(opId, { part: 'body', elements: [] });
    expect(await doubledPort.activate({ opId, baseEpoch: 0, evidence })).toEqual({ kind: 'unknown' });
  });

  test('is found again as open by whoever has lost the journal, and not once it is confirmed', async () => {
    await signIn(centre.citizen('xu-meifang'));
    const opId = begin();
    await port.reserve({ opId, kind: 'apply' });
    const open = { opId, kind: 'apply', state: 'pending', confirmed: false };
    expect(await port.openOperations()).toMatchObject({ operations: expect.arrayContaining([open]) });
    expect(await port.void({ opId, reason: 'orphan' })).toEqual({ kind: 'ok' });
    expect(JSON.stringify(await port.openOperations())).not.toContain(opId);
  });

  test('is found again as well when a later code has taken its place', async () => {
    await signIn(centre.citizen('xu-meifang'));
    const kinds = ['apply', 'reissue'] as const;
    const opIds: string[] = [];
    for (const kind of kinds) {
      const opId = begin();
      const reserved = await port.reserve({ opId, kind });
      if (reserved.kind !== 'ok') throw new Error(reserved.kind);
      await activated(opId, reserved.baseEpoch);
      opIds.push(opId);
    }
    const suspended = { opId: opIds[0], kind: 'apply', state: 'suspended', confirmed: false };
    expect(await port.openOperations()).toMatchObject({ operations: expect.arrayContaining([suspended]) });
    for (const opId of opIds) expect(await port.void({ opId, reason: 'orphan' })).toEqual({ kind: 'ok' });
  });
});

describe('a late answer of an ended session', () => {
  test("never reaches the next person's vault or paper", async () => {
    await signIn(centre.citizen('li-xiuzhen'));
    const opId = begin();
    await centre.control('/hold', { operation: 'reserve', when: 'after' });
    const late = port.reserve({ opId, kind: 'apply' });
    await held('reserve');
    live.end('timed-out');
    await signIn(centre.citizen('zhang-guoqiang'));
    await centre.control('/release', {});

    expect(await late).toEqual({ kind: 'unknown' });
    const next = live.current();
    expect([next?.get('token'), next?.get('shortCode'), next?.get('maskedName')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await printer.printBody({ opId, processId: 'AB02' })).toEqual({
      kind: 'notPrinted',
      cause: 'fault',
    });
    expect(jobs).toEqual([]);
    await port.void({ opId, reason: 'reserve-unknown' });
  });

  test('is not printed either when the next person has a slip of their own', async () => {
    await signIn(centre.citizen('li-xiuzhen'));
    const earlier = begin();
    await port.reserve({ opId: earlier, kind: 'apply' });
    live.end('timed-out');
    await signIn(centre.citizen('zhang-guoqiang'));
    const own = begin();
    await port.reserve({ opId: own, kind: 'apply' });

    expect(await printer.printBody({ opId: earlier, processId: 'AB03' })).toMatchObject({
      kind: 'notPrinted',
    });
    await printer.printBody({ opId: own, processId: 'AB04' });
    expect(jobs.map(({ processId }) => processId)).toEqual(['AB04']);
    expect(textOf(jobs[0])).toContain('张*强');
    for (const opId of [earlier, own]) await port.void({ opId, reason: 'cancelled' });
  });

  test("does not begin anything with the next person's sign-in", async () => {
    await signIn(centre.citizen('shen-dexing'));
    const opId = begin();
    live.end('timed-out');
    await signIn(centre.citizen('gu-cuiying'));
    expect(await port.reserve({ opId, kind: 'apply' })).toMatchObject({ kind: 'refused' });
    expect((await centre.status(opId)).problem).toBe('not-found');
  });

  test('of an operation that was given up leaves the token of the one after it alone', async () => {
    await signIn(centre.citizen('qian-baosheng'));
    const givenUp = begin();
    await centre.control('/hold', { operation: 'reserve', when: 'after' });
    const late = port.reserve({ opId: givenUp, kind: 'apply' });
    await held('reserve');
    operations.end(givenUp);
    await port.void({ opId: givenUp, reason: 'reserve-unknown' });
    const second = begin();
    expect(await port.reserve({ opId: second, kind: 'apply' })).toMatchObject({ kind: 'ok' });
    const token = live.current()?.get('token');
    await centre.control('/release', {});
    expect(await late).toEqual({ kind: 'unknown' });
    expect(live.current()?.get('token')).toBe(token);
    await port.void({ opId: second, reason: 'cancelled' });
  });
});

describe('the printer as issuance sees it', () => {
  test.each([
    [{}, { kind: 'ready' }],
    [{ device: 'busy' }, { kind: 'ready' }],
    [{ paper: 'out' }, { kind: 'notReady', cause: 'no-paper' }],
    [
      { cover: 'open', paper: 'out' },
      { kind: 'notReady', cause: 'cover-open' },
    ],
    [{ cutter: 'fault' }, { kind: 'notReady', cause: 'jam' }],
    [{ device: 'offline' }, { kind: 'notReady', cause: 'fault' }],
    [{ media: 'present' }, { kind: 'notReady', cause: 'slip-at-exit' }],
    [
      { media: 'present', paper: 'out' },
      { kind: 'notReady', cause: 'no-paper' },
    ],
    [{ media: 'retracted' }, { kind: 'ready' }],
  ] as const)('%j: %j', async (change, expected) => {
    status = { ...online, ...change };
    expect(await printer.preflight()).toEqual(expected);
  });

  test('addresses whose cut nobody saw are not said to be out', async () => {
    const addresses = createAddressPrinter({
      issuance: { otherPaper: (work) => work() },
      printer: () => connection as ReceiptPrinterConnection,
      today: () => '2026-11-22',
      clock: systemClock,
      printMs: 1_000,
      processId: () => 'AB08',
    });
    const page = { terminals: [{ name: '甲', address: '甲路', openingHours: '24 小时' }] };
    status = online;
    outcome = { kind: 'printed', grade: 'E2', cut: true };
    expect(await addresses(page)).toBe('printed');
    outcome = { kind: 'printed', grade: 'E2', cut: false };
    expect(await addresses(page)).toBe('unknown');
  });

  test('has the exit of whatever printer is there now, and none where there is none', () => {
    expect(printer.slipExit()).toBeUndefined();
    const exit = { whenGone: () => Promise.resolve('taken' as const) };
    connection.exit = exit;
    expect(printer.slipExit()).toBe(exit);
    connection = {};
    expect(printer.slipExit()).toBeUndefined();
  });

  test('void mark, footer and cut need no vault: they are printed after a restart too', async () => {
    const job = { opId: systemRandom.uuid(), processId: 'AB05' };
    await printer.printVoidAndCut(job);
    await printer.printFooterAndCut(job);
    await printer.cutOff(job);
    expect(jobs.map(({ cut }) => cut)).toEqual([true, true, true]);
    expect(textOf(jobs[0])).toContain('作废');
    expect(textOf(jobs[1])).toContain('已启用');
    expect(jobs[2]?.document.elements).toEqual([]);
  });

  test('a body that nobody remembers having printed activates nothing', async () => {
    const evidence = { grade: 'E2', processId: 'AB06' } as const;
    const answer = await port.activate({ opId: systemRandom.uuid(), baseEpoch: 0, evidence });
    expect(answer).toEqual({ kind: 'refused', problem: 'other' });
  });
});
