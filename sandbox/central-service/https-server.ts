import Fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodType } from 'zod';
import { PROBLEM_MEDIA_TYPE, problems } from '../../src/central-api/problems.ts';
import { routes } from '../../src/central-api/routes.ts';
import type { Route, RouteName } from '../../src/central-api/routes.ts';
import { SUBJECT_TOKEN_HEADER } from '../../src/central-api/schemas.ts';
import type { LocalServerIdentity } from '../certificates/local-authority.ts';
import type { Call, Centre } from './call.ts';
import type { CentreClock } from './centre-clock.ts';
import type { Disturbances } from './disturbances.ts';
import { executeCall } from './execute-call.ts';
import { problemBody } from './refusal.ts';
import type { Refusal } from './refusal.ts';
import { admit } from './request-gate.ts';
import type { SigningKey } from './signing-keys.ts';

/** Everything the server stands on. */
export interface HttpsServerParts {
  readonly centre: Centre;
  readonly clock: CentreClock;
  readonly keys: ReadonlyMap<string, SigningKey>;
  readonly disturbances: Disturbances;
  readonly tls: LocalServerIdentity & { readonly clientCaPem?: string };
  /** Something failed that must not fail; the text holds no personal data. */
  readonly onInternalError: (what: string) => void;
}

const LARGEST_BODY_BYTES = 64 * 1024;

/** The contract over HTTPS: every route of the table, nothing else. */
export function httpsServer(parts: HttpsServerParts): FastifyInstance {
  const { tls } = parts;
  const server = Fastify({
    https: {
      key: tls.privateKeyPem,
      cert: tls.certificatePem,
      minVersion: 'TLSv1.2',
      ...(tls.clientCaPem !== undefined && {
        ca: tls.clientCaPem,
        requestCert: true,
        rejectUnauthorized: true,
      }),
    },
    bodyLimit: LARGEST_BODY_BYTES,
    forceCloseConnections: true,
  });
  // Bodies stay bytes until the signature over them is checked.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('date', new Date(parts.clock.nowMs()).toUTCString());
    reply.header('cache-control', 'no-store');
    done();
  });
  server.server.on('connection', (socket) => {
    if (parts.disturbances.offline) socket.destroy();
  });
  server.setNotFoundHandler((_request, reply) => sendRefusal(reply, { problem: 'not-found' }));
  server.setErrorHandler((error: { statusCode?: number; name: string; stack?: string }, _request, reply) => {
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return sendRefusal(reply, { problem: 'invalid-request', detail: error.name });
    }
    parts.onInternalError(error.stack ?? error.name);
    return sendRefusal(reply, { problem: 'internal' });
  });
  for (const name of Object.keys(routes) as RouteName[]) addRoute(server, parts, name, routes[name]);
  return server;
}

function addRoute(server: FastifyInstance, parts: HttpsServerParts, name: RouteName, route: Route): void {
  server.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    handler: async (request, reply) => {
      const call = prepare(parts, route, request);
      if ('problem' in call) return sendRefusal(reply, call);
      if ((await parts.disturbances.meet(name, 'before')) === 'drop') return cut(reply);
      // A call that was held happens when it is let go, not when it came.
      const result = executeCall(parts.centre, name, { ...call, nowMs: parts.clock.nowMs() });
      if ((await parts.disturbances.meet(name, 'after')) === 'drop') return cut(reply);
      return result.ok ? sendAnswer(reply, route, result.value) : sendRefusal(reply, result.error);
    },
  });
}

/** Signature, role, form, in this order. */
function prepare(parts: HttpsServerParts, route: Route, request: FastifyRequest): Call<RouteName> | Refusal {
  const nowMs = parts.clock.nowMs();
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const [path = '', ...query] = (request.raw.url ?? '').split('?');
  const admitted = admit(
    parts.centre.db,
    parts.keys,
    { method: request.method, path, query: query.join('?'), headers: request.raw.headers, body },
    nowMs,
  );
  if (!admitted.ok) return admitted.error;
  const { keyId, role } = admitted.value;
  if (!route.roles.includes(role)) return { problem: 'role-forbidden' };

  const params = read(route.params, request.params);
  const parsedQuery = read(route.query, request.query);
  const parsedBody = read(route.request, route.request && parseJson(body));
  const mistakes = [...params.mistakes, ...parsedQuery.mistakes, ...parsedBody.mistakes];
  if (mistakes.length > 0) return { problem: 'invalid-request', detail: mistakes.join('; ') };
  const subjectToken = request.headers[SUBJECT_TOKEN_HEADER.toLowerCase()];
  return {
    keyId,
    role,
    nowMs,
    subjectToken: typeof subjectToken === 'string' ? subjectToken : undefined,
    params: params.value,
    query: parsedQuery.value,
    body: parsedBody.value,
  } as Call<RouteName>;
}

/** Validates one part of a request. Mistakes name the member and the rule, never what was sent. */
function read(schema: ZodType | undefined, value: unknown): { value?: unknown; mistakes: string[] } {
  if (!schema) return { mistakes: [] };
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data, mistakes: [] };
  return { mistakes: parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'body'}: ${code}`) };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function sendAnswer(reply: FastifyReply, route: Route, value: unknown): FastifyReply {
  const [[status, schema] = ['200', 'image/png' as const]] = Object.entries(route.responses);
  reply.code(Number(status));
  if (typeof schema === 'string') return reply.type(schema).send(value);
  // The centre holds itself to its contract: what the schema does not know never leaves.
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(schema.parse(value)));
}

function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  reply.code(problems[refusal.problem].status).type(PROBLEM_MEDIA_TYPE);
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', refusal.retryAfterSeconds);
  return reply.send(JSON.stringify(problemBody(refusal)));
}

/** The network was faster: no answer at all. */
function cut(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.destroy();
  return reply;
}
