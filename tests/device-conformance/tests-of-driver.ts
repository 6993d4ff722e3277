import { describe, expect, test } from 'vitest';
import type { DriverName } from './bench.ts';
import { CASES } from './cases.ts';
import { patienceNow } from './device-host.ts';
import { hostHere } from './host-here.ts';
import { openBench } from './supervised.ts';
import { ROWS, rowName } from './table.ts';

/** Of the machine; a case on a quiet one takes a few seconds. */
const CASE_LIMIT_MS = 90_000;

/** The table's rows of one driver that need no other kernel; a file for each driver, so that they run side by side. */
export function testDriver(driver: DriverName): void {
  for (const row of ROWS.filter((one) => one.where === 'here' && one.driver === driver)) {
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
}
