import type { PrinterFindings, PrinterProbe } from '../maintenance/printer-verdict.ts';
import { EXIT } from './exit-codes.ts';
import { runTask, type Speaking } from './technician-run.ts';
import { indented, widest } from './terminal.ts';

/** `kioskctl printer probe`: what the unit really answers, and what follows from it. Returns the exit code. */
export async function probePrinter(speaking: Speaking, options: { printLine: boolean }): Promise<number> {
  const { probe } = speaking.texts.kioskctl;
  return runTask<PrinterProbe>(speaking, {
    ask: (agent, signal) => agent.probePrinter(options, signal),
    working: probe.probing,
    codeOf,
    showOutcome: (outcome) => {
      show(outcome, speaking);
      return codeOf(outcome);
    },
  });
}

function codeOf({ conclusions, kept }: PrinterProbe): number {
  return kept && conclusions.every(({ mark }) => mark !== 'bad') ? EXIT.well : EXIT.trouble;
}

function show({ findings, conclusions, profile, kept }: PrinterProbe, { texts, out }: Speaking): void {
  const { probe, label } = texts.kioskctl;
  out.line(out.strong(probe.title(textIn(findings.answers['GS I 67']) ?? '')));
  out.line();
  out.line(out.strong(probe.asked));
  const names = Object.keys(findings.answers);
  for (const name of names) {
    const answer = findings.answers[name];
    indented(name, widest(names) + 2, answerText(answer, probe), '  ', out);
  }
  out.line();
  out.line(out.strong(probe.conclusions));
  for (const { code, mark } of conclusions) {
    const { what, remedy } = texts.technician.verdict[code];
    indented('', 0, what, `  ${out.mark(mark)} `, out);
    if (remedy !== '') indented(label.remedy, widest([label.remedy]) + 2, remedy, '      ', out);
  }
  out.line();
  out.line(`  ${probe.profile(profile)}`);
  indented('', 0, kept ? probe.kept : probe.notKept, `${out.mark(kept ? 'well' : 'watch')} `, out);
}

type Answer = PrinterFindings['answers'][string];

function answerText(answer: Answer | undefined, probe: Speaking['texts']['kioskctl']['probe']): string {
  if (answer === undefined || answer === null) return probe.silence;
  const text = textIn(answer);
  return text === undefined ? probe.answered(spaced(answer.bytes), answer.ms) : probe.text(text, answer.ms);
}

/** The text of an answer `5F text 00`; undefined when it is none. */
function textIn(answer: Answer | undefined): string | undefined {
  const bytes = Buffer.from(answer?.bytes ?? '', 'hex');
  if (bytes[0] !== 0x5f || bytes.at(-1) !== 0) return undefined;
  const text = bytes.subarray(1, -1).toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}

function spaced(hex: string): string {
  return hex.replaceAll(/(..)(?=.)/g, '$1 ');
}
