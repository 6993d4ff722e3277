import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SimulatorProgram, startSimulator } from './fixtures/simulator-program.ts';

const MAIN = 'sandbox/device-bench/main.ts';
const simulators: SimulatorProgram[] = [];
let bench: ChildProcess;
let url: string;

beforeAll(async () => {
  const controls: string[] = [];
  for (const device of ['id-card-reader', 'qr-scanner', 'receipt-printer']) {
    const simulator = await startSimulator(device, 'tcp');
    simulators.push(simulator);
    controls.push(new URL((await simulator.get('/state')).url).origin);
  }
  const [reader = '', scanner = '', printer = ''] = controls;
  const child = spawn(
    process.execPath,
    [MAIN, '--reader', reader, '--scanner', scanner, '--printer', printer],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  bench = child;
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  url = (JSON.parse(line.toString()) as { url: string }).url;
}, 30_000);

afterAll(async () => {
  const exited = once(bench, 'exit');
  bench.kill('SIGTERM');
  await exited;
  for (const simulator of simulators) await simulator.stop();
});

async function act(action: object, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(`${url}/api/actions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(action),
  });
  return answer.status;
}

const state = async () => (await (await fetch(`${url}/api/state`)).json()) as Record<string, unknown>;

describe('the device bench', () => {
  it("lays every invented citizen's card on the reader", async () => {
    const people = (await (await fetch(`${url}/api/people`)).json()) as { id: string }[];
    expect(people.length).toBeGreaterThanOrEqual(32);
    for (const { id } of people) {
      expect(await act({ action: 'lay-card', person: id })).toBe(200);
    }
    expect(await state()).toMatchObject({ reader: { onReader: 'resident-card' } });
    expect(await act({ action: 'lay-bus-card' })).toBe(200);
    expect(await state()).toMatchObject({ reader: { onReader: 'other-card' } });
    expect(await act({ action: 'lift-card' })).toBe(200);
  });

  it('opens the cover, takes the paper out and pulls each cable', async () => {
    await act({ action: 'cover', open: true });
    await act({ action: 'paper', state: 'out' });
    for (const device of ['reader', 'scanner', 'printer']) {
      expect(await act({ action: 'plug', device, in: false })).toBe(200);
    }
    expect(await state()).toMatchObject({
      reader: { pluggedIn: false },
      scanner: { pluggedIn: false },
      printer: { pluggedIn: false, cover: 'open', paper: 'out' },
    });
    for (const device of ['reader', 'scanner', 'printer']) await act({ action: 'plug', device, in: true });
    expect(await state()).toMatchObject({ printer: { pluggedIn: true } });
  });

  it('says in a sentence what it cannot do', async () => {
    expect(await act({ action: 'show-code', kind: 'again', person: 'wang-guilan' })).toBe(409);
    expect(await act({ action: 'report-loss', person: 'nobody' })).toBe(409);
    expect(await act({ action: 'fly' })).toBe(400);
  });

  it('acts for its own page alone', async () => {
    expect(await act({ action: 'lift-card' }, { origin: url })).toBe(200);
    expect(await act({ action: 'lift-card' }, { origin: 'http://elsewhere.example' })).toBe(403);
  });

  it('serves its page and its programs', async () => {
    const page = await (await fetch(url)).text();
    expect(page).toContain('设备台');
    for (const [, path] of page.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)) {
      expect((await fetch(url + path)).status).toBe(200);
    }
  });

  it.each([
    [['--production'], {}],
    [[], { KIOSK_PRODUCTION: '1' }],
  ])('does not start in production (%j %j)', async (flags, environment) => {
    const refused = spawn(
      process.execPath,
      [MAIN, '--reader', 'http://a', '--scanner', 'http://a', '--printer', 'http://a', ...flags],
      { env: { ...process.env, ...environment }, stdio: 'ignore' },
    );
    const [code] = (await once(refused, 'exit')) as [number];
    expect(code).toBe(78);
  });
});
