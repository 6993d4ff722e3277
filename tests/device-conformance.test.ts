import { describe, expect, test } from 'vitest';
import { CASES } from './device-conformance/cases.ts';
import { patienceNow } from './device-conformance/device-host.ts';
import { hostHere } from './device-conformance/host-here.ts';
import { openBench } from './device-conformance/supervised.ts';
import { ROWS, rowName } from './device-conformance/table.ts';

/** Of the machine; a case on a quiet one takes a few seconds. */
const CASE_LIMIT_MS = 90_000;

for (const row of ROWS.filter(({ where }) => where === 'here')) {
  describe(rowName(row), () => {
    test.each(CASES)(
      '$name',
      async ({ run }) => {
        const patience = patienceNow();
        const bench = await openBench(hostHere, row.driver, row.cable, 1, patience);
        try {
          await run({
            bench,
            beside: () => openBench(hostHere, row.driver, row.cable, 2, patience),
            notes: { replugged: () => undefined, unplugged: () => undefined },
            patience,
          });
        } finally {
          await bench.stop();
        }
        expect(bench.supervisor.connection()).toBeUndefined();
      },
      CASE_LIMIT_MS,
    );
  });
}
