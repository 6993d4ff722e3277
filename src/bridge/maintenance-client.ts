import { createTRPCClient, httpBatchStreamLink, httpLink, splitLink } from '@trpc/client';
import { Agent, fetch } from 'undici';
import type { MaintenanceRouter } from './maintenance-router.ts';
import type { MaintenancePort } from './ports.ts';

const URL_OF_AGENT = 'http://agent/maintenance';
/** What is told as it happens. */
const STREAMS = ['checkHealth', 'probePrinter', 'provisionScanner', 'trace'];
/** A stream is silent for no longer than the agent's pings are apart; an agent that hangs is noticed. Milliseconds. */
const SILENCE_LIMIT_MS = 15_000;
/** Printing with a purge before and the proof after takes longest to begin to answer. Milliseconds. */
const ANSWER_LIMIT_MS = 150_000;

/**
 * A technician's program talks to the agent of this machine through its Unix socket. Calls reject when no agent answers; streams throw
 * when it goes away, and end in the agent when their signal aborts or this program ends.
 */
export function connectMaintenance(socketPath: string) {
  const dispatcher = new Agent({
    connect: { socketPath },
    headersTimeout: ANSWER_LIMIT_MS,
    bodyTimeout: SILENCE_LIMIT_MS,
  });
  const options = {
    url: URL_OF_AGENT,
    // The library's idea of a request; of undici's own type it knows nothing.
    fetch: async (url: unknown, init?: unknown) => {
      const { method = 'GET', headers, body, signal } = (init ?? {}) as RequestInit;
      return fetch(url instanceof URL ? url.href : String(url), {
        method,
        headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
        body: typeof body === 'string' ? body : null,
        signal: signal ?? null,
        dispatcher,
      }) as unknown as Promise<Response>;
    },
  };
  const trpc = createTRPCClient<MaintenanceRouter>({
    links: [
      splitLink({
        condition: ({ path }) => STREAMS.includes(path),
        true: httpBatchStreamLink(options),
        false: httpLink(options),
      }),
    ],
  });
  return {
    report: () => trpc.report.query(),
    printTestPage: () => trpc.printTestPage.mutate(),
    survey: () => trpc.survey.query(),
    checkHealth: (wanted: Parameters<MaintenancePort['checkHealth']>[0], signal: AbortSignal) =>
      trpc.checkHealth.mutate(wanted, { signal }),
    probePrinter: (wanted: Parameters<MaintenancePort['probePrinter']>[0], signal: AbortSignal) =>
      trpc.probePrinter.mutate(wanted, { signal }),
    provisionScanner: (signal: AbortSignal) => trpc.provisionScanner.mutate(undefined, { signal }),
    answer: (answer: Parameters<MaintenancePort['answer']>[0]) => trpc.answer.mutate(answer),
    trace: (wanted: Parameters<MaintenancePort['trace']>[0], signal: AbortSignal) =>
      trpc.trace.mutate(wanted, { signal }),
    close: () => dispatcher.close(),
  };
}
