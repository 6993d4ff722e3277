import type { DeviceFault } from './status.ts';

/**
 * How far a health check goes (UnifiedPOS CheckHealth): `internal` asks the device and moves nothing · `external` lets it do
 * something one can see or hear (print, beep, light) · `interactive` needs a person beside it.
 */
export type HealthCheckLevel = 'internal' | 'external' | 'interactive';

/** One thing that was looked at. Sentences for people live in `copy`, by `step`. */
export interface HealthStep {
  /** Stable dotted code, e.g. `reader.sam-status`, `printer.process-id`, `scanner.beep`. */
  readonly step: string;
  /** `notSupported`: this device cannot do it, which is no fault. `unanswered`: nobody said how it went. */
  readonly outcome: 'passed' | 'failed' | 'notSupported' | 'unanswered';
  readonly fault?: DeviceFault;
  /** Figures and words that were measured, e.g. `{ ms: 12 }`. Never personal data. */
  readonly measured?: Readonly<Record<string, string | number>>;
}

/** The person beside the device, as a health check talks to them. */
export interface HealthDialogue {
  /** A step is done. */
  onStep(step: HealthStep): void;
  /** Asks for something that the device itself will notice, e.g. `reader.lay-card`. */
  prompt(what: string): void;
  /** Asks what only a person can tell, e.g. `scanner.heard-beep`; undefined: no answer, or nobody there. */
  question(what: string): Promise<boolean | undefined>;
}

/** What a health check came to. */
export interface HealthReport {
  readonly level: HealthCheckLevel;
  /** No step failed. */
  readonly passed: boolean;
  readonly steps: readonly HealthStep[];
}

/** Collects the steps of one health check and tells each at once. */
export function createHealthRecorder(level: HealthCheckLevel, dialogue: HealthDialogue) {
  const steps: HealthStep[] = [];
  return {
    note(step: HealthStep): void {
      steps.push(step);
      dialogue.onStep(step);
    },
    report(): HealthReport {
      return { level, passed: steps.every(({ outcome }) => outcome !== 'failed'), steps };
    },
  };
}
