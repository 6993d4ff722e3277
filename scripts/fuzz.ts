/**
 * Mutation fuzzing of every decoder that eats bytes or text from outside, each in a process of its own.
 *
 *   npm run fuzz -- --seconds 600 --json [--only sdt-frame] [--seed 7]
 */
import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { runCampaign } from '../tests/fuzz/campaign.ts';
import { tableOf } from '../tests/fuzz/report.ts';

const number = (text: string) => {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('a number is needed');
  return value;
};

const options = new Command('fuzz')
  .option('--seconds <seconds>', 'how long, in all', number, 60)
  .option('--json', 'one JSON object on standard output', false)
  .option('--only <name>', 'one decoder, or all whose names begin so')
  .option('--seed <seed>', 'the same seed tries the same inputs, as far as time allows', number, 1)
  .option('--out <file>', 'writes the JSON object there as well')
  .option('--grow <count>', 'so many inputs that reached something new are added to the corpus', number, 0)
  .option('--targets <module>', 'other decoders than those of this project')
  .option('--corpus <folder>', 'another corpus')
  .parse()
  .opts<{
    seconds: number;
    json: boolean;
    only?: string;
    seed: number;
    out?: string;
    grow: number;
    targets?: string;
    corpus?: string;
  }>();

const report = await runCampaign({
  ...options,
  targetsModule: options.targets,
  corpusFolder: options.corpus,
});
if (Object.keys(report.decoders).length === 0) {
  process.stderr.write(`there is no decoder ${options.only ?? ''}\n`);
  process.exit(2);
}
if (options.out !== undefined) writeFileSync(options.out, JSON.stringify(report));
process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${tableOf(report)}\n`);
process.exit(report.totals.crashes + report.totals.hangs > 0 ? 1 : 0);
