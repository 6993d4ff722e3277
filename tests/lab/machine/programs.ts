import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';

/** What runs in the machine, each put together to one file: over the host's file system every file costs. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'device-hub': 'tests/lab/guest/device-hub.ts',
  'conformance-suite': 'tests/lab/guest/conformance-suite.ts',
  'flow-suite': 'tests/lab/guest/flow-suite.ts',
  'issuance-suite': 'tests/lab/guest/issuance-suite.ts',
  'id-card-reader': 'drivers/simulators/id-card-reader/main.ts',
  'qr-scanner': 'drivers/simulators/qr-scanner/main.ts',
  'receipt-printer': 'drivers/simulators/receipt-printer/main.ts',
  'central-service': 'sandbox/central-service/main.ts',
  agent: 'src/agent/main.ts',
  kioskctl: 'src/cli/main.ts',
};

/** Native modules stay what they are: the very bindings are on trial. */
const NATIVE = ['usb', 'node-hid', 'serialport', 'better-sqlite3', '@napi-rs/canvas'];

/** A module that reads files beside itself finds them where its source lies. */
const sourcePlaces: Plugin = {
  name: 'source-places',
  transform(code, id) {
    if (!code.includes('import.meta.')) return undefined;
    const place = JSON.stringify(pathToFileURL(id).href);
    return code
      .replaceAll('import.meta.url', place)
      .replaceAll('import.meta.dirname', `new URL('.', ${place}).pathname.slice(0, -1)`);
  },
};

/** Builds the programs of the machine into `directory`, as `<name>.mjs`. */
export async function buildPrograms(repository: string, directory: string): Promise<void> {
  await build({
    configFile: false,
    root: repository,
    logLevel: 'warn',
    plugins: [sourcePlaces],
    ssr: { noExternal: true, external: NATIVE },
    build: {
      ssr: true,
      target: 'node24',
      outDir: directory,
      emptyOutDir: true,
      minify: false,
      rollupOptions: {
        input: PROGRAMS,
        output: { entryFileNames: '[name].mjs', chunkFileNames: 'shared/[name]-[hash].mjs' },
      },
    },
  });
}
