import { describe, expect, test } from 'vitest';
import { step } from '../src/issuance/reducer.ts';
import type { Effect, IssuanceEvent } from '../src/issuance/reducer.ts';
import { isEnough, weaker } from '../src/issuance/settings.ts';
import type { JournalState } from '../src/issuance/transitions.ts';
import { JOURNAL_STATES, nextState } from '../src/issuance/transitions.ts';
import { bodyPrinted, footerPrinted, jam, MOVES, printedAs } from './fixtures/issuance-moves.ts';
import { BEGUN, OP, operationIn } from './fixtures/journal-operation.ts';

const E2 = { minimumEvidence: 'E2' } as const;

describe('a step, to the letter', () => {
  test.for(MOVES.map((move) => [`${move.from} ${JSON.stringify(move.event)}`, move] as const))(
    '%s',
    ([, { from, holding, event, trigger, to, patch, does, failure }]) => {
      const before = operationIn(from, holding);
      expect(step(before, event, E2)).toEqual({
        trigger,
        state: {
          row: { ...before.row, ...patch, state: to },
          validUntil: trigger === 'reserved' ? '2027-05-21' : before.validUntil,
          failure: failure === undefined ? null : { at: from, why: failure },
        },
        effects: [{ type: 'journal', write: { kind: 'move', opId: OP, from, to, patch } }, ...does],
      });
    },
  );

  test.for([
    [
      { type: 'begin', opId: OP, kind: 'reissue' },
      'begin',
      'INTENT',
      {},
      [{ type: 'reserve', kind: 'reissue' }],
    ],
    [
      { type: 'orphan-found', opId: OP, kind: 'reissue' },
      'orphan',
      'VOIDING',
      { reason: 'orphan', paperDebt: 'void-mark' },
      [
        { type: 'clear-paper', debt: 'void-mark' },
        { type: 'void', reason: 'orphan' },
      ],
    ],
    [
      { type: 'paper-unknown', opId: OP },
      'orphan',
      'VOIDING',
      { kind: 'apply', reason: 'orphan', paperDebt: 'void-mark', centreSettled: true },
      [{ type: 'clear-paper', debt: 'void-mark' }],
    ],
  ] as const)('%j inserts a row', ([event, trigger, state, holding, does]) => {
    const row = { ...BEGUN, state, ...holding };
    expect(step(null, event, E2)).toEqual({
      state: { row, validUntil: null, failure: null },
      effects: [{ type: 'journal', write: { kind: 'insert', row } }, ...does],
      trigger,
    });
  });

  test.for([
    [
      'INTENT',
      {},
      { type: 'reserve-answered', attempts: 1, answer: { kind: 'refused', problem: 'x' } },
      'refused',
    ],
    ['VOIDING', { paperDebt: 'none' }, { type: 'centre-settled', done: false }, 'finished'],
    ['VOIDING', { paperDebt: 'cut', centreSettled: true }, { type: 'paper-cleared' }, 'finished'],
    ['DONE_U', { delivery: 'unconfirmed' }, { type: 'centre-settled', done: true }, 'finished'],
    ['DONE', { delivery: 'cut' }, { type: 'centre-settled', done: true }, 'finished'],
  ] as const)('%s %j closes on %j', ([from, holding, event, trigger]) => {
    expect(step(operationIn(from, holding), event, E2)).toEqual({
      state: null,
      effects: [{ type: 'journal', write: { kind: 'close', opId: OP } }],
      trigger,
    });
  });
});

describe('an event that means nothing where it comes', () => {
  const everywhere: readonly (readonly [IssuanceEvent, readonly JournalState[]])[] = [
    [{ type: 'reserve-answered', attempts: 1, answer: { kind: 'unknown' } }, ['INTENT']],
    [{ type: 'proceed', processId: '0A1C' }, ['RESERVED', 'PRINTED', 'ACTIVE']],
    [bodyPrinted(printedAs('E2', false)), ['PRINTING']],
    [{ type: 'activate-answered', answer: { kind: 'ok' } }, ['ACTIVATING']],
    [{ type: 'activate-answered', answer: { kind: 'unknown' } }, ['ACTIVATING']],
    [footerPrinted(printedAs('E2', true)), ['FOOTER']],
    [{ type: 'delivery-reported', delivery: 'cut' }, ['DONE']],
    [{ type: 'slip-retracted' }, ['DONE']],
    [{ type: 'paper-cleared' }, []],
    [{ type: 'centre-settled', done: true }, ['DONE_U', 'VOIDING']],
    [{ type: 'cancelled' }, ['INTENT', 'RESERVED', 'PRINTING', 'PRINTED', 'ACTIVATING', 'ACTIVE']],
    [{ type: 'paper-owed' }, []],
    [{ type: 'centre-pending' }, []],
    [{ type: 'begin', opId: OP, kind: 'apply' }, []],
    [{ type: 'orphan-found', opId: OP, kind: 'apply' }, []],
    [{ type: 'paper-unknown', opId: OP }, []],
  ];

  test.for(everywhere)('%j changes nothing outside of %j', ([event, means]) => {
    for (const state of JOURNAL_STATES) {
      const before = operationIn(state);
      const after = step(before, event, E2);
      if (means.includes(state)) expect(after.trigger, state).not.toBeNull();
      else expect(after, state).toEqual({ state: before, effects: [], trigger: null });
    }
    if (!['begin', 'orphan-found', 'paper-unknown'].includes(event.type))
      expect(step(null, event, E2)).toEqual({ state: null, effects: [], trigger: null });
  });

  test('a delivery that is told already is not told again, and what is settled is not settled again', () => {
    for (const [state, holding, event] of [
      ['DONE', { delivery: 'cut' }, { type: 'delivery-reported', delivery: 'taken' }],
      ['DONE_U', { centreSettled: true, paperDebt: 'cut' }, { type: 'centre-settled', done: true }],
      ['DONE', {}, { type: 'centre-settled', done: true }],
    ] as const) {
      const before = operationIn(state, holding);
      expect(step(before, event, E2)).toEqual({ state: before, effects: [], trigger: null });
    }
  });
});

describe('found at boot, what is still owed is done', () => {
  test.for([
    ['VOIDING', { paperDebt: 'void-mark', reason: 'cancelled' }, ['void-mark', 'cancelled']],
    ['VOIDING', { paperDebt: 'none', reason: 'cancelled' }, ['cancelled']],
    ['VOIDING', { paperDebt: 'void-mark', centreSettled: true }, ['void-mark']],
    ['VOIDING', { reason: null }, ['interrupted']],
    ['DONE_U', { paperDebt: 'cut', delivery: 'unconfirmed' }, ['cut', 'unconfirmed']],
    ['DONE_U', { paperDebt: 'cut', delivery: 'unconfirmed', centreSettled: true }, ['cut']],
    ['DONE', { delivery: 'taken' }, ['taken']],
    ['DONE_U', { delivery: null }, []],
  ] as const)('%s %j: %j', ([state, holding, owed]) => {
    const before = operationIn(state, holding);
    const { state: after, effects, trigger } = step(before, { type: 'booted' }, E2);
    expect(after).toBe(before);
    expect(trigger).toBeNull();
    const word = (effect: Effect) =>
      effect.type === 'clear-paper'
        ? effect.debt
        : effect.type === 'void'
          ? effect.reason
          : effect.type === 'confirm'
            ? effect.delivery
            : effect.type;
    expect(effects.map(word)).toEqual(owed);
  });
});

test('a row that has lost its proof and its epoch is told so that the centre refuses it', () => {
  const lost = operationIn('PRINTED', { processId: null, evidence: null, baseEpoch: null });
  expect(step(lost, { type: 'proceed', processId: '0A1C' }, E2).effects.at(-1)).toEqual({
    type: 'activate',
    baseEpoch: -1,
    evidence: { grade: 'E0', processId: '' },
  });
});

test('what an earlier step has told of validity and failure stays', () => {
  const failed = {
    ...operationIn('VOIDING', { paperDebt: 'cut' }),
    failure: { at: 'PRINTING', why: jam },
  } as const;
  const { state } = step(failed, { type: 'centre-settled', done: true }, E2);
  expect(state).toMatchObject({ validUntil: '2027-05-20', failure: { at: 'PRINTING', why: jam } });
});

test('grades are ordered, and a slip is proven no better than its worse part', () => {
  const grades = ['E0', 'E1', 'E2', 'E3'] as const;
  for (const [better, grade] of grades.entries()) {
    for (const [worse, other] of grades.entries()) {
      expect(isEnough(grade, other), `${grade} ${other}`).toBe(better >= worse);
      expect(weaker(grade, other)).toBe(grades[Math.min(better, worse)]);
    }
    expect(weaker(grade, null)).toBe(grade);
  }
});

test('the protocol has no way from where there is none', () => {
  expect(nextState('DONE', 'proof')).toBeNull();
  expect(nextState('NONE', 'reserved')).toBeNull();
});
