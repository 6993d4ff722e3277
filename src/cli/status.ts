import type { AgentReport } from '../bridge/ports.ts';
import { askAgent } from './ask-agent.ts';
import { diagnose, type Diagnosis, type Finding, type Row, type Texts } from './diagnosis.ts';
import { EXIT } from './exit-codes.ts';
import { explainUnreachable } from './explain-unreachable.ts';
import { indented, remedyLines, widest, type Terminal } from './terminal.ts';

/** The agent answers from memory; longer than this it hangs. Milliseconds. */
const ANSWER_LIMIT_MS = 5_000;

/** `kioskctl status`: how the kiosk is, and what is to be done. Returns the exit code. */
export async function showStatus(options: {
  socketPath: string;
  json: boolean;
  texts: Texts;
  out: Terminal;
  errors: Terminal;
}): Promise<number> {
  const { texts, out, socketPath } = options;
  const answer = await askAgent(socketPath, ANSWER_LIMIT_MS, (agent) => agent.report());
  if (!answer.ok) return explainUnreachable(socketPath, answer.error, texts.kioskctl, options.errors);
  const diagnosis = diagnose(answer.value, texts);
  if (options.json) out.line(JSON.stringify(answer.value, undefined, 2));
  else showDiagnosis(answer.value, diagnosis, texts, out);
  return diagnosis.findings.length === 0 ? EXIT.well : EXIT.trouble;
}

function showDiagnosis(report: AgentReport, diagnosis: Diagnosis, texts: Texts, out: Terminal): void {
  const { kioskctl } = texts;
  const { findings, services, devices, rest } = diagnosis;
  const count = findings.length;
  const worst = count === 0 ? 'well' : findings.some(({ mark }) => mark === 'bad') ? 'bad' : 'watch';
  const verdict = count === 0 ? kioskctl.headline.well : kioskctl.headline.trouble(count);
  out.line(`${out.mark(worst)} ${out.strong(`${report.kioskId}  ${verdict}`)}`);
  for (const finding of findings) {
    out.line();
    showFinding(finding, texts, out);
  }
  const subjects = [...services, ...devices, ...rest].map(({ subject }) => subject);
  const columns = widest(subjects) + 2;
  const sections = [
    [kioskctl.section.services, services],
    [kioskctl.section.devices, devices],
    [kioskctl.section.rest, rest],
  ] as const;
  for (const [title, rows] of sections) {
    out.line();
    out.line(out.strong(title));
    for (const row of rows) showRow(row, columns, out);
  }
}

function showFinding(finding: Finding, { kioskctl }: Texts, out: Terminal): void {
  const code = finding.code === undefined ? '' : `  ${out.faint(`[${finding.code}]`)}`;
  out.line(`${out.mark(finding.mark)} ${out.strong(titleOf(finding, kioskctl))}${code}`);
  const action = finding.action === undefined ? '' : kioskctl.action(finding.action);
  remedyLines({ why: finding.why, remedy: `${action}${finding.remedy ?? ''}` }, kioskctl.label, out);
}

/** Many sentences name the device themselves. */
function titleOf({ subject, what }: Finding, { about }: Texts['kioskctl']): string {
  return what.toLowerCase().includes(subject.toLowerCase()) ? what : about(subject, what);
}

function showRow({ mark, subject, text }: Row, columns: number, out: Terminal): void {
  indented(subject, columns, text, `  ${out.mark(mark)} `, out);
}
