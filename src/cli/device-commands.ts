import { Argument, InvalidArgumentError, type Command } from 'commander';
import type { MaintainedDevice } from '../maintenance/technician-events.ts';
import { traceDevice, type TraceOptions } from './device-trace.ts';
import { testDevice } from './health-test.ts';
import { probePrinter } from './printer-probe.ts';
import { provisionScanner } from './scanner-provision.ts';
import type { Speaking } from './technician-run.ts';

const LEVELS = ['internal', 'external', 'interactive'] as const;
const MOST_SECONDS = 3_600;

/** Runs something with the agent of this machine. */
type WithAgent = (work: (speaking: Speaking) => Promise<number>) => Promise<void>;

type Help = Speaking['texts']['kioskctl']['help'];

/** `test` and `trace`, which every device has. */
export function addDeviceCommands(
  group: Command,
  device: MaintainedDevice,
  help: Help,
  withAgent: WithAgent,
): void {
  command(group, 'test', help)
    .usage(`${help.optionsPlaceholder} [LEVEL]`)
    .description(help.test)
    .addArgument(new Argument('[LEVEL]', help.level).choices(LEVELS).default('internal'))
    .action((level: (typeof LEVELS)[number]) => withAgent((speaking) => testDevice(device, level, speaking)));
  command(group, 'trace', help)
    .description(help.trace)
    .option('--seconds <N>', help.seconds, seconds, 60)
    .option('--out <FILE>', help.out)
    .option('--reopen', help.reopen, false)
    .action((options: TraceOptions) => withAgent((speaking) => traceDevice(device, options, speaking)));
}

/** What only a printer has, beside the test page. */
export function addProbe(group: Command, help: Help, withAgent: WithAgent): void {
  command(group, 'probe', help)
    .description(help.probe)
    .option('--print', help.probePrint, false)
    .action(({ print }: { print: boolean }) =>
      withAgent((speaking) => probePrinter(speaking, { printLine: print })),
    );
}

/** What only a scanner has. */
export function addProvision(group: Command, help: Help, withAgent: WithAgent): void {
  command(group, 'provision', help)
    .description(help.provision)
    .option('--yes', help.yes, false)
    .action(({ yes }: { yes: boolean }) =>
      withAgent((speaking) => provisionScanner(speaking, { sure: yes })),
    );
}

function command(group: Command, name: string, help: Help): Command {
  return group.command(name).usage(help.optionsPlaceholder);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MOST_SECONDS) throw new InvalidArgumentError('1 … 3600');
  return value;
}
