import { readFileSync } from 'node:fs';
import { loadConfiguration } from '../configuration/load-configuration.ts';
import type { ConfigurationProblem } from '../configuration/problem.ts';
import { tomlLines } from '../configuration/toml-lines.ts';
import type { TechnicianLanguage } from '../copy/technician-languages.ts';
import type { KioskctlText } from '../copy/technician-text.ts';
import { knownNames } from '../maintenance/known-names.ts';
import { checkConfiguredFiles } from './configured-files.ts';
import { EXIT } from './exit-codes.ts';
import { indented, widest, type Terminal } from './terminal.ts';

interface CheckFinding {
  readonly mark: 'bad' | 'watch';
  readonly key: string;
  readonly line: number;
  readonly message: string;
}

/** `kioskctl config check`: every mistake with its line and what is allowed. Returns the exit code. */
export function checkConfiguration(options: {
  file: string;
  json: boolean;
  language: TechnicianLanguage;
  text: KioskctlText;
  out: Terminal;
}): number {
  const { file, text, out } = options;
  const findings = findingsOf(file, options.language, text);
  const errors = findings.filter(({ mark }) => mark === 'bad').length;
  if (options.json) {
    out.line(JSON.stringify({ file, ok: errors === 0, findings }, undefined, 2));
  } else {
    const verdict = verdictOn(file, errors, findings.length, text);
    const mark = errors > 0 ? 'bad' : findings.length > 0 ? 'watch' : 'well';
    out.line(`${out.mark(mark)} ${out.strong(verdict)}`);
    showFindings(findings, text, out);
  }
  return errors === 0 ? EXIT.well : EXIT.trouble;
}

/** What is wrong with a configuration, for a program that needs it. */
export function showProblems(
  problems: readonly ConfigurationProblem[],
  language: TechnicianLanguage,
  text: KioskctlText,
  out: Terminal,
): void {
  showFindings(
    problems.map((problem) => ofProblem(problem, language)),
    text,
    out,
  );
}

function verdictOn(file: string, errors: number, findings: number, { check }: KioskctlText): string {
  if (errors > 0) return check.problems(file, errors);
  return findings > 0 ? check.wellWithWarnings(file, findings) : check.well(file);
}

function findingsOf(file: string, language: TechnicianLanguage, text: KioskctlText): readonly CheckFinding[] {
  const loaded = loadConfiguration(file, knownNames());
  if (!loaded.ok) return loaded.error.map((problem) => ofProblem(problem, language));
  const lines = tomlLines(readFileSync(file, 'utf8'));
  return checkConfiguredFiles(loaded.value, text.check)
    .map(({ mark, path, message }) => ({ mark, key: path.join('.'), line: lines.lineOf(path), message }))
    .sort((one, other) => one.line - other.line);
}

function ofProblem(problem: ConfigurationProblem, language: TechnicianLanguage): CheckFinding {
  return { mark: 'bad', key: problem.key, line: problem.line, message: problem.message[language] };
}

function showFindings(findings: readonly CheckFinding[], { check }: KioskctlText, out: Terminal): void {
  const places = findings.map(({ line, key }) =>
    [line === 0 ? check.wholeFile : check.line(line), key].filter((word) => word !== '').join('  '),
  );
  const columns = widest(places) + 2;
  for (const [index, { mark, message }] of findings.entries()) {
    indented(places[index] ?? '', columns, message, `  ${out.mark(mark)} `, out);
  }
}
