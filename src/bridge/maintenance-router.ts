import { initTRPC } from '@trpc/server';
import { z } from 'zod';
import type { MaintenancePort } from './ports.ts';

/** While nothing is told the line is kept alive, so that a program knows an agent that thinks from one that hangs. Milliseconds. */
const STREAM_PING_MS = 2_000;

// Errors carry no stack: technicians' programs need none, and it names this machine's files.
const maintenance = initTRPC
  .context<{ maintenance: MaintenancePort }>()
  .create({ isDev: false, jsonl: { pingMs: STREAM_PING_MS } });

const device = z.enum(['idCardReader', 'qrScanner', 'receiptPrinter']);
/** A caller without a signal cannot go away unnoticed: there is none over HTTP. */
const never = new AbortController().signal;

/** What `kioskctl` can ask of the agent. */
export const maintenanceRouter = maintenance.router({
  report: maintenance.procedure.query(({ ctx }) => ctx.maintenance.report()),
  printTestPage: maintenance.procedure.mutation(({ ctx }) => ctx.maintenance.printTestPage()),
  survey: maintenance.procedure.query(({ ctx }) => ctx.maintenance.survey()),
  checkHealth: maintenance.procedure
    .input(z.strictObject({ device, level: z.enum(['internal', 'external', 'interactive']) }))
    .mutation(async function* ({ ctx, input, signal = never }) {
      yield* ctx.maintenance.checkHealth(input, signal);
    }),
  probePrinter: maintenance.procedure
    .input(z.strictObject({ printLine: z.boolean() }))
    .mutation(async function* ({ ctx, input, signal = never }) {
      yield* ctx.maintenance.probePrinter(input, signal);
    }),
  provisionScanner: maintenance.procedure.mutation(async function* ({ ctx, signal = never }) {
    yield* ctx.maintenance.provisionScanner(signal);
  }),
  answer: maintenance.procedure
    .input(z.strictObject({ run: z.uuid(), question: z.int().positive(), answer: z.boolean().nullable() }))
    .mutation(({ ctx, input }) => {
      ctx.maintenance.answer(input);
    }),
  trace: maintenance.procedure
    .input(z.strictObject({ device, seconds: z.int().min(1).max(3_600), reopen: z.boolean() }))
    .mutation(async function* ({ ctx, input, signal = never }) {
      yield* ctx.maintenance.trace(input, signal);
    }),
});

export type MaintenanceRouter = typeof maintenanceRouter;
