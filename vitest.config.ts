import { defineConfig } from 'vitest/config';

/**
 * Drivers and simulated devices that take their time as real ones do: these tests mostly wait. `npm test` runs them beside the
 * others, which compute.
 */
const DEVICES = [
  'tests/device-conformance-*.test.ts',
  'tests/id-card-reader-auto-baud.test.ts',
  'tests/printer-{families-over-the-wire,flow,health,leftovers,presenter,probe,simulator-generators,stale-replies}.test.ts',
  'tests/replay-over-the-wire.test.ts',
  'tests/scanner-{families-over-the-wire,health-over-the-wire,simulator-families}.test.ts',
  'tests/simulator-*.test.ts',
  'tests/unplug-everywhere.test.ts',
];
/**
 * What shows over another cable, with another maker's unit or through another program what the rest shows, or what a layer of its
 * own shows better: `npm run tests` runs it, and all.
 */
const MORE = [
  'tests/bench-quick.test.ts',
  'tests/central-conformance.test.ts',
  'tests/device-conformance-*-{ends,tcp,units}.test.ts',
  'tests/fuzz-harness.test.ts',
  'tests/kioskctl-config-check.test.ts',
  'tests/launcher.test.ts',
  'tests/{printer,scanner}-families-over-the-wire.test.ts',
  'tests/printer-simulator-generators.test.ts',
  'tests/scanner-simulator-families.test.ts',
  'tests/simulator-receipt-printer-families.test.ts',
  'tests/slip-decoders.test.ts',
  'tests/unplug-everywhere.test.ts',
];

export default defineConfig({
  test: {
    exclude: ['tests/journeys/**'],
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
          exclude: [...DEVICES, ...MORE],
          // Most files are pure and share nothing but modules: loading those once for each would take longer than the tests.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'devices', include: DEVICES, exclude: MORE } },
      { extends: true, test: { name: 'more', include: MORE } },
    ],
    maxWorkers: 4,
  },
});
