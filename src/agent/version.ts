import { readFileSync } from 'node:fs';

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** The program's version, as `package.json` has it; read once at start. */
export const VERSION = (manifest as { readonly version: string }).version;
