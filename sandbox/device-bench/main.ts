import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../../src/platform/clock.ts';
import { requireNodeVersion } from '../../src/platform/node-version.ts';
import { systemRandom } from '../../src/platform/random.ts';

requireNodeVersion();

/** Exit code of a program that was told something it cannot use (sysexits EX_CONFIG). */
const EX_CONFIG = 78;

function port(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > 65_535)
    throw new InvalidArgumentError('a port is needed, 0 to 65535');
  return value;
}

function address(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError('an address is needed, http://host:port');
  return text.replace(/\/$/, '');
}

const program = new Command('device-bench')
  .description('A page to lay cards, show codes and watch slips come out of the simulated devices')
  .option('--port <port>', 'port of the page on 127.0.0.1 (0 = any free one)', port, 0)
  .requiredOption('--reader <url>', "the simulated ID-card reader's control interface", address)
  .requiredOption('--scanner <url>', "the simulated QR scanner's control interface", address)
  .requiredOption('--printer <url>', "the simulated receipt printer's control interface", address)
  .option('--central-control <url>', "the sandbox centre's own handle (network away, clock)", address)
  .option('--central <url>', 'the central service', address)
  .option('--ca <file>', "certificate authority of the centre's certificate")
  .option('--portal-key <file>', 'private key of the portal (PKCS#8 PEM)')
  .option('--portal-key-id <id>', 'its key id')
  .option('--production', 'refused: the bench is for trying things out')
  .parse();

const options = program.opts<{
  port: number;
  reader: string;
  scanner: string;
  printer: string;
  centralControl?: string;
  central?: string;
  ca?: string;
  portalKey?: string;
  portalKeyId?: string;
  production?: boolean;
}>();

function giveUp(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(EX_CONFIG);
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return giveUp(`cannot read ${file}`);
  }
}

if (options.production === true || process.env['KIOSK_PRODUCTION'] === '1') {
  giveUp('设备台只用于演示和试验，正式运行的终端不能启动它。The device bench does not start in production.');
}

// The page's programs lose their types by a function of Node that still announces itself as experimental.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => {
  if (name !== 'ExperimentalWarning') process.stderr.write(`${name}: ${message}\n`);
});

const { startBench } = await import('./bench-server.ts');
const { central, portalKey, portalKeyId } = options;
const bench = await startBench({
  port: options.port,
  devices: { reader: options.reader, scanner: options.scanner, printer: options.printer },
  centralControl: options.centralControl,
  portal:
    central !== undefined && portalKey !== undefined && portalKeyId !== undefined
      ? {
          url: central,
          keyId: portalKeyId,
          privateKeyPem: text(portalKey),
          ...(options.ca === undefined ? {} : { caPem: text(options.ca) }),
          clock: systemClock,
          random: systemRandom,
        }
      : undefined,
  clock: systemClock,
});

let closing = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (closing) return;
    closing = true;
    void bench.close().then(() => process.exit(0));
  });
}
process.stdout.write(`${JSON.stringify({ ready: true, url: bench.url })}\n`);
