import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseDictionary, serializeInnerList } from '../src/central-api/http-signature-fields.ts';
import {
  contentDigest,
  signatureBase,
  signRequest,
  verifyRequest,
} from '../src/central-api/http-signature.ts';
import type { SignableRequest } from '../src/central-api/http-signature.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const NOW_MS = 1_795_000_000_000;
const signer = {
  keyId: 'kiosk-1',
  privateKey,
  createdSeconds: NOW_MS / 1000,
  nonce: 'nonce-0123456789abcdef',
};
const verifier = {
  nowMs: NOW_MS,
  windowSeconds: 60,
  publicKeyOf: (keyId: string) => (keyId === 'kiosk-1' ? publicKey : undefined),
};

const plain: SignableRequest = {
  method: 'PUT',
  path: '/v1/operations/0d7c',
  query: 'open=true',
  headers: { 'subject-token': 'st-1', 'content-type': 'application/json' },
  body: Buffer.from('{"kind":"apply"}'),
};

function signed(request: SignableRequest = plain, change: Partial<typeof signer> = {}): SignableRequest {
  return { ...request, headers: { ...request.headers, ...signRequest(request, { ...signer, ...change }) } };
}

function withHeader(request: SignableRequest, name: string, value: string | undefined): SignableRequest {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

function refusal(request: SignableRequest, change: Partial<typeof verifier> = {}): unknown {
  const result = verifyRequest(request, { ...verifier, ...change });
  return result.ok ? 'accepted' : result.error;
}

describe('RFC 9421 appendix B.2.6 (Ed25519)', () => {
  const key = createPrivateKey(
    '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n',
  );
  const published = createPublicKey(
    '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n',
  );
  const input =
    'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
  const expected = 'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==';

  test('the signature base signs to the published bytes and the published signature verifies', () => {
    const request: SignableRequest = {
      method: 'POST',
      path: '/foo',
      query: 'param=Value&Pet=dog',
      headers: {
        host: 'example.com',
        date: 'Tue, 20 Apr 2021 02:07:55 GMT',
        'content-type': 'application/json',
        'content-length': '18',
      },
      body: Buffer.from('{"hello": "world"}'),
    };
    const member = parseDictionary(input)?.get('sig-b26');
    if (member?.kind !== 'inner-list') throw new Error('the published field was not read');
    expect(`sig-b26=${serializeInnerList(member.items, member.parameters)}`).toBe(input);
    const base = Buffer.from(signatureBase(request, member.items, member.parameters) ?? '');
    expect(sign(null, base, key).toString('base64')).toBe(expected);
    expect(verify(null, base, published, Buffer.from(expected, 'base64'))).toBe(true);
  });
});

test('the content digest is the one RFC 9530 prints for its example body', () => {
  expect(contentDigest(Buffer.from('{"hello": "world"}\n'))).toBe(
    'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
  );
});

describe('a signed request', () => {
  test('is accepted, and its nonce is handed to the caller', () => {
    expect(verifyRequest(signed(), verifier)).toEqual({
      ok: true,
      value: { keyId: 'kiosk-1', nonce: signer.nonce, createdSeconds: NOW_MS / 1000 },
    });
  });

  test('without body and query is accepted too', () => {
    expect(
      refusal(signed({ method: 'GET', path: '/v1/notices', query: '', headers: {}, body: Buffer.alloc(0) })),
    ).toBe('accepted');
  });

  test('is refused when method, path, query or subject token were changed on the way', () => {
    for (const change of [{ method: 'POST' }, { path: '/v1/operations/0d7d' }, { query: 'open=false' }]) {
      expect(refusal({ ...signed(), ...change })).toEqual({ kind: 'bad-signature' });
    }
    expect(refusal(withHeader(signed(), 'subject-token', 'st-2'))).toEqual({ kind: 'bad-signature' });
  });

  test('is refused when the body was changed', () => {
    expect(refusal({ ...signed(), body: Buffer.from('{"kind":"reissue"}') })).toEqual({ kind: 'bad-digest' });
  });

  test('is refused when body and digest were changed together', () => {
    const body = Buffer.from('{"kind":"reissue"}');
    const forged = withHeader({ ...signed(), body }, 'content-digest', contentDigest(body));
    expect(refusal(forged)).toEqual({ kind: 'bad-signature' });
  });

  test('is refused when a subject token was slipped in that the signature does not cover', () => {
    const bare = signed({ ...plain, headers: {} });
    expect(refusal(withHeader(bare, 'subject-token', 'st-9'))).toEqual({
      kind: 'not-covered',
      what: 'subject-token',
    });
  });

  test('is refused outside the window on both sides, and accepted on its edge', () => {
    const at = (seconds: number) => signed(plain, { createdSeconds: NOW_MS / 1000 + seconds });
    expect(refusal(at(60))).toBe('accepted');
    expect(refusal(at(-60))).toBe('accepted');
    expect(refusal(at(61))).toEqual({ kind: 'outside-window', skewSeconds: 61 });
    expect(refusal(at(-61))).toEqual({ kind: 'outside-window', skewSeconds: -61 });
  });

  test('is refused for an unknown key, another key of that id, and a key of another kind', () => {
    expect(refusal(signed(plain, { keyId: 'kiosk-2' }))).toEqual({ kind: 'unknown-key' });
    const other = generateKeyPairSync('ed25519').publicKey;
    expect(refusal(signed(), { publicKeyOf: () => other })).toEqual({ kind: 'bad-signature' });
    const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    expect(refusal(signed(), { publicKeyOf: () => elliptic })).toEqual({ kind: 'unknown-key' });
  });

  test('says which part is missing or unreadable', () => {
    for (const what of ['signature-input', 'signature', 'content-digest']) {
      expect(refusal(withHeader(signed(), what, undefined))).toEqual({ kind: 'missing', what });
      expect(refusal(withHeader(signed(), what, 'x=('))).toEqual({ kind: 'malformed', what });
    }
    const input = String(signed().headers['signature-input']);
    const without = (part: RegExp) => withHeader(signed(), 'signature-input', input.replace(part, ''));
    expect(refusal(without(/;created=\d+/))).toEqual({ kind: 'missing', what: 'created' });
    expect(refusal(without(/;nonce="[^"]*"/))).toEqual({ kind: 'missing', what: 'nonce' });
    expect(refusal(without(/;keyid="[^"]*"/))).toEqual({ kind: 'missing', what: 'keyid' });
    expect(refusal(without(/ "@path"/))).toEqual({ kind: 'not-covered', what: '@path' });
    const replaced = (part: string, by: string) =>
      withHeader(signed(), 'signature-input', input.replace(part, by));
    expect(refusal(replaced('ed25519', 'hmac-sha256'))).toEqual({ kind: 'unsupported', what: 'algorithm' });
    expect(refusal(replaced('"@query"', '"@query" "x-not-there"'))).toEqual({
      kind: 'unsupported',
      what: 'component',
    });
    expect(refusal(replaced('"@query"', '"@query" "@query"'))).toEqual({
      kind: 'malformed',
      what: 'signature-input',
    });
  });

  test('with several signatures is refused as malformed', () => {
    const input = String(signed().headers['signature-input']);
    expect(
      refusal(withHeader(signed(), 'signature-input', `${input}, ${input.replace('sig1', 'sig2')}`)),
    ).toEqual({
      kind: 'malformed',
      what: 'signature-input',
    });
  });
});

describe('whatever arrives', () => {
  const names = ['signature-input', 'signature', 'content-digest'];

  test('no prefix and no single changed character of a header makes the verifier throw or accept', () => {
    for (const name of names) {
      const whole = String(signed().headers[name]);
      for (let cut = 0; cut < whole.length; cut += 1) {
        expect(refusal(withHeader(signed(), name, whole.slice(0, cut)))).not.toBe('accepted');
        const changed =
          whole.slice(0, cut) + String.fromCharCode(whole.charCodeAt(cut) ^ 1) + whole.slice(cut + 1);
        expect(refusal(withHeader(signed(), name, changed)), `${name} at ${cut}`).not.toBe('accepted');
      }
    }
  });

  test('random headers are refused with a typed error, never a throw', () => {
    const soup = fc.string({
      unit: fc.oneof(
        fc.constantFrom(
          '"',
          '(',
          ')',
          ';',
          '=',
          ':',
          ',',
          ' ',
          '\\',
          '@',
          'sig1',
          'sig1=(',
          'created=1',
          '?1',
          ':AA==:',
        ),
        fc.string({ unit: 'binary', maxLength: 3 }),
      ),
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.constantFrom(...names), soup, (name, value) => {
        expect(refusal(withHeader(signed(), name, value))).toHaveProperty('kind');
      }),
      { numRuns: 2000 },
    );
  });

  test('any request that is signed is accepted as it was, whatever its path, query and body', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.webQueryParameters(), fc.uint8Array(), (path, query, body) => {
        expect(refusal(signed({ method: 'POST', path, query, headers: {}, body }))).toBe('accepted');
      }),
    );
  });

  test('a very long header is refused quickly', () => {
    expect(refusal(withHeader(signed(), 'signature-input', 'sig1=("a"'.repeat(100_000)))).toEqual({
      kind: 'malformed',
      what: 'signature-input',
    });
  });
});
