/**
 * The kiosk's agent: `node src/agent/main.ts --config kiosk.toml`. Logs JSON lines on standard output. Ends with 0 on
 * SIGTERM or SIGINT, with 78 when no restart mends it (configuration, a second agent), with 70 when it must be restarted.
 */
import { parseArgs } from 'node:util';
import { requireNodeVersion } from '../platform/node-version.ts';

requireNodeVersion();
const { values } = parseArgs({ options: { config: { type: 'string' } } });
if (values.config === undefined) {
  process.stderr.write('用法 usage: agent --config kiosk.toml\n');
  process.exit(78);
}
// Only now: what it loads crashes on a Node that is too old.
const { runAgent } = await import('./run-agent.ts');
await runAgent(values.config);
