/**
 * A headless series of journeys from a cold start, through touch, simulators and the centre's API alone.
 *
 *   npm run journey -- --json [--method id-card|suishen-code] [--kind apply|reissue] [--once]
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { runSeries, type JourneyKind, type JourneyMethod } from '../tests/journeys/harness/series.ts';

const options = new Command('journey')
  .option('--json', 'one JSON object on standard output', false)
  .addOption(
    new Option('--method <method>', 'how to sign in').choices(['id-card', 'suishen-code']).default('id-card'),
  )
  .addOption(new Option('--kind <kind>', 'what to come for').choices(['apply', 'reissue']).default('apply'))
  .option('--once', 'a single journey', false)
  .parse()
  .opts<{ json: boolean; method: JourneyMethod; kind: JourneyKind; once: boolean }>();

const report = await runSeries({
  method: options.method,
  kind: options.kind,
  slips: options.once ? 1 : 20,
  coldStarts: options.once ? 1 : 3,
  keepSlip: (file) => {
    const kept = path.resolve('var/reports/journey-slip.png');
    mkdirSync(path.dirname(kept), { recursive: true });
    copyFileSync(file, kept);
    return kept;
  },
});
process.stdout.write(
  options.json
    ? `${JSON.stringify(report)}\n`
    : `${Object.entries(report)
        .map(([name, value]) => `${name.padEnd(16)} ${JSON.stringify(value)}`)
        .join('\n')}\n`,
);
process.exit(report.ok ? 0 : 1);
