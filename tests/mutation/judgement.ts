import path from 'node:path';
import type { AcceptedSurvivor } from './survivors.ts';

/** Where they are. */
export const ROOMS: readonly string[] = ['src/issuance', 'src/session'];

/**
 * What is changed: all of issuance, and the session with its chart. Ports are types alone, and `session.ts` decides nothing: it feeds the
 * chart and keeps what was drawn.
 */
export const MUTATED: readonly string[] = [
  'src/issuance/*.ts',
  'src/session/*.ts',
  '!src/issuance/ports.ts',
  '!src/session/ports.ts',
  '!src/session/session.ts',
];

/** Percent of the changes of each file that a test must notice. */
export const LEAST_SCORE = 90;

/** As much of a tried mutant as is judged; lines from 1, columns from 1, as they are reported. */
export interface TriedMutant {
  readonly fileName: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
}

interface FileScore {
  readonly file: string;
  /** Percent noticed of those that count. */
  readonly score: number;
  readonly killed: number;
  readonly timeouts: number;
  readonly survived: number;
  readonly noCoverage: number;
  /** Left out before anything was tried, and why they are: names in the chart. */
  readonly ignored: number;
}

interface Survivor {
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  readonly reached: boolean;
  readonly reason: string | null;
}

export interface Verdict {
  readonly mutants: number;
  readonly score: number;
  readonly files: readonly FileScore[];
  readonly survivors: readonly Survivor[];
  readonly unexplained: number;
  /** Accepted survivors that do not survive any more. */
  readonly reasonsWithoutSurvivor: readonly AcceptedSurvivor[];
  /** Enough is noticed, and each survivor has its reason. */
  readonly sound: boolean;
}

const NOTICED = new Set(['Killed', 'Timeout']);
const UNNOTICED = new Set(['Survived', 'NoCoverage']);

/** `textOf` is a file of the product as it was when the changes were made. */
export function judge(
  results: readonly TriedMutant[],
  accepted: readonly AcceptedSurvivor[],
  textOf: (file: string) => string,
): Verdict {
  const mutants = results.map((mutant) => ({
    ...mutant,
    file: path.relative('.', path.resolve(mutant.fileName)),
  }));
  const files = [...new Set(mutants.map(({ file }) => file))].toSorted();
  const survivors = mutants
    .filter(({ status }) => UNNOTICED.has(status))
    .map((mutant): Survivor => {
      const original = textAt(textOf(mutant.file), mutant.location);
      const replacement = mutant.replacement ?? '';
      const known = accepted.find(
        (one) => one.file === mutant.file && one.original === original && one.replacement === replacement,
      );
      return {
        file: mutant.file,
        line: mutant.location.start.line,
        mutator: mutant.mutatorName,
        original,
        replacement,
        reached: mutant.status === 'Survived',
        reason: known?.reason ?? null,
      };
    });
  const unexplained = survivors.filter(({ reason }) => reason === null).length;
  const scores = files.map((file) =>
    scoreOf(
      file,
      mutants.filter((mutant) => mutant.file === file),
    ),
  );
  const { score } = scoreOf('', mutants);
  return {
    mutants: mutants.filter(({ status }) => NOTICED.has(status) || UNNOTICED.has(status)).length,
    score,
    files: scores,
    survivors,
    unexplained,
    reasonsWithoutSurvivor: accepted.filter(
      (one) =>
        files.includes(one.file) &&
        !survivors.some(
          ({ file, original, replacement }) =>
            file === one.file && original === one.original && replacement === one.replacement,
        ),
    ),
    sound: files.length > 0 && scores.every(({ score }) => score >= LEAST_SCORE) && unexplained === 0,
  };
}

function scoreOf(file: string, mutants: readonly TriedMutant[]): FileScore {
  const count = (wanted: string) => mutants.filter(({ status }) => status === wanted).length;
  const [killed, timeouts, survived, noCoverage] = ['Killed', 'Timeout', 'Survived', 'NoCoverage'].map(
    count,
  ) as [number, number, number, number];
  const all = killed + timeouts + survived + noCoverage;
  return {
    file,
    score: all === 0 ? 100 : (100 * (killed + timeouts)) / all,
    killed,
    timeouts,
    survived,
    noCoverage,
    ignored: count('Ignored'),
  };
}

/** The text that a mutant replaces, on one line. */
function textAt(text: string, { start, end }: TriedMutant['location']): string {
  const lines = text.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  if (lines[last] !== undefined) lines[last] = lines[last].slice(0, end.column - 1);
  if (lines[0] !== undefined) lines[0] = lines[0].slice(start.column - 1);
  return lines.map((line) => line.trim()).join(' ');
}
