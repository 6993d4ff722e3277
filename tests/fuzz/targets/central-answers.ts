import { readAnswer } from '../../../src/central-api/client-answers.ts';
import { refusalOf } from '../../../src/central-api/client-wire.ts';
import type { CentralError } from '../../../src/central-api/client-errors.ts';
import { problemNames } from '../../../src/central-api/problems.ts';
import { routes } from '../../../src/central-api/routes.ts';
import type { Route, RouteName } from '../../../src/central-api/routes.ts';
import type { Chance } from '../chance.ts';
import { whole } from '../fuzz-target.ts';
import { ascii, textOf } from './wire-bytes.ts';

const NAMES = Object.keys(routes) as RouteName[];
const ID = '0d7cb3a0-0000-4000-8000-000000000001';
const AT = '2026-11-22T08:00:00Z';

/** One good answer for each call that answers with JSON, written down from the contract. */
const ANSWERS: Partial<Record<RouteName, object>> = {
  identify: {
    identificationId: 'idn-1',
    subjectToken: 'st-0123456789abcdef0123',
    subjectTokenExpiresAt: AT,
    person: { maskedName: '张*三', maskedIdNumber: '310***********1234', photoRef: 'idn-1' },
    eligibility: { eligible: true, reasons: [] },
    currentCode: { status: 'active', issuedOn: '2026-11-22', validUntil: '2027-05-20', daysLeft: 180 },
  },
  getFullName: { fullName: '张示三' },
  reserve: {
    operationId: ID,
    kind: 'apply',
    token: 'OC1ABCDEFGHIJKLMNOPQRSTUVWXYZ23456',
    shortCode: 'ABCD2345WXYZ',
    maskedName: '张*三',
    issuedOn: '2026-11-22',
    validUntil: '2027-05-20',
    baseEpoch: 0,
    leaseSeconds: 600,
    leaseExpiresAt: AT,
  },
  activate: { operationId: ID, state: 'active', activatedAt: AT, validUntil: '2027-05-20', epoch: 1 },
  void: { operationId: ID, state: 'void', restored: false },
  confirm: { operationId: ID, delivery: 'cut' },
  getOperation: { operationId: ID, kind: 'apply', state: 'pending' },
  listOpenOperations: { operations: [] },
  listTerminals: { terminals: [] },
  listNotices: { notices: [] },
  getNotice: {
    noticeId: 'n1',
    kind: 'guide',
    title: '停电',
    revision: 'r1',
    publishedOn: '2026-11-22',
    sections: [{ heading: '时间', paragraphs: [{ text: '明天停电。' }] }],
  },
};

function changed(value: unknown, chance: Chance): unknown {
  if (chance.once(6)) return chance.pick<unknown>([null, '', -1, 1e99, [], {}, '2026-13-45', '\u{0}', true]);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => changed(one, chance));
  const entries = Object.entries(value).filter(() => !chance.once(12));
  return Object.fromEntries(entries.map(([key, one]) => [key, chance.once(3) ? changed(one, chance) : one]));
}

const json = (value: unknown) => Uint8Array.from(Buffer.from(JSON.stringify(value)));

/** Bodies of the centre's answers, a form for each call; the status is the one that call answers with. */
export const centralAnswers = whole({
  name: 'central-answers',
  maxBytes: 1200,
  forms: NAMES.length,
  decode(input, form) {
    const name = NAMES[form] ?? 'identify';
    const status = Number(Object.keys((routes[name] as Route).responses)[0]);
    return readAnswer(name, { status, mediaType: 'application/json', body: input });
  },
  check(_input, answer, form) {
    if (answer === undefined) return undefined;
    if (typeof answer !== 'object') return 'an answer that is no object';
    if (
      NAMES[form] === 'reserve' &&
      !/^OC1[A-Z2-7]{27,31}$/.test(String((answer as { token?: unknown }).token))
    )
      return 'a token that no symbol can hold';
    return undefined;
  },
  bucket: (answer) => String(answer === undefined),
  grammar: (chance, form) => json(changed(ANSWERS[NAMES[form] ?? 'identify'] ?? {}, chance)),
  tokens: ['"__proto__":{"x":1}', '\\ud800', '1e400', '-0', 'null', '[[[[[[', '"status":"none"'].map(ascii),
});

/** Members that a refusal may have; anything else is text that the other side wrote. */
const ALLOWED = ['kind', 'name', 'type', 'status', 'reasons', 'state', 'validUntil', 'retryAfterSeconds'];

/** Refusals (RFC 9457). */
export const centralProblems = whole<CentralError>({
  name: 'central-problems',
  maxBytes: 600,
  decode: (input) => refusalOf({ status: 409, mediaType: 'application/problem+json', body: input }),
  check(_input, error) {
    if (Object.keys(error).some((key) => !ALLOWED.includes(key))) return 'text of the other side in an error';
    if (error.kind === 'problem' && !problemNames.includes(error.name))
      return 'a problem that is not in the contract';
    return error.kind === 'problem' || error.kind === 'invalid-answer' ? undefined : 'not a refusal';
  },
  bucket: (error) => (error.kind === 'problem' ? `${error.name} ${Object.keys(error).length}` : error.kind),
  grammar: (chance) =>
    json(
      changed(
        {
          type: `urn:suishen-offline-code:problem:${chance.once(4) ? textOf(chance, 8, 'abc-:') : chance.pick(problemNames)}`,
          title: 'x',
          status: 409,
          detail: '张三 310101195001010000',
          ...(chance.once(2) && { reasons: ['under-age'] }),
          ...(chance.once(2) && { state: 'void' }),
          ...(chance.once(2) && { validUntil: '2027-05-20' }),
          ...(chance.once(2) && { retryAfterSeconds: 3 }),
        },
        chance,
      ),
    ),
});

/** Good requests of each call that has a body. */
const REQUESTS: Partial<Record<RouteName, object>> = {
  identify: {
    method: 'id-card',
    name: '张示三',
    idNumber: '11010519491231002X',
    validFrom: '2020-01-01',
    validTo: 'long-term',
    readerId: '05.03-20120314-000123456-123456789',
  },
  reserve: { kind: 'apply' },
  activate: { evidence: { grade: 'E2', processId: 'B001', bodySha256: 'a'.repeat(64) } },
  void: { reason: 'print-failed' },
  confirm: { delivery: 'taken' },
  verify: { code: 'OC1ABCDEFGHIJKLMNOPQRSTUVWXYZ23456' },
  reportLoss: { idNumber: '11010519491231002X' },
  makeSuishenCode: { idNumber: '11010519491231002X' },
};

/** Bodies of requests at the sandbox's centre, a form for each call. */
export const centralRequests = whole({
  name: 'central-requests',
  maxBytes: 800,
  forms: NAMES.length,
  decode(input, form) {
    const { request, params, query } = routes[NAMES[form] ?? 'identify'] as Route;
    const body = jsonOf(input);
    return [request, params, query].map((schema) => schema?.safeParse(body).success ?? false);
  },
  check(input, accepted) {
    // Strict: a member nobody asked for is refused wherever the request has a body.
    const body = jsonOf(input);
    const hasExtra = typeof body === 'object' && body !== null && 'photo' in body;
    return hasExtra && accepted[0] === true ? 'a member that nobody asked for' : undefined;
  },
  bucket: (accepted) => accepted.join(),
  grammar: (chance, form) => json(changed(REQUESTS[NAMES[form] ?? 'identify'] ?? {}, chance)),
  tokens: ['"photo":"x",', '"__proto__":{},', '\\u0000'].map(ascii),
});

function jsonOf(input: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(input).toString('utf8'));
  } catch {
    return undefined;
  }
}
