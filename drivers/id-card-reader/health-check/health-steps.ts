import type { HealthDialogue, HealthReport, HealthStep } from '../../../src/devices/health-check.ts';
import type { DeviceFault } from '../../../src/devices/status.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { Result } from '../../../src/platform/result.ts';

/** Where a health check writes down what it finds. */
interface HealthRecorder {
  note(step: HealthStep): void;
  report(): HealthReport;
}

/** Writes down the steps of one health check, each with how long it took, until that is cut short. */
export class HealthSteps {
  readonly #recorder: HealthRecorder;
  readonly #dialogue: HealthDialogue;
  readonly #clock: Clock;
  #current: string;
  #open = true;
  #over = false;

  /** `first` is the step at which a check stands that was cut short before it began. */
  constructor(recorder: HealthRecorder, dialogue: HealthDialogue, clock: Clock, first: string) {
    this.#recorder = recorder;
    this.#dialogue = dialogue;
    this.#clock = clock;
    this.#current = first;
  }

  /** What is being looked at from now on. */
  begin(step: string): void {
    this.#current = step;
    this.#open = true;
  }

  /** Asks the person for something; not any more when the check was cut short. */
  prompt(what: string): void {
    if (!this.#over) this.#dialogue.prompt(what);
  }

  /** How the step that was begun came out. */
  end(
    outcome: HealthStep['outcome'],
    measured: Readonly<Record<string, string | number>>,
    fault?: DeviceFault,
  ): void {
    if (this.#over) return;
    this.#open = false;
    this.#recorder.note({ step: this.#current, outcome, measured, ...(fault ? { fault } : {}) });
  }

  /** A step that is one question to the device; its value, or undefined when it failed. */
  async ask<T>(
    step: string,
    question: () => Promise<Result<T, DeviceFault>>,
    measuredOf: (value: T) => Readonly<Record<string, string | number>> = () => ({}),
  ): Promise<T | undefined> {
    this.begin(step);
    const beganMs = this.#clock.monotonicMs();
    const answer = await question();
    const ms = Math.round(this.#clock.monotonicMs() - beganMs);
    if (!answer.ok) {
      this.end('failed', { ms }, answer.error);
      return undefined;
    }
    this.end('passed', { ms, ...measuredOf(answer.value) });
    return answer.value;
  }

  /** Ends the check, where it stands if it was cut short: nothing that still runs is written down any more. */
  finish(): HealthReport {
    if (this.#open) this.end('unanswered', {});
    this.#over = true;
    return this.#recorder.report();
  }
}
