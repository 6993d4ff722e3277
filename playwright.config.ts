import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests/journeys',
  outputDir: 'var/playwright',
  timeout: 90_000,
  // Each journey has a kiosk of its own, and a kiosk is ten processes: more would only wait for each other.
  workers: 1,
  retries: 0,
  fullyParallel: false,
  reporter: 'list',
});
