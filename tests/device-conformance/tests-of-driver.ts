import { describe, expect, test } from 'vitest';
import type { CableName, DriverName, UnitName } from './bench.ts';
import { CASES } from './cases.ts';
import { patienceNow } from './device-host.ts';
import { hostHere } from './host-here.ts';
import { openBench } from './supervised.ts';
import { type Row, ROWS, rowName } from './table.ts';

/** Of the machine; a case on a quiet one takes a few seconds. */
const CASE_LIMIT_MS = 90_000;

/** The row of one driver over one cable that needs no other kernel; a file for each, so that they run side by side. */
export function testRow(driver: DriverName, cable: CableName): void {
  testRows(ROWS.filter((one) => one.where === 'here' && one.driver === driver && one.cable === cable));
}

/** Every case for each of these rows. */
export function testRows(rows: readonly (Row & { readonly unit?: UnitName })[]): void {
  for (const row of rows) {
    describe(rowName(row), () => {
      test.each(CASES)(
        '$name',
        async ({ run }) => {
          const patience = patienceNow();
          const open = (number: number) =>
            openBench(hostHere, row.driver, row.cable, number, patience, { unit: row.unit });
          const bench = await open(1);
          try {
            await run({
              bench,
              beside: () => open(2),
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
