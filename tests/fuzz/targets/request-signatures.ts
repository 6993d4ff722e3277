import { createPrivateKey, createPublicKey } from 'node:crypto';
import { parseDictionary } from '../../../src/central-api/http-signature-fields.ts';
import type { Member } from '../../../src/central-api/http-signature-fields.ts';
import { signRequest, verifyRequest } from '../../../src/central-api/http-signature.ts';
import type { SignableRequest } from '../../../src/central-api/http-signature.ts';
import type { Chance } from '../chance.ts';
import { whole } from '../fuzz-target.ts';
import { ascii, hasControl, textOf } from './wire-bytes.ts';

const FIELD = 'abc123*_-.=;,()"\\:?+/ \t@';

/** Header fields as dictionaries (RFC 9651). */
export const signatureDictionary = whole<ReadonlyMap<string, Member> | undefined>({
  name: 'signature-dictionary',
  maxBytes: 400,
  decode: (input) => parseDictionary(Buffer.from(input).toString('latin1')),
  check(_input, members) {
    for (const [key, member] of members ?? []) {
      if (!/^[a-z*][a-z0-9_.*-]*$/.test(key)) return 'a key that is none';
      const items = member.kind === 'item' ? [member] : member.items;
      for (const { item } of items) {
        if (item.kind === 'integer' && !Number.isSafeInteger(item.value)) return 'an integer that is none';
        if ((item.kind === 'string' || item.kind === 'token') && hasControl(item.value))
          return 'a control character in a value';
      }
    }
    return undefined;
  },
  bucket: (members) =>
    members === undefined
      ? 'none'
      : [...members.values()]
          .map((member) => (member.kind === 'item' ? member.item.kind : member.kind))
          .slice(0, 4)
          .join(),
  grammar: (chance) =>
    ascii(
      Array.from(
        { length: chance.between(1, 3) },
        () => `${textOf(chance, chance.between(1, 3), 'abc*')}${valueBy(chance)}`,
      ).join(', '),
    ),
  tokens: ['sig1=', '("@method" "@path")', ';created=1', ':AAAA:', '?1', '"a\\"b"'].map(ascii),
});

function valueBy(chance: Chance): string {
  return chance.pick([
    '',
    '=1',
    '=-999999999999999',
    '=?1',
    '=:AAECAw==:',
    '="a b"',
    '=tok/en',
    '=("@method" "x";sf)',
    `=${textOf(chance, chance.below(12), FIELD)}`,
    `;${textOf(chance, chance.below(8), FIELD)}`,
  ]);
}

/** The published test key of RFC 9421, appendix B.1.4. */
const privateKey = createPrivateKey(
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n',
);
const publicKey = createPublicKey(privateKey);
const NOW_SECONDS = 1_795_000_000;

const SIGNED: SignableRequest = {
  method: 'PUT',
  path: '/v1/operations/0d7c',
  query: 'open=true',
  headers: { 'subject-token': 'st-1', 'content-type': 'application/json' },
  body: Buffer.from('{"kind":"apply"}'),
};

const good = signRequest(SIGNED, {
  keyId: 'kiosk-1',
  privateKey,
  createdSeconds: NOW_SECONDS,
  nonce: 'nonce-0123456789abcdef',
});
/** The lines of an input: what can be changed on the way. */
const GOOD_LINES = [
  SIGNED.method,
  SIGNED.path,
  SIGNED.query,
  'st-1',
  '{"kind":"apply"}',
  good['content-digest'],
  good['signature-input'],
  good.signature,
];

function requestOf(input: Uint8Array): SignableRequest {
  const lines = Buffer.from(input).toString('latin1').split('\n');
  const [
    method = '',
    path = '',
    query = '',
    token = '',
    body = '',
    digest = '',
    signatureInput = '',
    signature = '',
  ] = lines;
  return {
    method,
    path,
    query,
    headers: {
      'subject-token': token,
      'content-digest': digest,
      'signature-input': signatureInput,
      signature,
    },
    body: Buffer.from(body, 'latin1'),
  };
}

/**
 * Signed requests at the centre, one line each for method, path, query, subject token, body, digest, input and signature. Only one
 * request was ever signed: none that says anything else may be let in.
 */
export const requestSignature = whole({
  name: 'request-signature',
  maxBytes: 1000,
  decode: (input) =>
    verifyRequest(requestOf(input), {
      nowMs: NOW_SECONDS * 1000,
      windowSeconds: 60,
      publicKeyOf: (keyId) => (keyId === 'kiosk-1' ? publicKey : undefined),
    }),
  check(input, result) {
    const request = requestOf(input);
    // Blanks around a field are no part of it (RFC 9421 §2.1, and HTTP itself).
    const token = String(request.headers['subject-token']).trim();
    const said = [request.method, request.path, request.query, token, request.body.toString()];
    const same = said.every((part, index) => part === GOOD_LINES[index]);
    if (result.ok)
      return same && result.value.keyId === 'kiosk-1' ? undefined : 'a request that nobody signed was let in';
    return Buffer.from(input).toString('latin1') === GOOD_LINES.join('\n')
      ? 'the signed request was refused'
      : undefined;
  },
  bucket: (result) => (result.ok ? 'ok' : JSON.stringify(result.error).replaceAll(/\d+/g, '')),
  grammar(chance) {
    const lines = [...GOOD_LINES];
    const at = chance.below(lines.length);
    if (!chance.once(4)) lines[at] = changedLine(lines[at] ?? '', chance);
    return ascii(lines.join('\n'));
  },
  tokens: [
    'sig1=("@method")',
    ';created=1795000000',
    ';alg="ed25519"',
    '"@path";req',
    'sha-256=::',
    '"@authority"',
  ].map(ascii),
});

function changedLine(line: string, chance: Chance): string {
  const at = chance.below(line.length + 1);
  return line.slice(0, at) + textOf(chance, chance.below(3), FIELD) + line.slice(at + chance.below(3));
}
