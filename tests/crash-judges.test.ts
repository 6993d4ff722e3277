import { describe, expect, test } from 'vitest';
import { CRASH_CASES, NETWORK_OUTCOMES, PRINTER_OUTCOMES, someCases } from './crash/cases.ts';
import { offTheTable } from './crash/along-the-table.ts';
import { CRASH_POINTS } from './crash/points.ts';
import { OP } from './fixtures/journal-operation.ts';

const STARTING = '{"event":"agent.starting"}';
const told = (from: string, trigger: string, to: string) =>
  JSON.stringify({ event: 'issuance.transition', opId: OP, from, to, trigger });
const BEGUN = [STARTING, told('NONE', 'begin', 'INTENT'), told('INTENT', 'reserved', 'RESERVED')];
const judged = (...lines: readonly string[]) => offTheTable([...BEGUN, ...lines].join('\n')).length;

describe('moves of the journal, by the log', () => {
  test('that follow the table are in order, and so is one that a killed life did not live to tell', () => {
    expect(judged(told('RESERVED', 'proceed', 'PRINTING'), told('PRINTING', 'proof', 'PRINTED'))).toBe(0);
    expect(judged(STARTING, told('PRINTING', 'doubt', 'VOIDING'))).toBe(0);
    expect(offTheTable([STARTING, STARTING, told('INTENT', 'doubt', 'VOIDING')].join('\n'))).toEqual([]);
    expect(judged(STARTING, STARTING, told('VOIDING', 'finished', 'CLOSED'))).toBe(0);
  });

  test('that leave the table, or that nobody was killed between, are found', () => {
    expect(judged(told('PRINTING', 'doubt', 'VOIDING'))).toBe(1);
    expect(judged(STARTING, told('PRINTED', 'doubt', 'VOIDING'))).toBe(1);
    expect(judged(told('RESERVED', 'proceed', 'ACTIVE'))).toBe(1);
    expect(judged(told('RESERVED', 'proof', 'PRINTING'))).toBe(1);
    const ended = [told('RESERVED', 'doubt', 'VOIDING'), told('VOIDING', 'finished', 'CLOSED')];
    expect(judged(...ended, told('VOIDING', 'settled', 'VOIDING'))).toBe(1);
  });
});

describe('the cases of the crash run', () => {
  test('are every point with every outcome of network and printer, each once, of both kinds', () => {
    const all = CRASH_POINTS.length * NETWORK_OUTCOMES.length * PRINTER_OUTCOMES.length;
    expect(all).toBeGreaterThanOrEqual(576);
    const outcomes = CRASH_CASES.map(({ point, network, printer }) => `${point} ${network} ${printer}`);
    expect(new Set(outcomes).size).toBe(all);
    expect(new Set(CRASH_CASES.map(({ kind }) => kind)).size).toBe(2);
  });

  test('of which forty are asked for come by every point and every outcome', () => {
    const some = someCases(40);
    expect(new Set(some).size).toBe(40);
    expect(new Set(some.map(({ point }) => point)).size).toBe(CRASH_POINTS.length);
    expect(new Set(some.map(({ network }) => network)).size).toBe(NETWORK_OUTCOMES.length);
    expect(new Set(some.map(({ printer }) => printer)).size).toBe(PRINTER_OUTCOMES.length);
    expect(someCases(10_000)).toEqual(CRASH_CASES);
  });
});
