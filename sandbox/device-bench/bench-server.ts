import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../../src/platform/clock.ts';
import { err, ok, type Result } from '../../src/platform/result.ts';
import { portraitPng } from '../citizens/portrait.ts';
import { act, type Bench, benchAction } from './actions.ts';
import { type BenchCentre, benchCentre, type CentreOptions } from './centre.ts';
import { type DeviceControl, deviceControl } from './device-control.ts';
import { everybody, personOf } from './people.ts';

/** What the bench acts on. */
export interface BenchOptions {
  readonly port: number;
  /** Control interfaces of the simulators. */
  readonly devices: Readonly<Record<'reader' | 'scanner' | 'printer', string>>;
  readonly centralControl: string | undefined;
  readonly portal: CentreOptions['portal'];
  readonly clock: Clock;
}

/** Living codes last 60 s; a little more, so that nobody stands at the edge. */
const OLD_AFTER_MS = 62_000;
const SLIPS_SHOWN = 8;
const room = new URL('.', import.meta.url);

const STYLES = ['bench.css', 'people.css', 'device-pictures.css'];

/** Programs of the page: TypeScript, its types taken off on the way. */
const SCRIPTS: Readonly<Record<string, string>> = {
  '/page/bench-page.ts': 'page/bench-page.ts',
  '/page/printer-picture.ts': 'page/printer-picture.ts',
  '/page/people-list.ts': 'page/people-list.ts',
  '/page/bench-state.ts': 'page/bench-state.ts',
  '/src/platform/clock.ts': '../../src/platform/clock.ts',
};

/** Serves the bench's page on 127.0.0.1. */
export async function startBench(options: BenchOptions): Promise<{ url: string; close(): Promise<void> }> {
  const centre = benchCentre({
    control: options.centralControl,
    portal: options.portal,
    clock: options.clock,
  });
  const devices = {
    reader: deviceControl(options.devices.reader),
    scanner: deviceControl(options.devices.scanner),
    printer: deviceControl(options.devices.printer),
  };
  const citizensToday = async () => everybody(await centre.today());
  const bench: Bench = {
    devices,
    centre,
    citizen: async (id) => (await citizensToday()).find((citizen) => citizen.id === id),
    codes: { lastShown: undefined, old: await codeGrowingOld(centre, citizensToday, options.clock) },
  };
  const server = Fastify({ bodyLimit: 64 * 1024 });
  guard(server);
  servePage(server);
  serveBench(server, bench, citizensToday);
  const url = await server.listen({ port: options.port, host: '127.0.0.1' });
  return {
    url,
    async close() {
      await server.close();
      await centre.close();
    },
  };
}

/** Makes a code at once; after a minute it is an old one. */
async function codeGrowingOld(
  centre: BenchCentre,
  citizensToday: () => Promise<readonly { idNumber: string; case: string }[]>,
  clock: Clock,
): Promise<() => Result<string, string>> {
  const owner = (await citizensToday()).findLast((citizen) => citizen.case === 'ordinary');
  const made = owner ? await centre.freshCode(owner.idNumber) : err('没有人');
  const madeAtMs = clock.monotonicMs();
  return () => {
    if (!made.ok) return made;
    const leftMs = madeAtMs + OLD_AFTER_MS - clock.monotonicMs();
    return leftMs <= 0 ? ok(made.value) : err(`备好的码还没过期，再等 ${Math.ceil(leftMs / 1000)} 秒`);
  };
}

/** Only the page itself may act: a name that resolves here, or another site's form, may not. */
function guard(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    const host = request.headers.host ?? '';
    const { origin } = request.headers;
    const here = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
    if (!here || (origin !== undefined && origin !== `http://${host}`)) {
      await reply.code(403).send({ error: 'not from here' });
    }
  });
  server.addHook('onSend', async (request, reply) => {
    reply.header('cache-control', request.url.endsWith('/portrait.png') ? 'max-age=3600' : 'no-store');
    reply.header(
      'content-security-policy',
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'",
    );
  });
}

function servePage(server: FastifyInstance): void {
  const file = (name: string) => readFile(fileURLToPath(new URL(name, room)), 'utf8');
  server.get('/', async (_request, reply) => reply.type('text/html').send(await file('page/index.html')));
  for (const style of STYLES) {
    server.get(`/page/${style}`, async (_request, reply) =>
      reply.type('text/css').send(await file(`page/${style}`)),
    );
  }
  for (const [path, name] of Object.entries(SCRIPTS)) {
    server.get(path, async (_request, reply) =>
      reply.type('text/javascript').send(stripTypeScriptTypes(await file(name))),
    );
  }
}

function serveBench(
  server: FastifyInstance,
  bench: Bench,
  citizensToday: () => Promise<readonly Parameters<typeof personOf>[0][]>,
): void {
  const { reader, scanner, printer } = bench.devices;
  const portraits = new Map<string, Uint8Array>();
  server.get('/api/people', async () => (await citizensToday()).map(personOf));
  server.get<{ Params: { id: string } }>('/api/people/:id/portrait.png', async (request, reply) => {
    const citizen = await bench.citizen(request.params.id);
    const picture = portraits.get(request.params.id) ?? (citizen && portraitPng(citizen));
    if (picture) portraits.set(request.params.id, picture);
    return picture
      ? reply.type('image/png').send(Buffer.from(picture))
      : reply.code(404).send({ error: 'no photo' });
  });
  server.get('/api/state', async () => {
    const [readerState, scannerState, printerState, slips] = await Promise.all([
      reader.state(),
      scanner.state(),
      printer.state(),
      slipsOf(printer),
    ]);
    return {
      reader: readerState ?? null,
      scanner: scannerState ?? null,
      printer: printerState ?? null,
      slips,
      networkAway: bench.centre.networkAway,
    };
  });
  server.get('/api/paper.png', async (_request, reply) => picture(reply, await printer.fetch('/paper.png')));
  server.get<{ Params: { id: string } }>('/api/slips/:id', async (request, reply) =>
    picture(reply, await printer.fetch(`/slips/${encodeURIComponent(request.params.id)}`)),
  );
  server.post('/api/actions', async (request, reply) => {
    const action = benchAction.safeParse(request.body);
    if (!action.success) return reply.code(400).send({ error: '没有这个动作' });
    const done = await act(bench, action.data);
    return done.ok ? { said: done.value } : reply.code(409).send({ error: done.error });
  });
}

async function slipsOf(printer: DeviceControl): Promise<unknown[]> {
  const slips = (await (await printer.fetch('/slips'))?.json()) as unknown[] | undefined;
  return (slips ?? []).slice(-SLIPS_SHOWN).reverse();
}

async function picture(
  reply: {
    code(status: number): { send(body: unknown): unknown };
    type(type: string): { send(body: unknown): unknown };
  },
  answer: Response | undefined,
): Promise<unknown> {
  if (!answer) return reply.code(404).send({ error: 'no picture' });
  return reply.type('image/png').send(Buffer.from(await answer.arrayBuffer()));
}
