import { UNIT_ROWS } from './device-conformance/table.ts';
import { testRows } from './device-conformance/tests-of-driver.ts';

testRows(UNIT_ROWS.filter(({ driver }) => driver === 'receipt-printer'));
