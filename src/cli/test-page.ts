import { faultText, wordFor } from '../copy/technician-text.ts';
import { askAgent } from './ask-agent.ts';
import type { Texts } from './diagnosis.ts';
import { EXIT } from './exit-codes.ts';
import { explainUnreachable } from './explain-unreachable.ts';
import { showProgress } from './progress.ts';
import { remedyLines, type Terminal } from './terminal.ts';

/** A slow serial line, a purge before and the proof after: longer than that nobody waits. Milliseconds. */
const PRINT_LIMIT_MS = 120_000;

/** `kioskctl printer test-page`: has the agent print it, and says what the printer proved. Returns the exit code. */
export async function printTestPage(options: {
  socketPath: string;
  json: boolean;
  texts: Texts;
  out: Terminal;
  errors: Terminal;
  /** Where a count of seconds can be shown and taken away again; absent: one line says that it prints. */
  progress: NodeJS.WriteStream;
}): Promise<number> {
  const { socketPath, texts, out } = options;
  const stopProgress = options.json
    ? () => {}
    : showProgress(options.progress, texts.kioskctl.testPage.printing, texts.kioskctl.duration.second);
  const answer = await askAgent(socketPath, PRINT_LIMIT_MS, (agent) => agent.printTestPage());
  stopProgress();
  if (!answer.ok) return explainUnreachable(socketPath, answer.error, texts.kioskctl, options.errors);
  const outcome = answer.value;
  if (options.json) out.line(JSON.stringify(outcome));
  else if (outcome.kind === 'printed') sayPrinted(outcome.grade, texts, out);
  else if (outcome.kind === 'busy') out.line(`${out.mark('watch')} ${texts.kioskctl.testPage.busy}`);
  else sayFailed(outcome.kind, outcome.fault, texts, out);
  return outcome.kind === 'printed' ? EXIT.well : EXIT.trouble;
}

function sayPrinted(grade: string, { technician, kioskctl }: Texts, out: Terminal): void {
  out.line(`${out.mark('well')} ${out.strong(kioskctl.testPage.printed)}`);
  out.line(`    ${wordFor(technician.evidence, grade)}`);
  out.line(`    ${kioskctl.testPage.look}`);
}

function sayFailed(kind: 'notPrinted' | 'unknown', code: string, texts: Texts, out: Terminal): void {
  const { kioskctl, technician } = texts;
  const { what, why, remedy } = faultText(technician, code);
  out.line(
    `${out.mark('bad')} ${out.strong(kioskctl.about(kioskctl.testPage[kind], what))}  ${out.faint(`[${code}]`)}`,
  );
  remedyLines({ why, remedy }, kioskctl.label, out);
}
