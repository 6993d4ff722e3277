import { execFile, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problem } from '../src/central-api/schemas.ts';
import { systemRandom } from '../src/platform/random.ts';
import { SandboxCentre } from './fixtures/sandbox-centre.ts';

let centre: SandboxCentre;
beforeAll(async () => {
  centre = await new SandboxCentre().start();
});
afterAll(() => centre.end());

const seconds = () => Math.floor(centre.nowMs() / 1000);
const notices = (options = {}) => centre.call('kiosk-1', 'GET', '/v1/notices', options);

describe('a signed request', () => {
  test('is accepted within 60 s of the time of the centre, and refused beyond', async () => {
    expect((await notices({ createdSeconds: seconds() - 58 })).status).toBe(200);
    expect((await notices({ createdSeconds: seconds() + 58 })).status).toBe(200);
    expect((await notices({ createdSeconds: seconds() - 62 })).problem).toBe('clock-skew');
    expect((await notices({ createdSeconds: seconds() + 62 })).problem).toBe('clock-skew');
  });

  test('a refusal for the clock says in its Date header what time it is at the centre', async () => {
    await centre.passTime(3 * 3_600_000);
    const wrong = await notices({ createdSeconds: seconds() - 3 * 3600 });
    expect([wrong.status, wrong.problem]).toEqual([401, 'clock-skew']);
    const said = Date.parse(String(wrong.headers['date']));
    expect(Math.abs(said - centre.nowMs())).toBeLessThan(5_000);
    expect((await notices({ createdSeconds: Math.floor(said / 1000) })).status).toBe(200);
    await centre.passTime(-3 * 3_600_000);
  });

  test('is accepted once, also across a restart of the centre', async () => {
    const { headers, body } = centre.sign('kiosk-1', 'GET', '/v1/notices');
    expect((await centre.send('GET', '/v1/notices', headers, body)).status).toBe(200);
    expect((await centre.send('GET', '/v1/notices', headers, body)).problem).toBe('replayed');
    await centre.restart();
    expect((await centre.send('GET', '/v1/notices', headers, body)).problem).toBe('replayed');
  });

  test('holds only for what was signed: body, path, query, subject token and key', async () => {
    const person = centre.citizen('wang-guilan');
    const target = '/v1/loss-reports';
    const body = { idNumber: person.idNumber };
    const other = JSON.stringify({ idNumber: centre.citizen('he-shan').idNumber });
    const changed = await centre.call('portal', 'POST', target, { body, sentBody: other });
    expect(changed.problem).toBe('signature-invalid');

    const elsewhere = centre.sign('kiosk-1', 'GET', '/v1/terminals?near=31,121');
    expect((await centre.send('GET', '/v1/terminals?near=30,120', elsewhere.headers, '')).problem).toBe(
      'signature-invalid',
    );
    expect((await centre.send('GET', '/v1/notices', elsewhere.headers, '')).problem).toBe(
      'signature-invalid',
    );

    const subjectToken = await centre.subjectToken(person);
    const stolen = await centre.call('kiosk-1', 'PUT', `/v1/operations/${systemRandom.uuid()}`, {
      body: { kind: 'apply' },
      tamper: (headers) => ({ ...headers, 'subject-token': subjectToken }),
    });
    expect(stolen.problem).toBe('signature-invalid');

    const { privateKey } = generateKeyPairSync('ed25519');
    expect((await notices({ privateKey })).problem).toBe('signature-invalid');
    expect((await centre.send('GET', '/v1/notices', {}, '')).problem).toBe('signature-invalid');
  });

  test('a role may make its own calls only', async () => {
    const forbidden = [
      await centre.call('kiosk-1', 'POST', '/v1/verifications', { body: { code: 'x' } }),
      await centre.call('kiosk-1', 'GET', '/v1/unconfirmed'),
      await centre.call('verifier', 'POST', '/v1/loss-reports', { body: {} }),
      await centre.call('portal', 'POST', '/v1/identifications', { body: {} }),
      await centre.call('operator', 'PUT', `/v1/operations/${systemRandom.uuid()}`, {
        body: { kind: 'apply' },
      }),
    ];
    expect(forbidden.map((reply) => reply.problem)).toEqual(Array(5).fill('role-forbidden'));
  });
});

describe('a request that does not follow the contract', () => {
  test('is refused by member and rule, and never told its own values', async () => {
    const secret = '310199195304129999x';
    const reply = await centre.call('portal', 'POST', '/v1/loss-reports', {
      body: { idNumber: secret, more: 1 },
    });
    expect([reply.status, reply.problem]).toEqual([400, 'invalid-request']);
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(problem.safeParse(reply.body).success).toBe(true);
    expect(reply.bytes.toString()).not.toContain(secret.slice(0, 8));
  });

  test('no JSON, too much of it, an unknown path or a crooked id all end in a problem', async () => {
    expect((await centre.call('portal', 'POST', '/v1/loss-reports', {})).problem).toBe('invalid-request');
    const huge = await centre.call('portal', 'POST', '/v1/loss-reports', {
      body: { idNumber: 'x'.repeat(70_000) },
    });
    expect(huge.problem).toBe('invalid-request');
    expect((await centre.call('kiosk-1', 'GET', '/v1/nothing')).problem).toBe('not-found');
    expect((await centre.call('kiosk-1', 'GET', '/v1/operations/NOT-A-UUID')).problem).toBe(
      'invalid-request',
    );
  });
});

describe('the weather of the sandbox', () => {
  test('an answer that was lost leaves the work done, and the retry finds it', async () => {
    const { operationId } = await centre.reserved(centre.citizen('lu-yun'), 'apply');
    await centre.control('/hold', { operation: 'activate', when: 'after', ms: 0, drop: true });
    await expect(centre.activate(operationId)).rejects.toThrow();
    expect((await centre.status(operationId)).body['state']).toBe('active');
    expect((await centre.activate(operationId)).status).toBe(200);
  });

  test('a reservation that is overtaken by its own void comes too late', async () => {
    const person = centre.citizen('zhaxi');
    const subjectToken = await centre.subjectToken(person);
    const operationId = systemRandom.uuid();
    await centre.control('/hold', { operation: 'reserve', when: 'before' });
    const late = centre.reserve(operationId, 'apply', subjectToken);
    await expect.poll(async () => (await centre.control('/hold')).waiting.length).toBe(1);
    expect((await centre.void(operationId)).status).toBe(200);
    await centre.control('/release', {});
    expect((await late).problem).toBe('operation-void');
  });

  test('offline means no connection at all, until it is over', async () => {
    await centre.control('/offline', { on: true });
    await expect(notices()).rejects.toThrow();
    await centre.control('/offline', { on: false });
    expect((await notices()).status).toBe(200);
  });

  test('control refuses what it does not know', async () => {
    expect(await centre.control('/hold', { operation: 'fly', when: 'before' })).toHaveProperty('error');
    expect(await centre.control('/clock', { offsetMs: 'soon' })).toHaveProperty('error');
  });
});

describe('the program', () => {
  test('starts from its flags, serves TLS under its own authority, and ends on SIGTERM', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'centre-main-'));
    const { publicKey } = generateKeyPairSync('ed25519');
    const keysFile = path.join(directory, 'keys.json');
    const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' });
    writeFileSync(keysFile, JSON.stringify([{ keyId: 'k', role: 'device', publicKeyPem }]));
    const flags = [
      '--port',
      '0',
      '--data',
      path.join(directory, 'data'),
      '--keys',
      keysFile,
      '--control',
      '0',
    ];
    const child = spawn(process.execPath, ['sandbox/central-service/main.ts', ...flags]);
    try {
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      const ready = JSON.parse(line) as Record<string, string>;
      expect(ready).toMatchObject({ ready: true, control: expect.stringContaining('http://127.0.0.1:') });
      expect(readFileSync(String(ready['caFile']), 'utf8')).toContain('BEGIN CERTIFICATE');
      // curl is a judge of certificates that shares nothing with us.
      const { stdout } = await promisify(execFile)('curl', [
        '-sS',
        '--cacert',
        String(ready['caFile']),
        `${ready['url']}/v1/notices`,
      ]);
      expect(JSON.parse(stdout)).toMatchObject({ status: 401 });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    } finally {
      child.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    }
  });

  test('says what is wrong with its flags', async () => {
    const run = promisify(execFile)(process.execPath, [
      'sandbox/central-service/main.ts',
      '--data',
      '/nowhere',
    ]);
    await expect(run).rejects.toMatchObject({ code: 78, stderr: expect.stringContaining('usage:') });
  });
});
