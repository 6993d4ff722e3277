import { createHash, sign, timingSafeEqual, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';
import { parseDictionary, serializeBareItem, serializeInnerList } from './http-signature-fields.ts';
import type { BareItem, Item, Parameters } from './http-signature-fields.ts';

/** The parts of a request that a signature speaks about. Nothing is changed on the way: these are the bytes of the wire. */
export interface SignableRequest {
  readonly method: string;
  /** The path as sent, percent-encoded, without the query: `/v1/operations/…`. */
  readonly path: string;
  /** What follows the `?`, as sent; empty when there is none. */
  readonly query: string;
  /** Header names in lower case (as Node gives them). */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body's raw bytes; empty for a request without one. */
  readonly body: Uint8Array;
}

/** Who signs, when, and with what single-use number. */
export interface Signer {
  readonly keyId: string;
  /** An Ed25519 private key. */
  readonly privateKey: KeyObject;
  /** Seconds since 1970, by the centre's clock as far as the signer knows it. */
  readonly createdSeconds: number;
  /** Single use; printable ASCII, 16–128 characters. */
  readonly nonce: string;
}

/** The headers that a signature adds to a request. */
export interface SignatureHeaders {
  readonly 'content-digest': string;
  readonly 'signature-input': string;
  readonly signature: string;
}

/** What the receiver needs in order to judge. */
export interface Verifier {
  /** Milliseconds since 1970 by the receiver's clock. */
  readonly nowMs: number;
  /** How far `created` may be from now, both ways, in seconds. */
  readonly windowSeconds: number;
  /** The public key of a key id, or `undefined` when there is none. */
  readonly publicKeyOf: (keyId: string) => KeyObject | undefined;
}

/** A signature that holds. Whether the nonce was seen before is the caller's to know: (keyId, nonce) must be new. */
export interface VerifiedSignature {
  readonly keyId: string;
  readonly nonce: string;
  readonly createdSeconds: number;
}

/** Why a signature was refused. No variant carries anything of the body or of a header's value. */
export type SignatureError =
  | { readonly kind: 'missing'; readonly what: SignaturePart }
  | { readonly kind: 'malformed'; readonly what: SignaturePart }
  | { readonly kind: 'not-covered'; readonly what: string }
  | { readonly kind: 'unsupported'; readonly what: 'algorithm' | 'component' }
  | { readonly kind: 'unknown-key' }
  | { readonly kind: 'bad-digest' }
  | { readonly kind: 'bad-signature' }
  /** `skewSeconds` > 0: the signer's clock is ahead of the receiver's. */
  | { readonly kind: 'outside-window'; readonly skewSeconds: number };

/** The parts of a signed request that can be missing or unreadable. */
type SignaturePart = 'signature-input' | 'signature' | 'content-digest' | 'created' | 'nonce' | 'keyid';

const LABEL = 'sig1';
const SUBJECT_TOKEN = 'subject-token';
const NONCE = /^[\x21-\x7e]{16,128}$/;
const KEY_ID = /^[\x21-\x7e]{1,128}$/;
const FIELD_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;

/** `Content-Digest` of a body (RFC 9530), sha-256. */
export function contentDigest(body: Uint8Array): string {
  return `sha-256=${serializeBareItem({ kind: 'bytes', value: sha256(body) })}`;
}

function sha256(body: Uint8Array): Uint8Array {
  return createHash('sha256').update(body).digest();
}

/**
 * Signs a request (RFC 9421, Ed25519): method, path, query, content-digest, the `subject-token` header where there is
 * one, and created, nonce and keyid.
 *
 * @throws RangeError when key id or nonce are not what {@link Signer} says: a mistake of the program or its settings.
 */
export function signRequest(request: SignableRequest, signer: Signer): SignatureHeaders {
  if (!KEY_ID.test(signer.keyId) || !NONCE.test(signer.nonce)) {
    throw new RangeError('key id and nonce are printable ASCII without spaces');
  }
  const digest = contentDigest(request.body);
  const headers: SignableRequest['headers'] = { ...request.headers, 'content-digest': digest };
  const covered = ['@method', '@path', '@query', 'content-digest'];
  if (headers[SUBJECT_TOKEN] !== undefined) covered.push(SUBJECT_TOKEN);
  const parameters = new Map<string, BareItem>([
    ['created', { kind: 'integer', value: signer.createdSeconds }],
    ['nonce', { kind: 'string', value: signer.nonce }],
    ['keyid', { kind: 'string', value: signer.keyId }],
    ['alg', { kind: 'string', value: 'ed25519' }],
  ]);
  const items = covered.map(namedComponent);
  const base = signatureBase({ ...request, headers }, items, parameters);
  if (base === undefined) throw new RangeError('a covered header is missing');
  const signature = sign(null, Buffer.from(base), signer.privateKey);
  return {
    'content-digest': digest,
    'signature-input': `${LABEL}=${serializeInnerList(items, parameters)}`,
    signature: `${LABEL}=${serializeBareItem({ kind: 'bytes', value: signature })}`,
  };
}

function namedComponent(name: string): Item {
  return { item: { kind: 'string', value: name }, parameters: new Map() };
}

/**
 * Checks a request's signature. Order: present and readable, covers what it must, known key, digest of the body,
 * signature, time; so a refusal for the time is only given to a signer whose key is known and right.
 */
export function verifyRequest(
  request: SignableRequest,
  verifier: Verifier,
): Result<VerifiedSignature, SignatureError> {
  const parsed = parseSignature(request);
  if (!parsed.ok) return parsed;
  const { items, parameters, signature, keyId, nonce, createdSeconds } = parsed.value;

  const uncovered = firstUncovered(request, items);
  if (uncovered !== undefined) return err({ kind: 'not-covered', what: uncovered });
  const publicKey = verifier.publicKeyOf(keyId);
  if (publicKey?.asymmetricKeyType !== 'ed25519') return err({ kind: 'unknown-key' });
  const digest = checkDigest(request);
  if (!digest.ok) return digest;

  const base = signatureBase(request, items, parameters);
  if (base === undefined) return err({ kind: 'unsupported', what: 'component' });
  if (!verify(null, Buffer.from(base), publicKey, signature)) return err({ kind: 'bad-signature' });

  const skewSeconds = createdSeconds - Math.floor(verifier.nowMs / 1000);
  if (Math.abs(skewSeconds) > verifier.windowSeconds) return err({ kind: 'outside-window', skewSeconds });
  return ok({ keyId, nonce, createdSeconds });
}

interface ParsedSignature extends VerifiedSignature {
  readonly items: readonly Item[];
  readonly parameters: Parameters;
  readonly signature: Uint8Array;
}

function parseSignature(request: SignableRequest): Result<ParsedSignature, SignatureError> {
  const inputText = headerValue(request, 'signature-input');
  const signatureText = headerValue(request, 'signature');
  if (inputText === undefined) return err({ kind: 'missing', what: 'signature-input' });
  if (signatureText === undefined) return err({ kind: 'missing', what: 'signature' });

  // One signature, one label: a second one would only say the same for somebody else.
  const inputs = parseDictionary(inputText);
  const [label, input] = inputs?.size === 1 ? ([...inputs][0] ?? []) : [];
  if (label === undefined || input?.kind !== 'inner-list') {
    return err({ kind: 'malformed', what: 'signature-input' });
  }
  const member = parseDictionary(signatureText)?.get(label);
  if (member?.kind !== 'item' || member.item.kind !== 'bytes' || member.item.value.length !== 64) {
    return err({ kind: 'malformed', what: 'signature' });
  }
  const names = new Set(input.items.map(({ item }) => item.value));
  if (names.size !== input.items.length || input.items.some(({ item }) => item.kind !== 'string')) {
    return err({ kind: 'malformed', what: 'signature-input' });
  }

  const meta = readMeta(input.parameters);
  if (!meta.ok) return meta;
  return ok({
    ...meta.value,
    items: input.items,
    parameters: input.parameters,
    signature: member.item.value,
  });
}

function readMeta(parameters: Parameters): Result<VerifiedSignature, SignatureError> {
  const created = parameters.get('created');
  const nonce = parameters.get('nonce');
  const keyId = parameters.get('keyid');
  const algorithm = parameters.get('alg');
  if (created === undefined) return err({ kind: 'missing', what: 'created' });
  if (nonce === undefined) return err({ kind: 'missing', what: 'nonce' });
  if (keyId === undefined) return err({ kind: 'missing', what: 'keyid' });
  if (created.kind !== 'integer' || created.value < 0) return err({ kind: 'malformed', what: 'created' });
  if (nonce.kind !== 'string' || !NONCE.test(nonce.value)) return err({ kind: 'malformed', what: 'nonce' });
  if (keyId.kind !== 'string' || !KEY_ID.test(keyId.value)) return err({ kind: 'malformed', what: 'keyid' });
  if (algorithm !== undefined && algorithm.value !== 'ed25519') {
    return err({ kind: 'unsupported', what: 'algorithm' });
  }
  return ok({ keyId: keyId.value, nonce: nonce.value, createdSeconds: created.value });
}

/** The first part of the request that its signature leaves open although it must not. */
function firstUncovered(request: SignableRequest, items: readonly Item[]): string | undefined {
  const names = new Set(items.map(({ item }) => item.value));
  const needed = ['@method', '@path', 'content-digest'];
  if (request.query !== '') needed.push('@query');
  if (request.headers[SUBJECT_TOKEN] !== undefined) needed.push(SUBJECT_TOKEN);
  return needed.find((name) => !names.has(name));
}

function checkDigest(request: SignableRequest): Result<void, SignatureError> {
  const text = headerValue(request, 'content-digest');
  if (text === undefined) return err({ kind: 'missing', what: 'content-digest' });
  const member = parseDictionary(text)?.get('sha-256');
  if (member?.kind !== 'item' || member.item.kind !== 'bytes' || member.item.value.length !== 32) {
    return err({ kind: 'malformed', what: 'content-digest' });
  }
  return timingSafeEqual(member.item.value, sha256(request.body))
    ? ok(undefined)
    : err({ kind: 'bad-digest' });
}

/**
 * The text that is signed (RFC 9421 §2.5), or `undefined` when a component is one that is not there or not known
 * here: `@method`, `@path`, `@query`, `@authority` and plain header fields are.
 */
export function signatureBase(
  request: SignableRequest,
  items: readonly Item[],
  parameters: Parameters,
): string | undefined {
  const lines: string[] = [];
  for (const component of items) {
    if (component.item.kind !== 'string' || component.parameters.size > 0) return undefined;
    const value = componentValue(request, component.item.value);
    if (value === undefined) return undefined;
    lines.push(`${serializeBareItem(component.item)}: ${value}`);
  }
  lines.push(`"@signature-params": ${serializeInnerList(items, parameters)}`);
  return lines.join('\n');
}

function componentValue(request: SignableRequest, name: string): string | undefined {
  switch (name) {
    case '@method':
      return request.method;
    case '@path':
      return request.path === '' ? '/' : request.path;
    case '@query':
      return `?${request.query}`;
    case '@authority':
      return headerValue(request, 'host')?.toLowerCase();
    default:
      return FIELD_NAME.test(name) ? headerValue(request, name) : undefined;
  }
}

/** A field's value as RFC 9421 §2.1 combines it: each line trimmed, several joined by comma and space. */
function headerValue(request: SignableRequest, name: string): string | undefined {
  if (!Object.hasOwn(request.headers, name)) return undefined;
  const value = request.headers[name];
  if (value === undefined) return undefined;
  const lines = typeof value === 'string' ? [value] : value;
  return lines.map((line) => line.trim().replaceAll(/\s*\r?\n\s*/g, ' ')).join(', ');
}
