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

/**
 * What can be done to the cable of any simulated device: pulled out, at once or in the middle of what it carries, and put
 * back. `onReplug` is what plugging in does to the device itself.
 */
export function cableCommands(
  line: DeviceLine,
  onReplug: () => void = () => undefined,
): Record<'unplug' | 'replug', Command> {
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
    replug: command('', z.strictObject({}), async () => {
      onReplug();
      await line.plugIn();
    }),
  };
}
