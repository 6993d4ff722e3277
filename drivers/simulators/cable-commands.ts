import { z } from 'zod';
import { command, type Command } from './control.ts';
import type { DeviceLine } from './line.ts';

const when = z
  .strictObject({
    afterBytesIn: z.int().positive().optional(),
    afterBytesOut: z.int().positive().optional(),
  })
  .refine(
    ({ afterBytesIn, afterBytesOut }) => afterBytesIn === undefined || afterBytesOut === undefined,
    'in or out, not both',
  );

const disturbance = z.strictObject({
  split: z.boolean().default(false),
  mergeMs: z.int().min(0).max(10_000).default(0),
  delayMs: z.int().min(0).max(60_000).default(0),
  noiseBytes: z.int().min(0).max(4096).default(0),
  noise: z.enum(['any', 'high']).default('any'),
  silent: z.boolean().default(false),
  count: z.int().min(0).optional(),
});

/**
 * What can be done to the cable of any simulated device: pulled out, at once or in the middle of what it carries, and put
 * back. `onReplug` is what plugging in does to the device itself.
 */
export function cableCommands(
  line: DeviceLine,
  onReplug: () => void = () => undefined,
): Record<'unplug' | 'replug' | 'disturb', Command> {
  return {
    unplug: command(
      '{"afterBytesIn" or "afterBytesOut":n}',
      when,
      async ({ afterBytesIn, afterBytesOut }) => {
        if (afterBytesIn !== undefined) line.pullOutAfter({ in: afterBytesIn });
        else if (afterBytesOut !== undefined) line.pullOutAfter({ out: afterBytesOut });
        else await line.pullOut();
      },
    ),
    disturb: command(
      '{"split":bool,"mergeMs":ms,"delayMs":ms,"noiseBytes":n,"noise":"any|high","silent":bool,"count":sendings}',
      disturbance,
      ({ count, ...rest }) => line.disturb(count === undefined ? rest : { ...rest, count }),
    ),
    replug: command('', z.strictObject({}), async () => {
      onReplug();
      await line.plugIn();
    }),
  };
}
