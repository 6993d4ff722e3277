import { faultText, wordFor } from '../copy/technician-text.ts';
import { systemClock } from '../platform/clock.ts';
import { askAgent } from './ask-agent.ts';
import type { Texts } from './diagnosis.ts';
import { EXIT } from './exit-codes.ts';
import { explainUnreachable } from './explain-unreachable.ts';
import { indented, widest, type Terminal } from './terminal.ts';

/** A slow serial line, a purge before and the proof after: longer than that nobody waits. Milliseconds. */
const PRINT_LIMIT_MS = 120_000;
const SECOND_MS = 1_000;

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
  const columns = widest(Object.values(kioskctl.label)) + 2;
  if (why !== undefined) indented(kioskctl.label.why, columns, why, '    ', out);
  if (remedy !== undefined) indented(kioskctl.label.remedy, columns, remedy, '    ', out);
}

/** Shows that something goes on; returns what ends it. */
function showProgress(stream: NodeJS.WriteStream, sentence: string, second: string): () => void {
  if (!stream.isTTY) {
    stream.write(`${sentence}…\n`);
    return () => {};
  }
  let seconds = 0;
  let cancel = () => {};
  const show = () => {
    stream.write(`\r\u001B[K  ${sentence}… ${seconds} ${second}`);
    seconds += 1;
    cancel = systemClock.schedule(SECOND_MS, show);
  };
  show();
  return () => {
    cancel();
    stream.write('\r\u001B[K');
  };
}
