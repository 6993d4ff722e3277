import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const repository = path.resolve(import.meta.dirname, '..');
/** What a screen needs besides fonts and sound. */
const PARTS = ['.html', '.js', '.css', '.svg'];
const MOST_BYTES = 200 * 1024;
/** Of the sound: where each recording is, fetched with the first sentence in its language. */
const WHERE_SOUNDS_ARE = /^rendered-(?:mandarin|english)-/;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'screens-'));
  // In a process of its own: under a test runner React is built for those who develop with it.
  await run('vite', ['build', '--outDir', directory, '--logLevel', 'error'], {
    cwd: repository,
    env: { ...process.env, NODE_ENV: 'production' },
  });
}, 60_000);
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

test('the screens are at most 200 KB, compressed, without fonts and sound', async () => {
  const all = await readdir(directory, { recursive: true });
  const tables = all.filter((file) => WHERE_SOUNDS_ARE.test(path.basename(file)));
  expect(tables).toHaveLength(2);
  const files = all.filter((file) => PARTS.includes(path.extname(file)) && !tables.includes(file));
  expect(new Set(files.map((file) => path.extname(file)))).toEqual(new Set(PARTS));
  const sizes = await Promise.all(
    files.map(async (file) => gzipSync(await readFile(path.join(directory, file))).length),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MOST_BYTES);
});

test('nothing of fonts or sound is inside of a script or style', async () => {
  const files = (await readdir(path.join(directory, 'assets'))).filter((file) => /\.(?:js|css)$/.test(file));
  for (const file of files)
    expect(await readFile(path.join(directory, 'assets', file), 'utf8')).not.toMatch(/data:(?:font|audio)/);
});
