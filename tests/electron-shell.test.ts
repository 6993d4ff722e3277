import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { electronRuntime, type ElectronRuntime } from '../scripts/electron-runtime.ts';
import { startFakeAgent, type FakeAgent } from './fixtures/fake-agent.ts';
import { processesBelow } from './fixtures/process-tree.ts';

const repository = path.resolve(import.meta.dirname, '..');
const found = await electronRuntime();
if (typeof found === 'string') process.stdout.write(`electron-shell not run: ${found}\n`);

const directory = mkdtempSync(path.join(tmpdir(), 'electron-shell-'));
const codeFile = path.join(directory, 'shell-code');
/** Requests that reached an address that is not the agent's. */
const strayed: string[] = [];
const elsewhere = createServer((request, response) => {
  strayed.push(request.url ?? '');
  response.end();
});
let elsewhereUrl = '';
let application = '';
let agent: FakeAgent | undefined;
let shell: { child: ChildProcess; output: string } | undefined;

/** The built shell as an application: what a package contains, and no more. */
async function makeApplication(): Promise<string> {
  const home = path.join(directory, 'app');
  mkdirSync(home);
  await build({
    configFile: path.join(repository, 'vite.electron.config.ts'),
    logLevel: 'error',
    build: { outDir: path.join(home, 'dist') },
  });
  writeFileSync(path.join(home, 'package.json'), '{"name":"kiosk-shell-under-test","main":"dist/main.cjs"}');
  return home;
}

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    elsewhere.listen(0, '127.0.0.1', resolve);
  });
  elsewhereUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  if (typeof found !== 'string') application = await makeApplication();
}, 30_000);

afterEach(async () => {
  if (shell !== undefined) await stopShell(shell.child);
  shell = undefined;
  await agent?.stop();
  agent = undefined;
});

afterAll(async () => {
  elsewhere.closeAllConnections();
  await new Promise((resolve) => {
    elsewhere.close(resolve);
  });
  rmSync(directory, { recursive: true, force: true });
});

function startShell(
  runtime: ElectronRuntime,
  environment: Record<string, string>,
): { child: ChildProcess; output: string } {
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const profile = `--user-data-dir=${mkdtempSync(path.join(directory, 'profile-'))}`;
  const child = spawn(
    'xvfb-run',
    [
      '-a',
      '-s',
      '-screen 0 1080x1920x24',
      runtime.executable,
      ...flags,
      profile,
      '--disable-gpu',
      application,
    ],
    { env: { ...process.env, ...environment }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const started = { child, output: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      started.output += String(text);
    });
  }
  return started;
}

async function stopShell(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  process.kill(-child.pid, 'SIGTERM');
  const killer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, 4_000);
  await ended;
  clearTimeout(killer);
}

async function until(what: string, isSo: () => boolean, limitMs = 25_000): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 50) {
    if (waitedMs > limitMs)
      throw new Error(`never: ${what}\n${agent?.log.join('\n') ?? ''}\n${shell?.output ?? ''}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

const count = (line: string) => agent?.log.filter((entry) => entry === line).length ?? 0;
const pageWith = (script: string) =>
  `<!doctype html><title>kiosk</title><main data-screen="home"></main><script>${script}</script>`;
const environmentFor = (port: number) => ({
  KIOSK_AGENT_URL: `http://127.0.0.1:${port}`,
  KIOSK_SHELL_CODE_FILE: codeFile,
});

const onlyWithElectron = test.skipIf(typeof found === 'string');
const runtime = found as ElectronRuntime;

onlyWithElectron(
  'the shell waits for its agent, brings the one-time code, and shows the one origin',
  async () => {
    const first = await startFakeAgent({ codeFile, page: pageWith('') });
    const { port } = first;
    await first.stop();
    shell = startShell(runtime, environmentFor(port));
    await until('the shell waits', () => shell?.output.includes('{"shell"') ?? false);
    agent = await startFakeAgent({ codeFile, page: pageWith("fetch('/painted')"), port });
    const code = readFileSync(codeFile, 'utf8');
    await until('the page is painted', () => count('GET /painted 200') === 1);
    await until('the shell says so', () => shell?.output.includes('{"shell":"shown"}') ?? false);
    expect(
      agent.log.filter((line) => !line.startsWith('GET /health') && !line.startsWith('GET /favicon')),
    ).toEqual(['POST /attach 200', 'GET / 200', 'GET /painted 200']);
    expect(agent.addresses.join(' ')).not.toContain(code);
    expect(shell.output).not.toContain(code);
    const lines = processesBelow(shell.child.pid ?? 0).map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    });
    expect(lines.join('\n')).not.toContain(code);
  },
  60_000,
);

onlyWithElectron(
  'no other address is reached: not by request, window, frame, navigation or download',
  async () => {
    const script = `
    const away = '${elsewhereUrl}';
    fetch(away + '/fetch', { mode: 'no-cors' }).catch(() => {});
    new Image().src = away + '/image';
    try { new WebSocket(away.replace('http', 'ws') + '/socket').onerror = () => {}; } catch {}
    const opened = window.open(away + '/window');
    const frame = document.createElement('iframe'); frame.src = away + '/frame'; document.body.append(frame);
    const link = document.createElement('a'); link.href = away + '/download'; link.download = 'x'; document.body.append(link); link.click();
    navigator.geolocation.getCurrentPosition(() => fetch('/located'), (refused) => fetch('/denied-' + refused.code));
    location.href = away + '/navigation';
    setTimeout(() => fetch('/still-here-' + (opened === null ? 'no-window' : 'window') + '-' + typeof require + '-' + typeof process), 1500);`;
    agent = await startFakeAgent({ codeFile, page: pageWith(script) });
    shell = startShell(runtime, environmentFor(agent.port));
    await until(
      'the page is still there',
      () => count('GET /still-here-no-window-undefined-undefined 200') === 1,
    );
    await until('the permission is denied', () => count('GET /denied-1 200') === 1);
    expect(strayed).toEqual([]);
  },
  60_000,
);

onlyWithElectron(
  'when the agent is started again and the page finds no way in, the shell brings the new code',
  async () => {
    agent = await startFakeAgent({ codeFile, page: pageWith("fetch('/painted')") });
    const { port } = agent;
    shell = startShell(runtime, environmentFor(port));
    await until('the page is painted', () => count('GET /painted 200') === 1);
    await agent.stop();
    // As the real page does when its bridge comes back to another world.
    const reloading = "fetch('/painted');setTimeout(()=>location.reload(),1000)";
    agent = await startFakeAgent({ codeFile, page: pageWith(reloading), port });
    await killRenderer();
    await until('the page is painted again', () => count('GET /painted 200') >= 1);
    await agent.stop();
    agent = await startFakeAgent({ codeFile, page: pageWith("fetch('/painted')"), port });
    await until('the page is painted a third time', () => count('GET /painted 200') >= 1);
    expect(agent.log).toContain('POST /attach 200');
  },
  90_000,
);

async function killRenderer(): Promise<void> {
  const renderers = processesBelow(shell?.child.pid ?? 0, '--type=renderer');
  expect(renderers.length).toBeGreaterThan(0);
  for (const pid of renderers) process.kill(pid, 'SIGKILL');
  await until('the renderer is gone', () =>
    renderers.every((pid) => !processesBelow(shell?.child.pid ?? 0, '--type=renderer').includes(pid)),
  );
}

onlyWithElectron(
  'a page whose process dies comes back, the second time too',
  async () => {
    agent = await startFakeAgent({ codeFile, page: pageWith("fetch('/painted')") });
    shell = startShell(runtime, environmentFor(agent.port));
    for (const times of [1, 2, 3]) {
      await until(`painted ${times} times`, () => count('GET /painted 200') === times);
      await until('shown', () => (shell?.output.match(/"shown"/gu)?.length ?? 0) >= times);
      if (times < 3) await killRenderer();
    }
  },
  90_000,
);

onlyWithElectron(
  'a page that hangs is thrown away and loaded anew',
  async () => {
    const hangOnce =
      "fetch('/painted').then(r=>r.headers.get('x'));if(!document.cookie.includes('hung')){document.cookie='hung=1';setTimeout(()=>{for(;;);},1000)}";
    agent = await startFakeAgent({ codeFile, page: pageWith(hangOnce) });
    shell = startShell(runtime, environmentFor(agent.port));
    await until('painted', () => count('GET /painted 200') === 1);
    await until(
      'painted again',
      () => agent?.log.filter((line) => line.startsWith('POST /attach')).length === 2,
      40_000,
    );
    await until('painted again', () => count('GET /painted 200') >= 2);
  },
  90_000,
);

onlyWithElectron(
  'the shell can start the agent by itself',
  async () => {
    const probe = await startFakeAgent({ codeFile, page: '' });
    const { port } = probe;
    await probe.stop();
    const program = path.join(directory, 'agent.mts');
    cpSync(path.join(repository, 'tests/fixtures/fake-agent.ts'), path.join(directory, 'fake-agent.ts'));
    writeFileSync(
      program,
      `import { startFakeAgent } from './fake-agent.ts';
const agent = await startFakeAgent({ codeFile: ${JSON.stringify(codeFile)}, port: ${port}, page: ${JSON.stringify(pageWith("fetch('/painted')"))} });
setInterval(() => { if (agent.log.includes('GET /painted 200')) console.log('painted'); }, 50);`,
    );
    shell = startShell(runtime, {
      ...environmentFor(port),
      KIOSK_AGENT_COMMAND: JSON.stringify([process.execPath, program]),
    });
    await until('shown', () => shell?.output.includes('"shown"') ?? false);
  },
  60_000,
);

onlyWithElectron(
  'a shell that was started for one visit ends when its page closes itself; any other brings the page back',
  async () => {
    agent = await startFakeAgent({ codeFile, page: pageWith('setTimeout(()=>window.close(),500)') });
    shell = startShell(runtime, { ...environmentFor(agent.port), KIOSK_ENTRY: 'visit' });
    const { child } = shell;
    await until('the shell ends', () => child.exitCode !== null);
    expect([child.exitCode, shell.output.includes('{"shell":"left"}')]).toEqual([0, true]);
    expect(agent.log).toContain('entry visit');

    const closesOnce =
      "if(document.cookie.includes('closed'))fetch('/back');else{document.cookie='closed=1';setTimeout(()=>window.close(),500)}";
    await agent.stop();
    agent = await startFakeAgent({ codeFile, page: pageWith(closesOnce) });
    shell = startShell(runtime, environmentFor(agent.port));
    await until('the page is back', () => count('GET /back 200') === 1);
    expect(shell.child.exitCode).toBeNull();
    expect(agent.log).not.toContain('entry visit');
  },
  60_000,
);

onlyWithElectron(
  'wrong settings end the shell with a sentence that says which',
  async () => {
    shell = startShell(runtime, { KIOSK_AGENT_URL: 'https://example.org' });
    const { child } = shell;
    await new Promise((resolve) => {
      child.once('exit', resolve);
    });
    expect(shell.output).toContain('KIOSK_AGENT_URL must be the agent on this machine');
  },
  30_000,
);
