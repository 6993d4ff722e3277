import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The Electron shell as one CommonJS file, for every Electron from 25 (Node 18) to 45. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: here('./dist/electron'),
    emptyOutDir: true,
    target: 'node18',
    minify: false,
    lib: { entry: here('./electron/main.ts'), formats: ['cjs'], fileName: () => 'main.cjs' },
    rolldownOptions: {
      external: ['electron', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
    },
  },
});
