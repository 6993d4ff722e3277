import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { Agent, request } from 'undici';

import type { Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';
import { mediaTypeOf, parseJson } from './client-answers.ts';
import type { RawAnswer } from './client-answers.ts';
import { errorOfException } from './client-errors.ts';
import type { CentralError } from './client-errors.ts';
import { signRequest } from './http-signature.ts';
import type { SignableRequest } from './http-signature.ts';
import { problemNameOf } from './problems.ts';
import { trustedConnection } from './trusted-connection.ts';
import { SUBJECT_TOKEN_HEADER, problem } from './schemas.ts';

/** Where the centre is, and as whom to speak to it. */
export interface WireOptions {
  /** `https://host:port`; a path is not looked at. */
  readonly url: string;
  /** Certificate authority of the centre's certificate, PEM. Absent: the authorities Node knows. */
  readonly caPem?: string;
  /** Key id of the request signatures, as the centre has it. */
  readonly keyId: string;
  /** Ed25519 private key, PKCS#8 PEM. */
  readonly privateKeyPem: string;
  /** Client certificate and its key for mutual TLS, PEM; both or none. */
  readonly clientCertPem?: string;
  readonly clientKeyPem?: string;
  readonly clock: Clock;
  readonly random: RandomSource;
  /**
   * Told the centre's time (ms since 1970, from the `Date` header of an answer over TLS) with each answer. The caller may
   * keep the highest one on disk as a floor for a machine that boots with a dead clock battery.
   */
  readonly onServerTime?: (serverMs: number) => void;
  /** That floor: the true time is this or later, whatever this machine's clock says. Certificates are judged by it where the clock is behind. */
  readonly floorMs?: () => number;
}

/** One request as the contract sees it. */
interface WireRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly query?: string;
  readonly json?: unknown;
  readonly subjectToken?: string;
  readonly timeoutMs: number;
  /** Gives the request up before its time limit. */
  readonly signal?: AbortSignal;
}

/** Signs, sends, and keeps the distance between this machine's clock and the centre's. */
export interface Wire {
  send(request: WireRequest): Promise<Result<RawAnswer, CentralError>>;
  /** Centre's clock minus this machine's, ms, ±1 s; 0 until the first answer. */
  clockOffsetMs(): number;
  close(): Promise<void>;
}

/** Nothing the centre sends is longer, the portrait included, bytes. */
const LONGEST_ANSWER_BYTES = 1024 * 1024;

const KEY_ID = /^[\x21-\x7e]{1,128}$/;
/** `Date` counts whole seconds, so on average it is half a second behind. */
const HALF_SECOND_MS = 500;

/**
 * Opens the way to the centre; connects only when something is sent.
 *
 * @throws TypeError when address, key or certificates are unusable: settings to be put right, not a state to live with.
 */
export function openWire(options: WireOptions): Wire {
  const { clock, random } = options;
  const origin = httpsOrigin(options.url);
  const privateKey = ed25519Key(options.privateKeyPem);
  if (!KEY_ID.test(options.keyId)) throw new TypeError('the key id is printable ASCII without spaces');
  const trusted = trustedConnection(options);
  const openConnections = () =>
    new Agent({ connections: 4, maxResponseSize: LONGEST_ANSWER_BYTES, connect: trusted.connect });
  const connections = { now: openConnections(), left: new Set<Agent>() };
  let offsetMs = 0;
  let closed = false;

  /** A call over `used` was not answered: what else is open there may be as dead, and nobody waits for it to be found out one by one. */
  const leave = (used: Agent) => {
    if (closed || connections.now !== used) return;
    connections.now = openConnections();
    connections.left.add(used);
    const forget = () => connections.left.delete(used);
    // Rejects where the client was closed meanwhile.
    void used.close().then(forget, forget);
  };

  const takeServerTime = (date: string | string[] | undefined) => {
    const serverMs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    if (Number.isNaN(serverMs)) return;
    offsetMs = serverMs + HALF_SECOND_MS - clock.wallClockMs();
    // A server whose time is past the end of its own certificate has a wrong clock, and the floor never comes down again.
    if (serverMs <= trusted.trustedUntilMs()) options.onServerTime?.(serverMs);
  };

  const sendOnce = async (wanted: WireRequest): Promise<Result<RawAnswer, CentralError>> => {
    const limit = new AbortController();
    const cancelLimit = clock.schedule(wanted.timeoutMs, () => {
      limit.abort();
    });
    const dispatcher = connections.now;
    try {
      const signable = toSignable(wanted);
      const signature = signRequest(signable, {
        keyId: options.keyId,
        privateKey,
        createdSeconds: Math.floor((clock.wallClockMs() + offsetMs) / 1000),
        nonce: Buffer.from(random.bytes(16)).toString('base64url'),
      });
      const answer = await request(`${origin}${wanted.path}${wanted.query ? `?${wanted.query}` : ''}`, {
        dispatcher,
        method: wanted.method,
        headers: { ...(signable.headers as Record<string, string>), ...signature },
        body: signable.body.length === 0 ? null : signable.body,
        signal: wanted.signal === undefined ? limit.signal : AbortSignal.any([limit.signal, wanted.signal]),
      });
      const body = await answer.body.bytes();
      takeServerTime(answer.headers.date);
      return ok({ status: answer.statusCode, mediaType: mediaTypeOf(answer.headers['content-type']), body });
    } catch (thrown) {
      const error = errorOfException(thrown);
      const unanswered = error.kind === 'timeout' || error.kind === 'unreachable';
      if (unanswered && wanted.signal?.aborted !== true) leave(dispatcher);
      return err(error);
    } finally {
      cancelLimit();
    }
  };

  return {
    async send(wanted) {
      const first = await sendOnce(wanted);
      // The refusal's own Date has just been taken over: the second signature is made by the centre's clock.
      if (!isClockSkew(first)) return first;
      const second = await sendOnce(wanted);
      return isClockSkew(second) ? err({ kind: 'clock-skew' }) : second;
    },
    clockOffsetMs: () => offsetMs,
    close: async () => {
      closed = true;
      await Promise.all([connections.now, ...connections.left].map((agent) => agent.destroy()));
    },
  };
}

function httpsOrigin(url: string): string {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'https:') throw new TypeError('the address of the centre begins with https://');
  return parsed.origin;
}

function ed25519Key(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('the signing key is not an Ed25519 key');
  return key;
}

function toSignable({ method, path, query, json, subjectToken }: WireRequest): SignableRequest {
  return {
    method,
    path,
    query: query ?? '',
    headers: {
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(subjectToken !== undefined && { [SUBJECT_TOKEN_HEADER.toLowerCase()]: subjectToken }),
    },
    body: json === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(json)),
  };
}

function isClockSkew(answer: Result<RawAnswer, CentralError>): boolean {
  if (!answer.ok || answer.value.status !== 401) return false;
  const refusal = refusalOf(answer.value);
  return refusal.kind === 'problem' && refusal.name === 'clock-skew';
}

/** Reads a refusal; anything that is not a problem of the contract is an invalid answer. */
export function refusalOf(answer: RawAnswer): CentralError {
  const parsed = problem.safeParse(parseJson(answer.body));
  const name = parsed.success ? problemNameOf(parsed.data.type) : undefined;
  if (!parsed.success || name === undefined) return { kind: 'invalid-answer', status: answer.status };
  const { type, reasons, state, validUntil, retryAfterSeconds } = parsed.data;
  return {
    kind: 'problem',
    name,
    type,
    status: answer.status,
    ...(reasons && { reasons }),
    ...(state && { state }),
    ...(validUntil !== undefined && { validUntil }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}
