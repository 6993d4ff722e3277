import { readFileSync } from 'node:fs';
import path from 'node:path';

import { Command, InvalidArgumentError, Option } from 'commander';

import { readKeysFile, readSubjectsFile } from '../src/central-api/conformance/parties.ts';
import type { KeysFile } from '../src/central-api/conformance/parties.ts';
import { resultLine, summaryLines } from '../src/central-api/conformance/report.ts';
import type { ReportLanguage } from '../src/central-api/conformance/report.ts';
import { runConformance } from '../src/central-api/conformance/suite.ts';
import { sleep, systemClock } from '../src/platform/clock.ts';
import { requireNodeVersion } from '../src/platform/node-version.ts';
import { systemRandom } from '../src/platform/random.ts';
import type { Result } from '../src/platform/result.ts';

requireNodeVersion();

/** Exit code for settings that cannot be used (sysexits EX_CONFIG); 1 is kept for a centre that does not conform. */
const EX_CONFIG = 78;

interface Options {
  readonly url: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly certKey?: string;
  readonly keys: string;
  readonly subjects?: string;
  readonly only: readonly string[];
  readonly wait: number;
  readonly lang: ReportLanguage;
  readonly json?: boolean;
}

function giveUp(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(EX_CONFIG);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return giveUp(`读不到文件 ${file} / cannot read ${file}`);
  }
}

function readParsed<T>(file: string, parse: (content: string) => Result<T, string>): T {
  const parsed = parse(readText(file));
  return parsed.ok ? parsed.value : giveUp(`${file}: ${parsed.error}`);
}

function seconds(value: string): number {
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 0) throw new InvalidArgumentError('a number of seconds');
  return parsed;
}

function withPrivateKeys(keys: KeysFile, directory: string) {
  return Object.fromEntries(
    Object.entries(keys).flatMap(([party, key]) => {
      if (key === undefined) return [];
      const { keyId, keyFile } = key;
      return [[party, { keyId, privateKeyPem: readText(path.resolve(directory, keyFile)) }]];
    }),
  );
}

async function main(options: Options): Promise<void> {
  const { lang } = options;
  const keys = withPrivateKeys(readParsed(options.keys, readKeysFile), path.dirname(options.keys));
  const report = await runConformance({
    url: options.url,
    ...(options.ca !== undefined && { caPem: readText(options.ca) }),
    ...(options.cert !== undefined && { clientCertPem: readText(options.cert) }),
    ...(options.certKey !== undefined && { clientKeyPem: readText(options.certKey) }),
    keys,
    subjects: options.subjects === undefined ? [] : readParsed(options.subjects, readSubjectsFile),
    only: options.only,
    longestPassMs: options.wait * 1000,
    passTime: async (ms) => {
      await sleep(systemClock, ms);
    },
    clock: systemClock,
    random: systemRandom,
    onResult: (result) => {
      if (!options.json) console.log(resultLine(result, lang));
    },
  });
  console.log(options.json ? JSON.stringify(report) : summaryLines(report, lang));
  process.exitCode = report.failed > 0 || report.passed === 0 ? 1 : 0;
}

await new Command('conformance')
  .description(
    '检查一个中心服务是否遵守约定 / checks any central service against the behaviour of the contract',
  )
  .requiredOption('--url <https://host:port>', 'the central service')
  .option('--ca <file>', "authority of its certificate, PEM (default: Node's own)")
  .option('--cert <file>', 'client certificate for mutual TLS, PEM')
  .option('--cert-key <file>', 'key of the client certificate, PEM')
  .requiredOption(
    '--keys <file>',
    '{"device": {"keyId", "keyFile"}, "otherDevice", "portal", "verifier", "operator"}',
  )
  .option('--subjects <file>', '{"subjects": [{"case", "name", "idNumber", "validFrom", "validTo"}]}')
  .option('--only <id...>', 'only checks whose id begins so', [])
  .option(
    '--wait <seconds>',
    'how long a check may wait for time to pass (61: living code, 601: leases)',
    seconds,
    0,
  )
  .addOption(new Option('--lang <language>', 'of the report').choices(['zh', 'en']).default('zh'))
  .option('--json', 'one JSON object instead of lines')
  .action(main)
  .parseAsync();
