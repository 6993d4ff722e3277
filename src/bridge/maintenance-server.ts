import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify';
import fastify from 'fastify';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { MaintenancePort } from './ports.ts';
import { maintenanceRouter, type MaintenanceRouter } from './router.ts';

/**
 * Serves technicians' programs on a Unix socket: whoever may open the file may ask. A socket left by a dead agent is
 * replaced (the store's lock makes sure that no second agent lives).
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
