import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify';
import fastify from 'fastify';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { maintenanceRouter, type MaintenanceRouter } from './maintenance-router.ts';
import type { MaintenancePort } from './ports.ts';

/**
 * Serves technicians' programs on a Unix socket: whoever may open the file may ask. A socket left by a dead agent is
 * replaced. Throws `EADDRINUSE` when somebody answers there. Set the process's umask to 077 before: the file is made for its
 * owner alone and only then opened to the group.
 */
export async function startMaintenanceServer(options: {
  socketPath: string;
  maintenance: MaintenancePort;
}): Promise<{ close(): Promise<void> }> {
  const server = fastify({ logger: false, forceCloseConnections: true, bodyLimit: 16_384 });
  await server.register(fastifyTRPCPlugin, {
    prefix: '/maintenance',
    trpcOptions: {
      router: maintenanceRouter,
      createContext: () => ({ maintenance: options.maintenance }),
    } satisfies FastifyTRPCPluginOptions<MaintenanceRouter>['trpcOptions'],
  });
  mkdirSync(path.dirname(options.socketPath), { recursive: true, mode: 0o700 });
  if (await isAnswered(options.socketPath)) {
    throw Object.assign(new Error('another agent answers at this socket'), { code: 'EADDRINUSE' });
  }
  rmSync(options.socketPath, { force: true });
  await server.listen({ path: options.socketPath });
  chmodSync(options.socketPath, 0o660);
  return {
    close: async () => {
      await server.close();
      rmSync(options.socketPath, { force: true });
    },
  };
}

/** True when a living process listens at this socket. */
function isAnswered(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socketPath);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => {
      resolve(false);
    });
  });
}
