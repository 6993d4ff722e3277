import { testRow } from './device-conformance/tests-of-driver.ts';

testRow('qr-scanner', 'pty');
