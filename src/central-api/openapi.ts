import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import type { ZodOpenApiOperationObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { commonProblems, routes } from './routes.ts';
import type { Route } from './routes.ts';
import { PROBLEM_MEDIA_TYPE, problems } from './problems.ts';
import type { ProblemName } from './problems.ts';
import { SUBJECT_TOKEN_HEADER, problem } from './schemas.ts';

const subjectTokenHeader = z.string().min(1).meta({
  description: 'From the identification; 10 minutes, only for the device that identified the person',
});

/** The OpenAPI 3.1 document of the contract, from the route table and the schemas. Deterministic. */
export function openApiDocument(): ReturnType<typeof createDocument> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const [name, route] of Object.entries<Route>(routes)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Central issuance service of the offline 随申码',
      version: '1.0.0',
      description:
        'Requests are signed (RFC 9421, Ed25519, Content-Digest RFC 9530, created, nonce; ±60 s by the clock of the centre, ' +
        'a nonce once). Every signing key has a role, in `x-roles` of each call. Every answer has a Date header. ' +
        'Refusals are problem details (RFC 9457); kiosks decide by their `type`.',
    },
    components: {
      securitySchemes: {
        messageSignature: {
          type: 'apiKey',
          in: 'header',
          name: 'Signature',
          description:
            'RFC 9421 over @method, @path, @query, content-digest and, where present, subject-token; with created, nonce, keyid',
        },
      },
    },
    security: [{ messageSignature: [] }],
    paths,
  });
}

function operation(name: string, route: Route): ZodOpenApiOperationObject {
  return {
    operationId: name,
    summary: route.summary,
    'x-roles': [...route.roles],
    requestParams: {
      ...(route.params && { path: route.params }),
      ...(route.query && { query: route.query }),
      ...(route.subjectToken && { header: z.object({ [SUBJECT_TOKEN_HEADER]: subjectTokenHeader }) }),
    },
    ...(route.request && {
      requestBody: { required: true, content: { 'application/json': { schema: route.request } } },
    }),
    responses: { ...successResponses(route), ...problemResponses([...commonProblems, ...route.problems]) },
  };
}

function successResponses(route: Route): ZodOpenApiResponsesObject {
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, schema] of Object.entries(route.responses)) {
    const content =
      typeof schema === 'string'
        ? { [schema]: { schema: { type: 'string' as const, format: 'binary' } } }
        : { 'application/json': { schema } };
    responses[status as '200'] = { description: 'Done', content };
  }
  return responses;
}

function problemResponses(names: readonly ProblemName[]): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(names, (name) => problems[name].status);
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, group] of [...byStatus].sort(([a], [b]) => a - b)) {
    responses[`${status}` as '400'] = {
      description: group.map((name) => `\`${name}\`: ${problems[name].title}`).join('\n\n'),
      content: { [PROBLEM_MEDIA_TYPE]: { schema: problem } },
    };
  }
  return responses;
}
