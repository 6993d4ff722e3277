import { testDriver } from './device-conformance/tests-of-driver.ts';

testDriver('receipt-printer');
