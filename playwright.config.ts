import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests/journeys',
  outputDir: 'var/playwright',
  timeout: 90_000,
  // Each file has a kiosk of its own that mostly waits for paper and people; two of them fill two cores.
  workers: 2,
  retries: 0,
  fullyParallel: false,
  reporter: 'list',
});
