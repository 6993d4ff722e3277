import { defineConfig } from 'vitest/config';

/**
 * The tests that concern issuance and session, without those that walk at random or everywhere: each mutant runs all that reach
 * it, and what only a walk finds by chance has no test of its own.
 */
export default defineConfig({
  test: {
    include: ['tests/issuance-*.test.ts', 'tests/session-*.test.ts'],
    exclude: [
      'tests/issuance-kills.test.ts',
      'tests/session-screens.test.ts',
      'tests/session-transitions.test.ts',
      'tests/session-walks.test.ts',
    ],
    setupFiles: ['tests/mutation/same-chances.ts'],
    testTimeout: 20_000,
    // One worker for all files of a run; each mutant is a run of its own, so nothing of one is left for the next.
    isolate: false,
    // With --coverage: every branch of issuance is taken by its own tests.
    coverage: {
      provider: 'v8',
      include: ['src/issuance/*.ts'],
      reportsDirectory: 'var/coverage',
      reporter: ['text'],
      thresholds: { branches: 100 },
    },
  },
});
