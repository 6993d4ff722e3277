import { testDriver } from './device-conformance/tests-of-driver.ts';

testDriver('qr-scanner');
