import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { z } from 'zod';

/** One thing that can be done to a simulated device from outside. */
export interface Command {
  /** The arguments, as a person would read them, e.g. `{"state":"full|low|out"}`. */
  readonly usage: string;
  /** Checks the body (without `command`) and does it. A string says what is wrong with it. */
  readonly run: (body: unknown) => Promise<string | undefined>;
}

/** Something that can be fetched: `GET /paper.png`. */
export interface Page {
  readonly type: string;
  readonly body: Uint8Array | string;
}

/** What a simulator shows and takes over its control interface. */
export interface ControlSurface {
  readonly state: () => unknown;
  readonly commands: Readonly<Record<string, Command>>;
  /** Further GET addresses; undefined = 404. */
  readonly get?: (path: string) => Page | undefined;
}

const LARGEST_BODY_BYTES = 1024 * 1024;

/** A command whose arguments are checked by a schema before `run` sees them; `run` may refuse with a sentence. */
export function command<Schema extends z.ZodType>(
  usage: string,
  schema: Schema,
  run: (input: z.output<Schema>) => Promise<string | void> | string | void,
): Command {
  return {
    usage,
    async run(body) {
      const parsed = schema.safeParse(body);
      if (!parsed.success) {
        return parsed.error.issues
          .map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
          .join('; ');
      }
      return (await run(parsed.data)) ?? undefined;
    },
  };
}

/**
 * HTTP on 127.0.0.1: `GET /state`, `POST /commands` with `{"command":"…",…}` → 200 and the new state, or 400 and what is
 * allowed. Requests of web pages (with an Origin) are refused: pages talk to the bench, not to a device.
 */
export async function openControl(
  port: number,
  surface: ControlSurface,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void serve(surface, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  surface: ControlSurface,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  if (request.headers.origin !== undefined) {
    json(response, 403, { error: 'web pages are not served' });
    return;
  }
  if (request.method === 'POST' && path === '/commands') {
    await obey(surface, request, response);
    return;
  }
  if (request.method !== 'GET') {
    json(response, 405, { error: 'GET /state or POST /commands' });
    return;
  }
  if (path === '/state') {
    json(response, 200, surface.state());
    return;
  }
  const page = surface.get?.(path);
  if (!page) {
    json(response, 404, { error: `there is no ${path}` });
    return;
  }
  response.writeHead(200, { 'content-type': page.type, 'cache-control': 'no-store' }).end(page.body);
}

async function obey(
  surface: ControlSurface,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refuse = (error: string) => {
    const allowed = Object.entries(surface.commands).map(([name, { usage }]) => `${name} ${usage}`.trim());
    json(response, 400, { error, allowed });
  };
  const body = await bodyOf(request);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    refuse('the body must be a JSON object');
    return;
  }
  const { command: name, ...input } = body as Record<string, unknown>;
  const chosen =
    typeof name === 'string' && Object.hasOwn(surface.commands, name) ? surface.commands[name] : undefined;
  if (!chosen) {
    refuse('there is no such command');
    return;
  }
  const wrong = await chosen.run(input);
  if (wrong !== undefined) refuse(wrong);
  else json(response, 200, surface.state());
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > LARGEST_BODY_BYTES) return undefined;
      pieces.push(piece);
    }
    return JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown;
  } catch {
    // Not JSON, or the caller went away: both are answered as "not an object".
    return undefined;
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(value));
}
