import { expect, test } from 'vitest';
import type { OpenOperation } from '../src/issuance/ports.ts';
import { issuanceByHand, never } from './fixtures/issuance-by-hand.ts';
import { OP, operationIn } from './fixtures/journal-operation.ts';

const LOST = '00000000-0000-4000-8000-00000000000f';
const open = (changes: Partial<OpenOperation> = {}): OpenOperation => ({
  opId: LOST,
  kind: 'apply',
  state: 'pending',
  confirmed: false,
  ...changes,
});

test('before the scan nobody is served, after it everybody', async () => {
  const { issuance, clock, asked, run } = issuanceByHand();
  expect(issuance.obstacle()).toBe('recovering');
  const refused = issuance.runIssuance({ kind: 'apply' });
  expect(await refused.outcome).toEqual({ kind: 'not-ready', reason: 'recovering' });
  const scanned = issuance.recover();
  await clock.settle();
  expect(await scanned).toBe(true);
  expect(issuance.obstacle()).toBeNull();
  expect(asked()).toEqual(['openOperations']);
  expect((await run()).outcome()).toMatchObject({ kind: 'issued' });
});

test('each row takes its boot action, before the centre is asked', async () => {
  const { issuance, clock, asked, rows, requests } = issuanceByHand({ rows: [operationIn('PRINTED').row] });
  void issuance.recover();
  await clock.settle();
  expect(asked('void', 'printVoidAndCut', 'openOperations')).toEqual(
    expect.arrayContaining(['void', 'printVoidAndCut', 'openOperations']),
  );
  expect(asked()[0]).toBe('void');
  expect(requests('void')).toEqual([{ opId: OP, reason: 'interrupted' }]);
  expect(rows.size).toBe(0);
});

test('until the scan is answered it is repeated, with growing pauses and at least every ten seconds', async () => {
  const { issuance, clock, calls, answers } = issuanceByHand();
  answers.openOperations = async () => ({ kind: 'unknown' });
  let scanned: boolean | undefined;
  void issuance.recover().then((value) => (scanned = value));
  await clock.advance(46_000);
  expect(calls.map(({ atMs }) => atMs)).toEqual([0, 1_000, 3_000, 7_000, 15_000, 25_000, 35_000, 45_000]);
  expect(scanned).toBeUndefined();
  expect(issuance.obstacle()).toBe('recovering');
  answers.openOperations = async () => ({ kind: 'ok', operations: [] });
  await clock.advance(9_000);
  expect(scanned).toBe(true);
});

test('a scan without an answer is asked again after its time', async () => {
  const { issuance, clock, calls } = issuanceByHand({ answers: { openOperations: never } });
  void issuance.recover();
  await clock.advance(9_000);
  expect(calls.map(({ atMs }) => atMs)).toEqual([0, 9_000]);
});

test.for(['pending', 'active', 'suspended'] as const)(
  'an open operation that the journal has lost (%s) is voided with an alarm, on paper as well',
  async (state) => {
    const { issuance, clock, log, requests, rows } = issuanceByHand({
      answers: { openOperations: async () => ({ kind: 'ok', operations: [open({ state })] }) },
    });
    expect(await Promise.race([issuance.recover(), clock.settle()])).toBe(true);
    await clock.settle();
    expect(log[0]).toEqual({ event: 'orphan', opId: LOST, state });
    expect(log[1]).toMatchObject({ event: 'transition', from: 'NONE', to: 'VOIDING', trigger: 'orphan' });
    expect(requests('void')).toEqual([{ opId: LOST, reason: 'orphan' }]);
    expect(requests('printVoidAndCut')).toMatchObject([{ opId: LOST }]);
    expect(rows.size).toBe(0);
  },
);

test('one whose delivery was told is not ours to void, nor is one that the journal knows', async () => {
  const { issuance, clock, log, requests } = issuanceByHand({
    rows: [operationIn('DONE', { delivery: 'cut' }).row],
    answers: {
      openOperations: async () => ({
        kind: 'ok',
        operations: [open({ confirmed: true }), open({ opId: OP, state: 'active' })],
      }),
    },
  });
  void issuance.recover();
  await clock.settle();
  expect(requests('void')).toEqual([]);
  expect(requests('confirm')).toEqual([{ opId: OP, delivery: 'cut' }]);
  expect(log.filter(({ event }) => event === 'orphan')).toEqual([]);
});

test('the answer to the scan says that the centre can be reached: what waits is told at once', async () => {
  const { issuance, clock, answers, requests } = issuanceByHand({
    rows: [operationIn('VOIDING', { reason: 'cancelled' }).row],
  });
  const scan = Promise.withResolvers<{ kind: 'ok'; operations: [] }>();
  answers.openOperations = () => scan.promise;
  answers.void = async () => ({ kind: 'unknown' });
  void issuance.recover();
  await clock.settle();
  expect(requests('void')).toHaveLength(1);
  answers.void = async () => ({ kind: 'ok' });
  scan.resolve({ kind: 'ok', operations: [] });
  await clock.settle();
  expect(requests('void')).toHaveLength(2);
});

test('stopped during the scan, it ends, and nothing of its answer is taken up', async () => {
  const { issuance, clock, answers, log, asked } = issuanceByHand();
  const scan = Promise.withResolvers<{ kind: 'ok'; operations: OpenOperation[] }>();
  answers.openOperations = () => scan.promise;
  const scanned = issuance.recover();
  await clock.settle();
  issuance.stop();
  scan.resolve({ kind: 'ok', operations: [open()] });
  await clock.settle();
  expect(await scanned).toBe(false);
  expect(log).toEqual([]);
  expect(asked()).toEqual(['openOperations']);
  expect(issuance.obstacle()).toBe('stopped');
});

test('stopped during a pause, the scan ends at once', async () => {
  const { issuance, clock, asked } = issuanceByHand({
    answers: { openOperations: async () => ({ kind: 'unknown' }) },
  });
  const scanned = issuance.recover();
  await clock.advance(1_500);
  issuance.stop();
  expect(await scanned).toBe(false);
  expect(clock.pendingTasks()).toBe(0);
  expect(asked()).toHaveLength(2);
});

test('stopped before it begins, nobody is asked', async () => {
  const { issuance, asked } = issuanceByHand();
  issuance.stop();
  expect(await issuance.recover()).toBe(false);
  expect(asked()).toEqual([]);
});

test('a journal that cannot be read ends the agent', async () => {
  const byHand = issuanceByHand();
  byHand.journalThrows = 'always';
  expect(await byHand.issuance.recover()).toBe(false);
  expect(byHand.fatal).toEqual([new Error('the disk is gone')]);
  expect(byHand.asked()).toEqual([]);
});

test('a journal that fails while the lost operations are written down ends the agent, and the scan with it', async () => {
  const byHand = issuanceByHand();
  byHand.answers.openOperations = async () => {
    byHand.journalThrows = 'always';
    return { kind: 'ok', operations: [open()] };
  };
  const scanned = byHand.issuance.recover();
  await byHand.clock.settle();
  expect(await scanned).toBe(false);
  expect(byHand.fatal).toHaveLength(1);
  expect(byHand.asked()).toEqual(['openOperations']);
});

test('an adapter that throws at the scan is a bug, and ends the agent', async () => {
  const { issuance, clock, fatal } = issuanceByHand({
    answers: { openOperations: () => Promise.reject(new Error('bug')) },
  });
  const scanned = issuance.recover();
  await clock.settle();
  expect(await scanned).toBe(false);
  expect(fatal).toEqual([new Error('bug')]);
});

const NEW = '00000000-0000-4000-8000-000000000001';

test('after a lost journal a void mark is owed to unknown paper before anything else, and nothing to the centre', async () => {
  const { issuance, clock, rows, requests, asked, answers } = issuanceByHand();
  answers.printVoidAndCut = async () => ({ kind: 'unknown', cause: 'jam' });
  const owed: unknown[] = [];
  void issuance.recover({ accountedFor: () => owed.push(structuredClone([...rows.values()]), asked()) });
  await clock.settle();
  const row = { opId: NEW, state: 'VOIDING', reason: 'orphan', paperDebt: 'void-mark', centreSettled: true };
  expect(owed).toMatchObject([[row], []]);
  expect(requests('printVoidAndCut')).toMatchObject([{ opId: NEW }]);
  expect(requests('void')).toEqual([]);
  expect(issuance.unresolvedCount()).toBe(0);
  answers.printVoidAndCut = async () => ({ kind: 'printed', grade: 'E2', cut: true });
  issuance.printerReady();
  await clock.settle();
  expect(rows.size).toBe(0);
});

test('without a loss nothing is owed to unknown paper', async () => {
  const { issuance, clock, asked, log } = issuanceByHand();
  void issuance.recover();
  await clock.settle();
  expect(asked()).toEqual(['openOperations']);
  expect(log).toEqual([]);
});

test('a lost journal whose mark cannot be written down is lost still', async () => {
  const byHand = issuanceByHand();
  let accounted = false;
  byHand.journalThrows = 'writing';
  const scanned = byHand.issuance.recover({ accountedFor: () => (accounted = true) });
  await byHand.clock.settle();
  expect(await scanned).toBe(false);
  expect(accounted).toBe(false);
  expect(byHand.fatal).toEqual([new Error('the disk is gone')]);
});

test('a loss that cannot be accounted for ends the agent', async () => {
  const { issuance, clock, fatal } = issuanceByHand();
  const bug = new Error('the mark cannot be taken away');
  const scanned = issuance.recover({
    accountedFor: () => {
      throw bug;
    },
  });
  await clock.settle();
  expect(await scanned).toBe(false);
  expect(fatal).toEqual([bug]);
});
