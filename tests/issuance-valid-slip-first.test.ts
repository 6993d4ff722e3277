import { expect, test } from 'vitest';
import type { OpenOperation } from '../src/issuance/ports.ts';
import { issuanceByHand, printedAndCut } from './fixtures/issuance-by-hand.ts';
import { OP, operationIn } from './fixtures/journal-operation.ts';

const LATE = '00000000-0000-4000-8000-00000000000f';
/** A reservation of an operation that was refused and forgotten arrived once more, and was taken this time. */
const lateReservation: OpenOperation = { opId: LATE, kind: 'reissue', state: 'pending', confirmed: false };

/** Killed while the footer was printed; the printer does nothing until it is told to. */
function killedAtTheFooter() {
  const byHand = issuanceByHand({
    rows: [operationIn('FOOTER').row],
    answers: {
      openOperations: async () => ({ kind: 'ok', operations: [lateReservation] }),
      purge: async () => false,
    },
  });
  void byHand.issuance.recover();
  return byHand;
}

test('while a slip that is valid may hang in the printer no 作废 is printed for another operation', async () => {
  const { issuance, clock, answers, asked, rows } = killedAtTheFooter();
  await clock.settle();
  expect([rows.get(OP)?.paperDebt, rows.get(LATE)?.paperDebt]).toEqual(['cut', 'void-mark']);
  answers.purge = async () => true;
  answers.cutOff = async () => ({ kind: 'unknown', cause: 'jam' });
  issuance.printerReady();
  await clock.settle();
  await clock.settle();
  expect(asked('cutOff', 'printVoidAndCut')).not.toContain('printVoidAndCut');
  expect([rows.get(OP)?.paperDebt, rows.get(LATE)?.paperDebt]).toEqual(['cut', 'void-mark']);
});

test('it is cut off first, whichever of the two is tried', async () => {
  const { issuance, clock, answers, asked, rows } = killedAtTheFooter();
  await clock.settle();
  answers.purge = async () => true;
  // The first try of the cut fails; the mark, which is next, tries it again.
  answers.cutOff = async () => {
    answers.cutOff = async () => printedAndCut;
    return { kind: 'unknown', cause: 'fault' };
  };
  issuance.printerReady();
  await clock.settle();
  await clock.settle();
  expect(asked('cutOff', 'printVoidAndCut')).toEqual(['cutOff', 'cutOff', 'printVoidAndCut']);
  expect(rows.size).toBe(0);
});
