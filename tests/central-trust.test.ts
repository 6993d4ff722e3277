import { once } from 'node:events';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createCentralClient } from '../src/central-api/client.ts';
import { systemClock } from '../src/platform/clock.ts';
import { systemRandom } from '../src/platform/random.ts';
import { issue, makeAuthority, tampered, type Signed } from './fixtures/authority.ts';

const DAY_MS = 86_400_000;
const privateKeyPem = generateKeyPairSync('ed25519')
  .privateKey.export({ format: 'pem', type: 'pkcs8' })
  .toString();

/** What came of one call to a server that shows this chain. */
interface Seen {
  /** `trusted`, or why there was no answer. */
  readonly answer: string;
  readonly requests: number;
  readonly told: readonly number[];
}

async function call(options: {
  readonly server: Signed;
  /** What is shown beside the server's own; PEM. */
  readonly chain?: readonly string[];
  readonly trusts: string;
  /** This machine's clock, days from now; or a dead battery's. */
  readonly clock?: number | '1970';
  /** The floor, days from now. */
  readonly floorDays?: number;
  readonly host?: string;
  readonly dateDays?: number;
}): Promise<Seen> {
  const nowMs = systemClock.wallClockMs();
  let requests = 0;
  const told: number[] = [];
  const cert = [options.server.certificatePem, ...(options.chain ?? [])].join('\n');
  // A server that minds nothing about its own certificates.
  const ciphers = 'DEFAULT@SECLEVEL=0';
  const server = createServer({ cert, key: options.server.privateKeyPem, ciphers }, (_request, response) => {
    requests += 1;
    const date = new Date(nowMs + (options.dateDays ?? 0) * DAY_MS).toUTCString();
    response.writeHead(200, { 'content-type': 'application/json', date }).end('{"notices":[]}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const wallClockMs = () =>
    options.clock === '1970' ? 0 : systemClock.wallClockMs() + (options.clock ?? 0) * DAY_MS;
  const client = createCentralClient({
    url: `https://${options.host ?? '127.0.0.1'}:${port}`,
    caPem: options.trusts,
    keyId: 'kiosk-1',
    privateKeyPem,
    clock: { ...systemClock, wallClockMs },
    random: systemRandom,
    onServerTime: (ms) => told.push(Math.round((ms - nowMs) / DAY_MS)),
    ...(options.floorDays === undefined ? {} : { floorMs: () => nowMs + (options.floorDays ?? 0) * DAY_MS }),
  });
  const answer = await client.probe();
  await client.close();
  server.closeAllConnections();
  server.close();
  return { answer: answer.ok ? 'trusted' : answer.error.kind, requests, told };
}

const REFUSED: Seen = { answer: 'untrusted', requests: 0, told: [] };
const TRUSTED = { answer: 'trusted', requests: 1 };

/** The process's own clock cannot be moved here: certificates begin tomorrow instead, which is the same for OpenSSL. */
const TOMORROW = { fromDays: 1 } as const;

describe('a clock behind the floor', () => {
  test('does not make a good certificate bad, whatever the clock says', async () => {
    const root = await makeAuthority(TOMORROW);
    const server = await issue(root, TOMORROW);
    const good = { server, trusts: root.certificatePem };
    for (const clock of ['1970', -365, -1 / 24] as const) {
      expect(await call({ ...good, clock, floorDays: 3 })).toMatchObject(TRUSTED);
    }
    expect(await call({ ...good, clock: -1, floorDays: 3, host: 'localhost' })).toMatchObject(TRUSTED);
  });

  test('trusts one that has begun after the floor: the kiosk may have been off for months', async () => {
    const root = await makeAuthority();
    const server = await issue(root, { fromDays: 20 });
    expect(await call({ server, trusts: root.certificatePem, clock: '1970', floorDays: 0 })).toMatchObject(
      TRUSTED,
    );
  });

  test('leads over authorities below to the configured one', async () => {
    const root = await makeAuthority({ ...TOMORROW, pathLength: 1 });
    const below = await issue(root, { ...TOMORROW, authority: true, pathLength: 0 });
    const server = await issue(below, TOMORROW);
    const given = { server, trusts: root.certificatePem, clock: -1, floorDays: 3 };
    expect(await call({ ...given, chain: [below.certificatePem] })).toMatchObject(TRUSTED);
    expect(await call(given)).toEqual(REFUSED);
    // An authority that did not sign itself ends no chain, configured or not.
    expect(await call({ ...given, trusts: below.certificatePem })).toEqual(REFUSED);
  });

  test('refuses what has ended by the floor, even where the clock takes it for good', async () => {
    const root = await makeAuthority({ fromDays: -10 });
    const ended = await issue(root, { fromDays: -10, toDays: 2 });
    const notYet = await issue(root, { fromDays: 1, toDays: 2 });
    const trusts = root.certificatePem;
    for (const server of [ended, notYet]) {
      expect(await call({ server, trusts, clock: -1, floorDays: 3 })).toEqual(REFUSED);
    }
    const shortLived = await makeAuthority({ ...TOMORROW, toDays: 2 });
    const server = await issue(shortLived, TOMORROW);
    expect(await call({ server, trusts: shortLived.certificatePem, clock: -1, floorDays: 3 })).toEqual(
      REFUSED,
    );
  });

  test('refuses a foreign authority, also one of the same name', async () => {
    const [ours, theirs] = [await makeAuthority(TOMORROW), await makeAuthority(TOMORROW)];
    const server = await issue(theirs, TOMORROW);
    const given = { server, trusts: ours.certificatePem, clock: '1970', floorDays: 3 } as const;
    expect(await call(given)).toEqual(REFUSED);
    expect(await call({ ...given, chain: [theirs.certificatePem] })).toEqual(REFUSED);
    expect(await call({ ...given, chain: [ours.certificatePem] })).toEqual(REFUSED);
    const alone = await makeAuthority({ ...TOMORROW, name: 'CN=localhost' });
    expect(await call({ ...given, server: alone })).toEqual(REFUSED);
  });

  test('refuses another host', async () => {
    const root = await makeAuthority(TOMORROW);
    const server = await issue(root, { ...TOMORROW, host: 'centre.example' });
    expect(await call({ server, trusts: root.certificatePem, clock: -1, floorDays: 3 })).toEqual(REFUSED);
  });

  test('refuses a chain that was tampered with', async () => {
    const root = await makeAuthority(TOMORROW);
    const server = await issue(root, TOMORROW);
    const forged = { ...server, certificatePem: tampered(server.certificatePem) };
    const given = { trusts: root.certificatePem, clock: -1, floorDays: 3 };
    expect(await call({ ...given, server: forged })).toEqual(REFUSED);
    const below = await issue(root, { ...TOMORROW, authority: true });
    const last = await issue(below, TOMORROW);
    expect(await call({ ...given, server: last, chain: [tampered(below.certificatePem)] })).toEqual(REFUSED);
  });

  test.each([
    ['signed by who is no authority', { anyUse: true }, {}],
    ['signed by who may not sign certificates', {}, {}],
    ['below an authority that may have none below', { authority: true }, { pathLength: 0 }],
    ['below an authority nobody understands', { authority: true, riddle: true }, {}],
    ['below an authority with a weak key', { authority: true, keys: 'RSA-1024' }, {}],
    ['below an authority with a weak signature', { authority: true, hash: 'SHA-1' }, {}],
  ] as const)('refuses a certificate %s', async (_what, belowWish, rootWish) => {
    const root = await makeAuthority({ ...TOMORROW, ...rootWish });
    const between = await issue(root, { ...TOMORROW, authority: true, name: 'CN=Authority between' });
    const below = await issue('pathLength' in rootWish ? between : root, { ...TOMORROW, ...belowWish });
    const server = await issue(below, TOMORROW);
    const chain = [below.certificatePem, between.certificatePem];
    expect(await call({ server, chain, trusts: root.certificatePem, clock: -1, floorDays: 3 })).toEqual(
      REFUSED,
    );
  });

  test.each([
    ['of a client', { usage: 'client' }],
    ['nobody understands', { riddle: true }],
    ['with a weak key', { keys: 'RSA-1024' }],
    ['with a weak signature', { hash: 'SHA-1' }],
  ] as const)('refuses a certificate %s', async (_what, wish) => {
    const root = await makeAuthority(TOMORROW);
    const server = await issue(root, { ...TOMORROW, ...wish });
    expect(await call({ server, trusts: root.certificatePem, clock: -1, floorDays: 3 })).toEqual(REFUSED);
  });
});

test('a clock that is not behind the floor is what certificates are judged by, as ever', async () => {
  const root = await makeAuthority();
  const trusts = root.certificatePem;
  const [good, notYet] = [await issue(root), await issue(root, TOMORROW)];
  expect(await call({ server: good, trusts, floorDays: -1 })).toMatchObject(TRUSTED);
  expect(await call({ server: good, trusts, clock: -1 })).toMatchObject(TRUSTED);
  expect(await call({ server: notYet, trusts, floorDays: -1 })).toEqual(REFUSED);
  expect(await call({ server: notYet, trusts, clock: '1970' })).toEqual(REFUSED);
});

test('a server’s time beyond the end of its certificate does not become the floor', async () => {
  const root = await makeAuthority();
  const server = await issue(root, { toDays: 30 });
  const given = { server, trusts: root.certificatePem };
  expect(await call({ ...given, dateDays: 29 })).toMatchObject({ ...TRUSTED, told: [29] });
  expect(await call({ ...given, dateDays: 31 })).toMatchObject({ ...TRUSTED, told: [] });
});
