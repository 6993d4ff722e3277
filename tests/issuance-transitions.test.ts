import { expect, it } from 'vitest';
import type { JournalRow } from '../src/issuance/ports.ts';
import type { IssuanceEvent } from '../src/issuance/reducer.ts';
import { step } from '../src/issuance/reducer.ts';
import { TRANSITIONS } from '../src/issuance/transitions.ts';
import type { Transition } from '../src/issuance/transitions.ts';
import { OP, operationIn } from './fixtures/journal-operation.ts';

const PROVEN = { kind: 'printed', grade: 'E2', cut: true } as const;
const UNKNOWN = { kind: 'unknown', cause: 'jam' } as const;
const NOTHING = { kind: 'notPrinted', cause: 'no-paper' } as const;
const RESERVED = { kind: 'ok', baseEpoch: 4, validUntil: '2027-05-20', tokenHash: 'aa' } as const;
const REFUSED = { kind: 'refused', problem: 'daily-limit' } as const;

interface Case extends Transition {
  readonly event: IssuanceEvent;
  /** What the row holds besides its state. */
  readonly holding?: Partial<JournalRow>;
}

/**
 * Every row of the table, written down again, with what makes the reducer take it. A row that is deleted, added or changed turns the
 * test of its own name red.
 */
const CASES: readonly Case[] = [
  { from: 'NONE', trigger: 'begin', to: 'INTENT', event: { type: 'begin', opId: OP, kind: 'apply' } },
  {
    from: 'NONE',
    trigger: 'orphan',
    to: 'VOIDING',
    event: { type: 'orphan-found', opId: OP, kind: 'apply' },
  },
  {
    from: 'INTENT',
    trigger: 'reserved',
    to: 'RESERVED',
    event: { type: 'reserve-answered', attempts: 1, answer: RESERVED },
  },
  {
    from: 'INTENT',
    trigger: 'refused',
    to: 'CLOSED',
    event: { type: 'reserve-answered', attempts: 1, answer: REFUSED },
  },
  {
    from: 'INTENT',
    trigger: 'doubt',
    to: 'VOIDING',
    event: { type: 'reserve-answered', attempts: 2, answer: { kind: 'unknown' } },
  },
  { from: 'RESERVED', trigger: 'proceed', to: 'PRINTING', event: { type: 'proceed', processId: '0A1B' } },
  { from: 'RESERVED', trigger: 'doubt', to: 'VOIDING', event: { type: 'cancelled' } },
  {
    from: 'PRINTING',
    trigger: 'proof',
    to: 'PRINTED',
    event: { type: 'body-printed', result: { ...PROVEN, cut: false } },
  },
  { from: 'PRINTING', trigger: 'doubt', to: 'VOIDING', event: { type: 'body-printed', result: UNKNOWN } },
  { from: 'PRINTED', trigger: 'proceed', to: 'ACTIVATING', event: { type: 'proceed', processId: '0A1B' } },
  { from: 'PRINTED', trigger: 'doubt', to: 'VOIDING', event: { type: 'cancelled' } },
  {
    from: 'ACTIVATING',
    trigger: 'activated',
    to: 'ACTIVE',
    event: { type: 'activate-answered', answer: { kind: 'ok' } },
  },
  {
    from: 'ACTIVATING',
    trigger: 'doubt',
    to: 'VOIDING',
    event: { type: 'activate-answered', answer: { kind: 'unknown' } },
  },
  { from: 'ACTIVE', trigger: 'proceed', to: 'FOOTER', event: { type: 'proceed', processId: '0A1B' } },
  { from: 'ACTIVE', trigger: 'doubt', to: 'VOIDING', event: { type: 'booted' } },
  { from: 'FOOTER', trigger: 'proof', to: 'DONE', event: { type: 'footer-printed', result: PROVEN } },
  { from: 'FOOTER', trigger: 'unproven', to: 'DONE_U', event: { type: 'footer-printed', result: UNKNOWN } },
  {
    from: 'FOOTER',
    trigger: 'nothing-printed',
    to: 'VOIDING',
    event: { type: 'footer-printed', result: NOTHING },
  },
  { from: 'DONE', trigger: 'delivered', to: 'DONE', event: { type: 'delivery-reported', delivery: 'cut' } },
  {
    from: 'DONE',
    trigger: 'undelivered',
    to: 'DONE_U',
    event: { type: 'delivery-reported', delivery: 'unconfirmed' },
  },
  { from: 'DONE', trigger: 'retracted', to: 'VOIDING', event: { type: 'slip-retracted' } },
  {
    from: 'DONE',
    trigger: 'finished',
    to: 'CLOSED',
    event: { type: 'centre-settled', done: true },
    holding: { delivery: 'cut' },
  },
  {
    from: 'DONE_U',
    trigger: 'settled',
    to: 'DONE_U',
    event: { type: 'centre-settled', done: true },
    holding: { delivery: 'unconfirmed', paperDebt: 'cut' },
  },
  {
    from: 'DONE_U',
    trigger: 'paper-cleared',
    to: 'DONE_U',
    event: { type: 'paper-cleared' },
    holding: { delivery: 'unconfirmed', paperDebt: 'cut' },
  },
  {
    from: 'DONE_U',
    trigger: 'finished',
    to: 'CLOSED',
    event: { type: 'paper-cleared' },
    holding: { delivery: 'unconfirmed', paperDebt: 'cut', centreSettled: true },
  },
  {
    from: 'VOIDING',
    trigger: 'settled',
    to: 'VOIDING',
    event: { type: 'centre-settled', done: true },
    holding: { paperDebt: 'void-mark' },
  },
  {
    from: 'VOIDING',
    trigger: 'paper-cleared',
    to: 'VOIDING',
    event: { type: 'paper-cleared' },
    holding: { paperDebt: 'void-mark' },
  },
  { from: 'VOIDING', trigger: 'finished', to: 'CLOSED', event: { type: 'centre-settled', done: true } },
];

it.each(CASES)('$from goes to $to on $trigger', ({ from, to, trigger, event, holding }) => {
  const taken = step(from === 'NONE' ? null : operationIn(from, holding), event, { minimumEvidence: 'E2' });
  expect([taken.trigger, taken.state?.row.state ?? 'CLOSED']).toEqual([trigger, to]);
});

it('the table has no row besides', () => {
  const named = ({ from, trigger, to }: Transition) => `${from} ${trigger} ${to}`;
  expect(TRANSITIONS.map(named).toSorted()).toEqual(CASES.map(named).toSorted());
});
