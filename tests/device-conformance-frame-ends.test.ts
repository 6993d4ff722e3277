import { expect, test } from 'vitest';
import { patienceNow } from './device-conformance/device-host.ts';
import { hostHere } from './device-conformance/host-here.ts';
import { openBench } from './device-conformance/supervised.ts';
import { ROWS, rowName } from './device-conformance/table.ts';
import { aloneWith, boundaries, survey, unplugAt } from './device-conformance/unplug-everywhere.ts';

/** A pseudo-terminal cuts what it carries into pieces of its own; over TCP each piece is a frame. */
const FRAMED = ROWS.filter(({ cable }) => cable === 'tcp');
/** The agent waits longer and longer, which `unplug-everywhere` has; here it would only take time. */
const RETRY_AT_ONCE_MS = [20];
const ROW_LIMIT_MS = 180_000;

test.each(FRAMED.map((row) => [rowName(row), row] as const))(
  'the cable of %s can be pulled at the end of every frame of a piece of work',
  async (_name, row) => {
    const patience = patienceNow();
    const bench = await openBench(hostHere, row.driver, row.cable, 1, patience, {
      retryDelaysMs: RETRY_AT_ONCE_MS,
    });
    let unplugs = 0;
    const setting = aloneWith(bench, patience, { unplugged: () => (unplugs += 1) });
    try {
      const ends = boundaries(await survey(setting));
      expect(ends.length).toBeGreaterThan(0);
      for (const place of ends) await unplugAt(setting, place);
      await bench.inOrder();
      expect(unplugs).toBe(ends.length);
    } finally {
      await bench.stop();
    }
  },
  ROW_LIMIT_MS,
);
