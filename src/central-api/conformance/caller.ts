import type { KeyObject } from 'node:crypto';

import { Agent, request } from 'undici';

import type { Clock } from '../../platform/clock.ts';
import type { RandomSource } from '../../platform/random.ts';
import { mediaTypeOf, parseJson, pathOf, readAnswer } from '../client-answers.ts';
import type { AnswerOf, RawAnswer } from '../client-answers.ts';
import { errorOfException } from '../client-errors.ts';
import { signRequest } from '../http-signature.ts';
import type { SignableRequest } from '../http-signature.ts';
import { PROBLEM_MEDIA_TYPE, problemNameOf, problems } from '../problems.ts';
import type { ProblemName } from '../problems.ts';
import { commonProblems, routes } from '../routes.ts';
import type { Route, RouteName } from '../routes.ts';
import { SUBJECT_TOKEN_HEADER, problem } from '../schemas.ts';
import type { Problem } from '../schemas.ts';
import { Mismatch, text } from './check.ts';
import type { PartyName } from './check.ts';

/** A key with which the suite signs. */
export interface Party {
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** What one call is made with. */
export interface CallParts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly json?: unknown;
  readonly subjectToken?: string;
}

/** How a call's signature is spoiled on purpose. */
export interface Spoiling {
  readonly createdOffsetSeconds?: number;
  readonly nonce?: string;
  readonly signer?: Party;
  /** Changes the request after it was signed. */
  readonly afterwards?: (signed: SignableRequest) => SignableRequest;
}

/** An answer that was checked for form: a success by its schema, or a problem the call may give. */
export type Reply<N extends RouteName> =
  | { readonly ok: true; readonly status: number; readonly value: AnswerOf<N>; readonly body: Uint8Array }
  | { readonly ok: false; readonly status: number; readonly name: ProblemName; readonly problem: Problem };

interface Answered extends RawAnswer {
  readonly date: string | undefined;
}

const CALL_LIMIT_MS = 15_000;

/** What the caller is given. */
export interface CallerOptions {
  readonly url: string;
  readonly caPem?: string;
  readonly clientCertPem?: string;
  readonly clientKeyPem?: string;
  readonly parties: Readonly<Partial<Record<PartyName, Party>>>;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** Makes calls of the contract as any party, well signed or spoiled on purpose, and checks the form of every answer. */
export class Caller {
  private readonly options: CallerOptions;
  private readonly dispatcher: Agent;
  private readonly origin: string;
  private offsetMs = 0;

  constructor(options: CallerOptions) {
    this.options = options;
    this.origin = new URL(options.url).origin;
    const { caPem, clientCertPem, clientKeyPem } = options;
    this.dispatcher = new Agent({
      connect: {
        ...(caPem !== undefined && { ca: caPem }),
        ...(clientCertPem !== undefined && { cert: clientCertPem }),
        ...(clientKeyPem !== undefined && { key: clientKeyPem }),
      },
    });
  }

  /** The centre's time as of its last answer, ms since 1970, ±1 s. */
  centreMs(): number {
    return this.options.clock.wallClockMs() + this.offsetMs;
  }

  close(): Promise<void> {
    return this.dispatcher.destroy();
  }

  /** Calls as `party`; signed anew by the centre's clock when the first signature was too far from it. */
  async call<N extends RouteName>(party: PartyName, name: N, parts: CallParts = {}): Promise<Reply<N>> {
    const first = await this.attempt(party, name, parts, {});
    return !first.ok && first.name === 'clock-skew' ? this.attempt(party, name, parts, {}) : first;
  }

  /** Calls once with a spoiled signature. */
  attempt<N extends RouteName>(
    party: PartyName,
    name: N,
    parts: CallParts,
    spoiling: Spoiling,
  ): Promise<Reply<N>> {
    return this.send(name, this.sign(party, name, parts, spoiling), (answer) => {
      const value = readAnswer(name, answer);
      return value === undefined ? undefined : { value, body: answer.body };
    });
  }

  /** Fetches bytes; `undefined` where the centre refused. */
  async bytes(
    party: PartyName,
    name: 'getPhoto' | 'getRecording',
    parts: CallParts,
  ): Promise<Uint8Array | ProblemName> {
    const reply = await this.send(name, this.sign(party, name, parts, {}), (answer) =>
      answer.mediaType === routes[name].responses[200]
        ? { value: undefined as never, body: answer.body }
        : undefined,
    );
    return reply.ok ? reply.body : reply.name;
  }

  private sign(party: PartyName, name: RouteName, parts: CallParts, spoiling: Spoiling): SignableRequest {
    const signer = spoiling.signer ?? this.options.parties[party];
    if (signer === undefined) throw new Error(`the check did not say that it needs the key of ${party}`);
    const { json, subjectToken } = parts;
    const plain: SignableRequest = {
      method: routes[name].method,
      path: pathOf(name, parts.params),
      query: parts.query ?? '',
      headers: {
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(subjectToken !== undefined && { [SUBJECT_TOKEN_HEADER.toLowerCase()]: subjectToken }),
      },
      body: json === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(json)),
    };
    const signature = signRequest(plain, {
      ...signer,
      createdSeconds: Math.floor(this.centreMs() / 1000) + (spoiling.createdOffsetSeconds ?? 0),
      nonce: spoiling.nonce ?? this.nonce(),
    });
    const signed = { ...plain, headers: { ...plain.headers, ...signature } };
    return spoiling.afterwards?.(signed) ?? signed;
  }

  /** A number used once, as a signature needs it. */
  nonce(): string {
    return Buffer.from(this.options.random.bytes(16)).toString('base64url');
  }

  private async send<N extends RouteName>(
    name: N,
    signed: SignableRequest,
    read: (answer: RawAnswer) => { value: AnswerOf<N>; body: Uint8Array } | undefined,
  ): Promise<Reply<N>> {
    const answer = await this.exchange(signed);
    const serverMs = Date.parse(answer.date ?? '');
    if (Number.isNaN(serverMs)) {
      throw new Mismatch(text('回答没有可用的 Date 头', 'the answer has no usable Date header'));
    }
    this.offsetMs = serverMs + 500 - this.options.clock.wallClockMs();
    if (answer.status >= 400) return readRefusal(name, answer);
    const success = read(answer);
    if (success === undefined) {
      throw new Mismatch(
        text(
          `${name} 的 ${answer.status} 回答不符合约定的格式`,
          `the ${answer.status} answer of ${name} does not follow its schema`,
        ),
      );
    }
    return { ok: true, status: answer.status, ...success };
  }

  private async exchange({ method, path, query, headers, body }: SignableRequest): Promise<Answered> {
    const limit = new AbortController();
    const cancel = this.options.clock.schedule(CALL_LIMIT_MS, () => {
      limit.abort();
    });
    try {
      const answer = await request(`${this.origin}${path}${query === '' ? '' : `?${query}`}`, {
        dispatcher: this.dispatcher,
        method: method as 'GET',
        headers: headers as Record<string, string>,
        body: body.length === 0 ? null : body,
        signal: limit.signal,
      });
      const { date } = answer.headers;
      return {
        status: answer.statusCode,
        mediaType: mediaTypeOf(answer.headers['content-type']),
        body: await answer.body.bytes(),
        date: typeof date === 'string' ? date : undefined,
      };
    } catch (thrown) {
      const { kind } = errorOfException(thrown);
      throw new Mismatch(text(`没有得到回答（${kind}）`, `there was no answer (${kind})`));
    } finally {
      cancel();
    }
  }
}

function readRefusal<N extends RouteName>(name: N, answer: RawAnswer): Reply<N> {
  const parsed = problem.safeParse(parseJson(answer.body));
  const problemName = parsed.success ? problemNameOf(parsed.data.type) : undefined;
  if (!parsed.success || problemName === undefined || answer.mediaType !== PROBLEM_MEDIA_TYPE) {
    throw new Mismatch(
      text(
        `${name} 的 ${answer.status} 拒绝不是约定的 ${PROBLEM_MEDIA_TYPE}`,
        `the ${answer.status} refusal of ${name} is not a ${PROBLEM_MEDIA_TYPE} of the contract`,
      ),
    );
  }
  const allowed: readonly ProblemName[] = [...commonProblems, ...(routes[name] as Route).problems];
  const { status } = problems[problemName];
  if (answer.status !== status || parsed.data.status !== status || !allowed.includes(problemName)) {
    throw new Mismatch(
      text(
        `${name} 以 ${answer.status} ${problemName} 拒绝，约定里没有这种拒绝`,
        `${name} was refused with ${answer.status} ${problemName}, which the contract does not have`,
      ),
    );
  }
  return { ok: false, status: answer.status, name: problemName, problem: parsed.data };
}
