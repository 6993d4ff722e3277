import { mkdtempSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startKioskServer, type KioskServer } from '../src/bridge/kiosk-server.ts';
import type { KioskPort } from '../src/bridge/ports.ts';
import type { KioskRouter } from '../src/bridge/router.ts';
import { ShellGuard } from '../src/bridge/shell-guard.ts';
import { systemRandom } from '../src/platform/random.ts';
import type { KioskView } from '../src/view/kiosk-view.ts';

const home: KioskView = {
  epoch: 7,
  screen: { name: 'home' },
  readiness: { methods: ['id-card'], issue: true, check: true, obstacles: [] },
  choices: ['apply'],
};

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function kioskWith(view: KioskView) {
  const listeners = new Set<(view: KioskView) => void>();
  const chosen: { epoch: number; choice: string }[] = [];
  const pageKeys: number[] = [];
  const kiosk: KioskPort = {
    view: () => view,
    onView: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    choose: (request) => {
      chosen.push(request);
      return request.epoch === view.epoch ? 'accepted' : 'stale';
    },
    pageKeyPressed: (epoch) => {
      pageKeys.push(epoch);
    },
    fullName: () => Promise.resolve('测试一'),
    photo: (epoch) => Promise.resolve(epoch === view.epoch ? new Uint8Array([0x89, 0x50]) : undefined),
    machinePictures: new Map([['slot', { type: 'image/webp', bytes: new Uint8Array([1, 2, 3]) }]]),
    recording: (ref) => Promise.resolve(ref === 'known' ? new TextEncoder().encode('OggS') : undefined),
    painted: () => {},
  };
  const publish = (next: KioskView) => {
    for (const listener of listeners) listener(next);
  };
  return { kiosk, chosen, pageKeys, publish };
}

async function start(kiosk: KioskPort): Promise<KioskServer & { codeFile: string }> {
  const directory = mkdtempSync(path.join(tmpdir(), 'bridge-'));
  const screensDirectory = path.join(directory, 'screens');
  mkdirSync(screensDirectory);
  mkdirSync(path.join(screensDirectory, 'assets'));
  writeFileSync(path.join(screensDirectory, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(path.join(screensDirectory, 'assets', 'index-3f9a.js'), 'export {}');
  const codeFile = path.join(directory, 'run', 'shell-code');
  const server = await startKioskServer({
    port: 0,
    screensDirectory,
    shellCodeFile: codeFile,
    random: systemRandom,
    kiosk,
    health: () => ({ status: 'ok', instance: 'i', version: '0', uptimeMs: 1, methods: [] }),
    onShell: () => {},
  });
  closers.push(() => server.close());
  return { ...server, codeFile };
}

async function attach(server: { origin: string; codeFile: string }): Promise<string> {
  const answer = await fetch(`${server.origin}/attach`, {
    method: 'POST',
    headers: { origin: 'null' },
    body: new URLSearchParams({ code: readFileSync(server.codeFile, 'utf8') }),
  });
  expect(answer.status).toBe(200);
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

function connect(server: KioskServer, headers: Record<string, string>) {
  class WithHeaders extends WebSocket {
    constructor(url: string) {
      super(url, { headers });
    }
  }
  const client = createWSClient({
    url: `${server.origin.replace('http', 'ws')}/bridge`,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ws speaks the browser's interface
    WebSocket: WithHeaders as never,
    retryDelayMs: () => 50,
  });
  closers.push(() => client.close());
  return createTRPCClient<KioskRouter>({ links: [wsLink({ client })] });
}

describe('the door of the bridge', () => {
  test('nobody sees the page without the cookie, and /health answers everybody on this machine', async () => {
    const server = await start(kioskWith(home).kiosk);
    expect((await fetch(server.origin)).status).toBe(401);
    expect((await fetch(`${server.origin}/photos/7/x`)).status).toBe(401);
    expect((await fetch(`${server.origin}/health`)).status).toBe(200);
  });

  test('the code works once and is replaced in a file that only its owner can read', async () => {
    const server = await start(kioskWith(home).kiosk);
    expect(statSync(server.codeFile).mode & 0o077).toBe(0);
    const code = readFileSync(server.codeFile, 'utf8');
    const cookie = await attach(server);
    expect((await fetch(server.origin, { headers: { cookie } })).status).toBe(200);
    const again = await fetch(`${server.origin}/attach`, {
      method: 'POST',
      body: new URLSearchParams({ code }),
    });
    expect(again.status).toBe(403);
    expect(readFileSync(server.codeFile, 'utf8')).not.toBe(code);
  });

  test('a shell that is there for one visit is led to the page of a visit, and by no other word', async () => {
    const server = await start(kioskWith(home).kiosk);
    const leadsTo = async (entry: string) => {
      const code = readFileSync(server.codeFile, 'utf8');
      const answer = await fetch(`${server.origin}/attach`, {
        method: 'POST',
        body: new URLSearchParams({ code, entry }),
      });
      return /url=([^"]*)"/.exec(await answer.text())?.[1];
    };
    expect(await leadsTo('visit')).toBe('/?visit');
    expect(await leadsTo('//evil.example')).toBe('/');
  });

  test('a second shell takes over: the first cookie is worth nothing then', async () => {
    const server = await start(kioskWith(home).kiosk);
    const first = await attach(server);
    const second = await attach(server);
    expect((await fetch(server.origin, { headers: { cookie: first } })).status).toBe(401);
    expect((await fetch(server.origin, { headers: { cookie: second } })).status).toBe(200);
  });

  test.each([
    ['a foreign Origin', { origin: 'http://evil.example' }],
    ['Origin null anywhere but at the door', { origin: 'null' }],
  ])('%s is refused even with the cookie', async (_name, headers) => {
    const server = await start(kioskWith(home).kiosk);
    const cookie = await attach(server);
    expect((await fetch(server.origin, { headers: { cookie, ...headers } })).status).toBe(403);
  });

  test('a foreign Host is refused, so that a rebound DNS name reaches nothing', async () => {
    const server = await start(kioskWith(home).kiosk);
    const port = new URL(server.origin).port;
    const http = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const request = http.get(
        { host: '127.0.0.1', port, path: '/health', headers: { host: `kiosk.evil.example:${port}` } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      request.on('error', reject);
    });
    expect(status).toBe(403);
  });

  test('the page is served with a policy that runs no foreign script', async () => {
    const server = await start(kioskWith(home).kiosk);
    const cookie = await attach(server);
    const answer = await fetch(server.origin, { headers: { cookie } });
    expect(answer.headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'");
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('what the door lets through', () => {
  test('hashed files are kept by the browser, everything else is fetched anew', async () => {
    const server = await start(kioskWith(home).kiosk);
    const headers = { cookie: await attach(server) };
    const cachingOf = async (target: string, given = headers) => {
      const answer = await fetch(`${server.origin}${target}`, { headers: given });
      return `${answer.status} ${answer.headers.get('cache-control')}`;
    };
    expect(await cachingOf('/assets/index-3f9a.js')).toBe('200 public, max-age=31536000, immutable');
    expect(await cachingOf('/assets/gone.js')).toBe('404 no-store');
    expect(await cachingOf('/assets/index-3f9a.js', { cookie: '' })).toBe('401 no-store');
    expect(await cachingOf('/')).toBe('200 no-store');
    expect(await cachingOf('/index.html')).toBe('200 no-store');
    expect(await cachingOf('/assets/%2e%2e/index.html')).not.toContain('immutable');
    expect(await cachingOf('/health')).toBe('200 no-store');
  });

  test('photos of the machine, and of no other part', async () => {
    const server = await start(kioskWith(home).kiosk);
    const cookie = await attach(server);
    const got = await fetch(`${server.origin}/machine/slot`, { headers: { cookie } });
    expect(got.headers.get('content-type')).toBe('image/webp');
    expect(got.headers.get('cache-control')).toBe('private, max-age=600');
    expect(new Uint8Array(await got.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
    for (const other of ['scanner', 'constructor', '..%2fslot'])
      expect((await fetch(`${server.origin}/machine/${other}`, { headers: { cookie } })).status).toBe(404);
    expect((await fetch(`${server.origin}/machine/slot`)).status).toBe(401);
    const client = connect(server, { cookie, origin: server.origin });
    expect(await client.machineParts.query()).toEqual(['slot']);
  });

  test.each([
    ['without the cookie', { cookie: '' }, 401],
    ['with a cookie that is none of ours', { cookie: 'kiosk-shell=x' }, 401],
    ['of a foreign origin', { origin: 'http://evil.example' }, 403],
    ['of a frame without origin', { origin: 'null' }, 403],
    ['that names no origin', { origin: undefined }, 403],
  ])('a WebSocket %s is not opened', async (_name, change, status) => {
    const server = await start(kioskWith(home).kiosk);
    const given = { cookie: await attach(server), origin: server.origin, ...change };
    const headers = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/bridge`, { headers });
    const answered = await new Promise((resolve) => {
      socket.once('open', () => resolve('open'));
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.once('error', () => {});
    });
    socket.terminate();
    expect(answered).toBe(status);
  });

  test('a second shell ends what the first one still has open', async () => {
    const server = await start(kioskWith(home).kiosk);
    const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/bridge`, {
      headers: { cookie: await attach(server), origin: server.origin },
    });
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await attach(server);
    await closed;
  });

  test('too much, several calls at once, and other methods are refused; an error names no file of this machine', async () => {
    const server = await start(kioskWith(home).kiosk);
    const cookie = await attach(server);
    const call = (target: string, init: RequestInit) =>
      fetch(`${server.origin}${target}`, {
        ...init,
        headers: { cookie, 'content-type': 'application/json', origin: server.origin },
      });
    const body = JSON.stringify({ epoch: 7, choice: 'x'.repeat(20_000) });
    expect((await call('/bridge/choose', { method: 'POST', body })).status).toBe(413);
    expect((await call('/bridge/choose,choose?batch=1', { method: 'POST', body: '{}' })).ok).toBe(false);
    expect((await call('/', { method: 'DELETE', body: '{}' })).status).toBe(404);
    const refused = await call('/bridge/choose', { method: 'POST', body: '{"epoch":"x"}' });
    expect(refused.status).toBe(400);
    expect(await refused.text()).not.toMatch(/node_modules|\.ts:/);
  });

  test('where the port is taken, the code of the agent that has it stays good', async () => {
    const server = await start(kioskWith(home).kiosk);
    const code = readFileSync(server.codeFile, 'utf8');
    const second = startKioskServer({
      port: Number(new URL(server.origin).port),
      screensDirectory: path.dirname(server.codeFile),
      shellCodeFile: server.codeFile,
      random: systemRandom,
      kiosk: kioskWith(home).kiosk,
      health: () => ({ status: 'ok', instance: 'j', version: '0', uptimeMs: 1, methods: [] }),
      onShell: () => {},
    });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(readFileSync(server.codeFile, 'utf8')).toBe(code);
  });

  test('a code file that somebody laid there for all to read is not the one the code gets into', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'bridge-'));
    const codeFile = path.join(directory, 'shell-code');
    const watched = path.join(directory, 'watched');
    writeFileSync(watched, '', { mode: 0o666 });
    symlinkSync(watched, `${codeFile}.new`);
    writeFileSync(codeFile, 'old', { mode: 0o666 });
    const guard = new ShellGuard({ codeFile, random: systemRandom });
    expect(guard.exchange('')).toBeUndefined();
    guard.publish();
    expect(readFileSync(watched, 'utf8')).toBe('');
    expect(statSync(codeFile).mode & 0o777).toBe(0o600);
    expect(guard.exchange(readFileSync(codeFile, 'utf8'))).toBeDefined();
  });
});

describe('the bridge', () => {
  test('carries the current view and then each newer one', async () => {
    const { kiosk, publish } = kioskWith(home);
    const server = await start(kiosk);
    const bridge = connect(server, { cookie: await attach(server), origin: server.origin });
    const names: string[] = [];
    const seen = new Promise<void>((resolve) => {
      bridge.view.subscribe(undefined, {
        onData: (view) => {
          names.push(view.screen.name);
          if (names.length === 1) publish({ ...home, screen: { name: 'bring-id-card' } });
          else resolve();
        },
      });
    });
    await seen;
    expect(names).toEqual(['home', 'bring-id-card']);
  });

  test('carries choices with their epoch, and refuses words that are none', async () => {
    const { kiosk, chosen, pageKeys } = kioskWith(home);
    const server = await start(kiosk);
    const bridge = connect(server, { cookie: await attach(server), origin: server.origin });
    expect(await bridge.choose.mutate({ epoch: 7, choice: 'apply' })).toBe('accepted');
    expect(await bridge.choose.mutate({ epoch: 6, choice: 'apply' })).toBe('stale');
    await expect(bridge.choose.mutate({ epoch: 7, choice: 'print-money' as 'apply' })).rejects.toThrow();
    expect(chosen).toHaveLength(2);
    await bridge.pageKeyPressed.mutate({ epoch: 7 });
    expect(pageKeys).toEqual([7]);
    expect(chosen).toHaveLength(2);
  });

  test('gives the portrait only while the epoch lives', async () => {
    const server = await start(kioskWith(home).kiosk);
    const cookie = await attach(server);
    const now = await fetch(`${server.origin}/photos/7/ref`, { headers: { cookie } });
    expect(now.headers.get('content-type')).toBe('image/png');
    expect(now.headers.get('cache-control')).toBe('no-store');
    expect((await fetch(`${server.origin}/photos/6/ref`, { headers: { cookie } })).status).toBe(404);
  });

  test('gives the recordings that there are, to the shell alone', async () => {
    const server = await start(kioskWith(home).kiosk);
    const cookie = await attach(server);
    const sound = await fetch(`${server.origin}/recordings/known`, { headers: { cookie } });
    expect([sound.status, sound.headers.get('content-type')]).toEqual([200, 'audio/ogg']);
    expect(await sound.text()).toBe('OggS');
    expect((await fetch(`${server.origin}/recordings/other`, { headers: { cookie } })).status).toBe(404);
    expect((await fetch(`${server.origin}/recordings/known`)).status).toBe(401);
  });
});
