import { initTRPC, TRPCError } from '@trpc/server';
import { z } from 'zod';
import { CHOICES, type KioskView } from '../view/kiosk-view.ts';
import type { KioskPort } from './ports.ts';

// Errors carry no stack: the page needs none, and it names this machine's files.
const kiosk = initTRPC.context<{ kiosk: KioskPort }>().create({ isDev: false });

const epoch = z.int().nonnegative();

/** What the page can ask of the agent: the view as it changes, and the person's choices. */
export const kioskRouter = kiosk.router({
  view: kiosk.procedure.subscription(async function* ({ ctx, signal }) {
    yield* newestViews(ctx.kiosk, signal);
  }),
  choose: kiosk.procedure
    .input(z.strictObject({ epoch, choice: z.enum(CHOICES) }))
    .mutation(({ ctx, input }) => ctx.kiosk.choose(input)),
  pageKeyPressed: kiosk.procedure.input(z.strictObject({ epoch })).mutation(({ ctx, input }) => {
    ctx.kiosk.pageKeyPressed(input.epoch);
  }),
  fullName: kiosk.procedure
    .input(z.strictObject({ epoch }))
    .query(async ({ ctx, input }) => (await ctx.kiosk.fullName(input.epoch)) ?? null),
  /** The parts of this machine of which there is a photo below /machine. */
  machineParts: kiosk.procedure.query(({ ctx }) => [...ctx.kiosk.machinePictures.keys()]),
  painted: kiosk.procedure
    .input(z.strictObject({ epoch, screen: z.string().max(40) }))
    .mutation(({ ctx, input }) => {
      ctx.kiosk.painted(input.epoch, input.screen);
    }),
});

export type KioskRouter = typeof kioskRouter;

/**
 * The current view and then each newer one. A slow page gets the newest and misses those in between: only what is true now matters.
 */
async function* newestViews(port: KioskPort, signal: AbortSignal | undefined): AsyncGenerator<KioskView> {
  if (signal === undefined) throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED' });
  let wake: () => void = () => {};
  let pending: KioskView | undefined = port.view();
  const cancel = port.onView((view) => {
    pending = view;
    wake();
  });
  const onAbort = () => {
    wake();
  };
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      if (pending !== undefined) {
        const view = pending;
        pending = undefined;
        yield view;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    cancel();
    signal.removeEventListener('abort', onAbort);
  }
}
