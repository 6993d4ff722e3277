import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startStack, type Stack } from '../sandbox/launcher/stack.ts';
import { connectMaintenance } from '../src/bridge/maintenance-client.ts';
import type { AgentReport } from '../src/bridge/ports.ts';
import type { KioskRouter } from '../src/bridge/router.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { openStore } from '../src/store/open-store.ts';
import { eventually } from './fixtures/kiosk-in-process.ts';

const AGENT = path.resolve('src/agent/main.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'agent-'));
let stack: Stack;
/** The configuration of the sandbox's kiosk, to be changed. */
let toml: string;
const running: { child: ChildProcess; exited: Promise<unknown> }[] = [];

beforeAll(async () => {
  stack = await startStack({ directory: path.join(folder, 'stack'), line: 'tcp', agentLater: true });
  toml = readFileSync(stack.configFile, 'utf8');
}, 30_000);
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const { child, exited } of running.splice(0)) {
    child.kill('SIGKILL');
    await exited;
  }
});

/** A configuration in a directory of its own: own data, own socket, own code, the sandbox's devices and centre. */
function configuration(name: string, change: (text: string) => string = (text) => text) {
  const directory = mkdtempSync(path.join(folder, `${name}-`));
  const own = toml
    .replaceAll(path.join(stack.directory, 'run'), path.join(directory, 'run'))
    .replaceAll(path.join(stack.directory, 'data'), path.join(directory, 'data'));
  const file = path.join(directory, 'kiosk.toml');
  writeFileSync(file, change(own));
  return {
    directory,
    file,
    data: path.join(directory, 'data'),
    codeFile: path.join(directory, 'run/shell-code'),
    socketPath: path.join(directory, 'run/kioskctl.sock'),
  };
}

/** An agent that is expected to end by itself. */
function runToItsEnd(file: string): { code: number | null; said: string; log: string } {
  const ended = spawnSync(process.execPath, [AGENT, '--config', file], { timeout: 15_000, encoding: 'utf8' });
  return { code: ended.status, said: ended.stderr, log: ended.stdout };
}

/** An agent that serves, started under the most careless umask there is. */
async function started(file: string) {
  const child = spawn('sh', ['-c', 'umask 0; exec "$@"', 'sh', process.execPath, AGENT, '--config', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const exited = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code ?? signal ?? 'gone');
    });
  });
  running.push({ child, exited });
  await eventually(async () => {
    const health = await fetch(`${stack.kioskUrl}/health`).catch(() => undefined);
    if (health?.ok !== true) return false;
    const { methods } = (await health.json()) as { methods: string[] };
    return methods.length === 2;
  }, `the agent to serve; it said: ${log}`);
  return { child, exited, log: () => log };
}

async function reportOf(socketPath: string): Promise<AgentReport> {
  const client = connectMaintenance(socketPath);
  try {
    return await client.report();
  } finally {
    await client.close();
  }
}

async function attachedPage(codeFile: string) {
  const answer = await fetch(`${stack.kioskUrl}/attach`, {
    method: 'POST',
    body: new URLSearchParams({ code: readFileSync(codeFile, 'utf8') }),
  });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  class Page extends WebSocket {
    constructor(url: string) {
      super(url, { headers: { cookie, origin: stack.kioskUrl } });
    }
  }
  const client = createWSClient({
    url: `${stack.kioskUrl.replace('http', 'ws')}/bridge`,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ws speaks the browser's interface
    WebSocket: Page as never,
    retryDelayMs: () => 60_000,
  });
  const trpc = createTRPCClient<KioskRouter>({ links: [wsLink({ client })] });
  return {
    trpc,
    close: () => client.close(),
    /** A second connection of this page, which then hangs: it reads nothing, answers nothing and never closes. */
    async hangs() {
      const { port } = new URL(stack.kioskUrl);
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => {});
      const key = Buffer.alloc(16).toString('base64');
      socket.write(
        `GET /bridge HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${stack.kioskUrl}\r\nCookie: ${cookie}\r\n` +
          `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
      );
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.pause();
      return { answer: answer.toString(), destroy: () => socket.destroy() };
    },
  };
}

describe('an agent that cannot start says why in a sentence, and exits with 78', () => {
  test('a wrong configuration: key, line, and what is allowed', () => {
    const { file } = configuration('wrong', (text) => text.replace('widthDots = 576', 'widthDots = 600'));
    const line = readFileSync(file, 'utf8').split('\n').indexOf('widthDots = 600') + 1;
    const { code, said, log } = runToItsEnd(file);
    expect(code).toBe(78);
    expect(said).toContain(`kiosk.toml:${line} receiptPrinter.widthDots: allowed: one of 384, 576`);
    expect(said).not.toContain('    at ');
    expect(log).toContain(`"event":"configuration.problem","key":"receiptPrinter.widthDots","line":${line}`);
  });

  test('a printer profile that there is not: those there are', () => {
    const { file } = configuration('profile', (text) =>
      text.replace('widthDots = 576', 'widthDots = 576\nprofile = "dot-matrix"'),
    );
    const { code, said } = runToItsEnd(file);
    expect(code).toBe(78);
    expect(said).toMatch(
      /kiosk\.toml:\d+ receiptPrinter\.profile: no such profile; allowed: .*"generic-80mm"/,
    );
  });

  test.each([
    ['the key file is not there', 'keyFile', undefined, 'cannot be read'],
    ['the key file holds something else', 'keyFile', 'not a key', 'no Ed25519 private key'],
    ['the authority’s file is not there', 'caFile', undefined, 'cannot be read'],
    ['the authority’s file holds something else', 'caFile', 'not a certificate', 'no usable certificate'],
  ])('%s', (_name, key, content, sentence) => {
    const own = configuration('files');
    const wrong = path.join(own.directory, 'wrong.pem');
    if (content !== undefined) writeFileSync(wrong, content);
    writeFileSync(
      own.file,
      readFileSync(own.file, 'utf8').replace(new RegExp(`${key} = ".*"`), `${key} = "${wrong}"`),
    );
    const { code, said } = runToItsEnd(own.file);
    expect(code).toBe(78);
    expect(said).toContain(`central.${key}: ${wrong}`);
    expect(said).toContain(sentence);
    expect(said).not.toContain('    at ');
  });

  test('an unknown option', () => {
    const ended = spawnSync(process.execPath, [AGENT, '--konfig', 'x'], { encoding: 'utf8' });
    expect([ended.status, ended.stderr]).toEqual([78, expect.stringContaining('usage: agent --config')]);
  });
});

describe('an agent that serves', () => {
  test('keeps what it writes to its own user, and a second agent away from it', async () => {
    const first = configuration('first');
    await started(first.file);
    const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);
    expect([first.data, path.dirname(first.codeFile)].map(modeOf)).toEqual(['700', '700']);
    expect([first.codeFile, path.join(first.data, 'kiosk.db')].map(modeOf)).toEqual(['600', '600']);
    expect(modeOf(first.socketPath)).toBe('660');
    const code = readFileSync(first.codeFile, 'utf8');

    const same = runToItsEnd(first.file);
    expect(same.code).toBe(78);
    expect(same.said).toContain(`another agent is using ${first.data}`);
    const otherData = configuration('second', (text) =>
      text
        .replace(/shellCodeFile = ".*"/, `shellCodeFile = "${first.codeFile}"`)
        .replace(/socketPath = ".*"/, `socketPath = "${first.socketPath}"`),
    );
    const samePort = runToItsEnd(otherData.file);
    expect(samePort.code).toBe(78);
    expect(samePort.said).toContain('is taken by another program');

    expect(readFileSync(first.codeFile, 'utf8')).toBe(code);
    expect((await reportOf(first.socketPath)).kioskId).toBe('kiosk-sandbox-1');
  });

  test('ends in order and in time on SIGTERM, with somebody in front of it and a page that hangs', async () => {
    const own = configuration('end');
    const agent = await started(own.file);
    const page = await attachedPage(own.codeFile);
    const screens: string[] = [];
    page.trpc.view.subscribe(undefined, { onData: ({ screen }) => screens.push(screen.name) });
    await eventually(() => screens.includes('attract'), 'the first view');
    const { epoch } = await new Promise<{ epoch: number }>((resolve) => {
      page.trpc.view.subscribe(undefined, { onData: resolve });
    });
    await page.trpc.choose.mutate({ epoch, choice: 'start' });
    await eventually(
      async () => (await page.trpc.choose.mutate({ epoch, choice: 'check' })) === 'accepted',
      '查看',
    );
    await eventually(() => screens.includes('choose-method'), 'the session');

    const hanging = await page.hangs();
    expect(hanging.answer).toContain('101 Switching Protocols');

    const sinceMs = performance.now();
    agent.child.kill('SIGTERM');
    expect(await agent.exited).toBe(0);
    expect(performance.now() - sinceMs).toBeLessThan(5_000);
    hanging.destroy();
    await page.close();
    const events = agent.log().match(/(?<="event":")[a-z.-]+/g) ?? [];
    expect(events).toEqual(
      expect.arrayContaining(['agent.ready', 'session.begin', 'session.end', 'agent.stopped']),
    );
    expect(agent.log()).not.toContain('agent.fatal');

    const store = await openStore({ directory: own.data, clock: systemClock, random: systemRandom });
    if (!store.ok) throw new Error(store.error.kind);
    expect(store.value.sessions.interrupted).toBe(0);
    expect(store.value.sessions.newest(1)).toMatchObject([{ state: 'closed', outcome: 'interrupted' }]);
    expect(store.value.events.newest(1)).toMatchObject([{ type: 'agent.stopped' }]);
    store.value.close();
  });

  test('moves a damaged database aside, serves, and reports it', async () => {
    const own = configuration('damaged');
    const agent = await started(own.file);
    agent.child.kill('SIGTERM');
    await agent.exited;
    const database = path.join(own.data, 'kiosk.db');
    const bytes = readFileSync(database);
    bytes.fill(0x5a, 100, 8_192);
    writeFileSync(database, bytes);

    const again = await started(own.file);
    const report = await reportOf(own.socketPath);
    expect(report.database.movedAside).toContain('kiosk.db.damaged-');
    expect(statSync(report.database.movedAside ?? '').size).toBe(bytes.length);
    expect(report.readiness.methods).toEqual(['id-card', 'suishen-code']);
    expect(again.log()).toContain('"event":"store.damaged"');
  });
});

test('an exception that nobody caught is an exit code, an event and a place, and never its words', () => {
  const program = `
    import { createLogger } from '${path.resolve('src/logging/logger.ts')}';
    import { crashOnUncaught } from '${path.resolve('src/agent/ways-out.ts')}';
    crashOnUncaught(createLogger());
    Promise.reject(Object.assign(new Error('测试一 110101195304120011'), { code: 'SQLITE_FULL' }));
  `;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(ended.status).toBe(70);
  expect(ended.stdout).toContain('"event":"agent.fatal","cause":"uncaught","code":"SQLITE_FULL"');
  expect(ended.stderr).toMatch(/^Error\n {4}at /);
  expect(`${ended.stdout}${ended.stderr}`).not.toMatch(/测试一|1953/);
});
