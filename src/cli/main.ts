/** The technician's program: `kioskctl [--config kiosk.toml] [--lang zh|en] COMMAND`; README.md has the commands. */
import { requireNodeVersion } from '../platform/node-version.ts';

requireNodeVersion();
// Only now: what it loads may not run on a Node that is too old.
const { runKioskctl } = await import('./kioskctl.ts');
// Not left to the event loop: an agent that does not answer would hold it open.
process.exit(await runKioskctl(process.argv.slice(2)));
