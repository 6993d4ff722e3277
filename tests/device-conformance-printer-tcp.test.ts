import { testRow } from './device-conformance/tests-of-driver.ts';

testRow('receipt-printer', 'tcp');
