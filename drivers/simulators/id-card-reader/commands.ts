import { z } from 'zod';
import { cableCommands } from '../cable-commands.ts';
import { command, type Command } from '../control.ts';
import type { DeviceLine } from '../line.ts';
import { card, CARD_USAGE } from './card.ts';
import { FAULT_USAGE, type Faults, faultSchema } from './faults.ts';
import { FIRST_STATUSES, type Sam, type SamHabits } from './sam.ts';
import type { WireSpeed } from './wire-speed.ts';

/** The parts of a reader that can be changed from outside. */
interface ReaderParts {
  readonly sam: Sam;
  readonly faults: Faults;
  readonly wire: WireSpeed;
  readonly line: DeviceLine;
}

const nothingMore = z.strictObject({});

const samHabits = {
  chipMs: z.int().nonnegative().max(60_000).optional(),
  fingerprintBytes: z.literal([0, 512, 1024]).optional(),
  findsReadCardAgain: z.boolean().optional(),
  knowsReadText: z.boolean().optional(),
  firstStatus: z.enum(FIRST_STATUSES).optional(),
};

const habits = z.strictObject({
  ...samHabits,
  trueBaud: z.int().positive().nullable().optional(),
  atWrongSpeed: z.enum(['nothing', 'garbage']).optional(),
});

const HABITS_USAGE =
  '{"chipMs":ms,"fingerprintBytes":0|512|1024,"findsReadCardAgain":bool,"knowsReadText":bool,' +
  `"firstStatus":"${FIRST_STATUSES.join('|')}","trueBaud":bits|null,"atWrongSpeed":"nothing|garbage"}`;

/** What can be done to a simulated reader. */
export function commandsOf(reader: ReaderParts): Record<string, Command> {
  const { sam, faults, line } = reader;
  return {
    'lay-card': command(CARD_USAGE, z.strictObject({ card }), ({ card }) => sam.lay({ kind: 'card', card })),
    'lay-other': command(
      '{"answersAt":"find|select|read"}',
      z.strictObject({ answersAt: z.enum(['find', 'select', 'read']).default('select') }),
      ({ answersAt }) => sam.lay({ kind: 'other-card', answersAt }),
    ),
    'lift-card': command('', nothingMore, () => sam.lay({ kind: 'nothing' })),
    fault: command(FAULT_USAGE, faultSchema, (fault) => faults.add(fault)),
    'clear-faults': command('', nothingMore, () => faults.clear()),
    habits: command(HABITS_USAGE, habits, (wanted) => setHabits(reader, wanted)),
    // A reader lives on its cable's power, so it comes back as switched on.
    ...cableCommands(line, () => sam.switchOn()),
  };
}

function setHabits({ sam, wire }: ReaderParts, wanted: z.output<typeof habits>): string | undefined {
  const { trueBaud, atWrongSpeed, ...ofSam } = wanted;
  if (trueBaud !== undefined) {
    const refusal = wire.setTrueBaud(trueBaud);
    if (refusal !== undefined) return refusal;
  }
  if (atWrongSpeed !== undefined) wire.setAnswer(atWrongSpeed);
  sam.setHabits(withoutUndefined(ofSam));
  return undefined;
}

function withoutUndefined(habits: {
  [Key in keyof SamHabits]?: SamHabits[Key] | undefined;
}): Partial<SamHabits> {
  return Object.fromEntries(Object.entries(habits).filter(([, value]) => value !== undefined));
}
