/**
 * Measures what drivers and screens take: bytes and time of a slip beside the public generators, a card's reading, the status while
 * printing, the journal on this disk; and how long a finger waits for the screen (needs `npm run build`).
 *
 *   npm run bench -- --json [--quick]
 */
import { Command } from 'commander';
import { runBench, tableOf } from '../tests/bench/run-bench.ts';

const options = new Command('bench')
  .option('--json', 'one JSON object on standard output', false)
  .option('--quick', 'few repetitions, to see that it works', false)
  .parse()
  .opts<{ json: boolean; quick: boolean }>();

const report = await runBench(options.quick);
process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${tableOf(report)}\n`);
process.exit(0);
