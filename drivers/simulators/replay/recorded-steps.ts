import type { MaskedBytes } from '../../trace/masked-bytes.ts';
import type { TraceEvent } from '../../trace/trace-lines.ts';

/** What the device's side did, so long after what came before it, ms. */
export type DeviceAction = { readonly afterMs: number } & (
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  | { readonly kind: 'pull-out' | 'plug-in' }
);

/** One thing the driver wrote, and everything the device's side did until it wrote the next. */
export interface RecordedStep {
  readonly out: MaskedBytes;
  /** Where in `out` the four bytes of a process id stand; they are new with each run. */
  readonly idsAt: readonly number[];
  readonly actions: readonly DeviceAction[];
}

/** A recording, from the device's side. */
export interface Recording {
  /** What it did before anything was written. */
  readonly opening: readonly DeviceAction[];
  readonly steps: readonly RecordedStep[];
}

/** Puts the events of a trace into steps. Silence before the first event is left out. */
export function recordingOf(events: readonly TraceEvent[]): Recording {
  const opening: DeviceAction[] = [];
  const steps: { out: MaskedBytes; idsAt: readonly number[]; actions: DeviceAction[] }[] = [];
  let sinceMs = events[0]?.atMs ?? 0;
  let pulledOut = false;
  for (const event of events) {
    const actions = steps.at(-1)?.actions ?? opening;
    const afterMs = Math.max(0, event.atMs - sinceMs);
    switch (event.kind) {
      case 'out':
        // Nothing was written: it is no step, and would be found everywhere.
        if (event.data.bytes.length === 0) break;
        steps.push({ out: event.data, idsAt: processIdsIn(event.data), actions: [] });
        sinceMs = event.atMs;
        break;
      case 'in':
        actions.push({ afterMs, kind: 'send', bytes: event.data.bytes });
        break;
      case 'end':
        // A line that the driver closed itself stays where it is.
        pulledOut = event.why !== 'closed';
        if (pulledOut) actions.push({ afterMs, kind: 'pull-out' });
        break;
      case 'open':
        if (pulledOut) actions.push({ afterMs, kind: 'plug-in' });
        pulledOut = false;
    }
  }
  return { opening, steps };
}

/** `GS ( H` fn 48: `1D 28 48 06 00 30 30 d1 d2 d3 d4`. */
const PROCESS_ID_COMMAND = [0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30];
/** Its answers: `37 22 d1 d2 d3 d4 00` printed, `37 33 …` not printed. */
const ECHO_HEADER = 0x37;
const ECHOES: readonly (number | undefined)[] = [0x22, 0x33];
const ID_BYTES = 4;

function processIdsIn({ bytes, hidden }: MaskedBytes): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at + PROCESS_ID_COMMAND.length + ID_BYTES <= bytes.length; at += 1) {
    const here = PROCESS_ID_COMMAND.every(
      (byte, index) => bytes[at + index] === byte && hidden[at + index] === 0,
    );
    if (here) found.push(at + PROCESS_ID_COMMAND.length);
  }
  return found;
}

/** The ids of this run, by those that were recorded. */
export class ProcessIds {
  readonly #current = new Map<string, Uint8Array>();

  /** What was written stands for what was recorded there. */
  capture({ out, idsAt }: RecordedStep, written: Uint8Array): void {
    for (const at of idsAt) {
      const recorded = keyOf(out.bytes.subarray(at, at + ID_BYTES));
      this.#current.set(recorded, written.slice(at, at + ID_BYTES));
    }
  }

  /** An answer with this run's ids instead of the recorded ones. */
  echo(answer: Uint8Array): Uint8Array {
    const echoed = Uint8Array.from(answer);
    for (let at = 0; at + 2 + ID_BYTES <= answer.length; at += 1) {
      if (answer[at] !== ECHO_HEADER || !ECHOES.includes(answer[at + 1])) continue;
      const current = this.#current.get(keyOf(answer.subarray(at + 2, at + 2 + ID_BYTES)));
      if (current !== undefined) echoed.set(current, at + 2);
    }
    return echoed;
  }
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id).toString('latin1');
}
