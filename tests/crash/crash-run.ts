import { JOURNAL_STATES } from '../../src/issuance/transitions.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { seeded } from '../simulation/seeded.ts';
import { someCases } from './cases.ts';
import { Kiosk } from './kiosk-at-test.ts';
import { playCase } from './play-case.ts';
import { killAtRandom } from './random-kills.ts';
import { NobodyLeft } from './world.ts';

export interface CrashOptions {
  /** So many cases, spread over points and outcomes. */
  readonly cases: number;
  readonly kills: number;
  readonly seed: number;
  /** Kiosks beside each other. */
  readonly lanes: number;
  readonly onProgress: (what: string) => void;
}

export interface CrashReport {
  /** That were killed at their point. */
  readonly cases: number;
  /** Cases that ran to their end because their point never came. */
  readonly notReached: number;
  readonly randomKills: number;
  /** Of the random kills; `none`: nothing was under way. */
  readonly killsByState: Readonly<Record<string, number>>;
  readonly violations: number;
  readonly recoveryMsMax: number;
  readonly recoveryMsMedian: number;
  readonly seconds: number;
  /** What is broken, each with the case it was seen in. */
  readonly examples: readonly string[];
  readonly notReachedNames: readonly string[];
}

/** After so many visits a kiosk is exchanged for a new one: its paper and its people's codes grow. */
const VISITS_PER_KIOSK = 40;

/** One visit to a kiosk: what of it is to be told, and what is broken. */
type Visit = (kiosk: Kiosk) => Promise<readonly string[]>;

/** Kills real agents, by cases and at random, and judges each time from outside what came of it. */
export async function runCrashes(options: CrashOptions): Promise<CrashReport> {
  const run = new CrashRun(options);
  await run.playCases();
  await run.killAtRandom();
  return run.report();
}

class CrashRun {
  readonly #options: CrashOptions;
  readonly #beganAtMs = systemClock.monotonicMs();
  readonly #notReached: string[] = [];
  readonly #examples: string[] = [];
  readonly #recoveriesMs: number[] = [];
  readonly #killsByState = new Map<string, number>(['none', ...JOURNAL_STATES].map((state) => [state, 0]));
  #killed = 0;
  #randomKills = 0;

  constructor(options: CrashOptions) {
    this.#options = options;
  }

  async playCases(): Promise<void> {
    const cases = someCases(this.#options.cases);
    let next = 0;
    await this.#inLanes({ beside: false }, () => {
      const at = next;
      const one = cases[at];
      next += 1;
      if (one === undefined) return undefined;
      return {
        name: one.name,
        visit: async (kiosk) => {
          const result = await playCase(kiosk, one, at % 2 === 1);
          if (result.killed) this.#killed += 1;
          else this.#notReached.push(one.name);
          this.#recovered(result.recoveryMs);
          this.#options.onProgress(`case ${at + 1} of ${cases.length}`);
          return result.violations;
        },
      };
    });
  }

  async killAtRandom(): Promise<void> {
    const { kills, seed, onProgress } = this.#options;
    let visits = 0;
    await this.#inLanes({ beside: true }, () => {
      const left = kills - this.#randomKills;
      if (left <= 0) return undefined;
      visits += 1;
      const visit = visits;
      // What chance decides is the same again for the same seed; where the agent has got to by then is not.
      const random = seeded(seed * 1_000_003 + visit);
      return {
        name: `random visit ${visit} of seed ${seed}`,
        visit: async (kiosk) => {
          const { states, violations, recoveryMs } = await killAtRandom(kiosk, random, left);
          for (const state of states) this.#killsByState.set(state, (this.#killsByState.get(state) ?? 0) + 1);
          this.#randomKills += states.length;
          this.#recovered(recoveryMs);
          onProgress(`${this.#randomKills} of ${kills} random kills`);
          return violations;
        },
      };
    });
  }

  report(): CrashReport {
    const recoveries = this.#recoveriesMs.toSorted((a, b) => a - b);
    return {
      cases: this.#killed,
      notReached: this.#notReached.length,
      randomKills: this.#randomKills,
      killsByState: Object.fromEntries(this.#killsByState),
      violations: this.#examples.length,
      recoveryMsMax: recoveries.at(-1) ?? 0,
      recoveryMsMedian: recoveries[Math.floor(recoveries.length / 2)] ?? 0,
      seconds: (systemClock.monotonicMs() - this.#beganAtMs) / 1000,
      examples: this.#examples,
      notReachedNames: this.#notReached,
    };
  }

  #recovered(ms: number | undefined): void {
    if (ms !== undefined) this.#recoveriesMs.push(ms);
  }

  async #inLanes(
    options: { readonly beside: boolean },
    next: () => { readonly name: string; readonly visit: Visit } | undefined,
  ): Promise<void> {
    const lane = async () => {
      let kiosk: Kiosk | undefined;
      let visits = 0;
      for (let one = next(); one !== undefined;) {
        kiosk ??= await Kiosk.start(options);
        const outcome = await this.#visit(kiosk, one.name, one.visit);
        visits += 1;
        if (outcome !== 'well' || visits >= VISITS_PER_KIOSK) {
          await this.#end(kiosk, outcome !== 'broken');
          [kiosk, visits] = [undefined, 0];
        }
        if (outcome !== 'nobody-left') one = next();
      }
      if (kiosk !== undefined) await this.#end(kiosk, true);
    };
    await Promise.all(Array.from({ length: this.#options.lanes }, lane));
  }

  async #visit(kiosk: Kiosk, name: string, visit: Visit): Promise<'well' | 'nobody-left' | 'broken'> {
    try {
      for (const broken of await visit(kiosk)) this.#broken(name, broken);
      return 'well';
    } catch (error) {
      if (error instanceof NobodyLeft) return 'nobody-left';
      this.#broken(name, error instanceof Error ? error.message : 'something was thrown');
      return 'broken';
    }
  }

  /** `atRest`: nothing is under way in it, so everybody's codes and all paper must be in order. */
  async #end(kiosk: Kiosk, atRest: boolean): Promise<void> {
    const name = 'the end of a kiosk';
    const ended = async (work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        this.#broken(name, error instanceof Error ? error.message : 'it does not end');
      }
    };
    if (atRest) {
      await ended(async () => {
        for (const broken of await kiosk.judge.wholeAtRest()) this.#broken(name, broken);
      });
    }
    await ended(() => kiosk.stop());
  }

  #broken(name: string, what: string): void {
    this.#examples.push(`${name}: ${what}`);
    this.#options.onProgress(`✗ ${name}: ${what}`);
  }
}
