import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Text waits for its font instead of changing its look under the reader's eyes. */
const blockUntilFont: Plugin = {
  name: 'font-display-block',
  transform: {
    filter: { id: /noto-sans-sc.*\.css/ },
    handler: (code) => code.replaceAll('font-display: swap', 'font-display: block'),
  },
};

/**
 * How a page of the kiosk is built: for Chromium 114 and newer, nothing inline (strict CSP), every file hashed. The gallery of
 * the screens' tests is built the same way from another root.
 *
 * @param recordedVoice folder of people's own recordings (assets/voice/README.md)
 */
export function kioskPage(root: string, recordedVoice = here('./assets/voice/recorded')): UserConfig {
  return {
    root,
    base: './',
    publicDir: false,
    plugins: [react(), blockUntilFont],
    resolve: { alias: { 'recorded-voice': recordedVoice } },
    build: {
      target: 'chrome114',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 1_000,
    },
  };
}

const screens = kioskPage(here('./src/screens'));

export default defineConfig({
  ...screens,
  build: { ...screens.build, outDir: here('./dist/screens'), emptyOutDir: true },
});
