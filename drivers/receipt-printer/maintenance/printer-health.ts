import type { PrintOutcome } from '../../../src/devices/contract.ts';
import type { DeviceIdentity } from '../../../src/devices/device-findings.ts';
import { createHealthRecorder } from '../../../src/devices/health-check.ts';
import type {
  HealthCheckLevel,
  HealthDialogue,
  HealthReport,
  HealthStep,
} from '../../../src/devices/health-check.ts';
import type { DeviceFault } from '../../../src/devices/status.ts';
import { withTimeLimit } from '../../../src/platform/clock.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { PrintDocument } from '../../../src/slip/print-document.ts';
import type { PortStatus } from '../../transport/byte-link.ts';
import type { CompletionProof } from '../printing/completion-proof.ts';
import type { PrinterFindings } from '../printer-findings.ts';

/** What a health check does with a printer; the connection's turn is held meanwhile. */
export interface ExaminedPrinter {
  readonly clock: Clock;
  /** Asks everything; the first fault, or one for silence. */
  examine(): Promise<DeviceFault | undefined>;
  identity(): DeviceIdentity;
  /** USB; undefined on other lines. */
  portStatus(): Promise<PortStatus | undefined> | undefined;
  proof(): CompletionProof;
  findings(): PrinterFindings | undefined;
  print(document: PrintDocument, cut: boolean): Promise<PrintOutcome>;
  probe(dialogue: HealthDialogue): Promise<PrinterFindings>;
  /**
   * Looks whether a sensor sees the slip that was just cut, and its going. `not-expected`: none does, and the model may have none.
   * Undefined: no question of this printer could tell.
   */
  watchExit(prompt: () => void, signal: AbortSignal): Promise<ExitSeen> | undefined;
}

export type ExitSeen = 'seen' | 'not-taken' | 'not-seen' | 'not-expected';

/** A request beside the data, ms. */
const PORT_STATUS_LIMIT_MS = 1500;

/** A short line without anybody's data, and white to see it. */
const line: PrintDocument = {
  part: 'test-page',
  elements: [
    { type: 'text', text: '打印机检查', sizePt: 14, weight: 'regular', align: 'left' },
    { type: 'space', heightMm: 20 },
  ],
};
const cutOnly: PrintDocument = { part: 'test-page', elements: [] };

/**
 * `internal` asks for state, identity, port status and known proofs · `external` prints one short line and times its proof ·
 * `interactive` probes with a printed line, cuts, and lets a person take the slip. Ends when `signal` aborts.
 */
export async function checkPrinter(
  printer: ExaminedPrinter,
  level: HealthCheckLevel,
  dialogue: HealthDialogue,
  signal: AbortSignal,
): Promise<HealthReport> {
  const recorder = createHealthRecorder(level, dialogue);
  const steps: (() => Promise<HealthStep>)[] = [
    () => stateStep(printer),
    () => Promise.resolve(identityStep(printer)),
    () => portStep(printer),
    () => Promise.resolve(proofStep(printer)),
  ];
  if (level === 'external') steps.push(() => lineStep(printer));
  if (level === 'interactive') {
    steps.push(
      () => probeStep(printer, dialogue),
      () => cutStep(printer, dialogue),
      () => exitStep(printer, dialogue, signal),
    );
  }
  for (const step of steps) {
    if (signal.aborted) break;
    recorder.note(await step());
  }
  return recorder.report();
}

async function stateStep(printer: ExaminedPrinter): Promise<HealthStep> {
  const beganMs = printer.clock.monotonicMs();
  const fault = await printer.examine();
  const measured = { ms: Math.round(printer.clock.monotonicMs() - beganMs) };
  return fault === undefined
    ? { step: 'printer.status', outcome: 'passed', measured }
    : { step: 'printer.status', outcome: 'failed', fault, measured };
}

function identityStep(printer: ExaminedPrinter): HealthStep {
  const told = Object.entries(printer.identity());
  return told.length === 0
    ? { step: 'printer.identity', outcome: 'notSupported' }
    : { step: 'printer.identity', outcome: 'passed', measured: Object.fromEntries(told) };
}

/** Often frozen at "all well": written down, never a reason to fail. */
async function portStep(printer: ExaminedPrinter): Promise<HealthStep> {
  const asked = printer.portStatus();
  const status = asked && (await withTimeLimit(printer.clock, PORT_STATUS_LIMIT_MS, asked));
  if (status === undefined || status === 'timed-out')
    return { step: 'printer.port-status', outcome: 'notSupported' };
  const told = Object.entries(status).map(([name, set]) => [name, set ? 'yes' : 'no'] as const);
  return { step: 'printer.port-status', outcome: 'passed', measured: Object.fromEntries(told) };
}

function proofStep(printer: ExaminedPrinter): HealthStep {
  const findings = printer.findings();
  const measured = {
    proof: printer.proof(),
    probed: findings === undefined ? 'no' : 'yes',
    ...earlyEcho(findings),
  };
  return { step: 'printer.proof', outcome: 'passed', measured };
}

function earlyEcho(findings: PrinterFindings | undefined): Record<string, string> {
  if (findings?.echoesTooEarly === undefined) return {};
  return { echoesTooEarly: findings.echoesTooEarly ? 'yes' : 'no' };
}

async function lineStep(printer: ExaminedPrinter): Promise<HealthStep> {
  return printedStep(printer, 'printer.line', () => printer.print(line, false));
}

async function printedStep(
  printer: ExaminedPrinter,
  step: string,
  print: () => Promise<PrintOutcome>,
): Promise<HealthStep> {
  const beganMs = printer.clock.monotonicMs();
  const outcome = await print();
  const measured = { ms: Math.round(printer.clock.monotonicMs() - beganMs) };
  if (outcome.kind !== 'printed') return { step, outcome: 'failed', fault: outcome.fault, measured };
  return { step, outcome: 'passed', measured: { ...measured, grade: outcome.grade } };
}

async function probeStep(printer: ExaminedPrinter, dialogue: HealthDialogue): Promise<HealthStep> {
  const findings = await printer.probe(dialogue);
  const { processId, paperStatus, etb } = findings.proofs;
  const measured = {
    processId: processId ? 'yes' : 'no',
    paperStatus: paperStatus ? 'yes' : 'no',
    etb: etb ? 'yes' : 'no',
    answersLate: String(findings.answersLate),
    chineseRom: findings.chineseRom ?? 'unknown',
    ...(findings.proofMs === undefined ? {} : { proofMs: findings.proofMs }),
    ...earlyEcho(findings),
  };
  // Nothing that proves, or an echo that lies: such a unit prints, and cannot show that it did.
  const proven = etb || (processId && findings.echoesTooEarly !== true) || paperStatus;
  return proven
    ? { step: 'printer.probe', outcome: 'passed', measured }
    : { step: 'printer.probe', outcome: 'failed', measured, fault: noProof };
}

const noProof: DeviceFault = { code: 'printer.no-proof', action: 'reset' };

async function cutStep(printer: ExaminedPrinter, dialogue: HealthDialogue): Promise<HealthStep> {
  const outcome = await printer.print(cutOnly, true);
  if (outcome.kind !== 'printed') return { step: 'printer.cut', outcome: 'failed', fault: outcome.fault };
  const seen = await dialogue.question('printer.cut-clean');
  if (seen === undefined) return { step: 'printer.cut', outcome: 'unanswered' };
  return seen
    ? { step: 'printer.cut', outcome: 'passed' }
    : { step: 'printer.cut', outcome: 'failed', fault: cutterFault };
}

const cutterFault: DeviceFault = { code: 'printer.cutter-fault', action: 'maintenance' };

async function exitStep(
  printer: ExaminedPrinter,
  dialogue: HealthDialogue,
  signal: AbortSignal,
): Promise<HealthStep> {
  const step = 'printer.exit-sensor';
  const watched = printer.watchExit(() => {
    dialogue.prompt('printer.take-paper');
  }, signal);
  if (watched === undefined) return { step, outcome: 'notSupported' };
  switch (await watched) {
    case 'seen':
      return { step, outcome: 'passed' };
    case 'not-taken':
      return { step, outcome: 'unanswered' };
    case 'not-expected':
      return { step, outcome: 'notSupported' };
    case 'not-seen':
      return { step, outcome: 'failed', fault: presenterFault };
  }
}

const presenterFault: DeviceFault = { code: 'printer.presenter-fault', action: 'maintenance' };

/** The same dialogue; nobody is waited for any more once `signal` aborts. */
export function untilAborted(dialogue: HealthDialogue, signal: AbortSignal): HealthDialogue {
  return {
    onStep: (step) => {
      dialogue.onStep(step);
    },
    prompt: (what) => {
      dialogue.prompt(what);
    },
    async question(what) {
      if (signal.aborted) return undefined;
      const aborted = Promise.withResolvers<undefined>();
      const giveUp = () => {
        aborted.resolve(undefined);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      const answer = await Promise.race([dialogue.question(what), aborted.promise]);
      signal.removeEventListener('abort', giveUp);
      return answer;
    },
  };
}
