import path from 'node:path';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { MACHINE_PARTS } from '../configuration/machine-pictures.ts';
import type { RandomSource } from '../platform/random.ts';
import type { KioskPort } from './ports.ts';
import { kioskRouter, type KioskRouter } from './router.ts';
import { SHELL_COOKIE, ShellGuard } from './shell-guard.ts';

/** What anybody on this machine may know without the cookie: that the agent lives. */
export interface Health {
  readonly status: 'ok';
  /** A new one for each start of the agent. */
  readonly instance: string;
  readonly version: string;
  readonly uptimeMs: number;
  /** Sign-in methods that work now. */
  readonly methods: readonly string[];
  /** The last painted frame, ms ago; absent: no screen is attached. */
  readonly paintedMsAgo?: number;
}

export interface KioskServer {
  /** `http://127.0.0.1:PORT`, the page's one origin. */
  readonly origin: string;
  close(): Promise<void>;
}

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** Files of this folder have a hash of their content in their names (vite): the same name is always the same file. */
const HASHED_FILES = '/assets/';
/** Of photos of the machine, which are nobody's: each screen shows them anew. */
const MACHINE_CACHING = 'private, max-age=600';
/** A request that is not complete by then is dropped, ms. */
const REQUEST_LIMIT_MS = 10_000;

/** Reachable without the cookie: the probe, and the door itself. */
const OPEN_PATHS = new Set(['/health', '/attach']);

/**
 * Serves the page and its bridge on loopback. Refuses a foreign `Host` (DNS rebinding), a foreign `Origin`, and everybody
 * without the shell's cookie. Throws when the port is taken.
 */
export async function startKioskServer(options: {
  port: number;
  screensDirectory: string;
  shellCodeFile: string;
  random: RandomSource;
  kiosk: KioskPort;
  health: () => Health;
  onShell: (event: 'attached' | 'refused') => void;
}): Promise<KioskServer> {
  const guard = new ShellGuard({ codeFile: options.shellCodeFile, random: options.random });
  const server = fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: 16_384,
    requestTimeout: REQUEST_LIMIT_MS,
  });
  await server.register(fastifyWebsocket, { options: { maxPayload: 65_536 } });
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, new URLSearchParams(String(body)));
    },
  );
  let origin = '';

  server.addHook('onRequest', async (request, reply) => {
    void reply.headers({
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    const [wanted = ''] = request.url.split('?', 1);
    if (!isOurHost(request, origin) || !isOurOrigin(request, origin, wanted)) {
      options.onShell('refused');
      return reply.code(403).send();
    }
    if (!OPEN_PATHS.has(wanted) && !guard.admits(request.headers.cookie)) return reply.code(401).send();
    return undefined;
  });

  server.get('/health', () => options.health());
  server.post('/attach', (request, reply) => {
    const body = request.body instanceof URLSearchParams ? request.body : undefined;
    const code = body?.get('code');
    // For one visit out of another program's menu.
    const page = body?.get('entry') === 'visit' ? '/?visit' : '/';
    const cookie = guard.exchange(code ?? '');
    if (cookie === undefined) {
      options.onShell('refused');
      return reply.code(403).send();
    }
    options.onShell('attached');
    // One shell at a time: whoever was attached before sees and chooses nothing more.
    for (const socket of server.websocketServer.clients) socket.terminate();
    // Not a redirect: the cookie is SameSite=Strict, and a redirect out of a foreign page would travel without it.
    return reply
      .header('set-cookie', `${SHELL_COOKIE}=${cookie}; HttpOnly; SameSite=Strict; Path=/`)
      .type('text/html; charset=utf-8')
      .send(`<!doctype html><meta http-equiv="refresh" content="0;url=${page}"><title>随申码离线码</title>`);
  });
  servePhotos(server, options.kiosk);
  serveMachinePictures(server, options.kiosk);
  serveRecordings(server, options.kiosk);
  await server.register(fastifyTRPCPlugin, {
    prefix: '/bridge',
    useWSS: true,
    keepAlive: { enabled: true, pingMs: 5_000, pongWaitMs: 5_000 },
    trpcOptions: {
      router: kioskRouter,
      createContext: () => ({ kiosk: options.kiosk }),
      allowBatching: false,
    } satisfies FastifyTRPCPluginOptions<KioskRouter>['trpcOptions'],
  });
  await server.register(fastifyStatic, {
    root: options.screensDirectory,
    cacheControl: false,
    setHeaders: (reply, file) => {
      if (isHashed(file, options.screensDirectory))
        reply.header('cache-control', 'public, max-age=31536000, immutable');
    },
  });

  await server.listen({ host: '127.0.0.1', port: options.port });
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the bridge has no TCP address');
  origin = `http://127.0.0.1:${address.port}`;
  // Only now: the port is ours, so no other agent's shell waits for another code.
  guard.publish();
  return {
    origin,
    close: async () => {
      // A page that hangs would answer no closing handshake.
      for (const socket of server.websocketServer.clients) socket.terminate();
      await server.close();
    },
  };
}

function servePhotos(server: FastifyInstance, kiosk: KioskPort): void {
  server.get<{ Params: { epoch: string; ref: string } }>('/photos/:epoch/:ref', async (request, reply) => {
    const photo = await kiosk.photo(Number(request.params.epoch), request.params.ref);
    if (photo === undefined) return reply.code(404).send();
    return reply.type(isPng(photo) ? 'image/png' : 'image/jpeg').send(photo);
  });
}

function serveMachinePictures(server: FastifyInstance, { machinePictures }: KioskPort): void {
  server.get<{ Params: { part: string } }>('/machine/:part', async (request, reply) => {
    const part = MACHINE_PARTS.find((name) => name === request.params.part);
    const picture = part && machinePictures.get(part);
    if (picture === undefined) return reply.code(404).send();
    return reply.header('cache-control', MACHINE_CACHING).type(picture.type).send(picture.bytes);
  });
}

function serveRecordings(server: FastifyInstance, kiosk: KioskPort): void {
  server.get<{ Params: { ref: string } }>('/recordings/:ref', async (request, reply) => {
    const sound = await kiosk.recording(request.params.ref);
    if (sound === undefined) return reply.code(404).send();
    return reply.type(isOgg(sound) ? 'audio/ogg' : 'audio/wav').send(sound);
  });
}

function isOgg(bytes: Uint8Array): boolean {
  return bytes[0] === 0x4f && bytes[1] === 0x67;
}

function isPng(bytes: Uint8Array): boolean {
  return bytes[0] === 0x89 && bytes[1] === 0x50;
}

function isHashed(file: string, screensDirectory: string): boolean {
  return path.resolve(screensDirectory, file).startsWith(path.join(screensDirectory, HASHED_FILES));
}

function isOurHost(request: FastifyRequest, origin: string): boolean {
  return `http://${request.headers.host ?? ''}` === origin;
}

function isOurOrigin(request: FastifyRequest, origin: string, wanted: string): boolean {
  const given = request.headers.origin;
  if (given === origin) return true;
  // Every browser names the origin of a WebSocket; CORS does not hold there, so what names none is refused.
  if (given === undefined) return request.headers.upgrade === undefined;
  return given === 'null' && wanted === '/attach';
}
