import { readFileSync, writeFileSync } from 'node:fs';
import { openApiDocument } from '../src/central-api/openapi.ts';

/**
 * Writes `openapi.json` from the schemas in code; with `--check` it writes nothing and fails when the committed file
 * says something else.
 */
const file = new URL('../openapi.json', import.meta.url);
const text = `${JSON.stringify(openApiDocument(), null, 2)}\n`;

if (process.argv.includes('--check')) {
  if (readCommitted() !== text) {
    console.error('openapi.json does not say what the schemas say: run `npm run openapi` and commit it');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, text);
}

function readCommitted(): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
