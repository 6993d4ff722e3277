import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { localServerIdentity } from '../sandbox/certificates/local-authority.ts';
import { createCentralClient } from '../src/central-api/client.ts';
import type { CentralClient } from '../src/central-api/client.ts';
import { verifyRequest } from '../src/central-api/http-signature.ts';
import { problemType } from '../src/central-api/problems.ts';
import type { ProblemName } from '../src/central-api/problems.ts';
import { systemClock } from '../src/platform/clock.ts';
import type { Clock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}
type Reply = (response: ServerResponse, received: Received) => void;

const OPERATION = '3f0c2b1e-0d6a-4c1d-8a55-8f2f1f0e9a10';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const privateKeyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const directory = mkdtempSync(path.join(tmpdir(), 'central-client-'));

let server: Server;
let url: string;
let caPem: string;
let client: CentralClient;
let received: Received[];
let replies: Reply[];
const serverTimes: number[] = [];

const json =
  (status: number, value: unknown, mediaType = 'application/json'): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': mediaType }).end(JSON.stringify(value));
  };
const refuse = (status: number, name: ProblemName, more: object = {}): Reply =>
  json(status, { type: problemType(name), title: 'x', status, ...more }, 'application/problem+json');
const notices = {
  notices: [
    { noticeId: 'n1', kind: 'announcement', title: '停电', revision: 'r1', publishedOn: '2026-11-22' },
  ],
};

function open(change: Partial<Parameters<typeof createCentralClient>[0]> = {}): CentralClient {
  return createCentralClient({
    url,
    caPem,
    keyId: 'kiosk-1',
    privateKeyPem,
    clock: systemClock,
    random: systemRandom,
    onServerTime: (ms) => serverTimes.push(ms),
    ...change,
  });
}

/** The machine's own clock, `byMs` wrong. */
function wrongClock(byMs: number): Clock {
  return { ...systemClock, wallClockMs: () => systemClock.wallClockMs() + byMs };
}

function signatureOf({ method, url: target, headers, body }: Received) {
  const [requestPath = '', query = ''] = target.split('?');
  return verifyRequest(
    { method, path: requestPath, query, headers, body },
    { nowMs: Date.now(), windowSeconds: 60, publicKeyOf: (id) => (id === 'kiosk-1' ? publicKey : undefined) },
  );
}

beforeAll(async () => {
  const identity = await localServerIdentity(directory, systemClock, systemRandom);
  caPem = readFileSync(identity.caFile, 'utf8');
  server = createServer(
    { cert: identity.certificatePem, key: identity.privateKeyPem },
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const one = {
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          body: Buffer.concat(chunks),
        };
        received.push(one);
        const reply = replies.length > 1 ? replies.shift() : replies[0];
        reply?.(response, one);
      });
    },
  );
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true });
});

beforeEach(() => {
  received = [];
  replies = [];
  client = open();
});

afterEach(async () => {
  await client.close();
});

describe('a call', () => {
  test('is signed over what was really sent, and its answer is parsed', async () => {
    replies = [json(200, notices)];
    expect(await client.notices()).toEqual({ ok: true, value: notices });
    replies = [json(200, { operationId: OPERATION, state: 'void', restored: true })];
    await client.voidOperation(OPERATION, 'print-failed');
    replies = [json(200, { terminals: [] })];
    await client.terminals({ latitude: 31.2304, longitude: 121.4737 });
    replies = [json(200, { fullName: '王桂兰' })];
    await client.fullName('id-1', 'a-subject-token-of-some-length');
    expect(received.map(({ method, url: target }) => `${method} ${target}`)).toEqual([
      'GET /v1/notices',
      `POST /v1/operations/${OPERATION}/void`,
      'GET /v1/terminals?near=31.230400,121.473700',
      'POST /v1/identifications/id-1/full-name',
    ]);
    expect(received[3]?.headers['subject-token']).toBe('a-subject-token-of-some-length');
    for (const one of received) expect(signatureOf(one)).toMatchObject({ ok: true });
  });

  test('tells the caller the time of the centre, and keeps the distance to it', async () => {
    client = open({ clock: wrongClock(-3_600_000) });
    replies = [json(200, notices)];
    await client.notices();
    expect(Math.abs(client.clockOffsetMs() - 3_600_000)).toBeLessThan(1500);
    expect(Math.abs((serverTimes.at(-1) ?? 0) - Date.now())).toBeLessThan(2000);
  });

  test('refused for the clock is signed once more by the time of the centre, and no third time', async () => {
    client = open({ clock: wrongClock(3_600_000) });
    const likeTheCentre: Reply = (response, one) => {
      const signature = signatureOf(one);
      (signature.ok ? json(200, notices) : refuse(401, 'clock-skew'))(response, one);
    };
    replies = [likeTheCentre];
    expect(await client.notices()).toMatchObject({ ok: true });
    expect(received).toHaveLength(2);

    received = [];
    replies = [refuse(401, 'clock-skew')];
    expect(await client.notices()).toEqual({ ok: false, error: { kind: 'clock-skew' } });
    expect(received).toHaveLength(2);
  });

  test('fetches the portrait as bytes, and nothing that is no portrait', async () => {
    const png = Buffer.from('89504e470d0a1a0a00000000', 'hex');
    const image =
      (body: Buffer, type = 'image/png'): Reply =>
      (response) => {
        response.writeHead(200, { 'content-type': type }).end(body);
      };
    replies = [image(png)];
    const photo = await client.photo('id-1', 'a-subject-token-of-some-length');
    expect(photo.ok && Buffer.from(photo.value).equals(png)).toBe(true);
    for (const reply of [
      image(Buffer.from('<html>')),
      image(png, 'text/html'),
      image(Buffer.concat([png, Buffer.alloc(1_100_000)])),
    ]) {
      replies = [reply];
      expect(await client.photo('id-1', 'a-subject-token-of-some-length')).toMatchObject({
        ok: false,
        error: { kind: 'invalid-answer' },
      });
    }
  });
});

describe('a call that fails', () => {
  test('for a reason of the contract says which, without a text the other side wrote', async () => {
    replies = [refuse(403, 'not-eligible', { reasons: ['under-age'], detail: '王桂兰 310199195304129000' })];
    const answer = await client.reserve(OPERATION, 'apply', 'a-subject-token-of-some-length');
    expect(answer).toEqual({
      ok: false,
      error: {
        kind: 'problem',
        name: 'not-eligible',
        type: problemType('not-eligible'),
        status: 403,
        reasons: ['under-age'],
      },
    });
    expect(received).toHaveLength(1);
  });

  test('is made once more where that is safe', async () => {
    replies = [json(503, {}), json(200, { operationId: OPERATION, state: 'void', restored: false })];
    expect(await client.voidOperation(OPERATION, 'cancelled')).toMatchObject({ ok: true });
    replies = [refuse(500, 'internal'), json(200, { operations: [] })];
    expect(await client.openOperations()).toMatchObject({ ok: true });
    replies = [(response) => response.destroy(), json(200, { operations: [] })];
    expect(await client.openOperations()).toMatchObject({ ok: true });
    replies = [refuse(401, 'replayed'), json(200, { operations: [] })];
    expect(await client.openOperations()).toMatchObject({ ok: true });
    expect(received).toHaveLength(8);
    const nonces = received.map((one) => one.headers['signature-input']);
    expect(new Set(nonces).size).toBe(8);
  });

  test('is not made again with a living code, which the first request may have used up', async () => {
    replies = [(response) => response.destroy()];
    expect(await client.identifyBySuishenCode('SS1ABC')).toEqual({
      ok: false,
      error: { kind: 'unreachable' },
    });
    expect(received).toHaveLength(1);
  });

  test('ends in time when the centre does not answer, or stops in the middle', async () => {
    const hasty: Clock = { ...systemClock, schedule: (ms, task) => systemClock.schedule(ms / 40, task) };
    client = open({ clock: hasty });
    replies = [() => undefined];
    expect(await client.identifyBySuishenCode('SS1ABC')).toEqual({ ok: false, error: { kind: 'timeout' } });
    replies = [(response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"noti')];
    expect(await client.probe()).toEqual({ ok: false, error: { kind: 'timeout' } });
  });

  test('ends with the client that is closed meanwhile, and nothing is left that nobody hears of', async () => {
    const leaving = open();
    const asked = Promise.withResolvers<void>();
    replies = [
      () => {
        asked.resolve();
      },
    ];
    const call = leaving.identifyBySuishenCode('SS1ABC');
    await asked.promise;
    await leaving.close();
    expect(await call).toEqual({ ok: false, error: { kind: 'unreachable' } });
    // A rejection that nobody takes fails the run.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  });

  test('names answers that do not follow the contract as such', async () => {
    for (const reply of [
      json(200, { notices: 'none' }),
      json(204, notices),
      json(200, notices, 'text/html'),
      json(404, { type: 'urn:other' }),
      ((response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"not')) as Reply,
    ]) {
      replies = [reply];
      expect(await client.notices()).toMatchObject({ ok: false, error: { kind: 'invalid-answer' } });
    }
  });

  test('tells an absent centre from one with a foreign certificate', async () => {
    const nobody = open({ url: 'https://127.0.0.1:1' });
    expect(await nobody.notices()).toEqual({ ok: false, error: { kind: 'unreachable' } });
    expect((await nobody.probe()).ok).toBe(false);
    await nobody.close();
    const other = await localServerIdentity(path.join(directory, 'other'), systemClock, systemRandom);
    const distrustful = open({ caPem: readFileSync(other.caFile, 'utf8') });
    expect(await distrustful.notices()).toEqual({ ok: false, error: { kind: 'untrusted' } });
    await distrustful.close();
    expect(received).toHaveLength(0);
  });

  test('does not send what HTTP cannot carry', async () => {
    expect(await client.fullName('id-1', 'line\nbreak')).toEqual({
      ok: false,
      error: { kind: 'invalid-request' },
    });
    expect(received).toHaveLength(0);
  });
});

test('after a call without an answer no other is sent over a connection from before it', async () => {
  // The sandbox's centre keeps connections for so long, too.
  server.keepAliveTimeout = 72_000;
  replies = [json(200, notices)];
  await Promise.all([client.notices(), client.terminals(), client.unconfirmed()]);
  // As after an outage that took the connections with it, and told nobody.
  const fresh = new Set<unknown>();
  const remember = (socket: unknown) => fresh.add(socket);
  server.on('secureConnection', remember);
  const answerFresh: Reply = (response) => {
    if (fresh.has(response.socket)) json(200, notices)(response, {} as Received);
  };
  replies = [answerFresh];
  expect(await client.probe()).toEqual({ ok: false, error: { kind: 'timeout' } });
  const after = await Promise.all([client.probe(), client.probe(), client.probe()]);
  expect(after).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
  expect(fresh.size).toBe(3);
  server.off('secureConnection', remember);
});

test('a client does not start with settings that cannot work', () => {
  expect(() => open({ url: 'http://127.0.0.1:1' })).toThrow(TypeError);
  expect(() => open({ keyId: 'kiosk 1' })).toThrow(TypeError);
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  expect(() => open({ privateKeyPem: elliptic.export({ format: 'pem', type: 'pkcs8' }).toString() })).toThrow(
    TypeError,
  );
});

test('a client certificate is shown where the centre asks for one', async () => {
  const identity = await localServerIdentity(directory, systemClock, systemRandom);
  const strict = createServer(
    {
      cert: identity.certificatePem,
      key: identity.privateKeyPem,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      const shown = (request.socket as TLSSocket).getPeerCertificate();
      json(200, Object.keys(shown).length > 0 ? notices : {})(response, {} as Received);
    },
  );
  await new Promise<void>((resolve) => {
    strict.listen(0, '127.0.0.1', resolve);
  });
  const strictUrl = `https://127.0.0.1:${(strict.address() as AddressInfo).port}`;
  const without = open({ url: strictUrl });
  expect(await without.notices()).toMatchObject({ ok: false, error: { kind: 'invalid-answer' } });
  const shown = open({
    url: strictUrl,
    clientCertPem: identity.certificatePem,
    clientKeyPem: identity.privateKeyPem,
  });
  expect(await shown.notices()).toMatchObject({ ok: true });
  await Promise.all([without.close(), shown.close()]);
  strict.closeAllConnections();
  strict.close();
});
