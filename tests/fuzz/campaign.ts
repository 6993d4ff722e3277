import { availableParallelism } from 'node:os';
import { systemClock } from '../../src/platform/clock.ts';
import { CORPUS } from './corpus.ts';
import { totalsOf } from './report.ts';
import type { DecoderReport, FuzzReport } from './report.ts';
import { superviseDecoder } from './supervision.ts';
import type { TargetLoaders } from './targets.ts';

/** What is to be fuzzed, and for how long. */
export interface CampaignOptions {
  /** In all, divided among the decoders. */
  readonly seconds: number;
  readonly seed: number;
  /** One decoder, or those whose names begin with this; absent: all. */
  readonly only?: string | undefined;
  /** Module with the decoders; default this project's. */
  readonly targetsModule?: string | undefined;
  readonly corpusFolder?: string | undefined;
  /** Inputs that reached something new go into the corpus, at most so many a decoder. Default 0. */
  readonly grow?: number | undefined;
  readonly patienceMs?: number | undefined;
}

/** What a machine with few cores can do without one decoder slowing the other. */
const MOST_AT_ONCE = 2;

/** Fuzzes each decoder in a process of its own, a few at a time. Ends within its time and a little more: the last look at memory, hangs. */
export async function runCampaign(options: CampaignOptions): Promise<FuzzReport> {
  const { targetsModule = `${import.meta.dirname}/targets.ts`, corpusFolder = CORPUS } = options;
  const { targetLoaders } = (await import(targetsModule)) as { targetLoaders: TargetLoaders };
  const names = Object.keys(targetLoaders).filter((name) => name.startsWith(options.only ?? ''));
  const chosen = names.filter((name) => name === options.only);
  const waiting = chosen.length > 0 ? chosen : names;
  const atOnce = Math.min(MOST_AT_ONCE, availableParallelism(), waiting.length);
  const startedMs = systemClock.monotonicMs();
  const sliceMs = (options.seconds * 1000 * atOnce) / Math.max(1, waiting.length);
  const reports = new Map<string, DecoderReport>(waiting.map((name) => [name, nothing]));

  const workOn = async (queue: string[]) => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const { seed, grow = 0, patienceMs } = options;
      const report = await superviseDecoder({
        name,
        seed,
        sliceMs,
        targetsModule,
        corpusFolder,
        grow,
        patienceMs,
      });
      reports.set(name, report);
    }
  };
  const queue = [...waiting];
  await Promise.all(Array.from({ length: atOnce }, () => workOn(queue)));

  const seconds = (systemClock.monotonicMs() - startedMs) / 1000;
  const decoders = Object.fromEntries(reports);
  return { seed: options.seed, seconds, decoders, totals: totalsOf(decoders, seconds) };
}

const nothing: DecoderReport = {
  cases: 0,
  crashes: 0,
  hangs: 0,
  maxRssMb: 0,
  casesPerSecond: 0,
  corpus: 0,
  novel: 0,
  heldKb: null,
  fedKb: null,
  findings: [],
};
