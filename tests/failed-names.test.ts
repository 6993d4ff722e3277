import { expect, test } from 'vitest';
import { failedNames } from '../scripts/failed-names.ts';

test('a failed test is named with the first line of its failure, and a file that cannot be loaded with its message', () => {
  const report = {
    testResults: [
      {
        name: 'one.test.ts',
        message: '',
        assertionResults: [
          {
            fullName: 'it counts',
            status: 'failed',
            failureMessages: ['Error: 1 is not 2\n    at one.test.ts'],
          },
          { fullName: 'it rests', status: 'passed', failureMessages: [] },
        ],
      },
      { name: 'two.test.ts', message: 'no such module\n  at two.test.ts', assertionResults: [] },
    ],
  };
  expect(failedNames(report)).toEqual(['it counts: Error: 1 is not 2', 'two.test.ts: no such module']);
});

test('a failed journey is named, however deep its suite', () => {
  const spec = { title: 'nobody takes the slip', file: 'slip-exit.spec.ts', ok: false };
  const report = { suites: [{ specs: [{ ...spec, ok: true }], suites: [{ specs: [spec] }] }], stats: {} };
  expect(failedNames(report)).toEqual(['slip-exit.spec.ts › nobody takes the slip']);
});

test('the project’s own reports are read by what they have', () => {
  expect(
    failedNames({ faults: [{ fault: 'disk: full', cases: 1, wrong: ['not back in time'] }], wrong: 1 }),
  ).toEqual(['disk: full: not back in time']);
  expect(
    failedNames({
      suites: [{ name: 'printer over usb', passed: 3, failed: 1 }],
      failures: [{ suite: 'printer over usb', test: 'is replugged', error: 'too late\n  at usb.ts' }],
    }),
  ).toEqual(['printer over usb › is replugged: too late']);
  expect(failedNames({ prompts: 3, wrong: ['E03: r 0.2'] })).toEqual(['E03: r 0.2']);
  expect(failedNames({ violations: 1, examples: ['printed, paper-out: two valid codes'] })).toEqual([
    'printed, paper-out: two valid codes',
  ]);
  expect(
    failedNames({
      violations: [{ invariant: 'P1', what: 'two valid codes' }],
      mutants: [{ name: 'fence off', found: false }],
    }),
  ).toEqual(['P1: two valid codes', 'not found: fence off']);
  expect(
    failedNames({
      checks: [
        { what: 'the date is read', held: true },
        { what: 'all are read', held: false },
      ],
    }),
  ).toEqual(['not so: all are read']);
});

test('a report that is missing or strange names nothing', () => {
  for (const report of [undefined, null, 3, 'text', [], {}]) expect(failedNames(report)).toEqual([]);
});
