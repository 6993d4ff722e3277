/**
 * Everything the central service can refuse, as problem types of RFC 9457 (`application/problem+json`). The names are
 * stable: a kiosk decides by them, and by nothing else in the answer.
 */

/** What every problem type's URN begins with. */
const PROBLEM_URN_PREFIX = 'urn:suishen-offline-code:problem:';

/** The media type of every refusal (RFC 9457 §3). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Problem name → HTTP status and a title for technicians. */
export const problems = {
  // who asks
  'signature-invalid': { status: 401, title: 'The request signature is missing or wrong' },
  'clock-skew': {
    status: 401,
    title: 'The signature was made more than 60 s away from the time of the centre',
  },
  replayed: { status: 401, title: 'This signed request was seen before' },
  'role-forbidden': { status: 403, title: 'The role of this key may not make this call' },
  'subject-token-invalid': {
    status: 401,
    title: 'The subject token is missing, expired or of another device',
  },
  // what is asked
  'invalid-request': { status: 400, title: 'The request does not follow the contract' },
  'not-found': { status: 404, title: 'There is no such thing, or it is not yours' },
  'rate-limited': { status: 429, title: 'Too many attempts' },
  // signing in
  'unknown-person': { status: 404, title: 'Nobody is known by this name and number' },
  'suishen-code-expired': { status: 410, title: 'The living code is older than 60 s' },
  'suishen-code-used': { status: 409, title: 'The living code was used before' },
  'suishen-code-foreign': { status: 422, title: 'The code was not made by this centre' },
  'paper-code-not-accepted': { status: 422, title: 'The paper offline code is no proof of identity' },
  // operations
  'not-eligible': { status: 403, title: 'The person may not have an offline code now' },
  'daily-limit': { status: 409, title: 'The person had as many codes today as a day allows' },
  'already-active': { status: 409, title: 'The person has an active code: reissue it' },
  'nothing-to-reissue': { status: 409, title: 'The person has no active code: apply for one' },
  'body-mismatch': { status: 422, title: 'The operation id was used before with another body' },
  'operation-void': { status: 410, title: 'The operation is void or revoked, for good' },
  'operation-not-pending': { status: 409, title: 'The operation was activated before' },
  'operation-not-activated': { status: 409, title: 'The operation was not activated yet' },
  'stale-epoch': { status: 409, title: 'The codes of the person have changed since the reservation' },
  'delivered-final': { status: 409, title: 'The slip was delivered: it can no longer be voided' },
  // verifying
  'unknown-code': { status: 404, title: 'This is no offline code of this centre' },
  // the centre itself
  internal: { status: 500, title: 'The centre failed; the outcome is unknown' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

/** The stable name of a refusal, the last part of its URN. */
export type ProblemName = keyof typeof problems;

/** All problem names, in the order of the table. */
export const problemNames = Object.keys(problems) as [ProblemName, ...ProblemName[]];

/** The `type` member of a problem. */
export type ProblemType = `${typeof PROBLEM_URN_PREFIX}${ProblemName}`;

/** The URN of a problem. */
export function problemType(name: ProblemName): ProblemType {
  return `${PROBLEM_URN_PREFIX}${name}`;
}

/** The problem a `type` member names; undefined: not one of this contract. */
export function problemNameOf(type: string): ProblemName | undefined {
  if (!type.startsWith(PROBLEM_URN_PREFIX)) return undefined;
  const name = type.slice(PROBLEM_URN_PREFIX.length);
  return problemNames.find((known) => known === name);
}
