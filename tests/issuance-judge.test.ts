import { expect, test } from 'vitest';
import { createOutcomeJudge } from '../src/issuance/outcome.ts';
import type { IssuanceOutcome } from '../src/issuance/outcome.ts';
import type { IssueKind, JournalRow } from '../src/issuance/ports.ts';
import type { Failure, IssuanceEvent, Operation } from '../src/issuance/reducer.ts';
import type { JournalState } from '../src/issuance/transitions.ts';
import { operationIn } from './fixtures/journal-operation.ts';

const PENDING: IssuanceEvent = { type: 'centre-pending' };
const settled = (done: boolean): IssuanceEvent => ({ type: 'centre-settled', done });
const CANCELLED: IssuanceEvent = { type: 'cancelled' };

const judgeOf = (kind: IssueKind) => createOutcomeJudge(kind, () => 'sees');

function voiding(at: JournalState, why: Failure, holding: Partial<JournalRow> = {}): Operation {
  return { ...operationIn('VOIDING', holding), failure: { at, why } };
}

/** What a judge says to each event that a voided operation sees, until the row closes with the last. */
function wordsOn(
  kind: IssueKind,
  operation: Operation,
  events: readonly IssuanceEvent[],
): readonly (IssuanceOutcome | null)[] {
  const judge = judgeOf(kind);
  return events.map((event) => judge(event, event.type === 'centre-settled' ? null : operation));
}

const isVoided = (reason: string, oldCodeStillValid: boolean) => ({
  kind: 'voided',
  reason,
  oldCodeStillValid,
});

test('a slip that is out is told with its proof and its exit', () => {
  const done = operationIn('DONE', { evidence: 'E3' });
  expect(judgeOf('apply')({ type: 'proceed', processId: '' }, done)).toEqual({
    kind: 'issued',
    validUntil: '2027-05-20',
    delivery: 'cut',
    evidence: 'E3',
    exit: 'sees',
  });
  const unknown = { ...operationIn('DONE'), validUntil: null };
  expect(judgeOf('apply')(PENDING, unknown)).toMatchObject({ validUntil: '', evidence: 'E0' });
});

test('a slip of which nobody knows is told as unconfirmed', () => {
  expect(judgeOf('apply')(PENDING, operationIn('DONE_U'))).toEqual({
    kind: 'issued',
    validUntil: '2027-05-20',
    delivery: 'unconfirmed',
  });
});

test('as long as an operation goes on, nothing is said', () => {
  for (const state of [
    'INTENT',
    'RESERVED',
    'PRINTING',
    'PRINTED',
    'ACTIVATING',
    'ACTIVE',
    'FOOTER',
  ] as const)
    expect(judgeOf('apply')(PENDING, operationIn(state))).toBeNull();
  expect(judgeOf('apply')(PENDING, null)).toBeNull();
});

test('one that was voided in an earlier life is nothing to this person', () => {
  expect(judgeOf('apply')(PENDING, operationIn('VOIDING'))).toBeNull();
});

test.for([
  [
    { kind: 'refused', problem: 'daily-limit' },
    { kind: 'refused', problem: 'daily-limit' },
  ],
  [
    { kind: 'refused', problem: 'already-active', validUntil: '2027-01-01' },
    { kind: 'refused', problem: 'already-active', validUntil: '2027-01-01' },
  ],
  [{ kind: 'unknown' }, { kind: 'unreachable' }],
] as const)('closed by the answer to the reservation: %j', ([answer, outcome]) => {
  const event = { type: 'reserve-answered', attempts: 1, answer } as const;
  expect(judgeOf('apply')(event, null)).toStrictEqual(outcome);
});

test.for([
  [{ kind: 'no-answer' }, { kind: 'unreachable' }],
  [
    { kind: 'refused', problem: 'daily-limit' },
    { kind: 'refused', problem: 'daily-limit' },
  ],
  [{ kind: 'cancelled' }, isVoided('cancelled', true)],
] as const)('voided before anything was reserved, because of %j', ([why, outcome]) => {
  expect(wordsOn('reissue', voiding('INTENT', why), [CANCELLED])).toEqual([outcome]);
});

test.for([
  [{ kind: 'printer', cause: 'jam' }, 'jam'],
  [{ kind: 'no-answer' }, 'centre'],
  [{ kind: 'refused', problem: 'gone' }, 'centre'],
  [{ kind: 'interrupted' }, 'interrupted'],
] as const)('why it was voided is said in one word: %j', ([why, reason]) => {
  expect(wordsOn('reissue', voiding('PRINTING', why), [CANCELLED])).toEqual([isVoided(reason, true)]);
});

test('what hangs in the printer is spoken of when it was cut off, or could not be', () => {
  const hanging = voiding('PRINTING', { kind: 'cancelled' }, { paperDebt: 'void-mark' });
  for (const type of ['paper-cleared', 'paper-owed'] as const)
    expect(wordsOn('apply', hanging, [CANCELLED, PENDING, { type }])).toEqual([
      null,
      null,
      isVoided('cancelled', false),
    ]);
});

test.for(['ACTIVATING', 'ACTIVE', 'FOOTER'] as const)(
  'where the code may have been active (%s), the earlier one holds when the centre has said so',
  (at) => {
    const operation = voiding(at, { kind: 'no-answer' });
    expect(wordsOn('reissue', operation, [CANCELLED, PENDING])).toEqual([null, isVoided('centre', false)]);
    expect(wordsOn('reissue', operation, [CANCELLED, settled(true)])).toEqual([
      null,
      isVoided('centre', true),
    ]);
    expect(wordsOn('reissue', operation, [CANCELLED, settled(false)])).toEqual([
      null,
      isVoided('centre', false),
    ]);
    expect(wordsOn('apply', operation, [CANCELLED, settled(true)])).toEqual([
      null,
      isVoided('centre', false),
    ]);
  },
);

test('after somebody else has issued, nothing is said of the earlier code', () => {
  const stale = voiding('ACTIVATING', { kind: 'refused', problem: 'stale-epoch' });
  expect(wordsOn('reissue', stale, [CANCELLED, settled(true)])).toEqual([null, isVoided('stale', false)]);
});

test('the row may close before the paper is in order; what it was is remembered', () => {
  const hanging = voiding('ACTIVE', { kind: 'cancelled' }, { paperDebt: 'void-mark' });
  const judge = judgeOf('reissue');
  expect(judge(CANCELLED, hanging)).toBeNull();
  expect(judge(settled(true), hanging)).toBeNull();
  expect(judge({ type: 'paper-cleared' }, null)).toEqual(isVoided('cancelled', true));
});
