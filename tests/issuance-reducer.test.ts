import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PrintResult } from '../src/issuance/ports.ts';
import type { IssuanceEvent, Operation } from '../src/issuance/reducer.ts';
import { step } from '../src/issuance/reducer.ts';
import { JOURNAL_STATES, nextState, TRANSITIONS } from '../src/issuance/transitions.ts';
import { OP, operationIn } from './fixtures/journal-operation.ts';

const cause = fc.constantFrom('no-paper', 'cover-open', 'jam', 'fault');
const printResult: fc.Arbitrary<PrintResult> = fc.oneof(
  fc.record({
    kind: fc.constant('printed'),
    grade: fc.constantFrom('E0', 'E1', 'E2', 'E3'),
    cut: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('notPrinted'), cause }),
  fc.record({ kind: fc.constant('unknown'), cause }),
);
const unknown = fc.constant({ kind: 'unknown' } as const);
const event: fc.Arbitrary<IssuanceEvent> = fc.oneof(
  fc.record({ type: fc.constant('begin'), opId: fc.constant(OP), kind: fc.constantFrom('apply', 'reissue') }),
  fc.record({ type: fc.constant('orphan-found'), opId: fc.constant(OP), kind: fc.constant('apply') }),
  fc.record({
    type: fc.constant('reserve-answered'),
    attempts: fc.constantFrom(1, 2),
    answer: fc.oneof(
      fc.constant({ kind: 'ok', baseEpoch: 4, validUntil: '2027-05-20', tokenHash: 'aa' } as const),
      fc.constant({ kind: 'refused', problem: 'daily-limit' } as const),
      unknown,
    ),
  }),
  fc.record({ type: fc.constant('proceed'), processId: fc.constant('0A1B') }),
  fc.record({ type: fc.constant('body-printed'), result: printResult }),
  fc.record({
    type: fc.constant('activate-answered'),
    answer: fc.oneof(
      fc.constant({ kind: 'ok' } as const),
      fc.constant({ kind: 'refused', problem: 'gone' } as const),
      unknown,
    ),
  }),
  fc.record({ type: fc.constant('footer-printed'), result: printResult }),
  fc.record({
    type: fc.constant('delivery-reported'),
    delivery: fc.constantFrom('unconfirmed', 'cut', 'taken', 'scanned'),
  }),
  fc.record({ type: fc.constant('centre-settled'), done: fc.boolean() }),
  fc.constantFrom(
    { type: 'slip-retracted' } as const,
    { type: 'paper-cleared' } as const,
    { type: 'paper-owed' } as const,
    { type: 'centre-pending' } as const,
    { type: 'cancelled' } as const,
    { type: 'booted' } as const,
  ),
);

function after(state: Operation, event: IssuanceEvent, minimumEvidence: 'E1' | 'E2' = 'E2') {
  return step(state, event, { minimumEvidence });
}

test('whatever comes in whatever order, only moves of the table reach the journal, and before anything is done', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), fc.constantFrom('E1', 'E2'), (events, minimum) => {
      let state: Operation | null = null;
      for (const next of events) {
        const before: Operation | null = state;
        const {
          state: now,
          effects,
          trigger,
        }: ReturnType<typeof step> = step(before, next, {
          minimumEvidence: minimum,
        });
        const writes = effects.filter(({ type }) => type === 'journal');
        if (trigger === null) {
          expect(now).toBe(before);
          expect(writes).toEqual([]);
          expect(effects.length === 0 || next.type === 'booted').toBe(true);
        } else {
          expect(nextState(before?.row.state ?? 'NONE', trigger)).toBe(now?.row.state ?? 'CLOSED');
          expect(writes).toHaveLength(1);
          expect(effects[0]?.type).toBe('journal');
        }
        state = now;
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a body is sent to the printer once in the life of an operation, and a footer only after activation', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 80 }), (events) => {
      let state: Operation | null = step(
        null,
        { type: 'begin', opId: OP, kind: 'apply' },
        { minimumEvidence: 'E1' },
      ).state;
      let bodies = 0;
      let activated = false;
      for (const next of events) {
        const result: ReturnType<typeof step> = step(state, next, { minimumEvidence: 'E1' });
        if (state === null) break;
        if (next.type === 'activate-answered' && next.answer.kind === 'ok' && result.trigger !== null) {
          activated = true;
        }
        for (const { type } of result.effects) {
          if (type === 'print-body') bodies += 1;
          if (type === 'print-footer') expect(activated).toBe(true);
        }
        state = result.state;
      }
      expect(bodies).toBeLessThanOrEqual(1);
    }),
    { numRuns: 2_000 },
  );
});

test('a closed operation stays closed, and right of the footer only what a sensor saw of the paper leads to void', () => {
  for (const { from, to, trigger } of TRANSITIONS) {
    expect(from).not.toBe('CLOSED');
    const rightOfFooter = from === 'FOOTER' || from === 'DONE' || from === 'DONE_U';
    if (rightOfFooter && to === 'VOIDING') {
      expect(trigger).toBe(from === 'FOOTER' ? 'nothing-printed' : 'retracted');
    }
  }
  for (const state of JOURNAL_STATES) {
    expect(TRANSITIONS.filter(({ from }) => from === state).length, state).toBeGreaterThan(0);
    expect(TRANSITIONS.filter(({ to }) => to === state).length, state).toBeGreaterThan(0);
  }
});

test.for([
  ['E2', 'E0', 'VOIDING'],
  ['E2', 'E1', 'VOIDING'],
  ['E2', 'E2', 'PRINTED'],
  ['E2', 'E3', 'PRINTED'],
  ['E1', 'E0', 'VOIDING'],
  ['E1', 'E1', 'PRINTED'],
] as const)('with %s required, a body proven by %s leads to %s', ([minimum, grade, to]) => {
  const result = { kind: 'printed', grade, cut: false } as const;
  expect(after(operationIn('PRINTING'), { type: 'body-printed', result }, minimum).state?.row.state).toBe(to);
});

test('a body of which not a dot is on paper needs no void mark, a doubtful one does', () => {
  const clean = after(operationIn('PRINTING'), {
    type: 'body-printed',
    result: { kind: 'notPrinted', cause: 'no-paper' },
  });
  expect(clean.effects.map(({ type }) => type)).toEqual(['journal', 'void']);
  const doubtful = after(operationIn('PRINTING'), {
    type: 'body-printed',
    result: { kind: 'unknown', cause: 'jam' },
  });
  expect(doubtful.effects.map(({ type }) => type)).toEqual(['journal', 'clear-paper', 'void']);
});

test('a footer that was not cut, or not proven, leaves the code valid and unconfirmed', () => {
  for (const result of [
    { kind: 'unknown', cause: 'jam' },
    { kind: 'printed', grade: 'E2', cut: false },
    { kind: 'printed', grade: 'E0', cut: true },
  ] as const) {
    const { state, effects } = after(operationIn('FOOTER'), { type: 'footer-printed', result });
    expect(state?.row).toMatchObject({ state: 'DONE_U', delivery: 'unconfirmed' });
    expect(effects.at(-1)).toEqual({ type: 'confirm', delivery: 'unconfirmed' });
  }
});

test('a footer of which not a dot is on paper voids the code and marks the paper', () => {
  const result = { kind: 'notPrinted', cause: 'cover-open' } as const;
  const { state } = after(operationIn('FOOTER'), { type: 'footer-printed', result });
  expect(state?.row).toMatchObject({
    state: 'VOIDING',
    reason: 'footer-not-printed',
    paperDebt: 'void-mark',
  });
});

test.for([
  ['INTENT', 'VOIDING', 'none'],
  ['RESERVED', 'VOIDING', 'none'],
  ['PRINTING', 'VOIDING', 'void-mark'],
  ['PRINTED', 'VOIDING', 'void-mark'],
  ['ACTIVATING', 'VOIDING', 'void-mark'],
  ['ACTIVE', 'VOIDING', 'void-mark'],
  ['FOOTER', 'DONE_U', 'cut'],
  ['DONE', 'DONE_U', 'none'],
] as const)(
  'found in %s at boot, an operation goes to %s and owes the paper: %s',
  ([from, to, paperDebt]) => {
    expect(after(operationIn(from), { type: 'booted' }).state?.row).toMatchObject({ state: to, paperDebt });
  },
);

test('a slip that went back voids the operation and owes nothing to the paper; not once a delivery was told', () => {
  const { state, effects } = after(operationIn('DONE'), { type: 'slip-retracted' });
  expect(state?.row).toMatchObject({
    state: 'VOIDING',
    reason: 'retracted',
    paperDebt: 'none',
    delivery: null,
  });
  expect(effects.map(({ type }) => type)).toEqual(['journal', 'void']);
  for (const told of [
    operationIn('DONE', { delivery: 'taken' }),
    operationIn('DONE_U', { delivery: 'unconfirmed' }),
  ]) {
    expect(after(told, { type: 'slip-retracted' })).toEqual({ state: told, effects: [], trigger: null });
  }
});

test.for([
  ['unconfirmed', 'DONE_U'],
  ['cut', 'DONE'],
  ['taken', 'DONE'],
  ['scanned', 'DONE'],
] as const)('a slip told as %s is confirmed so, in %s', ([delivery, to]) => {
  const { state, effects } = after(operationIn('DONE'), { type: 'delivery-reported', delivery });
  expect(state?.row).toMatchObject({ state: to, delivery });
  expect(effects.at(-1)).toEqual({ type: 'confirm', delivery });
});

test('a slip is proven no better than its worse part', () => {
  const result = { kind: 'printed', grade: 'E2', cut: true } as const;
  const weak = after(operationIn('FOOTER', { evidence: 'E1' }), { type: 'footer-printed', result }, 'E1');
  expect(weak.state?.row).toMatchObject({ state: 'DONE', evidence: 'E1' });
  const good = after(operationIn('FOOTER', { evidence: 'E3' }), { type: 'footer-printed', result });
  expect(good.state?.row.evidence).toBe('E2');
});

test('found at boot with its delivery told, an operation is confirmed again as it was told', () => {
  const { state, effects } = after(operationIn('DONE', { delivery: 'cut' }), { type: 'booted' });
  expect(state?.row.state).toBe('DONE');
  expect(effects).toEqual([{ type: 'confirm', delivery: 'cut' }]);
});

test('an operation closes only when both the centre and the paper are in order, in either order', () => {
  const voiding = operationIn('VOIDING', { paperDebt: 'void-mark' });
  const settled = after(voiding, { type: 'centre-settled', done: true }).state;
  expect(settled?.row).toMatchObject({ state: 'VOIDING', centreSettled: true });
  if (settled !== null && settled !== undefined)
    expect(after(settled, { type: 'paper-cleared' }).state).toBeNull();
  const cleared = after(voiding, { type: 'paper-cleared' }).state;
  expect(cleared?.row).toMatchObject({ state: 'VOIDING', paperDebt: 'none' });
  if (cleared !== null && cleared !== undefined) {
    expect(after(cleared, { type: 'centre-settled', done: true }).state).toBeNull();
  }
});

test('a refusal to the first attempt closes at once; after an attempt without answer it needs a tombstone', () => {
  const answer = { kind: 'refused', problem: 'already-active' } as const;
  expect(after(operationIn('INTENT'), { type: 'reserve-answered', answer, attempts: 1 }).state).toBeNull();
  const second = after(operationIn('INTENT'), { type: 'reserve-answered', answer, attempts: 2 });
  expect(second.effects.at(-1)).toEqual({ type: 'void', reason: 'reserve-unknown' });
});
