import { systemClock } from '../../src/platform/clock.ts';

/** Seconds between two lines. */
const EVERY_MS = 10_000;

/** Says on standard error how far the run is; standard output belongs to the report. */
class ProgressOnStandardError {
  #total = 0;
  #tested = 0;
  #unnoticed = 0;
  #nextMs = 0;

  onMutationTestingPlanReady({ mutantPlans }: { readonly mutantPlans: readonly { plan: string }[] }): void {
    this.#total = mutantPlans.filter(({ plan }) => plan === 'Run').length;
  }

  onMutantTested({ status }: { readonly status: string }): void {
    if (status === 'Ignored') return;
    this.#tested += 1;
    if (status === 'Survived' || status === 'NoCoverage') this.#unnoticed += 1;
    if (systemClock.monotonicMs() < this.#nextMs) return;
    this.#nextMs = systemClock.monotonicMs() + EVERY_MS;
    process.stderr.write(`… ${this.#tested} of ${this.#total} changes, ${this.#unnoticed} not noticed\n`);
  }
}

export const strykerPlugins = [
  { kind: 'Reporter', name: 'progress-on-stderr', injectableClass: ProgressOnStandardError },
];
