import type { ProblemName } from './problems.ts';
import type { Problem } from './schemas.ts';

/**
 * Why a call to the centre gave no answer that can be used. No variant holds anything of a person, and no text that the
 * other side wrote: an error can be logged as it is.
 */
export type CentralError =
  /** The centre refused, for a reason of the contract. */
  | ({ readonly kind: 'problem' } & Refusal)
  /** No connection, or it broke. Whether the request arrived is not known. */
  | { readonly kind: 'unreachable' }
  /** The other side's certificate is not one that this kiosk was told to trust (or its clock is far off). Nothing was sent. */
  | { readonly kind: 'untrusted' }
  /** No complete answer within the call's time limit. Whether the request arrived is not known. */
  | { readonly kind: 'timeout' }
  /** An answer that does not follow the contract, or is too long. The call may have taken effect. */
  | { readonly kind: 'invalid-answer'; readonly status: number }
  /** Still refused for the time after the centre's `Date` was taken over: its clock jumps, or something rewrites it. */
  | { readonly kind: 'clock-skew' }
  /** The request cannot be put into HTTP (a control character in a token, say). Nothing was sent. */
  | { readonly kind: 'invalid-request' };

/** A refusal of the contract, with the members that a kiosk decides by. */
interface Refusal extends Pick<Problem, 'reasons' | 'state' | 'validUntil' | 'retryAfterSeconds'> {
  /** The last part of the problem's URN, such as `stale-epoch`. */
  readonly name: ProblemName;
  readonly type: Problem['type'];
  readonly status: number;
}

const CERTIFICATE_CODES = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'INVALID_CA',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const TIMEOUT_CODES = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_ABORTED',
  'ABORT_ERR',
]);

/** Sorts what an HTTP client threw by its code; its message is dropped (it may quote what was sent). */
export function errorOfException(thrown: unknown): CentralError {
  const code = codeOf(thrown) ?? codeOf((thrown as { cause?: unknown } | undefined)?.cause) ?? '';
  if (CERTIFICATE_CODES.has(code)) return { kind: 'untrusted' };
  if (TIMEOUT_CODES.has(code) || (thrown instanceof Error && thrown.name === 'AbortError')) {
    return { kind: 'timeout' };
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return { kind: 'invalid-answer', status: 200 };
  if (code === 'UND_ERR_INVALID_ARG') return { kind: 'invalid-request' };
  return { kind: 'unreachable' };
}

function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** True where the same request, sent again, may meet a centre that is better off. Only for calls that may be repeated. */
export function isWorthRepeating(error: CentralError): boolean {
  if (error.kind === 'invalid-answer') return error.status >= 500;
  // Of a request that arrived twice one copy is refused as replayed, and it is the other one that was answered.
  if (error.kind === 'problem') return error.name === 'internal' || error.name === 'replayed';
  return error.kind === 'unreachable' || error.kind === 'timeout';
}
