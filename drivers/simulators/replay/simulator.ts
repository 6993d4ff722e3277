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

/** Plays the device's side of a trace on a line, at the recorded pace. */
export async function startReplay(
  options: SimulatorOptions & { readonly trace: Trace },
  clock: Clock,
  random: RandomSource,
): Promise<RunningSimulator> {
  const { header, events } = options.trace;
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
    if (action.kind === 'send') void line.write(action.bytes);
    else if (action.kind === 'pull-out') void line.pullOut();
    else void line.plugIn();
  }

  const line: DeviceLine = await openLine({
    ...options,
    clock,
    random,
    onBytes(bytes) {
      cancelSilence();
      act(script.take(bytes));
      if (!script.waits) return;
      cancelSilence = clock.schedule(SILENCE_MS, () => {
        act(script.silence());
      });
    },
  });
  async function open(): Promise<void> {
    while (!line.connected() && (await sleep(clock, LOOK_MS, ending.signal)));
    if (!ending.signal.aborted) act(script.connected());
  }
  void open();

  const control = await openControl(options.controlPort, {
    state: () => ({
      device: 'replay',
      of: header.device,
      pluggedIn: line.pluggedIn(),
      connected: line.connected(),
      steps: recording.steps.length,
      played: script.played,
      mismatches: script.mismatches,
    }),
    commands: {},
  });
  return {
    address: line.address,
    controlUrl: control.url,
    async stop() {
      ending.abort();
      cancelSilence();
      for (const cancel of scheduled) cancel();
      await control.close();
      await line.pullOut();
    },
  };
}
