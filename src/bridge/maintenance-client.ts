import { createTRPCClient, httpLink } from '@trpc/client';
import { Agent, fetch } from 'undici';
import type { MaintenanceRouter } from './router.ts';

/** A technician's program talks to the agent of this machine through its Unix socket. Calls reject when no agent answers. */
export function connectMaintenance(socketPath: string) {
  const dispatcher = new Agent({ connect: { socketPath } });
  const trpc = createTRPCClient<MaintenanceRouter>({
    links: [
      httpLink({
        url: 'http://agent/maintenance',
        fetch: async (url, init) =>
          fetch(url instanceof URL ? url.href : (url as string), {
            method: init?.method ?? 'GET',
            headers: { 'content-type': 'application/json' },
            body: typeof init?.body === 'string' ? init.body : null,
            dispatcher,
          }) as unknown as Response,
      }),
    ],
  });
  return {
    report: () => trpc.report.query(),
    printTestPage: () => trpc.printTestPage.mutate(),
    close: () => dispatcher.close(),
  };
}
