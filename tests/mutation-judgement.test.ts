import { expect, test } from 'vitest';
import { judge } from './mutation/judgement.ts';
import type { TriedMutant } from './mutation/judgement.ts';

const FILE = 'src/issuance/example.ts';
const TEXT = 'const one = 1;\nif (one > 0) {\n  print();\n}\n';

/** A change of `one > 0` in the second line. */
function mutant(status: string, replacement = 'true'): TriedMutant {
  return {
    fileName: FILE,
    mutatorName: 'ConditionalExpression',
    replacement,
    status,
    location: { start: { line: 2, column: 5 }, end: { line: 2, column: 12 } },
  };
}

const noticed = (count: number) => Array.from({ length: count }, () => mutant('Killed'));
const accepted = (replacement: string) => ({
  file: FILE,
  original: 'one > 0',
  replacement,
  reason: 'it is one',
});
const judged = (mutants: readonly TriedMutant[], ...reasons: string[]) =>
  judge(mutants, reasons.map(accepted), () => TEXT);

test('what is noticed, or never ends, counts for the score; what is left out or makes no program does not', () => {
  const verdict = judged([
    ...noticed(7),
    mutant('Timeout'),
    mutant('Survived'),
    mutant('NoCoverage'),
    mutant('Ignored'),
    mutant('RuntimeError'),
  ]);
  expect(verdict).toMatchObject({ mutants: 10, score: 80, sound: false, unexplained: 2 });
  expect(verdict.files).toEqual([
    { file: FILE, score: 80, killed: 7, timeouts: 1, survived: 1, noCoverage: 1, ignored: 1 },
  ]);
});

test('a survivor is named by its place and its text, and its reason is told', () => {
  expect(judged([...noticed(9), mutant('Survived')], 'true')).toMatchObject({
    sound: true,
    unexplained: 0,
    survivors: [
      {
        file: FILE,
        line: 2,
        mutator: 'ConditionalExpression',
        original: 'one > 0',
        replacement: 'true',
        reached: true,
        reason: 'it is one',
      },
    ],
  });
});

test('a survivor without a reason is one too many, however good the score', () => {
  const verdict = judged([...noticed(999), mutant('Survived', 'false')], 'true');
  expect(verdict).toMatchObject({ sound: false, unexplained: 1 });
});

test('reasons do not make up for a score that is too low', () => {
  expect(judged([...noticed(8), mutant('Survived'), mutant('NoCoverage')], 'true').sound).toBe(false);
  expect(judged([...noticed(9), mutant('Survived')], 'true').sound).toBe(true);
});

test('one file that is too low is not hidden by the others', () => {
  const other = Array.from({ length: 100 }, () => ({
    ...mutant('Killed'),
    fileName: 'src/issuance/other.ts',
  }));
  expect(judged([...other, mutant('Killed'), mutant('Survived')], 'true').sound).toBe(false);
});

test('a reason for what is noticed is named, so that it can go', () => {
  expect(judged([...noticed(1)], 'true').reasonsWithoutSurvivor).toEqual([accepted('true')]);
});

test('a change over several lines is named on one', () => {
  const block = {
    ...mutant('Survived', '{}'),
    location: { start: { line: 2, column: 14 }, end: { line: 4, column: 2 } },
  };
  expect(judged([block]).survivors[0]?.original).toBe('{ print(); }');
});

test('nothing tried proves nothing', () => {
  expect(judged([]).sound).toBe(false);
});
