import { describe, expect, test } from 'vitest';
import type { PrintResult } from '../src/issuance/ports.ts';
import { issuanceByHand, never, printedAndCut } from './fixtures/issuance-by-hand.ts';

const JAM: PrintResult = { kind: 'unknown', cause: 'jam' };

describe('other work on the printer', () => {
  test('is done while nothing of an issuance is on the paper', async () => {
    const { issuance, recovered } = await idle();
    await recovered;
    expect(await issuance.otherPaper(() => Promise.resolve('done'))).toBe('done');
    expect(issuance.obstacle()).toBeNull();
  });

  test('leaves nothing in the buffer to the next slip', async () => {
    const { issuance, asked, run } = issuanceByHand();
    await run();
    const purges = () => asked().filter((what) => what === 'purge').length;
    const before = purges();
    expect(await issuance.otherPaper(() => Promise.resolve('done'))).toBe('done');
    await run();
    expect(purges()).toBe(before + 1);
  });

  test('is not begun before recovery has looked, nor after the end', async () => {
    const { issuance } = issuanceByHand();
    expect(await issuance.otherPaper(unwanted)).toBe('busy');
    issuance.stop();
    expect(await issuance.otherPaper(unwanted)).toBe('busy');
  });

  test('waits for nobody: while a slip is printed it is refused', async () => {
    const { run, issuance } = issuanceByHand({ answers: { printBody: never } });
    await run();
    expect(await issuance.otherPaper(unwanted)).toBe('busy');
  });

  test('keeps every issuance out while it lasts, and lets go when it fails', async () => {
    const { issuance, recovered } = await idle();
    await recovered;
    const work = Promise.withResolvers<string>();
    const other = issuance.otherPaper(() => work.promise);
    await Promise.resolve();
    expect(issuance.obstacle()).toBe('busy');
    expect(await issuance.runIssuance({ kind: 'apply' }).outcome).toEqual({
      kind: 'not-ready',
      reason: 'busy',
    });
    expect(await issuance.otherPaper(unwanted)).toBe('busy');
    work.reject(new Error('cable'));
    await expect(other).rejects.toThrow('cable');
    expect(issuance.obstacle()).toBeNull();
  });

  test('never comes onto a body that still hangs there: that is cut off first, or nothing is printed', async () => {
    const jammed = async (): Promise<PrintResult> => ({ kind: 'notPrinted', cause: 'jam' });
    const { run, issuance, asked, answers, clock } = issuanceByHand({
      answers: { printBody: async () => JAM, printVoidAndCut: jammed, cutOff: jammed },
    });
    await run();
    await clock.advance(60_000);
    expect(await other(issuance, clock)).toBe('busy');
    answers.printVoidAndCut = async () => printedAndCut;
    const before = asked().length;
    expect(await other(issuance, clock)).toBe('done');
    expect(asked().slice(before)).toContain('printVoidAndCut');
  });
});

function unwanted(): Promise<never> {
  throw new Error('something was printed');
}

async function other(
  issuance: ReturnType<typeof issuanceByHand>['issuance'],
  clock: ReturnType<typeof issuanceByHand>['clock'],
): Promise<string> {
  const work = issuance.otherPaper(() => Promise.resolve('done'));
  await clock.advance(120_000);
  return work;
}

function idle() {
  const { issuance, clock } = issuanceByHand();
  const recovered = issuance.recover();
  return clock.settle().then(() => ({ issuance, recovered }));
}
