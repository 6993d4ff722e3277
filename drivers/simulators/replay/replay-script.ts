import { ProcessIds } from './recorded-steps.ts';
import type { DeviceAction, RecordedStep, Recording } from './recorded-steps.ts';

/** What the driver wrote and nobody had recorded. */
export interface Mismatch {
  /** How many steps had been played. */
  readonly afterStep: number;
  /** What was expected and what came, the first bytes in hexadecimal. */
  readonly expected: string;
  readonly got: string;
}

const MOST_MISMATCHES = 20;
const SHOWN_BYTES = 24;
/** An answer that is given again ends with the first pause of this length inside of it: what comes later was no part of it, ms. */
const ANSWER_PAUSE_MS = 300;

type Match = 'no' | 'partly' | 'whole';

/**
 * Plays the device's side of a recording. The driver of today does not write exactly what the recorded one wrote: it asks oftener or
 * less often, in other pieces, with other process ids. So the next step is looked for first, then a later one if everything that is
 * passed over only repeats what was played, then an earlier one, which is answered again. Pure; what is to be done is returned.
 */
export class ReplayScript {
  readonly #recording: Recording;
  readonly #ids = new ProcessIds();
  readonly #repeats: readonly boolean[];
  readonly mismatches: Mismatch[] = [];
  #next = 0;
  #pending: Uint8Array = new Uint8Array();

  constructor(recording: Recording) {
    this.#recording = recording;
    const known = new Set<string>();
    this.#repeats = recording.steps.map((step) => {
      const key = keyOf(step);
      const repeats = known.has(key);
      known.add(key);
      return repeats;
    });
  }

  /** How many steps of the recording have been played. */
  get played(): number {
    return this.#next;
  }

  /** The driver is connected. */
  connected(): readonly DeviceAction[] {
    return this.#recording.opening;
  }

  /** Takes what the driver wrote, in any split. */
  take(bytes: Uint8Array): readonly DeviceAction[] {
    this.#pending = Uint8Array.from([...this.#pending, ...bytes]);
    return this.#play(false);
  }

  /** Nothing more was written for a while: what is pending will not become a step. */
  silence(): readonly DeviceAction[] {
    return this.#play(true);
  }

  /** Whether something was written that is not yet a step. */
  get waits(): boolean {
    return this.#pending.length > 0;
  }

  #play(final: boolean): readonly DeviceAction[] {
    const actions: DeviceAction[] = [];
    while (this.#pending.length > 0) {
      const found = this.#find(this.#pending, final);
      if (found === 'wait') break;
      if (found === undefined) this.#skipUnknown();
      else actions.push(...this.#follow(found));
    }
    return actions;
  }

  /** The step that the front of `bytes` is; undefined: none. */
  #find(bytes: Uint8Array, final: boolean): number | 'wait' | undefined {
    for (const index of this.#candidates()) {
      const step = this.#recording.steps[index];
      const match = step === undefined ? 'no' : matchOf(step, bytes);
      if (match === 'whole') return index;
      if (match === 'partly' && !final) return 'wait';
    }
    return final ? undefined : 'wait';
  }

  *#candidates(): Generator<number> {
    const { length } = this.#recording.steps;
    for (let index = this.#next; index < length; index += 1) {
      yield index;
      if (this.#repeats[index] !== true) break;
    }
    for (let index = this.#next - 1; index >= 0; index -= 1) yield index;
  }

  #follow(index: number): readonly DeviceAction[] {
    const step = this.#recording.steps[index];
    if (step === undefined) return [];
    this.#ids.capture(step, this.#pending);
    this.#pending = this.#pending.slice(step.out.bytes.length);
    const again = index < this.#next;
    this.#next = Math.max(this.#next, index + 1);
    const actions = again ? answerIn(step.actions) : step.actions;
    return actions.map((action) =>
      action.kind === 'send' ? { ...action, bytes: this.#ids.echo(action.bytes) } : action,
    );
  }

  /** Passes over bytes until something known stands at the front. */
  #skipUnknown(): void {
    const from = this.#pending;
    let skipped = 1;
    while (skipped < from.length && typeof this.#find(from.subarray(skipped), true) !== 'number')
      skipped += 1;
    if (this.mismatches.length < MOST_MISMATCHES) {
      const expected = this.#recording.steps[this.#next]?.out.bytes ?? new Uint8Array();
      this.mismatches.push({
        afterStep: this.#next,
        expected: shown(expected),
        got: shown(from.subarray(0, skipped)),
      });
    }
    this.#pending = from.slice(skipped);
  }
}

/** Hidden bytes and process ids match anything. */
function matchOf({ out: { bytes, hidden }, idsAt }: RecordedStep, written: Uint8Array): Match {
  const free = (at: number) => hidden[at] === 1 || idsAt.some((from) => at >= from && at < from + 4);
  const common = Math.min(bytes.length, written.length);
  for (let at = 0; at < common; at += 1) if (bytes[at] !== written[at] && !free(at)) return 'no';
  return written.length < bytes.length ? 'partly' : 'whole';
}

/** What answers a step that is asked again: what the device sent without a longer pause. */
function answerIn(actions: readonly DeviceAction[]): readonly DeviceAction[] {
  const answer: DeviceAction[] = [];
  for (const action of actions) {
    const before = answer.at(-1);
    if (action.kind !== 'send') break;
    if (before !== undefined && action.afterMs - before.afterMs > ANSWER_PAUSE_MS) break;
    answer.push(action);
  }
  return answer;
}

/** Steps with the same key bring nothing new. */
function keyOf({ out, actions }: RecordedStep): string {
  const done = actions.map((action) => (action.kind === 'send' ? shownAll(action.bytes) : action.kind));
  return [shownAll(out.bytes), shownAll(out.hidden), ...done].join(' ');
}

function shown(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString('hex');
}

function shownAll(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
