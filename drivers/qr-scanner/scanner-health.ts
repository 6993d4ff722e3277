import type { ConnectionEnd } from '../../src/devices/contract.ts';
import { createHealthRecorder } from '../../src/devices/health-check.ts';
import type {
  HealthCheckLevel,
  HealthDialogue,
  HealthReport,
  HealthStep,
} from '../../src/devices/health-check.ts';
import { sleep } from '../../src/platform/clock.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { linkFaults } from '../transport/link-faults.ts';
import type { CommandChannel } from './commands/command-channel.ts';
import type { ScanArming } from './commands/scan-arming.ts';
import type { ScannerCommand } from './commands/scanner-command.ts';
import type { ScannerFamily, TemporarySetting } from './families/scanner-family.ts';
import { scannerFaults } from './scanner-faults.ts';
import type { ScannerSetup } from './commands/scanner-setup.ts';

/** A scanner that takes commands. */
export interface CommandedScanner {
  readonly family: ScannerFamily;
  readonly channel: CommandChannel;
  readonly setup: ScannerSetup;
}

export interface ScannerHealthOptions {
  readonly clock: Clock;
  readonly arming: ScanArming;
  /** Undefined: the scanner is only listened to. */
  readonly commanded: CommandedScanner | undefined;
  readonly ended: Promise<ConnectionEnd>;
}

/** How long a person has to show a code, ms. */
const SHOW_CODE_MS = 60_000;
/** How long the light is on for somebody to see it, ms. */
const LIGHT_MS = 1000;

type CheckHealth = (
  level: HealthCheckLevel,
  dialogue: HealthDialogue,
  signal: AbortSignal,
) => Promise<HealthReport>;

/** Makes the health check of one connection. Checks run one after the other; the deeper ones wait until nobody scans. */
export function createScannerHealth(options: ScannerHealthOptions): CheckHealth {
  let last: Promise<unknown> = Promise.resolve();
  return (level, dialogue, signal) => {
    const check = last.then(() => checkHealth(options, level, dialogue, signal));
    last = check;
    return check;
  };
}

async function checkHealth(
  { clock, arming, commanded, ended }: ScannerHealthOptions,
  level: HealthCheckLevel,
  dialogue: HealthDialogue,
  signal: AbortSignal,
): Promise<HealthReport> {
  const recorder = createHealthRecorder(level, dialogue);
  const link = new AbortController();
  void ended.then(() => {
    link.abort();
    return undefined;
  });
  const until = AbortSignal.any([signal, link.signal]);

  const note: Note = (step) => {
    recorder.note(step);
  };

  note(portStep(link.signal));
  await askInside(commanded, until, note);
  if (level === 'internal') return recorder.report();
  await arming.whenIdle(until);
  await letBeSeenAndHeard(commanded, clock, until, note);
  if (level === 'external') return recorder.report();
  await askWhetherHeard(commanded, dialogue, until, note);
  note(await readCode(arming, clock, dialogue, until));
  return recorder.report();
}

type Note = (step: HealthStep) => void;

/** All that can be known of a passive scanner: a dead one cannot be told from one that sees nothing. */
function portStep(link: AbortSignal): HealthStep {
  const step = 'scanner.port';
  return link.aborted ? { step, outcome: 'failed', fault: linkFaults.lost } : { step, outcome: 'passed' };
}

/** Asks the scanner itself: who it is, and whether it has what was set. */
async function askInside(
  commanded: CommandedScanner | undefined,
  signal: AbortSignal,
  note: Note,
): Promise<void> {
  if (!commanded) {
    note({ step: 'scanner.identity', outcome: 'notSupported' });
    note({ step: 'scanner.settings', outcome: 'notSupported' });
    return;
  }
  const identity = await identityStep(commanded);
  note(identity);
  for (const setting of commanded.family.settings) {
    // A scanner that says nothing is not asked for everything: each question would wait for its time.
    const silent = identity.outcome === 'failed' || signal.aborted;
    note(silent ? unanswered(setting) : await settingStep(commanded, setting));
  }
  for (const setting of commanded.family.notSupported)
    note({ step: `scanner.${setting}`, outcome: 'notSupported' });
}

function unanswered({ setting }: TemporarySetting): HealthStep {
  return { step: `scanner.${setting}`, outcome: 'unanswered' };
}

async function identityStep({ family, channel }: CommandedScanner): Promise<HealthStep> {
  const step = 'scanner.identity';
  const told: Record<string, string> = {};
  for (const { command, read } of family.identity) {
    const outcome = await channel.give(command);
    if (outcome.kind === 'no-answer' || outcome.kind === 'ended')
      return { step, outcome: 'failed', fault: scannerFaults.noAnswer };
    if (outcome.kind === 'accepted') Object.assign(told, read(outcome.data));
  }
  return Object.keys(told).length > 0
    ? { step, outcome: 'passed', measured: told }
    : { step, outcome: 'notSupported' };
}

async function settingStep({ setup }: CommandedScanner, setting: TemporarySetting): Promise<HealthStep> {
  const step = `scanner.${setting.setting}`;
  const holds = await setup.readBack(setting);
  if (holds === 'unanswered') return { step, outcome: 'failed', fault: scannerFaults.noAnswer };
  const made = setup.outcomes().get(setting.setting);
  // It cannot be read back: what the scanner said when it was set is all there is.
  const kept = holds ?? made === 'applied';
  return kept
    ? { step, outcome: 'passed' }
    : { step, outcome: 'failed', fault: scannerFaults.settingRefused };
}

/** One beep, and a second of light. */
async function letBeSeenAndHeard(
  commanded: CommandedScanner | undefined,
  clock: Clock,
  signal: AbortSignal,
  note: Note,
): Promise<void> {
  const beep = 'scanner.beep';
  const light = 'scanner.read-light';
  if (signal.aborted) {
    for (const step of [beep, light]) note({ step, outcome: 'unanswered' });
    return;
  }
  if (commanded?.family.beep) note(await commandStep(commanded, beep, commanded.family.beep));
  else note({ step: beep, outcome: 'notSupported' });
  if (!commanded) {
    note({ step: light, outcome: 'notSupported' });
    return;
  }
  const { channel, family } = commanded;
  note(await commandStep(commanded, light, family.start));
  await sleep(clock, LIGHT_MS, signal);
  await channel.give(family.stop);
}

async function commandStep(
  { channel }: CommandedScanner,
  step: string,
  command: ScannerCommand,
): Promise<HealthStep> {
  const { kind } = await channel.give(command);
  if (kind === 'accepted' || kind === 'sent') return { step, outcome: 'passed' };
  const fault = kind === 'refused' ? scannerFaults.settingRefused : scannerFaults.noAnswer;
  return { step, outcome: 'failed', fault };
}

async function askWhetherHeard(
  commanded: CommandedScanner | undefined,
  dialogue: HealthDialogue,
  signal: AbortSignal,
  note: Note,
): Promise<void> {
  const step = 'scanner.heard-beep';
  if (!commanded?.family.beep) {
    note({ step, outcome: 'notSupported' });
    return;
  }
  const heard = await Promise.race([dialogue.question(step), abortion(signal)]);
  if (heard === undefined) note({ step, outcome: 'unanswered' });
  else if (heard) note({ step, outcome: 'passed' });
  else note({ step, outcome: 'failed', fault: scannerFaults.notHeard });
}

/** Waits for one code of any kind. Its length and symbology are told, never what it says. */
async function readCode(
  arming: ScanArming,
  clock: Clock,
  dialogue: HealthDialogue,
  signal: AbortSignal,
): Promise<HealthStep> {
  const step = 'scanner.read-code';
  const enough = new AbortController();
  const limit = sleep(clock, SHOW_CODE_MS, AbortSignal.any([signal, enough.signal]));
  const startedAtMs = clock.monotonicMs();
  let measured: Record<string, string | number> = {};
  let read = false;
  dialogue.prompt('scanner.show-code');
  void limit.then(() => {
    enough.abort();
    return undefined;
  });
  await arming.scan(enough.signal, (event) => {
    if (event.kind === 'unreadable') measured = { refused: event.reason };
    if (event.kind !== 'code') return;
    read = true;
    const ms = Math.round(clock.monotonicMs() - startedAtMs);
    measured = { length: event.content.text.length, symbology: event.content.symbology, ms };
    enough.abort();
  });
  if (read) return { step, outcome: 'passed', measured };
  if (signal.aborted) return { step, outcome: 'unanswered' };
  return { step, outcome: 'failed', fault: scannerFaults.nothingRead, measured };
}

function abortion(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener(
      'abort',
      () => {
        resolve(undefined);
      },
      { once: true },
    );
  });
}
