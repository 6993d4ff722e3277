import { DelegateBackoff, handleWhenResult, retry } from 'cockatiel';

import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';
import { pathOf, readAnswer } from './client-answers.ts';
import type { AnswerOf, RawAnswer } from './client-answers.ts';
import { isWorthRepeating } from './client-errors.ts';
import type { CentralError } from './client-errors.ts';
import { openWire, refusalOf } from './client-wire.ts';
import type { WireOptions } from './client-wire.ts';
import { routes } from './routes.ts';
import type { RawMediaType, Route, RouteName } from './routes.ts';
import type { HeartbeatRequest } from './schemas-fleet.ts';
import type {
  ActivateRequest,
  Delivery,
  IdentificationRequest,
  OperationKind,
  VoidRequest,
} from './schemas.ts';

export type { CentralError } from './client-errors.ts';

/** What a person's ID card said: the proof for {@link CentralClient.identifyByIdCard}. Dates are YYYY-MM-DD. */
type IdCardProof = Omit<Extract<IdentificationRequest, { method: 'id-card' }>, 'method'>;

/** What a call gives: its parsed answer, or why there is none. Never rejects. */
type Answer<N extends RouteName> = Promise<Result<AnswerOf<N>, CentralError>>;

/**
 * Every call of the contract, for a kiosk and (by other roles' keys) for tools. A `signal` gives a call up, so that nothing
 * of a person who has left is held until the centre answers; it comes back as `timeout`.
 */
export interface CentralClient {
  identifyByIdCard(proof: IdCardProof, signal?: AbortSignal): Answer<'identify'>;
  /** Sent once only: a living code is used up by the first request that arrives. */
  identifyBySuishenCode(code: string, signal?: AbortSignal): Answer<'identify'>;
  /** The portrait, PNG, at most 1 MiB. */
  photo(
    identificationId: string,
    subjectToken: string,
    signal?: AbortSignal,
  ): Promise<Result<Uint8Array, CentralError>>;
  fullName(identificationId: string, subjectToken: string, signal?: AbortSignal): Answer<'getFullName'>;
  reserve(operationId: string, kind: OperationKind, subjectToken: string): Answer<'reserve'>;
  activate(operationId: string, evidence: ActivateRequest['evidence']): Answer<'activate'>;
  voidOperation(operationId: string, reason: VoidRequest['reason']): Answer<'void'>;
  confirm(operationId: string, delivery: Delivery): Answer<'confirm'>;
  operation(operationId: string): Answer<'getOperation'>;
  openOperations(): Answer<'listOpenOperations'>;
  verify(code: string): Answer<'verify'>;
  reportLoss(idNumber: string): Answer<'reportLoss'>;
  issueSuishenCode(idNumber: string): Answer<'makeSuishenCode'>;
  unconfirmed(): Answer<'listUnconfirmed'>;
  /** `near`: degrees, WGS 84; then the nearest come first. */
  terminals(near?: { readonly latitude: number; readonly longitude: number }): Answer<'listTerminals'>;
  notices(): Answer<'listNotices'>;
  notice(noticeId: string): Answer<'getNotice'>;
  /** A paragraph read aloud, Ogg, at most 1 MiB. */
  recording(noticeId: string, recordingId: string): Promise<Result<Uint8Array, CentralError>>;
  heartbeat(report: HeartbeatRequest): Answer<'heartbeat'>;
  /** One signed question that changes nothing, 3 s: can this kiosk be served now, and if not, why. */
  probe(): Promise<Result<void, CentralError>>;
  /** Centre's clock minus this machine's, ms, ±1 s; 0 until the first answer. */
  clockOffsetMs(): number;
  /** Ends all connections; calls under way come back as `unreachable`. */
  close(): Promise<void>;
}

/** One request to the centre, for the log: `status` is absent when there was no answer. Nothing of what was said. */
export interface CentralCall {
  readonly route: RouteName;
  readonly status?: number;
  readonly ms: number;
}

/** {@link WireOptions}, and who is told of each call. */
type ClientOptions = WireOptions & {
  readonly onCall?: (call: CentralCall) => void;
  /** Limit of one attempt, ms; default 8000. */
  readonly requestMs?: number;
};

/** How one call is made, beside what the route table says. */
interface CallDetails {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly json?: unknown;
  readonly subjectToken?: string;
  /** False for calls whose second arrival is not the same as the first. */
  readonly repeatable?: boolean;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

const CALL_LIMIT_MS = 8000;
const PROBE_LIMIT_MS = 3000;
/** A repeatable call is made twice at most here; who must get through (void, confirm) repeats from the outbox. */
const REPEATS = 1;
const REPEAT_AFTER_MS = { least: 150, spread: 250 };
/** `OggS`, RFC 3533 §6. */
const OGG_SIGNATURE = Buffer.from([0x4f, 0x67, 0x67, 0x53]);
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * The kiosk's client of the central service: signs each request (RFC 9421) by the centre's clock, trusts the given CA
 * alone, repeats what may be repeated once, and checks every answer against the contract's schemas. No method rejects.
 *
 * @throws TypeError when address, key or certificates are unusable.
 */
export function createCentralClient(options: ClientOptions): CentralClient {
  const wire = openWire(options);
  const repeat = retry(
    handleWhenResult((result) => {
      const outcome = result as Result<unknown, CentralError>;
      return !outcome.ok && isWorthRepeating(outcome.error);
    }),
    {
      maxAttempts: REPEATS,
      backoff: new DelegateBackoff(
        () => REPEAT_AFTER_MS.least + options.random.fraction() * REPEAT_AFTER_MS.spread,
      ),
    },
  );

  const exchange = <T>(
    name: RouteName,
    details: CallDetails,
    read: (answer: RawAnswer) => T | undefined,
  ): Promise<Result<T, CentralError>> => {
    const route: Route = routes[name];
    const attempt = async (): Promise<Result<T, CentralError>> => {
      const sinceMs = options.clock.monotonicMs();
      const sent = await wire.send({
        method: route.method,
        path: pathOf(name, details.params),
        timeoutMs: details.timeoutMs ?? options.requestMs ?? CALL_LIMIT_MS,
        ...(details.query !== undefined && { query: details.query }),
        ...(details.json !== undefined && { json: details.json }),
        ...(details.subjectToken !== undefined && { subjectToken: details.subjectToken }),
        ...(details.signal !== undefined && { signal: details.signal }),
      });
      const ms = options.clock.monotonicMs() - sinceMs;
      options.onCall?.({ route: name, ms, ...(sent.ok && { status: sent.value.status }) });
      return sent.ok ? judge(route, sent.value, read) : sent;
    };
    return details.repeatable === false ? attempt() : repeat.execute(attempt, details.signal);
  };

  const call = <N extends RouteName>(name: N, details: CallDetails = {}): Answer<N> =>
    exchange(name, details, (answer) => readAnswer(name, answer));
  const identify = (json: IdentificationRequest, signal?: AbortSignal) =>
    call('identify', { json, repeatable: json.method === 'id-card', signal });
  const probe = async (): Promise<Result<void, CentralError>> => {
    const answer = await call('listNotices', { repeatable: false, timeoutMs: PROBE_LIMIT_MS });
    return answer.ok ? ok(undefined) : answer;
  };
  const about = (operationId: string) => ({ params: { operationId } });

  return {
    identifyByIdCard: (proof, signal) => identify({ method: 'id-card', ...proof }, signal),
    identifyBySuishenCode: (code, signal) => identify({ method: 'suishen-code', code }, signal),
    photo: (identificationId, subjectToken, signal) =>
      exchange('getPhoto', { params: { identificationId }, subjectToken, signal }, readPng),
    fullName: (identificationId, subjectToken, signal) =>
      call('getFullName', { params: { identificationId }, subjectToken, signal }),
    reserve: (operationId, kind, subjectToken) =>
      call('reserve', { ...about(operationId), json: { kind }, subjectToken }),
    activate: (operationId, evidence) => call('activate', { ...about(operationId), json: { evidence } }),
    voidOperation: (operationId, reason) => call('void', { ...about(operationId), json: { reason } }),
    confirm: (operationId, delivery) => call('confirm', { ...about(operationId), json: { delivery } }),
    operation: (operationId) => call('getOperation', about(operationId)),
    openOperations: () => call('listOpenOperations', { query: 'open=true' }),
    verify: (code) => call('verify', { json: { code } }),
    reportLoss: (idNumber) => call('reportLoss', { json: { idNumber } }),
    issueSuishenCode: (idNumber) => call('makeSuishenCode', { json: { idNumber } }),
    unconfirmed: () => call('listUnconfirmed'),
    terminals: (near) =>
      call(
        'listTerminals',
        near ? { query: `near=${degrees(near.latitude)},${degrees(near.longitude)}` } : {},
      ),
    notices: () => call('listNotices'),
    notice: (noticeId) => call('getNotice', { params: { noticeId } }),
    recording: (noticeId, recordingId) =>
      exchange('getRecording', { params: { noticeId, recordingId } }, readOgg),
    heartbeat: (report) => call('heartbeat', { json: report }),
    probe,
    clockOffsetMs: () => wire.clockOffsetMs(),
    close: () => wire.close(),
  };
}

function judge<T>(
  route: Route,
  answer: RawAnswer,
  read: (answer: RawAnswer) => T | undefined,
): Result<T, CentralError> {
  if (answer.status >= 400) return err(refusalOf(answer));
  const value = answer.status in route.responses ? read(answer) : undefined;
  return value === undefined ? err({ kind: 'invalid-answer', status: answer.status }) : ok(value);
}

function readPng(answer: RawAnswer): Uint8Array | undefined {
  return bytesOf(answer, 'image/png', PNG_SIGNATURE);
}

function readOgg(answer: RawAnswer): Uint8Array | undefined {
  return bytesOf(answer, 'audio/ogg', OGG_SIGNATURE);
}

function bytesOf({ mediaType, body }: RawAnswer, wanted: RawMediaType, signature: Buffer) {
  return mediaType === wanted && signature.equals(body.subarray(0, signature.length)) ? body : undefined;
}

function degrees(value: number): string {
  return value.toFixed(6);
}
