import { testRow } from './device-conformance/tests-of-driver.ts';

testRow('id-card-reader', 'pty');
