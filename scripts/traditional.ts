/**
 * Writes the touchscreen's texts in 繁體 from those in zh-CN. Words stay the mainland's, for that is what is spoken and what stands on
 * the paper; only the script is another one (docs/decisions/0017).
 *
 *   npm run traditional -- [--check]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { inTraditional } from './traditional-script.ts';
import { citizen } from '../src/copy/zh-cn/citizen.ts';

const FILE = path.join(import.meta.dirname, '../src/copy/zh-hant/citizen.ts');

const { check } = new Command('traditional')
  .option('--check', 'writes nothing, and ends with 1 when something is to be written', false)
  .parse()
  .opts<{ check: boolean }>();

const table = JSON.stringify(inTraditional(citizen), null, 2)
  .replaceAll('\u00a0', String.raw`\u00a0`)
  .replaceAll('\u200b', String.raw`\u200b`);
const source = `import type { CitizenPack } from '../citizen-pack.ts';

/** Written by \`npm run traditional\` from zh-cn/citizen.ts: change that one, or what is read otherwise in scripts/traditional-script.ts. */
export const citizen: CitizenPack = ${table};
`;
const formatted = execFileSync('oxfmt', ['--stdin-filepath', FILE], { input: source, encoding: 'utf8' });
if (check) process.exit(readFileSync(FILE, 'utf8') === formatted ? 0 : 1);
writeFileSync(FILE, formatted);
