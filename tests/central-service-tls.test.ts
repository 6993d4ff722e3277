import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCentralService } from '../sandbox/central-service/central-service.ts';
import type { CentralService } from '../sandbox/central-service/central-service.ts';
import { localServerIdentity } from '../sandbox/certificates/local-authority.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  PemConverter,
  X509CertificateGenerator,
} from '@peculiar/x509';

const directory = mkdtempSync(path.join(tmpdir(), 'centre-tls-'));
const DAY_MS = 86_400_000;
let service: CentralService;
let client: { cert: string; key: string };

beforeAll(async () => {
  client = await selfSignedClient();
  service = await startCentralService({
    host: '127.0.0.1',
    port: 0,
    dataDirectory: path.join(directory, 'centre'),
    keys: new Map(),
    clientCaPem: client.cert,
    clock: systemClock,
    random: systemRandom,
    onInternalError: () => {},
  });
});
afterAll(async () => {
  await service.close();
  rmSync(directory, { recursive: true, force: true });
});

async function selfSignedClient() {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=kiosk',
    notBefore: new Date(systemClock.wallClockMs() - DAY_MS),
    notAfter: new Date(systemClock.wallClockMs() + DAY_MS),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    keys,
    extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: certificate.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') };
}

async function statusWith(options: object): Promise<number | undefined> {
  const outgoing = request(`${service.url}/v1/notices`, { agent: false, ...options }).end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

test('where an authority of clients is configured, only its clients get as far as a signature', async () => {
  const ca = readFileSync(service.caFile);
  expect(await statusWith({ ca, ...client })).toBe(401);
  await expect(statusWith({ ca })).rejects.toThrow();
  const stranger = await selfSignedClient();
  await expect(statusWith({ ca, ...stranger })).rejects.toThrow();
});

test('a client that does not know the authority does not trust the centre', async () => {
  await expect(statusWith(client)).rejects.toThrow();
});

test('the certificate is made once, and again in its last days', async () => {
  const tls = path.join(directory, 'tls');
  const first = await localServerIdentity(tls, systemClock, systemRandom);
  const again = await localServerIdentity(tls, systemClock, systemRandom);
  expect(again).toEqual(first);
  const later = { ...systemClock, wallClockMs: () => systemClock.wallClockMs() + 380 * DAY_MS };
  const renewed = await localServerIdentity(tls, later, systemRandom);
  expect(renewed.certificatePem).not.toBe(first.certificatePem);
});
