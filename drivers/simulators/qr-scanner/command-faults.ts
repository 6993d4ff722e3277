import { z } from 'zod';

const which = {
  /** Only this command, by its name, e.g. `SCNMOD0`; without it any. */
  on: z.string().optional(),
  /** For how many; without it until `clear-faults`. */
  count: z.int().positive().optional(),
};

/** What can be made to go wrong with commands. */
export const commandFault = z.discriminatedUnion('fault', [
  /** NAK: known, not with this value. */
  z.strictObject({ fault: z.literal('refuse'), ...which }),
  /** ENQ: not known. */
  z.strictObject({ fault: z.literal('not-known'), ...which }),
  /** Done, and not answered. */
  z.strictObject({ fault: z.literal('silent'), ...which }),
  /** Done, and answered late. */
  z.strictObject({ fault: z.literal('late'), delayMs: z.int().positive().max(60_000), ...which }),
  /** Done, and the answer is damaged on the way. */
  z.strictObject({ fault: z.literal('wrong-checksum'), ...which }),
]);

/** One of them. */
export type CommandFault = z.output<typeof commandFault>;

/** For people who ask what is allowed. */
export const COMMAND_FAULT_USAGE =
  '{"fault":"refuse|not-known|silent|late (delayMs)|wrong-checksum","on":"SCNMOD0","count":n}';

/** The faults in force, oldest first. */
export class CommandFaults {
  #inForce: { readonly fault: CommandFault; left: number }[] = [];

  get inForce(): readonly string[] {
    return this.#inForce.map(({ fault }) => fault.fault);
  }

  add(fault: CommandFault): void {
    this.#inForce.push({ fault, left: fault.count ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#inForce = [];
  }

  /** The fault that this command meets, if any; it counts as used. */
  meet(name: string): CommandFault | undefined {
    const met = this.#inForce.find(({ fault }) => fault.on === undefined || fault.on === name);
    if (!met) return undefined;
    met.left -= 1;
    this.#inForce = this.#inForce.filter(({ left }) => left > 0);
    return met.fault;
  }
}
