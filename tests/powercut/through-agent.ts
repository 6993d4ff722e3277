import { readFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/platform/clock.ts';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import { seeded } from '../simulation/seeded.ts';
import { codesOf, lookAround } from '../live-kiosk/invariants.ts';
import type { LiveKiosk } from '../live-kiosk/live-kiosk.ts';
import type { PaperTrail } from '../live-kiosk/paper.ts';
import { person } from '../live-kiosk/people.ts';
import { backFor, brokenInReality, closed, serveUntil } from './around-a-death.ts';
import { DiskModel, type Image } from './disk-model.ts';
import { layImage } from './judge.ts';
import { STORIES } from './stories.ts';
import { imageOf } from './traced-run.ts';
import { isWhole, straceCommand, traceEvents } from './trace-events.ts';

/** What came of power cuts under a real agent at a real centre and a real (simulated) printer. */
export interface ThroughAgentReport {
  readonly cuts: number;
  /** One sentence for each that did not end as it must. */
  readonly wrong: readonly string[];
}

const TRACE_WRITTEN_WITHIN_MS = 5_000;
/** Syncs and writes of an agent that starts on a database in order; and of one errand. */
const BOOT_CALLS = { fsync: 12, pwrite64: 12 };
const ERRAND_CALLS = { fsync: 45, pwrite64: 130 };

/** One life of the agent: where its trace is, and what lay on the disk before. */
interface Life {
  readonly trace: string;
  readonly atFirst: Image | null;
}

/**
 * The power of a living kiosk is cut: strace kills the agent at one of its writes or syncs, and before it is started again its
 * disk is put into a state that a power cut could have left at that call. Centre, printer and paper are as they were.
 */
export class PowerCuts {
  readonly #kiosk: () => LiveKiosk;
  readonly #directory: string;
  readonly #random: () => number;
  #wanted = 0;
  #cuts = 0;
  #life: Life | undefined;

  /** `kiosk` is asked for when there is one; `directory` is for traces. */
  constructor(options: { kiosk: () => LiveKiosk; directory: string; seed: number }) {
    this.#kiosk = options.kiosk;
    this.#directory = options.directory;
    this.#random = seeded(options.seed);
  }

  /** To be called when the agent has died, before it is started again. */
  readonly agentDied = (): void => {
    const life = this.#life;
    if (life === undefined) return;
    this.#cuts += 1;
    layImage(this.#imageAfter(life), this.#kiosk().stack.dataDirectory);
    this.#arm();
  };

  /** Serves people at a kiosk whose agent is stopped, until the power has gone so often. The agent is stopped again afterwards. `earlier`: the paper of those who were served here already. */
  async run(
    cuts: number,
    earlier: { readonly trail: PaperTrail; readonly served: readonly Citizen[] },
    onProgress: (what: string) => void,
  ): Promise<ThroughAgentReport> {
    const kiosk = this.#kiosk();
    const { agent } = kiosk.stack;
    const people = STORIES.map(({ who }) => person(who));
    const everybody = [...people, ...earlier.served];
    const wrong: string[] = [];
    this.#wanted = cuts;
    this.#arm();
    await agent.start();
    await backFor(kiosk);
    for (let turn = 0; this.#cuts < cuts; turn += 1) {
      const before = this.#cuts;
      const citizen = people[turn % people.length];
      if (citizen === undefined) break;
      const hadCode = (await codesOf(kiosk, citizen)).some(({ state }) => state === 'active');
      await serveUntil(kiosk, citizen, hadCode ? 'reissue' : 'apply', () => this.#cuts > before);
      if (this.#cuts === before) continue;
      onProgress(`power cut ${this.#cuts} of ${cuts}`);
      await backFor(kiosk);
      await closed(kiosk);
      const broken = brokenInReality(
        await lookAround(kiosk, earlier.trail, everybody),
        hadCode ? citizen.id : undefined,
      );
      wrong.push(...broken.map((what) => `power cut ${this.#cuts}: ${what}`));
    }
    this.#life = undefined;
    await agent.stop();
    return { cuts: this.#cuts, wrong };
  }

  /** The next life of the agent ends at a call by chance; after the last cut it lives on. */
  #arm(): void {
    const { agent, dataDirectory } = this.#kiosk().stack;
    if (this.#cuts >= this.#wanted) {
      this.#life = undefined;
      agent.launch = {};
      return;
    }
    const call = this.#random() < 0.5 ? 'fsync' : 'pwrite64';
    const when = BOOT_CALLS[call] + Math.floor(this.#random() * ERRAND_CALLS[call]);
    const trace = path.join(this.#directory, `life-${this.#cuts}`);
    this.#life = { trace, atFirst: imageOf(dataDirectory) };
    agent.launch = { prefix: straceCommand(trace, { call, when }) };
  }

  /** Never gives way to the event loop: nobody may start the agent meanwhile. */
  #imageAfter({ trace, atFirst }: Life): Image {
    const deadline = systemClock.monotonicMs() + TRACE_WRITTEN_WITHIN_MS;
    const nap = new Int32Array(new SharedArrayBuffer(4));
    let text = readFileSync(trace, 'latin1');
    while (!isWhole(text)) {
      if (systemClock.monotonicMs() > deadline) throw new Error('the trace does not end');
      Atomics.wait(nap, 0, 0, 5);
      text = readFileSync(trace, 'latin1');
    }
    const disk = new DiskModel(atFirst);
    for (const event of traceEvents(text, this.#kiosk().stack.dataDirectory)) disk.apply(event);
    return this.#random() < 0.3 || !disk.atRisk ? disk.synced() : disk.torn(this.#random);
  }
}
