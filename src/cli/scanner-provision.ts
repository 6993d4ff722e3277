import { configurationLines } from '../maintenance/configuration-lines.ts';
import type { ScannerProvisioned } from '../maintenance/technician-events.ts';
import { wordFor } from '../copy/technician-text.ts';
import { EXIT } from './exit-codes.ts';
import { runTask, type Speaking } from './technician-run.ts';
import { indented, widest, type Mark } from './terminal.ts';
import { askYesOrNo, canAsk } from './yes-or-no.ts';

const MARKS: Readonly<Record<ScannerProvisioned['settings'][number]['outcome'], Mark>> = {
  stored: 'well',
  refused: 'bad',
  unanswered: 'bad',
  skipped: 'bad',
  notSupported: 'plain',
};

/** `kioskctl scanner provision`: stores the kiosk's settings in the scanner, for good. Returns the exit code. */
export async function provisionScanner(speaking: Speaking, options: { sure: boolean }): Promise<number> {
  const { provision } = speaking.texts.kioskctl;
  if (!options.sure && !(await agrees(speaking))) return EXIT.trouble;
  return runTask<ScannerProvisioned>(speaking, {
    ask: (agent, signal) => agent.provisionScanner(signal),
    working: provision.storing,
    codeOf,
    showOutcome: (outcome) => {
      show(outcome, speaking);
      return codeOf(outcome);
    },
  });
}

function codeOf({ complete }: ScannerProvisioned): number {
  return complete ? EXIT.well : EXIT.trouble;
}

async function agrees({ texts, asker, errors, json }: Speaking): Promise<boolean> {
  const { provision } = texts.kioskctl;
  errors.line(`${errors.mark('watch')} ${provision.warning}`);
  if (json || !canAsk(asker)) {
    errors.line(`  ${provision.needsYes}`);
    return false;
  }
  const stop = new AbortController();
  const sure = await askYesOrNo(`  ${provision.confirm} `, asker, stop.signal, () => {
    stop.abort();
  });
  if (sure !== true) errors.line(`  ${provision.declined}`);
  return sure === true;
}

function show({ complete, settings, configuration }: ScannerProvisioned, { texts, out }: Speaking): void {
  const { provision } = texts.kioskctl;
  const { steps } = texts.technician.checks;
  const names = settings.map(({ setting }) => wordFor(steps, `scanner.${setting}`));
  const columns = widest(names) + 2;
  for (const [index, { outcome }] of settings.entries()) {
    indented(names[index] ?? '', columns, provision.outcomes[outcome], `  ${out.mark(MARKS[outcome])} `, out);
  }
  const mark = out.mark(complete ? 'well' : 'bad');
  out.line(`${mark} ${out.strong(complete ? provision.complete : provision.incomplete)}`);
  if (Object.keys(configuration).length === 0) return;
  out.line(`  ${provision.configuration}`);
  for (const line of configurationLines('qrScanner', configuration)) out.line(`    ${line}`);
}
