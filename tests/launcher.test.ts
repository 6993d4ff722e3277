import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { processesBelow } from './fixtures/process-tree.ts';

const launcherMain = path.resolve(import.meta.dirname, '../sandbox/launcher/main.ts');

interface Launcher {
  readonly child: ChildProcess;
  readonly exited: Promise<number | NodeJS.Signals>;
  output: string;
}

const directories: string[] = [];
const launchers: Launcher[] = [];

function newDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'launcher-'));
  directories.push(directory);
  return directory;
}

function launch(directory: string, ports = '0,0,0'): Launcher {
  const child = spawn(process.execPath, [launcherMain, '--headless', '--data', directory, '--ports', ports], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const launcher: Launcher = {
    child,
    output: '',
    exited: new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve(signal ?? code ?? 1);
      });
    }),
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      launcher.output += String(chunk);
    });
  }
  launchers.push(launcher);
  return launcher;
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await isSo()); waitedMs += 50) {
    if (waitedMs > 25_000) throw new Error(`never: ${what}\n${launchers.map((it) => it.output).join('\n')}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

/** Processes of any parent that have this directory on their command line. */
const processesWith = (directory: string) => processesBelow(0, directory);

afterEach(async () => {
  for (const { child, exited } of launchers.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
  }
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

const addressOf = (launcher: Launcher, piece: string) =>
  new RegExp(`${piece}\\s+(https?://127\\.0\\.0\\.1:\\d+)`).exec(launcher.output)?.[1] ?? '';

test('one start brings a kiosk and a bench that answer, a second start only names them, Ctrl-C leaves nothing behind', async () => {
  const directory = newDirectory();
  const first = launch(directory);
  await until('the addresses are printed', () => addressOf(first, 'kiosk') !== '');
  const kioskUrl = addressOf(first, 'kiosk');
  await until('both ways to sign in', async () => {
    const answer = await fetch(`${kioskUrl}/health`);
    const health = (await answer.json()) as { status: string; methods: string[] };
    return health.status === 'ok' && health.methods.length === 2;
  });
  expect((await fetch(addressOf(first, 'device bench'))).status).toBe(200);

  const before = processesWith(directory).length;
  const second = launch(directory);
  expect(await second.exited).toBe(1);
  expect(second.output).toContain('one runs already');
  expect(second.output).toContain(kioskUrl);
  expect(processesWith(directory)).toHaveLength(before);
  expect((await fetch(`${kioskUrl}/health`)).status).toBe(200);

  const family = processesBelow(first.child.pid ?? 0);
  expect(family.length).toBeGreaterThanOrEqual(6);
  first.child.kill('SIGINT');
  expect(await first.exited).toBe(0);
  await until('all are gone', () => family.every((pid) => !existsSync(`/proc/${pid}`)));
  expect(processesWith(directory)).toEqual([]);
  expect(readFileSync(path.join(directory, 'agent.log'), 'utf8')).not.toContain('"level":60');
}, 60_000);

test('Ctrl-C while everything is still starting ends it all the same', async () => {
  const directory = newDirectory();
  const launcher = launch(directory);
  await until('pieces start', () => launcher.output.includes('→ receipt-printer'));
  launcher.child.kill('SIGINT');
  expect(await launcher.exited).toBe(0);
  await until('all are gone', () => processesWith(directory).length === 0);
}, 40_000);

test('a port that somebody has is named, and nothing is started', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  try {
    const launcher = launch(newDirectory(), `0,${port},0`);
    expect(await launcher.exited).toBe(1);
    expect(launcher.output).toContain(`port ${port} is taken`);
    expect(launcher.output).not.toContain('→');
  } finally {
    server.close();
  }
});

test('ports that are none are refused with an example', async () => {
  const launcher = launch(newDirectory(), '8420,8420,http');
  expect(await launcher.exited).toBe(1);
  expect(launcher.output).toContain('8420,8430,8440');
});
