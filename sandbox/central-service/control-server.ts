import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { routes } from '../../src/central-api/routes.ts';
import type { RouteName } from '../../src/central-api/routes.ts';
import { instant, shanghaiDate } from './calendar.ts';
import type { Centre } from './call.ts';
import type { CentreClock } from './centre-clock.ts';
import type { Disturbances, Hold } from './disturbances.ts';
import { endWhatIsOver, epochOf, statusOf } from './operation-rows.ts';
import type { ReservedRow } from './operation-rows.ts';

const clockRequest = z.strictObject({ offsetMs: z.int() });
const offlineRequest = z.strictObject({ on: z.boolean() });
const codesQuery = z.object({ idNumber: z.string() });
const holdRequest = z.strictObject({
  operation: z.enum(Object.keys(routes) as [RouteName, ...RouteName[]]),
  when: z.enum(['before', 'after']),
  ms: z.int().min(0).max(600_000).optional(),
  drop: z.boolean().optional(),
  count: z.int().min(1).max(1000).optional(),
});

/** What the control can change and look at. */
export interface ControlParts {
  readonly centre: Centre;
  readonly clock: CentreClock;
  readonly disturbances: Disturbances;
  /** Cuts the connections that are open now. */
  readonly cutConnections: () => void;
}

/**
 * The sandbox's own handle, plain HTTP on loopback: time, weather, and a look inside. No part of the contract, and
 * nothing a real centre has.
 */
export function controlServer({
  centre,
  clock,
  disturbances,
  cutConnections,
}: ControlParts): FastifyInstance {
  const server = Fastify();
  const clockState = () => ({
    offsetMs: clock.offsetMs,
    now: instant(clock.nowMs()),
    today: shanghaiDate(clock.nowMs()),
  });
  const holdState = () => ({ holds: disturbances.pending, waiting: disturbances.waiting });

  server.setErrorHandler((error: { name: string; message: string }, _request, reply) => {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    return reply.code(400).send({ error: message });
  });
  server.get('/clock', clockState);
  server.post('/clock', (request) => {
    clock.offsetMs = clockRequest.parse(request.body).offsetMs;
    return clockState();
  });
  server.get('/hold', holdState);
  server.post('/hold', (request) => {
    disturbances.add(holdRequest.parse(request.body) as Hold);
    return holdState();
  });
  server.post('/release', () => {
    disturbances.releaseAll();
    return holdState();
  });
  server.post('/forget', () => {
    disturbances.forget();
    return holdState();
  });
  server.post('/offline', (request) => {
    disturbances.offline = offlineRequest.parse(request.body).on;
    if (disturbances.offline) cutConnections();
    return { on: disturbances.offline };
  });
  server.get('/codes', (request) => codesOf(centre, codesQuery.parse(request.query).idNumber, clock.nowMs()));
  server.get('/heartbeats', () => ({
    heartbeats: centre.db
      .prepare<[], { device_id: string; received_at: number; body: string }>('SELECT * FROM heartbeats')
      .all()
      .map((row) => ({
        deviceId: row.device_id,
        receivedAt: instant(row.received_at),
        body: JSON.parse(row.body) as unknown,
      })),
  }));
  return server;
}

/** All codes of a person, oldest first, as the centre sees them at this moment. */
function codesOf({ db }: Centre, idNumber: string, nowMs: number) {
  endWhatIsOver(db, nowMs, shanghaiDate(nowMs));
  const rows = db
    .prepare<[string], ReservedRow>('SELECT * FROM operations WHERE id_number = ? ORDER BY rowid')
    .all(idNumber);
  return {
    epoch: epochOf(db, idNumber),
    codes: rows.map((row) => ({
      ...statusOf(row),
      deviceId: row.device_id,
      token: row.token,
      shortCode: row.short_code,
      suspendedBy: row.suspended_by ?? undefined,
    })),
  };
}
