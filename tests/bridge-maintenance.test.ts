import { spawnSync } from 'node:child_process';
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { connectMaintenance } from '../src/bridge/maintenance-client.ts';
import { startMaintenanceServer } from '../src/bridge/maintenance-server.ts';
import type { AgentReport } from '../src/bridge/ports.ts';
import { busyAgent, startMaintenance } from './fixtures/maintenance.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

test('technicians reach the agent through a socket file, and what they get is what the agent reports', async () => {
  const socketPath = path.join(mkdtempSync(path.join(tmpdir(), 'bridge-')), 'run', 'kioskctl.sock');
  const report: AgentReport = {
    kioskId: 'kiosk-1',
    version: '0',
    instance: 'i',
    uptimeMs: 1,
    rssBytes: 1,
    readiness: { methods: ['id-card'], issue: true, check: true, obstacles: [] },
    devices: [],
    centre: { url: 'https://127.0.0.1', reachable: true },
    queue: { voiding: 0, confirming: 0, open: 0 },
    database: { path: '/x', schemaVersion: 1, bytes: 1 },
  };
  const server = await startMaintenanceServer({
    socketPath,
    maintenance: {
      ...busyAgent,
      report: () => report,
      printTestPage: () => Promise.resolve({ kind: 'printed', grade: 'E2' }),
    },
  });
  closers.push(() => server.close());
  const client = connectMaintenance(socketPath);
  closers.push(() => client.close());
  expect(await client.report()).toEqual(report);
  expect(await client.printTestPage()).toEqual({ kind: 'printed', grade: 'E2' });
});

test('a socket that a dead agent left is replaced; one that is answered is left alone', async () => {
  const socketPath = path.join(mkdtempSync(path.join(tmpdir(), 'bridge-')), 'kioskctl.sock');
  const left = spawnSync(process.execPath, [
    '-e',
    `require('node:net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`,
  ]);
  expect(left.signal).toBe('SIGKILL');
  expect(statSync(socketPath).isSocket()).toBe(true);
  const maintenance = {
    ...busyAgent,
    report: () => {
      throw new Error('not asked');
    },
    printTestPage: () => Promise.resolve({ kind: 'busy' as const }),
  };
  const server = await startMaintenanceServer({ socketPath, maintenance });
  closers.push(() => server.close());
  expect(statSync(socketPath).mode & 0o777).toBe(0o660);
  await expect(startMaintenanceServer({ socketPath, maintenance })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  const client = connectMaintenance(socketPath);
  closers.push(() => client.close());
  expect(await client.printTestPage()).toEqual({ kind: 'busy' });
});

describe('what a technician’s program is told while something is done', () => {
  const passed = { step: 'reader.sam-status', outcome: 'passed' } as const;

  test('comes when it happens: the first step is there while the second has not begun', async () => {
    const second = Promise.withResolvers<void>();
    const agent = await startMaintenance({
      async *checkHealth({ device, level }) {
        yield { kind: 'prompt', what: `${device} ${level}` };
        await second.promise;
        yield { kind: 'step', step: passed };
      },
    });
    closers.push(() => agent.close());
    const client = connectMaintenance(agent.socketPath);
    closers.push(() => client.close());
    const events = await client.checkHealth(
      { device: 'idCardReader', level: 'external' },
      new AbortController().signal,
    );
    const heard = events[Symbol.asyncIterator]();
    expect((await heard.next()).value).toEqual({ kind: 'prompt', what: 'idCardReader external' });
    second.resolve();
    expect((await heard.next()).value).toEqual({ kind: 'step', step: passed });
    expect((await heard.next()).done).toBe(true);
  });

  test('ends in the agent when the program goes away', async () => {
    const ended = Promise.withResolvers<void>();
    const agent = await startMaintenance({
      async *trace(_wanted, signal) {
        yield { kind: 'line', line: 'first' };
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
        ended.resolve();
      },
    });
    closers.push(() => agent.close());
    const client = connectMaintenance(agent.socketPath);
    closers.push(() => client.close());
    const leaving = new AbortController();
    const events = await client.trace({ device: 'qrScanner', seconds: 60, reopen: false }, leaving.signal);
    await expect(async () => {
      for await (const event of events) {
        expect(event).toEqual({ kind: 'line', line: 'first' });
        leaving.abort();
      }
    }).rejects.toThrow();
    await ended.promise;
  });

  test('ends in the program when the agent does', async () => {
    const agent = await startMaintenance({
      async *provisionScanner(signal) {
        yield { kind: 'begun', run: 'r' };
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
      },
    });
    const client = connectMaintenance(agent.socketPath);
    closers.push(() => client.close());
    const events = await client.provisionScanner(new AbortController().signal);
    const heard = events[Symbol.asyncIterator]();
    await heard.next();
    const rest = heard.next();
    await agent.close();
    await expect(rest).rejects.toThrow();
  });

  test('is nothing when it asks for what there is not', async () => {
    const agent = await startMaintenance({});
    closers.push(() => agent.close());
    const client = connectMaintenance(agent.socketPath);
    closers.push(() => client.close());
    const { signal } = new AbortController();
    const wrong = await Promise.allSettled([
      client.checkHealth({ device: 'kettle' as 'qrScanner', level: 'internal' }, signal),
      client.trace({ device: 'qrScanner', seconds: 0, reopen: false }, signal),
      client.trace({ device: 'qrScanner', seconds: 1e9, reopen: false }, signal),
      client.answer({ run: 'no id', question: 1, answer: true }),
    ]);
    expect(wrong.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
  });
});
