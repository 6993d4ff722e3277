import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/platform/clock.ts';
import { requireNodeVersion } from '../../src/platform/node-version.ts';
import { systemRandom } from '../../src/platform/random.ts';

requireNodeVersion();

const USAGE =
  'usage: node sandbox/central-service/main.ts --port N --data DIR --keys FILE.json [--host 127.0.0.1] [--control PORT] [--client-ca FILE.pem]';

/** Exit code of a program that was told something it cannot use (sysexits EX_CONFIG). */
const EX_CONFIG = 78;

function giveUp(why: string): never {
  process.stderr.write(`${why}\n${USAGE}\n`);
  process.exit(EX_CONFIG);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        keys: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        control: { type: 'string' },
        'client-ca': { type: 'string' },
      },
    }).values;
  } catch (error) {
    return giveUp(error instanceof Error ? error.message : 'unknown option');
  }
}

function readPort(name: string, text: string | undefined): number {
  const port = Number(text);
  return text !== undefined && Number.isInteger(port) && port >= 0 && port < 65_536
    ? port
    : giveUp(`--${name} needs a port, 0 to 65535`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return giveUp(`cannot read ${file}`);
  }
}

const options = readOptions();
if (options.data === undefined || options.keys === undefined) giveUp('--data and --keys are needed');
const { readSigningKeys } = await import('./signing-keys.ts');
const { startCentralService } = await import('./central-service.ts');
const keys = readSigningKeys(readText(options.keys));
if (!keys.ok) giveUp(keys.error);

const service = await startCentralService({
  host: options.host,
  port: readPort('port', options.port),
  ...(options.control !== undefined && { controlPort: readPort('control', options.control) }),
  ...(options['client-ca'] !== undefined && { clientCaPem: readText(options['client-ca']) }),
  dataDirectory: options.data,
  keys: keys.value,
  clock: systemClock,
  random: systemRandom,
  onInternalError: (what) => process.stderr.write(`${what}\n`),
});

let closing = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (closing) return;
    closing = true;
    void service.close().then(() => process.exit(0));
  });
}

const { url, caFile, control } = service;
process.stdout.write(`${JSON.stringify({ ready: true, url, caFile, ...(control && { control }) })}\n`);
