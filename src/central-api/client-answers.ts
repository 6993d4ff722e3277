import type { ZodType, z } from 'zod';

import { routes } from './routes.ts';
import type { Route, RouteName } from './routes.ts';

type ResponsesOf<N extends RouteName> = (typeof routes)[N]['responses'];
type JsonSchemaOf<N extends RouteName> = Extract<ResponsesOf<N>[keyof ResponsesOf<N>], ZodType>;

/** The parsed JSON answer of a call; `never` for a call that answers with bytes. */
export type AnswerOf<N extends RouteName> = z.output<JsonSchemaOf<N>>;

/** An answer as it came: status, media type without parameters, and the body's bytes. */
export interface RawAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: Uint8Array;
}

/** Reads the answer of a call by the schema of its status; `undefined` when it is not what the contract says. */
export function readAnswer<N extends RouteName>(name: N, answer: RawAnswer): AnswerOf<N> | undefined {
  const schema = (routes[name] as Route).responses[answer.status];
  if (schema === undefined || typeof schema === 'string' || answer.mediaType !== 'application/json') {
    return undefined;
  }
  const parsed = schema.safeParse(parseJson(answer.body));
  return parsed.success ? (parsed.data as AnswerOf<N>) : undefined;
}

/** The JSON of a body, `undefined` when it is none. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** The media type of a `Content-Type` header, without parameters, in lower case. */
export function mediaTypeOf(contentType: string | string[] | undefined): string {
  const value = typeof contentType === 'string' ? contentType : '';
  return value.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** The path of a call with its parameters filled in, percent-encoded. */
export function pathOf(name: RouteName, params: Readonly<Record<string, string>> = {}): string {
  return routes[name].path.replaceAll(/\{(\w+)\}/g, (_, part: string) =>
    encodeURIComponent(params[part] ?? ''),
  );
}
