import type { PrintOutcome, SlipFate } from '../../../src/devices/contract.ts';
import type { HealthCheckLevel, HealthDialogue, HealthReport } from '../../../src/devices/health-check.ts';
import type { DeviceFault } from '../../../src/devices/status.ts';
import type { RandomSource } from '../../../src/platform/random.ts';
import type { PrintDocument } from '../../../src/slip/print-document.ts';
import type { CompletionProof } from '../printing/completion-proof.ts';
import { printProbeLine } from './probe-line.ts';
import { probePrinter } from './probe.ts';
import type { ProbeTools } from './probe.ts';
import type { PrinterFindings } from '../printer-findings.ts';
import { checkPrinter, untilAborted } from './printer-health.ts';
import type { ExaminedPrinter, ExitSeen } from './printer-health.ts';
import type { PrinterUnit } from '../printer-unit.ts';
import type { SlipExitWatch } from '../printing/slip-exit.ts';
import { canPrint } from '../status/status.ts';

/** So long a person may take to pull out a slip, ms. */
const TAKE_LIMIT_MS = 30_000;

/** The connection as maintenance sees it. Everything here is called while maintenance has the printer's turn. */
export interface MaintainedPrinter {
  readonly tools: Omit<ProbeTools, 'signal'>;
  readonly unit: PrinterUnit;
  readonly exit: SlipExitWatch;
  readonly random: RandomSource;
  readonly proof: () => CompletionProof;
  /** Asks everything; the first fault, or one for silence. */
  readonly examine: () => Promise<DeviceFault | undefined>;
  readonly print: (document: PrintDocument, cut: boolean) => Promise<PrintOutcome>;
  /** What is known of the unit has changed. */
  readonly adopt: () => void;
}

/** What a probe may do. */
export interface ProbeOptions {
  /** Prints one line: times the proof, and lets the dialogue ask whether it can be read. Without it no paper moves. */
  readonly printLine?: boolean;
  readonly dialogue?: HealthDialogue;
  readonly signal?: AbortSignal;
}

const never = new AbortController().signal;

/** Probes a printer and keeps what was found, if the printer was well all the while. */
export async function probeAndLearn(
  printer: MaintainedPrinter,
  { printLine = false, dialogue, signal = never }: ProbeOptions,
): Promise<PrinterFindings> {
  const tools = { ...printer.tools, signal };
  const well = async () => (await printer.examine()) === undefined;
  const seemedWell = await well();
  const findings = await probePrinter(tools);
  // Whoever answers late was misread until now, and may have seemed to have its cover open.
  const late = findings.answersLate === true;
  tools.protocol.setAnswersLate(late);
  const wasWell = late ? await well() : seemedWell;
  const mayPrint = printLine && wasWell && !signal.aborted && canPrint(tools.protocol.flags());
  const line = mayPrint ? await printProbeLine(tools, findings, fourDigits(printer.random), dialogue) : {};
  const found = { ...findings, ...line };
  // Questions in the queue of a printer that is offline stay unanswered: that is nothing to remember it by.
  if (!wasWell || signal.aborted || !(await well())) return found;
  const learnt = printer.unit.learn(found);
  printer.adopt();
  return learnt;
}

/** A health check of the level asked for. */
export function checkHealth(
  printer: MaintainedPrinter,
  level: HealthCheckLevel,
  dialogue: HealthDialogue,
  signal: AbortSignal,
): Promise<HealthReport> {
  const { tools, unit } = printer;
  const patient = untilAborted(dialogue, signal);
  const examined: ExaminedPrinter = {
    clock: tools.clock,
    examine: printer.examine,
    identity: () => unit.identity(),
    portStatus: () => tools.printerClass?.portStatus(),
    proof: printer.proof,
    findings: () => unit.findings(),
    print: printer.print,
    probe: () => probeAndLearn(printer, { printLine: true, dialogue: patient, signal }),
    watchExit: (prompt, until) => watchExit(printer, prompt, until),
  };
  return checkPrinter(examined, level, patient, signal);
}

/** A slip was just cut: does a sensor see it, and its going? What it shows is kept. */
function watchExit(
  printer: MaintainedPrinter,
  prompt: () => void,
  signal: AbortSignal,
): Promise<ExitSeen> | undefined {
  const { tools, unit, exit } = printer;
  const expected = unit.exitSensorFitted();
  const findings = unit.findings();
  if (!expected && (findings === undefined || findings.exitSensorCandidates.length === 0)) return undefined;
  const watch = async (): Promise<ExitSeen> => {
    tools.protocol.setExitFitted(true);
    const seen = await exit.slipSeen(signal);
    const fate = seen ? await waitForHand(printer, prompt, signal) : undefined;
    const works = seen && fate === 'taken';
    if (findings !== undefined && (works || !seen)) {
      const exitSensorDialect = tools.profile.statusDialect;
      unit.learn({ ...findings, exitSensorSeen: works, exitSensorDialect });
    }
    printer.adopt();
    if (works) return 'seen';
    if (seen) return 'not-taken';
    return expected ? 'not-seen' : 'not-expected';
  };
  return watch();
}

async function waitForHand(
  { exit, tools }: MaintainedPrinter,
  prompt: () => void,
  signal: AbortSignal,
): Promise<SlipFate> {
  prompt();
  const limit = new AbortController();
  const cancel = tools.clock.schedule(TAKE_LIMIT_MS, () => {
    limit.abort();
  });
  const fate = await exit.whenGone(AbortSignal.any([signal, limit.signal]));
  cancel();
  return fate;
}

function fourDigits(random: RandomSource): string {
  return String(Math.floor(random.fraction() * 10_000)).padStart(4, '0');
}
