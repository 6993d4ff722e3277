import type { ZodObject, ZodType } from 'zod';
import type { ProblemName } from './problems.ts';
import * as fleet from './schemas-fleet.ts';
import * as schemas from './schemas.ts';

/** What a signing key may do: a kiosk, the citizens' portal, a verifier's app, the operators' desk. */
export type Role = 'device' | 'portal' | 'verifier' | 'operator';

/** What is answered as bytes. */
export type RawMediaType = 'image/png' | 'audio/ogg';

/** One call of the contract. */
export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** With `{name}` for the members of `params`. */
  readonly path: string;
  readonly summary: string;
  readonly roles: readonly Role[];
  /** Needs the `Subject-Token` header. */
  readonly subjectToken: boolean;
  readonly params?: ZodObject;
  readonly query?: ZodObject;
  readonly request?: ZodType;
  /** Success status → schema of the JSON answer, or the media type of raw bytes. */
  readonly responses: Readonly<Record<number, ZodType | RawMediaType>>;
  /** Refusals of this call, besides `commonProblems`. */
  readonly problems: readonly ProblemName[];
}

/** Refusals every call can give. */
export const commonProblems = [
  'signature-invalid',
  'clock-skew',
  'replayed',
  'role-forbidden',
  'invalid-request',
  'internal',
] as const satisfies readonly ProblemName[];

/** Every call of the contract, by its operation name. */
export const routes = {
  identify: {
    method: 'POST',
    path: '/v1/identifications',
    summary: 'Who stands there, and may they have a code',
    roles: ['device'],
    subjectToken: false,
    request: schemas.identificationRequest,
    responses: { 200: schemas.identification },
    problems: [
      'unknown-person',
      'suishen-code-expired',
      'suishen-code-used',
      'suishen-code-foreign',
      'paper-code-not-accepted',
    ],
  },
  getPhoto: {
    method: 'GET',
    path: '/v1/identifications/{identificationId}/photo',
    summary: 'The portrait on file',
    roles: ['device'],
    subjectToken: true,
    params: schemas.identificationParams,
    responses: { 200: 'image/png' },
    problems: ['subject-token-invalid', 'not-found'],
  },
  getFullName: {
    method: 'POST',
    path: '/v1/identifications/{identificationId}/full-name',
    summary: 'The full name, when the person asks to see it',
    roles: ['device'],
    subjectToken: true,
    params: schemas.identificationParams,
    responses: { 200: schemas.fullName },
    problems: ['subject-token-invalid', 'not-found'],
  },
  reserve: {
    method: 'PUT',
    path: '/v1/operations/{operationId}',
    summary:
      'Reserve a code that is not valid yet; the same id and body give the same answer while it is pending',
    roles: ['device'],
    subjectToken: true,
    params: schemas.operationParams,
    request: schemas.reserveRequest,
    responses: { 201: schemas.reservation },
    problems: [
      'subject-token-invalid',
      'not-eligible',
      'daily-limit',
      'already-active',
      'nothing-to-reissue',
      'body-mismatch',
      'operation-void',
      'operation-not-pending',
    ],
  },
  activate: {
    method: 'POST',
    path: '/v1/operations/{operationId}/activate',
    summary: 'The body is on paper: make the code valid and suspend the earlier one, in one step',
    roles: ['device'],
    subjectToken: false,
    params: schemas.operationParams,
    request: schemas.activateRequest,
    responses: { 200: schemas.activation },
    problems: ['not-found', 'stale-epoch', 'operation-void', 'operation-not-pending'],
  },
  void: {
    method: 'POST',
    path: '/v1/operations/{operationId}/void',
    summary:
      'Make the code invalid for good; an unknown id leaves a tombstone; the suspended code is active again',
    roles: ['device'],
    subjectToken: false,
    params: schemas.operationParams,
    request: schemas.voidRequest,
    responses: { 200: schemas.voiding },
    problems: ['not-found', 'delivered-final'],
  },
  confirm: {
    method: 'POST',
    path: '/v1/operations/{operationId}/confirm',
    summary: 'How the slip was delivered; only upward',
    roles: ['device'],
    subjectToken: false,
    params: schemas.operationParams,
    request: schemas.confirmRequest,
    responses: { 200: schemas.confirmation },
    problems: ['not-found', 'operation-void', 'operation-not-activated'],
  },
  getOperation: {
    method: 'GET',
    path: '/v1/operations/{operationId}',
    summary: 'State of one operation of this device',
    roles: ['device'],
    subjectToken: false,
    params: schemas.operationParams,
    responses: { 200: schemas.operationStatus },
    problems: ['not-found'],
  },
  listOpenOperations: {
    method: 'GET',
    path: '/v1/operations',
    summary: 'Operations of this device that are pending, or activated without any delivery reported',
    roles: ['device'],
    subjectToken: false,
    query: schemas.openOperationsQuery,
    responses: { 200: schemas.operationList },
    problems: [],
  },
  verify: {
    method: 'POST',
    path: '/v1/verifications',
    summary:
      'Staff scan a code or type its short code; the first scan of an active code counts as delivery `scanned`',
    roles: ['verifier'],
    subjectToken: false,
    request: schemas.verificationRequest,
    responses: { 200: schemas.verification },
    problems: ['unknown-code', 'rate-limited'],
  },
  reportLoss: {
    method: 'POST',
    path: '/v1/loss-reports',
    summary:
      'The person, signed in on the portal, revokes whatever of theirs is active, suspended or pending',
    roles: ['portal'],
    subjectToken: false,
    request: schemas.lossReportRequest,
    responses: { 200: schemas.lossReport },
    problems: ['unknown-person'],
  },
  makeSuishenCode: {
    method: 'POST',
    path: '/v1/suishen-codes',
    summary: "A living code for the person's phone page: 60 s, single use",
    roles: ['portal'],
    subjectToken: false,
    request: schemas.suishenCodeRequest,
    responses: { 201: schemas.suishenCode },
    problems: ['unknown-person'],
  },
  listUnconfirmed: {
    method: 'GET',
    path: '/v1/unconfirmed',
    summary: 'Active codes whose delivery nobody saw',
    roles: ['operator'],
    subjectToken: false,
    responses: { 200: schemas.unconfirmedList },
    problems: [],
  },
  listTerminals: {
    method: 'GET',
    path: '/v1/terminals',
    summary: 'Other terminals, nearest first when `near` is given',
    roles: ['device', 'portal', 'operator'],
    subjectToken: false,
    query: fleet.terminalQuery,
    responses: { 200: fleet.terminalList },
    problems: [],
  },
  listNotices: {
    method: 'GET',
    path: '/v1/notices',
    summary: 'What the notices for people are called: 办事指南 and 公告',
    roles: ['device', 'portal', 'operator'],
    subjectToken: false,
    responses: { 200: fleet.noticeList },
    problems: [],
  },
  getNotice: {
    method: 'GET',
    path: '/v1/notices/{noticeId}',
    summary: 'One notice, in numbered sections',
    roles: ['device', 'portal', 'operator'],
    subjectToken: false,
    params: fleet.noticePath,
    responses: { 200: fleet.notice },
    problems: ['not-found'],
  },
  getRecording: {
    method: 'GET',
    path: '/v1/notices/{noticeId}/recordings/{recordingId}',
    summary: 'A paragraph of a notice read aloud',
    roles: ['device', 'portal', 'operator'],
    subjectToken: false,
    params: fleet.recordingPath,
    responses: { 200: 'audio/ogg' },
    problems: ['not-found'],
  },
  heartbeat: {
    method: 'POST',
    path: '/v1/heartbeats',
    summary: 'How a kiosk is',
    roles: ['device'],
    subjectToken: false,
    request: fleet.heartbeatRequest,
    responses: { 200: fleet.heartbeat },
    problems: [],
  },
} as const satisfies Record<string, Route>;

/** The name of a call. */
export type RouteName = keyof typeof routes;
