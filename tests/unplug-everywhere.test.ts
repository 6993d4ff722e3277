import { expect, test } from 'vitest';
import { patienceNow } from './device-conformance/device-host.ts';
import { hostHere } from './device-conformance/host-here.ts';
import { openBench } from './device-conformance/supervised.ts';
import { ROWS, rowName } from './device-conformance/table.ts';
import { aloneWith, everyByte, some, survey, unplugAt } from './device-conformance/unplug-everywhere.ts';

/** `npm run unplug` takes every byte; here it is some of them, others at each run. */
const PLACES = 8;
const ROW_LIMIT_MS = 180_000;

test.each(ROWS.filter(({ where }) => where === 'here').map((row) => [rowName(row), row] as const))(
  'the cable of %s can be pulled anywhere in a piece of work',
  async (_name, row) => {
    const patience = patienceNow();
    const bench = await openBench(hostHere, row.driver, row.cable, 1, patience);
    let unplugs = 0;
    const setting = aloneWith(bench, patience, { unplugged: () => (unplugs += 1) });
    try {
      const all = everyByte(await survey(setting));
      for (const place of some(all, PLACES, Math.floor(Math.random() * all.length)))
        await unplugAt(setting, place);
      await bench.inOrder();
    } finally {
      await bench.stop();
    }
    expect(unplugs).toBe(PLACES);
  },
  ROW_LIMIT_MS,
);
