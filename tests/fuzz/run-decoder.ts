import { openSync, readFileSync, writeSync } from 'node:fs';
import { Command } from 'commander';
import { systemClock } from '../../src/platform/clock.ts';
import { startCoverage } from './coverage.ts';
import { cpuMsOf, fuzzDecoder } from './fuzz-decoder.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import type { TargetLoaders } from './targets.ts';

/** Bytes before the input in the file that says what is being tried: a counter and the input's length. */
const CURRENT_HEADER_BYTES = 8;

const LEAST_FEED_MS = 300;

/**
 * Fuzzes one decoder in a process of its own, which whoever started it may kill. Says in one JSON line what came of it; which input
 * is being tried stands in the file `--current` at any moment.
 */
async function main(): Promise<void> {
  const options = new Command('run-decoder')
    .requiredOption('--name <decoder>')
    .requiredOption('--targets <module>')
    .option('--corpus <folder>', '', '')
    .option('--current <file>', '', '')
    .option('--seed <number>', '', Number, 1)
    .option('--ms <ms>', 'of this process, its start included', Number, 1000)
    .option('--skip <file>', 'inputs that are not to be tried again, hexadecimal, one a line')
    .option('--confirm <file>', 'only says how long this one input takes')
    .parse()
    .opts<{
      name: string;
      targets: string;
      corpus: string;
      current: string;
      seed: number;
      ms: number;
      confirm?: string;
      skip?: string;
    }>();
  if (options.confirm !== undefined) {
    const target = await loadTarget(options.targets, options.name);
    // Once for the compiler: a cold start is no fault of the input.
    await cpuMsOf(target, new Uint8Array(64), 2);
    const cpuMs = await cpuMsOf(target, readFileSync(options.confirm), 3);
    await print({ cpuMs });
    return;
  }
  const coverage = startCoverage();
  const target = await loadTarget(options.targets, options.name);
  const run = await fuzzDecoder(target, {
    seed: options.seed,
    // A fifth of the time is for the look at memory.
    untilMs: options.ms * (target.swallow ? 0.8 : 1),
    feedMs: Math.max(LEAST_FEED_MS, options.ms / 5),
    skip: new Set(options.skip === undefined ? [] : readFileSync(options.skip, 'latin1').split('\n')),
    clock: systemClock,
    corpusFolder: options.corpus,
    coverage,
    onInput: noterOf(options.current),
  });
  const hex = (inputs: readonly Uint8Array[]) => inputs.map((input) => Buffer.from(input).toString('hex'));
  await print({
    ...run,
    suspects: hex(run.suspects),
    novel: hex(run.novel),
    fuzzedMs: systemClock.monotonicMs(),
    maxRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  });
}

/** Resolves when it has left: a pipe takes 64 KB at once, and the process ends right after. */
function print(value: object): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(value)}\n`, () => resolve());
  });
}

async function loadTarget(module: string, name: string): Promise<FuzzTarget> {
  const { targetLoaders } = (await import(module)) as { targetLoaders: TargetLoaders };
  const load = targetLoaders[name];
  if (load === undefined) throw new Error(`there is no decoder ${name}`);
  return load();
}

/** Writes each input down before it is tried; a page of a file costs a few microseconds. */
function noterOf(file: string): (input: Uint8Array) => void {
  const handle = openSync(file, 'r+');
  let count = 0;
  return (input) => {
    count = (count + 1) >>> 0;
    const noted = Buffer.alloc(CURRENT_HEADER_BYTES + input.length);
    noted.writeUInt32LE(count, 0);
    noted.writeUInt32LE(input.length, 4);
    noted.set(input, CURRENT_HEADER_BYTES);
    writeSync(handle, noted, 0, noted.length, 0);
  };
}

await main();
// Decoders under test may have left sockets and timers behind.
process.exit(0);
