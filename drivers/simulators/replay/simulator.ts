import { type Cancel, type Clock, sleep } from '../../../src/platform/clock.ts';
import type { RandomSource } from '../../../src/platform/random.ts';
import type { Trace } from '../../trace/trace-lines.ts';
import { openControl } from '../control.ts';
import { type DeviceLine, openLine } from '../line.ts';
import type { RunningSimulator, SimulatorOptions } from '../program.ts';
import { type DeviceAction, recordingOf } from './recorded-steps.ts';
import { ReplayScript } from './replay-script.ts';

/** So long a step may take to be written; longer than any pause inside of one, ms. */
const SILENCE_MS = 300;
/** How often it is looked whether somebody has come. */
const LOOK_MS = 10;

/** What a recording is played on. */
interface ReplayCable {
  readonly address: string;
  /** One recorded piece, or one report. */
  readonly send: (bytes: Uint8Array) => void;
  /** Whether somebody has opened it. */
  readonly connected: () => boolean;
  readonly pluggedIn: () => boolean;
  readonly pullOut: () => Promise<void>;
  readonly plugIn: () => Promise<void>;
}

/** A cable that carries whole HID reports. */
export type ReplayReportCable = Omit<ReplayCable, 'address'>;

/** Plays the device's side of a trace of bytes on a line, at the recorded pace. */
export async function startReplay(
  options: SimulatorOptions & { readonly trace: Trace },
  clock: Clock,
  random: RandomSource,
): Promise<RunningSimulator> {
  return playOn(options, clock, async (onBytes) => {
    const line: DeviceLine = await openLine({ ...options, clock, random, onBytes });
    return { ...line, send: (bytes) => void line.write(bytes) };
  });
}

/**
 * Plays the device's side of a trace of HID reports, at the recorded pace, on a cable that `plugIn` lays; it is told where what
 * the computer sends goes, report by report.
 */
export async function startReportReplay(
  options: { readonly controlPort: number; readonly trace: Trace },
  plugIn: (onOutput: (report: Uint8Array) => void) => Promise<ReplayReportCable>,
  clock: Clock,
): Promise<RunningSimulator> {
  return playOn(options, clock, async (onBytes) => ({ ...(await plugIn(onBytes)), address: 'reports' }));
}

async function playOn(
  { trace: { header, events }, controlPort }: { readonly controlPort: number; readonly trace: Trace },
  clock: Clock,
  lay: (onBytes: (bytes: Uint8Array) => void) => Promise<ReplayCable>,
): Promise<RunningSimulator> {
  const recording = recordingOf(events);
  const script = new ReplayScript(recording);
  const ending = new AbortController();
  const scheduled = new Set<Cancel>();
  let cancelSilence: Cancel = () => undefined;

  function act(actions: readonly DeviceAction[]): void {
    for (const action of actions) {
      const cancel = clock.schedule(action.afterMs, () => {
        scheduled.delete(cancel);
        perform(action);
      });
      scheduled.add(cancel);
    }
  }

  function perform(action: DeviceAction): void {
    if (action.kind === 'send') cable.send(action.bytes);
    else if (action.kind === 'pull-out') void cable.pullOut();
    else void cable.plugIn();
  }

  const cable = await lay((bytes) => {
    cancelSilence();
    act(script.take(bytes));
    if (!script.waits) return;
    cancelSilence = clock.schedule(SILENCE_MS, () => {
      act(script.silence());
    });
  });
  async function open(): Promise<void> {
    while (!cable.connected() && (await sleep(clock, LOOK_MS, ending.signal)));
    if (!ending.signal.aborted) act(script.connected());
  }
  void open();

  const control = await openControl(controlPort, {
    state: () => ({
      device: 'replay',
      of: header.device,
      pluggedIn: cable.pluggedIn(),
      connected: cable.connected(),
      steps: recording.steps.length,
      played: script.played,
      mismatches: script.mismatches,
    }),
    commands: {},
  });
  return {
    address: cable.address,
    controlUrl: control.url,
    async stop() {
      ending.abort();
      cancelSilence();
      for (const cancel of scheduled) cancel();
      await control.close();
      await cable.pullOut();
    },
  };
}
