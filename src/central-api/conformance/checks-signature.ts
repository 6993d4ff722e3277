import { generateKeyPairSync } from 'node:crypto';

import type { SignableRequest } from '../http-signature.ts';
import type { Check, PartyName } from './check.ts';
import { expectRefused } from './scene.ts';
import type { Scene } from './scene.ts';
import type { Spoiling } from './caller.ts';
import { text } from './check.ts';
import type { RouteName } from '../routes.ts';
import { NIL_TOKEN } from './samples.ts';

const BODY = {
  agentVersion: 'conformance',
  uptimeSeconds: 1,
  openOperations: 0,
  devices: [],
};

function spoiled(
  id: string,
  title: Check['title'],
  spoiling: () => Spoiling,
  refusal: 'signature-invalid' | 'clock-skew',
): Check {
  return {
    id: `signature.${id}`,
    title,
    parties: ['device'],
    subjects: [],
    async run(scene) {
      expectRefused(await scene.caller.attempt('device', 'heartbeat', { json: BODY }, spoiling()), refusal);
    },
  };
}

function withHeaders(change: Record<string, string | undefined>): Spoiling {
  return { afterwards: (signed) => ({ ...signed, headers: defined({ ...signed.headers, ...change }) }) };
}

function defined(headers: SignableRequest['headers']): SignableRequest['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

/** The centre's own view of time comes first: the suite has not met it when a check is the first one. */
async function meet(scene: Scene): Promise<void> {
  await scene.caller.call('device', 'listNotices');
}

const UNSIGNED = { 'signature-input': undefined, signature: undefined };

const spoiledOnes: readonly Check[] = [
  spoiled(
    'missing',
    text('没有签名的请求被拒绝', 'an unsigned request is refused'),
    () => withHeaders(UNSIGNED),
    'signature-invalid',
  ),
  spoiled(
    'bad-digest',
    text('正文被改动的请求被拒绝', 'a request whose body was changed is refused'),
    () => ({
      afterwards: (signed) => ({
        ...signed,
        body: Buffer.from(JSON.stringify({ ...BODY, uptimeSeconds: 2 })),
      }),
    }),
    'signature-invalid',
  ),
  spoiled(
    'other-method-or-path',
    text('签名只对它所签的路径有效', 'a signature holds only for the path it was made for'),
    () => ({
      afterwards: (signed) => ({ ...signed, path: '/v1/notices', method: 'GET', body: Buffer.alloc(0) }),
    }),
    'signature-invalid',
  ),
  spoiled(
    'unknown-key',
    text('没有登记的密钥被拒绝', 'a key that nobody registered is refused'),
    () => ({
      signer: { keyId: 'conformance-unknown', privateKey: generateKeyPairSync('ed25519').privateKey },
    }),
    'signature-invalid',
  ),
  spoiled(
    'uncovered-subject-token',
    text(
      '没有被签名覆盖的 Subject-Token 被拒绝',
      'a Subject-Token that the signature does not cover is refused',
    ),
    () => withHeaders({ 'subject-token': NIL_TOKEN }),
    'signature-invalid',
  ),
  spoiled(
    'too-old',
    text('120 秒前的签名被拒绝', 'a signature of 120 s ago is refused'),
    () => ({ createdOffsetSeconds: -120 }),
    'clock-skew',
  ),
  spoiled(
    'too-early',
    text('120 秒后的签名被拒绝', 'a signature of 120 s ahead is refused'),
    () => ({ createdOffsetSeconds: 120 }),
    'clock-skew',
  ),
];

const replayed: Check = {
  id: 'signature.replayed-nonce',
  title: text('同一个随机数不能用两次', 'a nonce cannot be used twice'),
  parties: ['device'],
  subjects: [],
  async run(scene) {
    const nonce = scene.caller.nonce();
    await scene.caller.attempt('device', 'heartbeat', { json: BODY }, { nonce });
    expectRefused(await scene.caller.attempt('device', 'heartbeat', { json: BODY }, { nonce }), 'replayed');
    expectRefused(await scene.caller.attempt('device', 'listNotices', {}, { nonce }), 'replayed');
  },
};

function forbidden(party: PartyName, name: RouteName, json?: unknown): Check {
  return {
    id: `role.${party}-may-not-${name}`,
    title: text(`${party} 的密钥不能调用 ${name}`, `a ${party} key may not call ${name}`),
    parties: [party],
    subjects: [],
    async run(scene) {
      const params = { operationId: scene.operationId() };
      expectRefused(
        await scene.caller.call(party, name, { params, ...(json !== undefined && { json }) }),
        'role-forbidden',
      );
    },
  };
}

const NOBODY = { idNumber: '310199195001019005' };

/** Who may call, and what a signature has to be. */
export const signatureChecks: readonly Check[] = [
  ...spoiledOnes.map((check) => ({
    ...check,
    run: async (scene: Scene) => {
      await meet(scene);
      await check.run(scene);
    },
  })),
  replayed,
  forbidden('device', 'verify', { code: NIL_TOKEN }),
  forbidden('device', 'reportLoss', NOBODY),
  forbidden('device', 'makeSuishenCode', NOBODY),
  forbidden('device', 'listUnconfirmed'),
  forbidden('portal', 'activate', { evidence: { grade: 'E2', bodySha256: '0'.repeat(64) } }),
  forbidden('portal', 'verify', { code: NIL_TOKEN }),
  forbidden('verifier', 'void', { reason: 'cancelled' }),
  forbidden('verifier', 'reportLoss', NOBODY),
  forbidden('operator', 'confirm', { delivery: 'cut' }),
];
