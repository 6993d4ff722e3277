// A process of its own for the store's tests: fills a vault with the words given, says so, and waits to be killed.
import { openStore } from '../src/store/open-store.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { SEALED_COLUMNS } from '../src/store/vault.ts';

const [directory = '', canary = ''] = process.argv.slice(2);
const store = await openStore({ directory, clock: systemClock, random: systemRandom });
if (!store.ok) {
  process.stdout.write(`${JSON.stringify(store.error)}\n`);
  process.exit(3);
}
const session = store.value.sessions.begin(7);
for (const column of SEALED_COLUMNS) session.vault.put(column, Buffer.from(`${canary}-${column}`));
process.stdout.write('"filled"\n');
setInterval(() => undefined, 1_000);
