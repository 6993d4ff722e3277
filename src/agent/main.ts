/**
 * The kiosk's agent: `node src/agent/main.ts --config kiosk.toml [--verbose]`. Logs JSON lines on standard output. Ends with
 * 0 on SIGTERM or SIGINT, with 78 when no restart mends it (configuration, a second agent), with 70 when it must be
 * restarted. Why, in a sentence, is on standard error.
 */
import { parseArgs } from 'node:util';
import { requireNodeVersion } from '../platform/node-version.ts';
import { forbidCoreFiles } from './core-files.ts';
import { refuseToStart, warnAtStart } from './ways-out.ts';

requireNodeVersion();
// Whatever it writes is for its own user, whoever started it: database, one-time code, socket.
process.umask(0o077);
const given = commandLine();
if (given?.config === undefined) refuseToStart((text) => text.usage);
if (!forbidCoreFiles()) warnAtStart((text) => text.coreFiles);
// Only now: what it loads crashes on a Node that is too old.
const { runAgent } = await import('./run-agent.ts');
await runAgent(given.config, { verbose: given.verbose === true });

function commandLine(): { config?: string; verbose?: boolean } | undefined {
  try {
    return parseArgs({ options: { config: { type: 'string' }, verbose: { type: 'boolean' } } }).values;
  } catch {
    return undefined;
  }
}
